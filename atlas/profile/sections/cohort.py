"""Which children a section counts."""

from collections.abc import Callable, Sequence

from atlas.exploitation.codes import Level
from atlas.profile.facts import Facts, Row
from atlas.profile.rules import BANDS, NOT_RECORDED, age_band

ETHNIC = {"A": "Asian", "B": "Black", "M": "Mixed", "W": "White", "C": "Other", "O": "Other"}
SEX = {"F": "Girls", "M": "Boys"}


def concerned(facts: Facts) -> list[Row]:
    """The council's own children who stand at a level above none on the last day."""
    return [child for child in facts.of("child") if child["is_ours"] and child["level"]]


def missing(facts: Facts, *, before: bool = False) -> list[Row]:
    """The children, the council's own and those placed here by others, who went missing in the period, or in the one before it."""
    went = {episode["child"] for episode in facts.within("episode", before=before)}
    return [child for child in facts.of("child") if child["child"] in went]


def sexes(children: Sequence[Row]) -> list[str]:
    """The sex of each."""
    return [SEX.get(child["sex"], NOT_RECORDED) for child in children]


def bands(children: Sequence[Row]) -> list[str]:
    """The age band of each on the last day."""
    return [age_band(child["years"]) for child in children]


def ethnic_groups(children: Sequence[Row]) -> list[str]:
    """The broad ethnic group of each."""
    return [ETHNIC.get(child["ethnicity"], NOT_RECORDED) for child in children]


def disabilities(children: Sequence[Row]) -> list[str]:
    """Whether a disability is recorded of each; that none is known is said apart from that nobody has asked."""
    return ["A disability" if child["is_disabled"] else "None" if child["is_disability_asked"] else NOT_RECORDED for child in children]


def care(children: Sequence[Row]) -> list[str]:
    """Whether each is looked after on the last day, and by whom."""
    return [
        "Placed here by another council" if not child["is_ours"] else "Looked after" if child["is_looked_after"] else "Not looked after"
        for child in children
    ]


# One characteristic at a time: its key, its name, the group of each child, and the groups that there are.
CHARACTERISTICS: tuple[tuple[str, str, Callable[[Sequence[Row]], list[str]], tuple[str, ...]], ...] = (
    ("age", "Age on the last day", bands, tuple(name for _, name in BANDS)),
    ("sex", "Sex", sexes, ("Boys", "Girls")),
    ("ethnicity", "Ethnic group", ethnic_groups, ("Asian", "Black", "Mixed", "Other", "White")),
    ("disability", "Disability", disabilities, ("A disability", "None")),
    ("care", "Care", care, ("Looked after", "Not looked after", "Placed here by another council")),
)


def level_name(level: int | None) -> str:
    """The level in words."""
    return NOT_RECORDED if level is None else Level(level).label
