"""A profile is made for the head of service, after the impact assessments are recorded, from rows without names; read by those who may; decided on within 30 days."""

import io
import json
import zipfile
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from atlas.agencies.models import AgencyKind, Post
from atlas.chronology.moments import Moment
from atlas.gate.act import Invalid, Refused
from atlas.gate.context import acting_as
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.models import SecondReading
from atlas.profile.commands import Decided, begin_profile, decide_finding, finish_profile, record_impact_assessment, run_profile
from atlas.profile.document import Made
from atlas.profile.facts import FACTS, Facts
from atlas.profile.models import AnalysisRun, ImpactAssessment
from atlas.profile.papers import fingerprint_of
from tests import factories
from tests.exploitation.given import exploited
from tests.factories import NOW
from tests.guards.test_pages import held
from tests.linkage.given import decided, pair_of, searched, twice
from tests.profile.given import JUDGED, LAST, asked, assessed, finding_of, head, made, privacy
from tests.world import World, make_world
from tests.writes.forms import opened

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=4)
ENDS = LAST + timedelta(days=4)
EMPTY, NOTHING = Facts({}, LAST, ENDS), Made({}, ())


@pytest.fixture
def world() -> World:
    """A child who was away, spoke of it, and was assessed."""
    there = make_world()
    interview = held(there)
    with acting_as(there.coordinator, NOW):
        for_whom = {"child": there.child, "interview": interview, "recorded_by": there.coordinator, "recorded_at": NOW}
        SecondReading(**for_whom, codes={"push": ["P15", "P09"]}, had_seen=False).save(force_insert=True)
    exploited(there, NOW)
    return there


def rows_for(run: AnalysisRun, by: Post) -> dict[str, list[dict[str, Any]]]:
    """What the database gives somebody for a run."""
    rows = defaultdict(list)
    with acting_as(by, LATER), connection.cursor() as cursor:
        cursor.execute("SELECT kind, facts FROM gate_profile(%s)", [run.pk])
        for kind, facts in cursor.fetchall():
            rows[kind].append(json.loads(facts) if isinstance(facts, str) else facts)
    return dict(rows)


def running(run: AnalysisRun, by: Post) -> AnalysisRun:
    with acting_as(by, LATER):
        AnalysisRun.objects.filter(pk=run.pk).update(state="running")
    return run


def test_nothing_runs_before_the_impact_assessments_are_recorded(world: World) -> None:
    with pytest.raises(Invalid, match="Data protection impact assessment: The local profile; Equality"):
        asked(head(), LATER, ENDS)
    boss = head()
    with acting_as(boss, LATER):  # nor for a run that was written past the command
        run = AnalysisRun(authority=world.authority, from_on=ENDS - timedelta(days=180), until_on=ENDS, asked_by=boss, asked_at=LATER, parameters={}, state="running",
                          papers={about: fingerprint_of(about) for about in ("profile", "places")})  # fmt: skip
        run.save(force_insert=True)
    assert rows_for(run, boss) == {}
    officer = privacy()
    for about, kind in (("profile", "protection"), ("profile", "equality"), ("places", "protection")):
        record_impact_assessment(about=about, kind=kind, judged_words=JUDGED, by=officer, at=LATER)
    assert rows_for(run, boss) == {}
    record_impact_assessment(about="places", kind="equality", judged_words=JUDGED, by=officer, at=LATER)
    assert rows_for(run, boss)["child"]
    with acting_as(boss, LATER):  # what runs has changed since
        AnalysisRun.objects.filter(pk=run.pk).update(papers={"profile": "another", "places": fingerprint_of("places")})
    assert rows_for(run, boss) == {}


