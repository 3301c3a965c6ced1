"""Every role, relationship, kind of record and mode: the policy's oracle, the application and the database decide the same.

The oracle (oracle.py) is written by hand from protection.md 4.1 to 4.3; it imports neither evaluator nor SQL. The database is
asked under the service's own login, by reading and by an update that changes nothing.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from atlas.agencies.models import Post, TeamPurpose
from atlas.chronology.moments import Moment
from atlas.feeds.commands.master import set_master
from atlas.feeds.rules import Mastered, System
from atlas.gate.context import acting_as
from atlas.gate.install import gated_models
from atlas.gate.models import Block, NamedHolder, Relationship, Restriction
from atlas.gate.policy import OPENING, OPENINGS, ROLE, ROLES, Kind, Mode, Purpose, RecordKind, Scope, role_opens
from atlas.gate.queries import rows_opened_by, standing
from atlas.gate.rules import may_touch
from atlas.missing.commands.back import record_return
from atlas.missing.commands.episode import set_exploitation_marker
from atlas.missing.commands.report import Report, report_missing
from tests import factories
from tests.factories import NOW
from tests.gate import oracle
from tests.gate.matrix import EVERY_ROLE, VARIANTS, Children, Counted, compare, posts_of

pytestmark = pytest.mark.django_db
R = RecordKind
ONE_OF = {
    R.CHILD: "children.Child", R.CONTACT: "people.ContactDetail", R.RELATIONSHIP: "gate.Relationship", R.ALLOCATION: "allocation.ResponsibleTeam",
    R.STATUS: "statuses.Spell", R.CHRONOLOGY: "chronology.Entry", R.WORK: "clocks.Clock", R.MISSING: "missing.Episode",
    R.INTERVIEW: "missing.ReturnInterview", R.SEALED: "sealed.SealedSet",
    R.EXPLOITATION: "exploitation.ExploitationAssessment", R.SCREENING: "contacts.Assessment",
}  # fmt: skip
# By hand: who may do what is about no child, where not every role may the same.
ABOUT_TIME_LIMITS = {
    "view_time_limits": {role.key for role in ROLES} - {"tick"}, "set_local_limit": {"head_of_service"}, "change_bank_holiday": {"head_of_service"},
}  # fmt: skip
NEVER = {"system_administrator", "tick", "data_officer", "caldicott_guardian"}  # roles without sight of any child


def everything_about(child: Any, feed: Post) -> None:
    """One row of every kind about a child, by commands."""
    from datetime import date

    from atlas.children.commands import Reach, record_contact_detail
    from atlas.people.models import ContactKind
    from atlas.sealed.commands import seal_set
    from atlas.statuses.commands.record import Said, record_status
    from atlas.statuses.models import Spell

    record_contact_detail(child=child, reach=Reach(ContactKind.TELEPHONE, "07700 900123"), source="test", by=feed, at=NOW)
    seal_set(child=child, kind="source", values={"name": "Sample Person"}, by=feed, at=NOW)
    said = Said(Spell, "S1", date(2026, 1, 1), None, NOW, (("status", "child_in_need"),))
    record_status(child=child, said=said, by=feed, at=NOW)
    set_exploitation_marker(child=child, words="Seen with unknown adults", since=Moment(NOW), by=feed, at=NOW)
    episode = report_missing(child=child, report=Report(reported=Moment(NOW)), by=feed, at=NOW)
    record_return(episode=episode, returned_at=Moment(NOW + timedelta(hours=1)), by=feed, at=NOW + timedelta(hours=1))
    assessed_before(child, feed)


def assessed_before(child: Any, feed: Post) -> None:
    """An assessment of exploitation, and a child and family assessment, by somebody who works with the child no more: no delivery brings one."""
    from atlas.contacts.commands.assessing import start_assessment
    from atlas.exploitation.codes import AssessmentKind
    from atlas.exploitation.commands.assessment import start_exploitation_assessment

    before = factories.post("practitioner", of=factories.team("Before"))
    relate(before, child, Kind.ALLOCATED, Scope.CHILD, feed)
    start_exploitation_assessment(child=child, kind=AssessmentKind.SCREEN, by=before, at=NOW)
    officer = factories.post("data_officer", of=factories.team("Data"))
    set_master(authority=child.responsible_authority, record=Mastered.ASSESSMENT, system=System.ATLAS, by=officer, at=NOW)
    start_assessment(child=child, by=before, at=NOW)
    with acting_as(feed, NOW):
        Relationship.objects.filter(holder_post=before).update(until_at=NOW)


def relate(post: Post, child: Any, kind: Kind, scope: Scope, feed: Post) -> None:
    """Give a post this kind of relationship to the child, or to the child's authority, and the shift that it may need."""
    if kind is Kind.LINE:
        below = factories.post("practitioner", of=factories.team("Below"), line_manager=post)
        kind, post = Kind.ALLOCATED, below
    as_whom = factories.administrator() if scope is Scope.AUTHORITY else feed
    with acting_as(as_whom, NOW):
        relationship = Relationship(
            kind=kind, child=child if scope is Scope.CHILD else None, authority=child.responsible_authority if scope is Scope.AUTHORITY else None,
            from_at=NOW - timedelta(hours=1), because="test", source_label="tests",
            holder_post=None if kind in (Kind.TEAM_DUTY, Kind.EMERGENCY_DUTY) else post,
            holder_team=post.team if kind in (Kind.TEAM_DUTY, Kind.EMERGENCY_DUTY) else None,
            until_at=NOW + timedelta(hours=3) if OPENING[kind].most else None,
        )  # fmt: skip
        relationship.save(force_insert=True)
    if kind in (Kind.TEAM_DUTY, Kind.EMERGENCY_DUTY):
        factories.shift(post, NOW.date())


