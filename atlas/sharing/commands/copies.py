"""Copies of a plan are given, also as a page on the child's phone; it is taken back; and what the child says is written down and answered."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connections
from django.db.models import Model

from atlas.agencies.models import Post
from atlas.children.models import Child
from atlas.chronology.kinds import Kind
from atlas.chronology.models import Entry
from atlas.chronology.moments import Moment, Precision
from atlas.design.words import day
from atlas.flow import happened
from atlas.gate.act import Invalid, command
from atlas.gate.context import acting_subject
from atlas.gate.days import day_of
from atlas.gate.models import Restriction
from atlas.gate.policy import FINGERPRINT, Permission, Purpose, Sensitivity
from atlas.sharing.compile import free_words
from atlas.sharing.copy import Audience, CompiledCopy
from atlas.sharing.guest import hash_of_token
from atlas.sharing.models import ChildWords, CopyGiven, GuestRequest
from atlas.sharing.rules import CHILD_ANSWER, CHILD_COMPLAINT, CHILD_DAYS, NOT_FOR_ANY_PHONE, Ground, PhoneGone, mobile_digits
from atlas.tasks.commands import end_tasks_about, settle_alerts

REASON = "The plan is the child’s: they read it, and say what is not right."
OWN = "It is the child’s own copy. Who else may see it is for the child to say."


@dataclass(frozen=True)
class Given:
    """How a copy was given: in which way, to whom, and whether it is safe to hold, with the reason."""

    how: CopyGiven.How = CopyGiven.How.REHEARSED
    to_whom: str = ""
    is_safe_to_hold: bool = False
    safe_reason: str = ""

    def checked(self) -> "Given":
        """This, where it is whole. Raises Invalid: what is not safe to hold is handed over in no form."""
        if not self.to_whom.strip():
            raise Invalid("Say to whom you gave it.", "to_whom")
        if not self.safe_reason.strip():
            raise Invalid("Say why it is safe to hold, or why not: who else could find it?", "safe_reason")
        if not self.is_safe_to_hold and self.how not in {CopyGiven.How.REHEARSED, CopyGiven.How.READ_ALOUD}:
            raise Invalid("You said that it is not safe to hold. Rehearse it or read it aloud together, and hand over nothing.", "how")
        return self


@command(needs=Permission.RECORD_COPY_GIVEN)
def record_copy_given(
    *, child: Child, copy: CompiledCopy, given: Given, about: Model | None = None, by: Post, at: datetime
) -> CopyGiven:  # fmt: skip
    """Record that a recipient was given their copy: read together, in pictures, on paper, sent; or rehearsed, where nothing is handed over,
    which is the default for a child. `about`: the version that it was compiled from. Source: practice.md 5.2; real-life.md 7.

    Raises Invalid for a copy without lines, for one that is not safe to hold and is handed over, and for a page on a phone.
    """
    if given.how == CopyGiven.How.PHONE:
        raise Invalid("A page on the child’s phone is given on a page of its own: it needs the number.", "how")
    return _kept(child, _whole(copy), given.checked(), about, by, at)


@command(needs=Permission.GIVE_CHILD_PAGE)
def give_child_page(
    *, child: Child, copy: CompiledCopy, telephone: str, is_number_confirmed: bool, who_else_can_open: str = "", safe_reason: str,
    about: Model | None = None, days: int = CHILD_DAYS, by: Post, at: datetime,
) -> CopyGiven:  # fmt: skip
    """Give a child their copy as a page on their phone, for at most 28 days: a link that says nothing, and a code to a number that was confirmed
    with the child just now. Any page given before ends. Gives the copy, with the token of the link in `request.token`, this once.

    Safe people, safe places and signals stand on it only where `who_else_can_open` says, in words recorded with the child, who else can open
    the phone ("nobody" is an answer). Raises Invalid for these, for a number that is no mobile number or was not confirmed, for words that name
    another child or say where this one lives, and for a hidden child. Source: real-life.md 7; protection.md 4.7.
    """
    digits = _may_stand_on_a_phone(child, _whole(copy), telephone, is_number_confirmed, who_else_can_open)
    if not 1 <= days <= CHILD_DAYS:
        raise Invalid(f"Choose from 1 to {CHILD_DAYS} days. Then see the child, and give it anew.", "days")
    given = Given(CopyGiven.How.PHONE, "The child", True, safe_reason).checked()
    for earlier in _open_pages(child, at):
        _end(earlier, at)
    page = _page(child, copy, digits, at + timedelta(days=days), by, at)
    return _kept(child, copy, given, about, by, at, page=page, who_else=who_else_can_open.strip())


def _may_stand_on_a_phone(child: Child, copy: CompiledCopy, telephone: str, is_number_confirmed: bool, who_else_can_open: str) -> str:
    """The number, in digits, where this copy may stand on that phone. Raises Invalid as `give_child_page` says."""
    digits = mobile_digits(telephone)
    if copy.audience != Audience.CHILD:
        raise Invalid("Only the child’s own copy can be a page on their phone.")
    if not digits:
        raise Invalid("Give a mobile number of the United Kingdom, for example 07700 900123: the code goes there by text.", "telephone")
    if not is_number_confirmed:
        raise Invalid(
            "Ask the child now whether this is still their number, and that they have the phone. Then say so here.", "is_number_confirmed"
        )
    held = copy.blocks_named(NOT_FOR_ANY_PHONE)
    if held and not who_else_can_open.strip():
        raise Invalid(
            f"{', '.join(held)}: these stay off the phone until you have recorded, with the child, who else can open it. Ask the child, or leave them out.",
            "who_else_can_open",
        )  # fmt: skip
    if Restriction.objects.filter(child=child, sensitivity=Sensitivity.HIDDEN, until_at=None).exists():
        raise Invalid("Nothing about this child goes on a phone through Atlas. Rehearse the plan together.")
    _may_leave(child, copy)
    return digits


@command(needs=Permission.WITHDRAW_CHILD_PAGE)
def withdraw_child_page(*, copy_given: CopyGiven, why: PhoneGone, by: Post, at: datetime) -> CopyGiven:
    """Take a child's page back at once: the phone is lost, taken, new, read by somebody else, or the child asks. An open page shuts at its next
    breath, and the link opens nothing any more. Emergency duty may do it too. Raises Invalid where it has ended, or is no page.
    """
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT gate_shut_child_page(%s)", [copy_given.pk])
        if not cursor.fetchone()[0]:
            raise Invalid("This page has ended already.")
    end_tasks_about(about_id=copy_given.pk, at=at)
    happened(
        Kind.GUEST_REQUEST_WITHDRAWN,
        child=copy_given.child,
        at=Moment(at, Precision.MINUTE),
        about=copy_given,
        words=f"The child’s page: {PhoneGone(why).label}",
    )
    return copy_given


@command(needs=Permission.RECORD_CHILD_WORDS)
def record_child_words(
    *, copy_given: CopyGiven, kind: ChildWords.Kind, words: str = "", line: str = "", by: Post, at: datetime
) -> ChildWords:  # fmt: skip
    """Write down what the child said about their copy where they have no phone or do not read: on paper, in pictures or aloud, in their words. It
    starts the same clocks, and asks the same of the plan, as what is sent from a phone. Raises Invalid without words where words are the answer.
    """
    if copy_given.audience != Audience.CHILD:
        raise Invalid("This is not the child’s copy.")
    of_line = CompiledCopy.of(copy_given.copy).line(line) if line else None
    if line and of_line is None:
        raise Invalid("Choose the line from the list.", "line")
    if kind == ChildWords.Kind.WORDS and not words.strip():
        raise Invalid("Write what the child said, in their words.", "words")
    said = ChildWords(
        child=copy_given.child, copy_given=copy_given, line=line, line_words=of_line.words[:500] if of_line else "", kind=kind, words=words.strip()[:1000],
        sent_at=at, written_by=by,
    )  # fmt: skip
    limit = CHILD_COMPLAINT if kind in ChildWords.BY_DATE else CHILD_ANSWER
    asks_plan = kind in {ChildWords.Kind.DOES_NOT_HELP, ChildWords.Kind.COMPLAINT}
    said.entry = happened(
        Kind.PLAN_DOES_NOT_HELP if asks_plan else Kind.CHILD_SAID, child=copy_given.child, at=Moment(at, Precision.MINUTE), about=said,
        starts=[limit] if said.wants_answer else [],
    )  # fmt: skip
    said.save(force_insert=True)
    return said


@command(needs=Permission.ANSWER_CHILD)
def answer_child(*, said: ChildWords, did: str, is_acted_on: bool = True, by: Post, at: datetime) -> ChildWords:
    """Say what was done about a child's words, or why they were not acted on, in words that the child reads on their page. Stops the clock and the
    alert. Raises Invalid without words, for words that must not leave, and where somebody has said so already.
    """
    if said.did_at is not None:
        raise Invalid("Somebody has answered this already. Go back.")
    if not did.strip():
        raise Invalid(
            "Write what you did, in words that the child can read." if is_acted_on else "Write why not, in words that the child can read.",
            "did",
        )
    said.did, said.did_at, said.did_by = free_words(acting_subject(), said.child_id, did.strip()[:500], "did"), at, by
    said.is_acted_on = is_acted_on
    said.save(update_fields=["did", "did_at", "did_by", "is_acted_on"])
    happened(
        Kind.CHILD_ANSWERED, child=said.child, at=Moment(at, Precision.MINUTE), about=said, stops=[CHILD_ANSWER, CHILD_COMPLAINT],
        words=f"{'We did' if is_acted_on else 'Not acted on, because'}: {said.did}"[:300],
    )  # fmt: skip
    settle_alerts(about_id=said.pk, at=at)
    return said


def _whole(copy: CompiledCopy) -> CompiledCopy:
    if not any(block.lines for block in copy.blocks):
        raise Invalid("There is nothing in this copy. Choose what goes into it.")
    return copy


def _may_leave(child: Child, copy: CompiledCopy) -> None:
    """Raises Invalid, with the line, where a line names another child, repeats intelligence, or says where the child can be reached."""
    subject = acting_subject()
    lines = [line.words for block in copy.blocks for line in block.lines]
    try:
        free_words(subject, child.pk, "\n".join(lines), "copy")
    except Invalid:
        for line in lines:
            try:
                free_words(subject, child.pk, line, "copy")
            except Invalid as problem:
                raise Invalid(f"“{line[:80]}”: {problem.message}", "copy") from None
        raise


def _open_pages(child: Child, at: datetime) -> list[GuestRequest]:
    return list(GuestRequest.objects.filter(child=child, asks=GuestRequest.Asks.CHILD, ended_at=None, expires_at__gt=at))


def _end(page: GuestRequest, at: datetime) -> None:
    page.ended_at = at
    page.save(update_fields=["ended_at"])


def _page(child: Child, copy: CompiledCopy, digits: str, until: datetime, by: Post, at: datetime) -> GuestRequest:
    """The link, the number and the end of a child's page, with what it shows; not yet saved. The view names neither the child nor an agency."""
    authority = child.responsible_authority
    view = {
        "asks": GuestRequest.Asks.CHILD.value, "title": copy.title, "blocks": copy.as_json()["blocks"], "given_on": day(at), "until": day(until),
        "number": authority.front_door_number, "any_hour": authority.staffed_number, "question": "",
    }  # fmt: skip
    token = secrets.token_urlsafe(32)
    page = GuestRequest(
        child=child, asks=GuestRequest.Asks.CHILD, guest_name="The child", organisation="", number=digits, checked_by=str(by)[:100],
        checked_on=day_of(at), purpose=Purpose.SECTION_17, ground=Ground.PUBLIC_TASK, reason=REASON, is_family_told=False, family_reason=OWN,
        view=view, digest=copy.digest, policy=FINGERPRINT, token_hash=hash_of_token(token), made_by=by, made_at=at, expires_at=until,
    )  # fmt: skip
    page.token = token
    return page