def test_an_impact_assessment_is_the_privacy_officer_s_and_holds_for_a_year(world: World) -> None:
    with pytest.raises(Refused):
        record_impact_assessment(about="profile", kind="equality", judged_words=JUDGED, by=head(), at=NOW)
    with pytest.raises(Invalid, match="what could go wrong"):
        record_impact_assessment(about="profile", kind="equality", judged_words="Fine.", by=privacy(), at=NOW)
    boss = head()
    assessed(privacy(), LATER)
    assert asked(boss, LATER, ENDS).state == "waiting"
    with pytest.raises(Invalid, match="not read again in time"):
        asked(boss, LATER + timedelta(days=366), ENDS + timedelta(days=366))


def test_the_rows_are_those_that_the_impact_assessments_name_and_hold_no_word_of_anybody(world: World) -> None:
    boss = head()
    assessed(privacy(), LATER)
    run = running(asked(boss, LATER, ENDS), boss)
    rows = rows_for(run, boss)
    assert {"child", "episode", "interview", "answer", "reading", "mention", "harm", "item", "measure", "nrm_referral"} <= set(rows)
    for kind, these in rows.items():
        for row in these:
            assert set(row) - {"child", "interview"} == set(FACTS[kind].fields), kind
    whole = json.dumps(rows).lower()
    for word in (*world.child.name.lower().split(), str(world.child.pk), str(world.child.born_on), "grey van"):
        assert word not in whole
    other = head()
    assert rows_for(run, other) == {} == rows_for(run, world.manager)
    away = factories.post(
        "head_of_service",
        of=factories.team("Elsewhere", of=factories.agency("Another Council", AgencyKind.COUNCIL, factories.authority("Elsewhere"))),
    )
    assert rows_for(run, away) == {}


def test_a_child_whose_existence_is_hidden_is_nowhere(world: World) -> None:
    boss = head()
    assessed(privacy(), LATER)
    run = running(asked(boss, LATER, ENDS), boss)
    assert rows_for(run, boss)["child"]
    factories.guard(world.child, "hidden", world.worker)
    assert not {"child", "episode", "interview", "mention", "harm"} & set(rows_for(run, boss))


def test_a_profile_is_made_read_and_taken_out(world: World, signed_in: Any) -> None:
    boss, chair = head(), factories.post("chair", of=factories.team("Reviewing"))
    assessed(privacy(), LATER)
    run = asked(boss, LATER, ENDS)
    client = signed_in(boss, LATER)
    assert "Waits its turn" in client.get(reverse("profile:view_profile", args=[run.pk])).content.decode()
    assert made(run, LATER)
    assert not made(run, LATER)  # once is enough
    page = reverse("profile:view_profile", args=[run.pk])
    said = signed_in(chair, LATER).get(page).content.decode()
    assert "15. Definitions" in said and "14. Recommendations" in said
    assert world.child.name not in said
    with acting_as(boss, LATER):
        run.refresh_from_db()
    assert run.progress == 100 and len(run.input_fingerprint) == 64
    assert all(
        cell != "1"
        for section in run.content["sections"]
        for table in section["tables"]
        if table["key"] not in {"groups"}
        for row in table["rows"]
        for cell in row[1:]
    )
    pdf = signed_in(chair, LATER).get(reverse("profile:download_profile", args=[run.pk, "pdf"]))
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF")
    data = [signed_in(chair, LATER).get(reverse("profile:download_profile", args=[run.pk, "data"])).content for _ in range(2)]
    assert data[0] == data[1]
    names = zipfile.ZipFile(io.BytesIO(data[0])).namelist()
    assert "03_ethnicity.csv" in names and "profile.json" in names
    behind = {what: reverse("profile:view_profile_rows", args=[run.pk, what]) for what in ("levels", "episodes", "other")}
    assert [world.child.name in signed_in(world.manager, LATER).get(behind[what]).content.decode() for what in ("levels", "episodes")] == [
        True,
        True,
    ]
    assert "None that is open to you" in signed_in(chair, LATER).get(behind["levels"]).content.decode()
    assert signed_in(chair, LATER).get(behind["other"]).status_code == 404
    assert signed_in(world.worker, LATER).get(page).status_code == 404
    assert signed_in(boss, LATER).get(reverse("profile:view_profiles")).status_code == 200


