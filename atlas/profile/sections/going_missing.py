"""Section 5: children who went missing, what they said in their return interviews, and what is said more or less often than before."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import combinations
from statistics import median

from scipy.stats import fisher_exact

from atlas.missing.codes import ANSWERS, FULL_ANSWERS, AnswerList
from atlas.profile.document import Found, Section, Table
from atlas.profile.facts import Facts, Row
from atlas.profile.rules import PARTS_OF_DAY, WEEKDAYS, part_of_day
from atlas.profile.sections.alike import alike
from atlas.profile.sections.cohort import missing
from atlas.profile.tables import crossed, is_small, named, p_of_change, said, share
from atlas_analysis.rates.discoveries import discoveries
from atlas_analysis.rates.run_chart import run_chart
from atlas_analysis.rates.shares import MOST_SMALL

THEMES = (AnswerList.PUSH, AnswerList.PULL, AnswerList.STAYED, AnswerList.WITH, AnswerList.HARM, AnswerList.SIGN, AnswerList.TRAVEL)
MOST_PAIRS = 12


def going_missing(facts: Facts) -> tuple[Section, list[Found]]:
    """The section, and what of it asks for a decision."""
    now, before = facts.within("episode"), facts.within("episode", before=True)
    children = missing(facts)
    times = Counter(episode["child"] for episode in now)
    hours = [episode["hours"] for episode in now if episode["hours"] is not None]
    weekly, moved = _weekly(facts)
    words = (
        f"Episodes: {said(len(now))}, of {said(len(children))} children; in the period before: {said(len(before))}, of "
            f"{said(len(missing(facts, before=True)))} children.",
        f"Children who went missing more than once: {share(sum(1 for many in times.values() if many > 1), len(times))}.",
        f"Half of the episodes lasted {median(hours):.1f} hours or less; how long is not known: {share(len(now) - len(hours), len(now))}." if len(hours) > MOST_SMALL
        else "How long they lasted is not known.",
        "Episodes in which the child lived in another council’s area than the one that answers for them: "
            f"{share(sum(1 for one in now if one['is_elsewhere']), len(now))}.",
        f"Children who also stand at a level of exploitation above none: {share(sum(1 for child in children if child['level']), len(children))}.",
        weekly,
    )  # fmt: skip
    cells = Counter((WEEKDAYS[episode["on"].weekday()], part_of_day(episode["hour"])) for episode in now)
    parts = [name for _, name in PARTS_OF_DAY] + [part_of_day(None)]
    when = crossed(
        "when",
        "When they were reported missing",
        list(WEEKDAYS),
        [part for part in parts if any(cell[1] == part for cell in cells)],
        cells,
        drill="episodes",
    )
    said_now, said_before = spoken(facts), spoken(facts, before=True)
    words_alike, twice = alike(said_now, spoken(facts, of="reading"), THEMES)
    tables = [when, *(theme(question, said_now) for question in THEMES), _together(said_now), twice]
    caveats = (
        "An interview that was not held said nothing: what these children would have said is not known.",
        "Day of the week and hour are those of the report, and not of when the child left.",
        "The second of two people who code a talk reads what was written down of it, and was not there. How alike two interviewers would be is not known.",
    )
    return Section(5, "Going missing, and what children said of it", (*words, words_alike), tables, caveats), [
        *moved,
        *_changes(said_now, said_before),
    ]


def spoken(facts: Facts, *, before: bool = False, of: str = "answer") -> dict[str, set[tuple[str, str]]]:
    """What was answered in each interview held in the period: (question, code); or, of `reading`, as it was coded a second time."""
    answers: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for answer in facts.within(of, before=before):
        answers[answer["interview"]].add((answer["question"], answer["code"]))
    return dict(answers)


def _asked(question: str, interviews: Mapping[str, set[tuple[str, str]]]) -> list[set[str]]:
    """The codes of each interview in which the question was answered, “none” and “does not want to say” included."""
    answered = ({code for asked, code in said_of if asked == question} for said_of in interviews.values())
    return [codes for codes in answered if codes]


def theme(question: AnswerList, interviews: Mapping[str, set[tuple[str, str]]]) -> Table:
    """How often each answer to a question was given, in the interviews in which it was answered."""
    answered = _asked(question, interviews)
    times = Counter(code for codes in answered for code in codes)
    names = {**ANSWERS[question], **FULL_ANSWERS}
    return named(
        question.value, question.label, "interviews in which it was answered", {names[code]: many for code, many in times.items() if code in names}, len(answered),
        note=f"Answered in {share(len(answered), len(interviews))} interviews held. A child may have given several answers.",
    )  # fmt: skip


def _together(interviews: Mapping[str, set[tuple[str, str]]]) -> Table:
    """Which answers came together more often than they would if neither had to do with the other; those that are few are left out."""
    wanted = {AnswerList.PUSH, AnswerList.PULL, AnswerList.WITH, AnswerList.HARM, AnswerList.SIGN}
    coded = [{pair for pair in said_of if pair[0] in wanted and pair[1] in ANSWERS[pair[0]]} for said_of in interviews.values()]
    alone = Counter(pair for codes in coded for pair in codes)
    both: Counter[tuple[tuple[str, str], tuple[str, str]]] = Counter()
    for codes in coded:
        both.update((one, other) for one, other in combinations(sorted(codes), 2) if one[0] != other[0])
    tests = []
    for (one, other), many in both.items():
        table = [[many, alone[one] - many], [alone[other] - many, len(coded) - alone[one] - alone[other] + many]]
        if not any(is_small(cell) for row in table for cell in row):
            tests.append((float(fisher_exact(table, alternative="greater").pvalue), one, other, many))
    tests.sort()
    told = tests[: discoveries([test[0] for test in tests], len(both))]
    rows = [[f"{_name(one)} and {_name(other).lower()}", share(many, len(coded))] for _, one, other, many in told[:MOST_PAIRS]]
    return Table(
        "together", "Answers that came together more often than chance explains", ["", f"Of {said(len(coded))} interviews"], rows,
        "" if rows else "None does. Of all pairs that were looked at, about 5 in 100 of those told would be chance.",
    )  # fmt: skip


def _name(pair: tuple[str, str]) -> str:
    return ANSWERS[pair[0]][pair[1]]


def _changes(now: Mapping[str, set[tuple[str, str]]], before: Mapping[str, set[tuple[str, str]]]) -> list[Found]:
    """Answers given more often than in the period before, beyond what chance and looking at many explains."""
    tests = []
    for question in THEMES:
        since, then = _asked(question, now), _asked(question, before)
        for code in ANSWERS[question]:
            lately, earlier = ((sum(1 for codes in these if code in codes), len(these)) for these in (since, then))
            p = p_of_change(lately, earlier)
            if p is not None:
                tests.append((p, question, code, lately, earlier))
    tests.sort(key=lambda test: test[0])
    found = []
    for _, question, code, lately, earlier in tests[: discoveries([test[0] for test in tests])]:
        more = lately[0] * earlier[1] > earlier[0] * lately[1]
        words = (
            f"“{_name((question, code))}” ({question.label.lower()}) was said {'more' if more else 'less'} often than before: "
            f"{share(*lately)}; before, {share(*earlier)}."
        )
        found.append(Found("missing", f"theme:{question}:{code}:{'more' if more else 'less'}", words))
    return found


def _weekly(facts: Facts) -> tuple[str, list[Found]]:
    """Whether the number of episodes a week moved by more than chance, in words; and as a finding if it did."""
    weeks: Sequence[int] = _weeks(facts.within("episode"), facts)
    chart = run_chart(weeks)
    if chart.is_signal is None:
        return "There are too few weeks to say whether episodes became more or fewer.", []
    half = len(weeks) // 2
    if is_small(sum(weeks[:half])) or is_small(sum(weeks[half:])):
        return "There are too few episodes to say whether they became more or fewer.", []
    first, second = sum(weeks[:half]) / half, sum(weeks[half:]) / (len(weeks) - half)
    if not chart.is_signal:
        return (
            f"From week to week the number of episodes moved no more than chance explains (half of the weeks had {chart.median:g} or fewer).",
            [],
        )
    words = (
        f"The number of episodes a week moved by more than chance: {first:.1f} a week in the first half of the period, {second:.1f} in the "
        "second. Ask whether children, or recording, changed."
    )
    return words, [Found("missing", "weekly", words)]


def _weeks(episodes: Sequence[Row], facts: Facts) -> list[int]:
    """Episodes in each whole week of the period."""
    many = (facts.until_on - facts.from_on) // timedelta(days=7)
    times = Counter((episode["on"] - facts.from_on).days // 7 for episode in episodes)
    return [times[week] for week in range(many)]