def _kept(
    child: Child, copy: CompiledCopy, given: Given, about: Model | None, by: Post, at: datetime, page: GuestRequest | None = None, who_else: str = ""
) -> CopyGiven:  # fmt: skip
    """The copy as it was given, with its entry in the chronology; and the page, where it is one."""
    made = CopyGiven(
        child=child, audience=copy.audience, title=copy.title[:120], copy=copy.as_json(), digest=copy.digest, how=given.how, to_whom=given.to_whom.strip(),
        given_at=at, is_safe_to_hold=given.is_safe_to_hold, safe_reason=given.safe_reason.strip()[:500], who_else_can_open=who_else[:200], made_by=by,
        about_label=about._meta.label if about else "", about_id=about.pk if about else None,
    )  # fmt: skip
    made.entry = _entry(made, at)
    if page is not None:
        page.entry, page.about_label, page.about_id = made.entry, made._meta.label, made.pk
        page.save(force_insert=True)
        made.request = page
    made.save(force_insert=True)
    return made


def _entry(made: CopyGiven, at: datetime) -> Entry:
    words = f"{made.get_audience_display()}: {made.get_how_display()}. To {made.to_whom}"
    return happened(Kind.PLAN_COPY_GIVEN, child=made.child, at=Moment(at, Precision.MINUTE), about=made, words=words[:300])