def test_the_same_input_gives_the_same_document(world: World) -> None:
    boss = head()
    assessed(privacy(), LATER)
    runs = [asked(boss, LATER + timedelta(minutes=n), ENDS) for n in range(2)]
    assert all(made(run, LATER + timedelta(hours=1)) for run in runs)
    with acting_as(boss, LATER):
        one, other = AnalysisRun.objects.order_by("asked_at")
    assert (one.input_fingerprint, one.content) == (other.input_fingerprint, other.content)


def test_a_child_who_is_recorded_twice_is_one_child(world: World) -> None:
    boss = head()
    assessed(privacy(), LATER)
    one, other = twice()
    for number, child in enumerate((one, other)):
        report = Report(reported=Moment(NOW + timedelta(hours=number)))
        report_missing(child=child, report=report, by=factories.feed_post(), at=NOW + timedelta(hours=1 + number))
    run = running(asked(boss, LATER, ENDS), boss)
    before = rows_for(run, boss)
    searched(world)
    decided(world, pair_of(world, one), "same")
    after = rows_for(run, boss)
    assert (len(before["child"]), len(after["child"])) == (3, 2)
    assert len(after["episode"]) == len(before["episode"])
    assert (
        {row["child"] for row in after["episode"]} == {row["child"] for row in after["child"]} < {row["child"] for row in before["child"]}
    )


def test_the_profile_of_the_latest_days_says_whether_all_is_stale(world: World, signed_in: Any) -> None:
    boss, page = head(), reverse("profile:view_profiles")

    def is_stale() -> bool:
        return "more than three months ago" in signed_in(boss, LATER).get(page).content.decode()

    def told_of(until: date) -> None:
        done: dict[str, Any] = {"state": "finished", "finished_at": LATER, "input_fingerprint": "x", "papers": {}, "parameters": {}}
        with acting_as(boss, LATER):
            AnalysisRun(
                authority=world.authority, from_on=until - timedelta(days=180), until_on=until, asked_by=boss, asked_at=LATER, **done
            ).save(force_insert=True)

    assert not is_stale()  # none was made, which the page says otherwise
    told_of(ENDS - timedelta(days=200))
    assert is_stale()
    told_of(ENDS)
    told_of(ENDS - timedelta(days=400))  # asked for last, of days long gone
    assert not is_stale()


def test_a_profile_that_differs_by_few_children_from_an_earlier_one_is_not_kept(world: World) -> None:
    boss = head()
    assessed(privacy(), LATER)
    assert made(asked(boss, LATER, ENDS), LATER)
    report_missing(child=world.child, report=Report(reported=Moment(LATER - timedelta(days=2))), by=factories.feed_post(), at=LATER)
    again = asked(boss, LATER + timedelta(hours=1), ENDS)
    assert not made(again, LATER + timedelta(hours=2))
    with acting_as(boss, LATER):
        again.refresh_from_db()
        assert (again.state, again.content, bytes(again.tells_of)) == ("failed", {}, b"")
    assert "by so few children" in again.failed_words


def test_what_is_wrong_with_a_period_is_said_and_what_was_typed_is_kept(world: World, signed_in: Any) -> None:
    boss = head()
    assessed(privacy(), LATER)
    asked(boss, LATER, ENDS)
    with pytest.raises(Invalid, match="nearly the same days"):
        asked(boss, LATER, ENDS, days=182)
    with pytest.raises(Invalid, match="one lies within the other"):  # its last quarter alone
        asked(boss, LATER, ENDS - timedelta(days=30), days=91)
    with pytest.raises(Invalid, match="one lies within the other"):  # the year that ends as it does
        asked(boss, LATER, ENDS, days=365)
    assert asked(boss, LATER, ENDS - timedelta(days=28)).state == "waiting"
    assert asked(boss, LATER, ENDS).state == "waiting"  # its own days again
    with pytest.raises(Invalid, match="500 to"):
        asked(boss, LATER, ENDS, living_here=3)
    client = signed_in(boss, LATER)
    page = reverse("profile:run_profile")
    sent = {
        "from_on_0": "1",
        "from_on_1": "1",
        "from_on_2": "2024",
        "last_on_0": "1",
        "last_on_1": "2",
        "last_on_2": "2024",
        "living_here": "75000",
    }
    said = client.post(page, opened(client, page) | sent).content.decode()
    assert "what chance did" in said and 'value="2024"' in said


