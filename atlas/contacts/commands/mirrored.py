"""The main case system says that an assessment which the front door decided on was authorised there: its clock from the referral stops."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from atlas.chronology.kinds import Kind
from atlas.chronology.moments import Moment
from atlas.clocks.models import Clock
from atlas.contacts.models import Contact
from atlas.contacts.rules.clocks import ASSESSMENT_FINISHED
from atlas.feeds.models import Delivery
from atlas.flow import happened
from atlas.gate.act import command
from atlas.gate.days import day_of
from atlas.gate.policy import Permission
from atlas.statuses.models import Spell

if TYPE_CHECKING:
    from atlas.agencies.models import Post

IN_MAIN_SYSTEM = "In the main case system"


@command(needs=Permission.RECORD_STATUS)
def finish_mirrored(*, delivery: Delivery, by: "Post", at: datetime) -> Delivery:
    """Stop the clocks, from the referral, of assessments that the main case system has authorised since. Its day alone is known, so on the last
    day nobody can say whether it was in time, and the clock says so. Two statements, and a few more for each that is finished.
    """
    running = Clock.objects.filter(
        limit=ASSESSMENT_FINISHED.key, about_label=Contact._meta.label, outcome=Clock.Outcome.RUNNING, is_historic=False
    )
    clocks = {clock.child_id: clock for clock in running.select_related("child__responsible_authority").order_by("-started_at")}
    spells = Spell.objects.filter(child__in=list(clocks), status=Spell.Status.ASSESSMENT, until_on__isnull=False).order_by(
        "-until_on", "pk"
    )
    ended: dict[UUID, date] = {}
    for spell in spells:  # the last is the first that was started since the referral
        started = clocks[spell.child_id].started_at
        if started is not None and spell.until_on is not None and spell.from_on >= day_of(started):
            ended[spell.child_id] = spell.until_on
    for child_id, day in ended.items():
        clock = clocks[child_id]
        happened(
            Kind.ASSESSMENT_FINISHED, child=clock.child, at=Moment.on(day), words=IN_MAIN_SYSTEM, stops=[ASSESSMENT_FINISHED],
            stops_about=[Contact(pk=clock.about_id)],
        )  # fmt: skip
    return delivery