def reads(model: Any, child: Any) -> bool:
    """Whether the database shows a row of this table about the child."""
    column = "child_id" if hasattr(model, "child_id") else "person_id"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {model._meta.db_table} WHERE {column} = %s)", [child.pk])
        return bool(cursor.fetchone()[0])


def writes(model: Any, child: Any) -> bool:
    """Whether the database lets a row about the child be changed (to what it is)."""
    column = "child_id" if hasattr(model, "child_id") else "person_id"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {model._meta.db_table} SET {column} = {column} WHERE {column} = %s", [child.pk])
        return bool(cursor.rowcount)


@pytest.mark.parametrize("role", [role.key for role in ROLES])
def test_every_table_shows_and_lets_change_what_the_policy_says(role: str) -> None:
    """Each role with every second kind of relationship, in turn: every role with every kind is compared below, by the kind of record."""
    turn = [one.key for one in ROLES].index(role) % 2
    feed, authority = factories.feed_post(), factories.authority()
    child = factories.child("Ashby Example")
    everything_about(child, feed)
    at, decisions = NOW + timedelta(hours=2), 0
    factories.team("Front door", TeamPurpose.FRONT_DOOR)
    for opening in OPENINGS[turn::2]:
        post = factories.post(role, of=factories.team(f"{role} {opening.kind}"))
        relate(post, child, opening.kind, opening.scope, feed)
        expected_role = {record for record, mode in role_opens(next(r for r in ROLES if r.key == role)) if mode is Mode.READ}
        with acting_as(post, at) as subject:
            held = standing(subject, child.pk)
            for record, label in ONE_OF.items():
                model = apps.get_model(label)
                # A manager in the team that is on duty is also its line.
                kind = "line" if role == "manager" and opening.kind is Kind.TEAM_DUTY else opening.kind
                case = oracle.Case(role, frozenset({str(kind)}), subject.purpose.value)
                shown = oracle.decide(case, role_may=record in expected_role, record=record.value)
                assert may_touch(held, record, Mode.READ) == shown, (role, opening.kind, record)
                assert model._default_manager.filter(rows_opened_by(subject, model, record, Mode.READ)).exists() == shown
                if hasattr(model._default_manager, "of_child"):
                    assert model._default_manager.of_child(subject, child.pk).exists() == shown, (role, opening.kind, record)
                assert reads(model, child) == shown, (role, opening.kind, record)
                decisions += 4
                if not getattr(model, "append_only", False) and record is not R.RELATIONSHIP:
                    # What one may not read one cannot find to change; it can only be added to.
                    may_change = may_touch(held, record, Mode.WRITE) and shown
                    assert writes(model, child) == may_change, (role, opening.kind, record, "write")
                    decisions += 1
                if role in NEVER:
                    assert not shown
    assert authority and decisions > 200


def test_policy_application_and_database_decide_the_same() -> None:
    """Every role, kind of relationship and state of the child, for the role's own purpose and another in turn: as a plain post, and in one state of the post.

    Every role in every state of the post, for every purpose, is in the long form: bench/access.py.
    """
    children, counted = Children.made(), Counted()
    for turn, role in enumerate(EVERY_ROLE):
        own, states = ROLE[role].purposes, (VARIANTS[0], VARIANTS[1 + turn % (len(VARIANTS) - 1)])
        for number, (post, state) in enumerate(posts_of(role, children, states)):
            others = sorted({Purpose.AUDIT, Purpose.POLICE_INVESTIGATION, Purpose.SECTION_17} - {own[0]})
            for purpose in (own[0], others[turn % len(others)])[: 1 if number else 2]:
                compare(children, post, state, purpose, counted)
    assert not counted.differing, (len(counted.differing), counted.differing[:5])
    assert counted.decisions > 500_000, counted.decisions