def test_a_profile_is_begun_and_kept_once(world: World) -> None:
    boss = head()
    assessed(privacy(), LATER)
    last = ENDS - timedelta(days=60)
    run = run_profile(from_on=last - timedelta(days=100), last_on=last, living_here=None, by=boss, at=LATER)
    with pytest.raises(Invalid, match="made already"):
        finish_profile(run=run, facts=EMPTY, made=NOTHING, by=boss, at=LATER)
    with pytest.raises(Invalid, match="Nothing may be counted"):  # before anybody went missing
        begin_profile(run=run, by=boss, at=LATER)
    with pytest.raises(Refused):
        begin_profile(run=run, by=world.manager, at=LATER)


def test_a_job_whose_asker_has_gone_keeps_nothing_and_says_so(world: World) -> None:
    boss = head()
    assessed(privacy(), LATER)
    run = asked(boss, LATER, ENDS)
    Post.objects.filter(pk=boss.pk).update(role="manager")
    assert not made(run, LATER)
    with acting_as(world.manager, LATER):
        now = AnalysisRun.objects.get(pk=run.pk)
    assert now.state in {"waiting", "failed"} and now.content == {}


def test_decide_finding(world: World, signed_in: Any) -> None:
    boss = head()
    assessed(privacy(), LATER)
    run = asked(boss, LATER, ENDS)
    assert made(run, LATER)
    finding = finding_of(run, boss, LATER)
    for answered, said in (
        (Decided(""), "whether something is done"), (Decided("none"), "why nothing"), (Decided("action"), "what is done"),
        (Decided("action", "Lights", boss), "how it will be seen"), (Decided("action", "Lights", boss, "Fewer mentions", LATER.date()), "later day"),
    ):  # fmt: skip
        with pytest.raises(Invalid, match=said):
            decide_finding(finding=finding, decided=answered, by=boss, at=LATER)
    with pytest.raises(Refused):
        decide_finding(finding=finding, decided=Decided("none", reason="No."), by=world.manager, at=LATER)
    client = signed_in(boss, LATER)
    page = reverse("profile:decide_finding", args=[finding.pk])
    when = LATER + timedelta(days=90)
    sent = {"decision": "action", "action_words": "Lights and youth workers", "owner": str(boss.pk), "measure_words": "Fewer mentions",
            "measured_on_0": str(when.day), "measured_on_1": str(when.month), "measured_on_2": str(when.year)}  # fmt: skip
    assert client.post(page, opened(client, page) | sent).status_code == 302
    said = client.get(reverse("profile:view_profile", args=[run.pk])).content.decode()
    assert "Lights and youth workers" in said and "Fewer mentions" in said
    assert "Decide anew" in said
    decide_finding(finding=finding, decided=Decided("none", reason="The park was closed."), by=boss, at=LATER)
    with acting_as(boss, LATER):
        finding.refresh_from_db()
    assert (finding.action_words, finding.owner_id, finding.reason) == ("", None, "The park was closed.")


def test_the_pages_of_the_impact_assessments(world: World, signed_in: Any) -> None:
    officer = privacy()
    client = signed_in(officer)
    said = client.get(reverse("profile:view_impact_assessments")).content.decode()
    assert "people.Person.ethnicity" in said and "Not recorded" in said
    page = reverse("profile:record_impact_assessment", args=["network", "protection"])
    assert client.post(page, opened(client, page) | {"judged_words": JUDGED}).status_code == 302
    with acting_as(officer, NOW):
        assert ImpactAssessment.objects.get().about == "network"
    assert client.get(reverse("profile:record_impact_assessment", args=["network", "other"])).status_code == 404
