"""Two children of Stowbridge's who live in Fernleigh: one of whom notice came, one of whom it came late; that one was missing, and is back."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from atlas.agencies.models import Authority, Post
from atlas.children.commands import Known
from atlas.chronology.moments import Moment
from atlas.gate.context import acting_as
from atlas.gate.days import day_of
from atlas.missing.commands.back import record_return
from atlas.missing.commands.placed_in import NoticeOf, register_placed_in
from atlas.missing.commands.report import Report, report_missing
from atlas.missing.commands.responsible import ask_responsible
from atlas.missing.models import Episode, ReturnInterview
from atlas.people.models import Sex
from atlas.sharing.commands.disclosure import Guest
from demo.people import People

FIRST = 900_001  # numbers that no child of Fernleigh's has


def place_in(neighbour: Authority, named: Mapping[str, Post], people: People, now: datetime) -> None:
    """The notices, as the coordinator recorded them; one episode; and what Stowbridge was asked about the interview that it owes."""
    coordinator = named["missing.coordinator"]
    today = day_of(now)
    notices = (
        NoticeOf(
            today - timedelta(days=160), today - timedelta(days=165), risk_told="Has gone missing twice, to friends in Stowbridge.",
            home_name="Harrow House", home_telephone="01632 960141", worker_name="Ines Calder", worker_telephone="020 7946 0211",
            out_of_hours_telephone="020 7946 0200",
        ),
        NoticeOf(
            today - timedelta(days=40), today - timedelta(days=24), is_emergency=True, heard_from="home", home_name="A foster carer",
            worker_name="Tobias Renn", worker_telephone="020 7946 0212", out_of_hours_telephone="020 7946 0200",
        ),
    )  # fmt: skip
    for number, notice in enumerate(notices):
        born = people.child(FIRST + number, today - timedelta(days=365 * (14 + number) + 90))
        known = Known(born.forename, born.surname, born.born_on, Sex(born.sex))
        at = now - timedelta(days=20)
        held = register_placed_in(known=known, responsible=neighbour, notice=notice, is_new=True, by=coordinator, at=at)
    went = now - timedelta(days=3)
    report = Report(
        reported=Moment(went),
        council_told=Moment(went),
        police_reference="NM/70001/26",
        police_force="Northmarch Police",
        worry="Not back from college.",
    )
    episode: Episode = report_missing(child=held.child, report=report, by=coordinator, at=went)
    record_return(episode=episode, returned_at=Moment(went + timedelta(hours=14)), by=coordinator, at=went + timedelta(hours=15))
    asked_at = now - timedelta(hours=20)
    with acting_as(coordinator, asked_at):
        interview = ReturnInterview.objects.get(episode=episode)
    guest = Guest("Tobias Renn", "Stowbridge, looked-after team", "07700 900788", coordinator.user.name, day_of(asked_at))
    ask_responsible(interview=interview, guest=guest, is_family_told=True, by=coordinator, at=asked_at)