def test_time_limits_are_everybody_s_to_read_and_the_head_of_service_s_to_set() -> None:
    for permission, roles in ABOUT_TIME_LIMITS.items():
        assert {role.key for role in ROLES if permission in role.permissions} == roles, permission
    with acting_as(factories.feed_post(), NOW), connection.cursor() as cursor:
        for table, ends_by in (("clocks_locallimit", {"valid_until"}), ("clocks_bankholidaychange", set())):
            cursor.execute(
                "SELECT a.attname FROM pg_attribute a WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND has_column_privilege(a.attrelid, a.attnum, 'UPDATE')",
                [table],
            )
            assert {name for (name,) in cursor.fetchall()} == ends_by, table
            cursor.execute("SELECT has_table_privilege(%s, 'INSERT'), has_table_privilege(%s, 'DELETE')", [table, table])
            assert cursor.fetchone() == (True, False), table


def test_a_block_shuts_out_before_everything_that_grants() -> None:
    feed, child = factories.feed_post(), factories.child()
    everything_about(child, feed)
    for opening in OPENINGS:
        post = factories.post("manager", of=factories.team(f"blocked {opening.kind}"))
        relate(post, child, opening.kind, opening.scope, feed)
        with acting_as(post, NOW):
            Block(child=child, user=post.user, because="I know this family", from_at=NOW, made_by=post).save(force_insert=True)
        with acting_as(post, NOW + timedelta(hours=2)) as subject:
            assert standing(subject, child.pk).is_blocked
            for label in ONE_OF.values():
                model = apps.get_model(label)
                assert not reads(model, child), (opening.kind, label)
                assert not model._default_manager.visible_to(subject).filter(**{getattr(model, "child_path", "child"): child.pk}).exists()


def test_without_a_context_every_gated_table_is_empty() -> None:
    child = factories.child()
    everything_about(child, factories.feed_post())
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('atlas.context', '', true)")
        for model in gated_models():
            cursor.execute(f"SELECT count(*) FROM {model._meta.db_table}")
            assert cursor.fetchone()[0] == 0, model


@pytest.mark.parametrize("part", range(9))
def test_a_forged_context_is_nobody(part: int) -> None:
    post = factories.feed_post()
    child = factories.child()
    with acting_as(post, NOW), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('atlas.context')")
        parts = cursor.fetchone()[0].split(".")
        parts[part] = {0: "1", 1: str(factories.administrator().pk), 6: "audit", 8: "0" * len(parts[8])}.get(part, "12345678")
        cursor.execute("SELECT set_config('atlas.context', %s, true)", [".".join(parts)])
        cursor.execute("SELECT gate_post()")
        assert cursor.fetchone()[0] is None
        assert not reads(apps.get_model("children.Child"), child)


def test_an_ended_post_and_a_closed_account_open_nothing() -> None:
    feed, child = factories.feed_post(), factories.child()
    everything_about(child, feed)
    post = factories.post("practitioner")
    relate(post, child, Kind.ALLOCATED, Scope.CHILD, feed)
    Post.objects.filter(pk=post.pk).update(until_on=NOW.date() - timedelta(days=1))
    post.refresh_from_db()
    with acting_as(post, NOW) as subject:
        assert not standing(subject, child.pk).is_live
        assert not reads(apps.get_model("missing.Episode"), child)


@pytest.mark.parametrize("role", ["practitioner", "manager", "head_of_service"])
def test_no_verb_leaves_a_list_of_names_or_a_silent_block_behind(role: str) -> None:
    """Whoever may write about the child still guards nobody, names nobody, and makes no block on themselves but the one declared."""
    feed, child = factories.feed_post(), factories.child()
    post = factories.post(role)
    relate(post, child, Kind.ALLOCATED, Scope.CHILD, feed)
    rows = (
        Restriction(child=child, sensitivity="hidden", because="test", from_at=NOW, made_by=post),
        NamedHolder(child=child, holder_post=post, from_at=NOW, named_by=post),
        Block(child=child, user=post.user, because="test", source="wish", from_at=NOW, made_by=post),
    )
    for row in rows:
        with pytest.raises(Exception, match="row-level security"), acting_as(post, NOW):
            row.save(force_insert=True)
    factories.guard(child, "restricted", post)
    with acting_as(post, NOW):
        assert Restriction.objects.update(until_at=NOW) == 0
        assert NamedHolder.objects.update(until_at=NOW) == 0
