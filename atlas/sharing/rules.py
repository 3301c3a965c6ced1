"""How long a disclosure may stand, for what, and on which ground. Pure."""

import re
from datetime import date, timedelta

from django.db.models import TextChoices

from atlas.clocks.rules import PRODUCT_DEFAULT, Hours, Rank, TimeLimit, WorkingDays
from atlas.gate.policy import PURPOSE_WORDS, Purpose

USUAL_DAYS, MOST_DAYS = 28, 182  # protection.md 4.1: shared
# Somebody without an account (real-life.md point 19). The days, and how long a proof holds, are the product's own; codes: protection.md 3.1.
GUEST_USUAL_DAYS, GUEST_MOST_DAYS = 7, 28
CODE_DIGITS, CODE_LIFE, MOST_TRIES, MOST_CODES = 6, timedelta(minutes=10), 5, 5
PROOF_LIFE = timedelta(minutes=30)
NUMBER_CHECKED_WITHIN = timedelta(days=90)
MOST_ANSWER = 20_000
# What may be told of the child beside the question: enough for the guest to know whom it is about.
GUEST_PARTS = frozenset({"who", "number"})
NOTICE = timedelta(days=5)  # protection.md table A, A11
# An export (protection.md 4.7): a file lasts a week unless another time is chosen, and holds at most so many children;
# as many as two people say, where they do (the last number is the product's own).
USUAL_EXPORT_DAYS, MOST_EXPORT_DAYS = 7, 28
MOST_CHILDREN = 200
MOST_TOGETHER = 2000
MARKING = "OFFICIAL-SENSITIVE"

# The purposes for which one may disclose, in the words of the screen.
PURPOSES = {
    purpose: PURPOSE_WORDS[purpose]
    for purpose in (
        Purpose.SECTION_47, Purpose.SECTION_17, Purpose.LOOKED_AFTER, Purpose.MISSING_RESPONSE, Purpose.RETURN_INTERVIEW, Purpose.PANEL,
        Purpose.STRATEGY_DISCUSSION, Purpose.INFORMATION_SHARING, Purpose.POLICE_INVESTIGATION,
    )
}  # fmt: skip
CONDITIONS = (
    "For the named recipient and the purpose above only.",
    "Do not pass it on. Ask the person who shared it.",
    "It does not say that nothing else is known.",
)
# What a copy for the council's own main case system says of itself.
COPY_CONDITION = "It does not say that nothing else is known."
# What a copy for the council's own main case system says of itself.
COPY_CONDITIONS = (
    "For the child's own record in the main case system. Places, other people and what the child kept back are not in it: they stand in Atlas.",
    "It does not say that nothing else is known.",
)


def mobile_digits(typed: str) -> str:
    """The eleven digits of a mobile number of the United Kingdom; empty for any other: a code goes to it by text."""
    digits = re.sub(r"[\s()-]", "", typed)
    digits = "0" + digits.removeprefix("+44").removeprefix("0044") if digits.startswith(("+44", "0044")) else digits
    return digits if re.fullmatch(r"07\d{9}", digits) else ""


class Ground(TextChoices):
    """The lawful ground. Consent is none of them (protection.md 3.2: lawful bases)."""

    LEGAL_DUTY = "legal_duty", "A legal duty to share (UK GDPR Article 6(1)(c))"
    PUBLIC_TASK = "public_task", "A public task: safeguarding a child (UK GDPR Article 6(1)(e) and 9(2)(g))"
    VITAL_INTEREST = "vital_interest", "To protect somebody's life (UK GDPR Article 6(1)(d))"
    LAW_ENFORCEMENT = "law_enforcement", "Law enforcement (Data Protection Act 2018 part 3)"
    COURT = "court", "A court has ordered it"


# At 18 the young person agrees to sharing. On these grounds it needs their yes; the other grounds are the exceptions (real-life.md point 21).
AGREED_ON = frozenset({Ground.PUBLIC_TASK})

# What a carer does when a child is late or missing, step by step. A product default, not law (practice.md 3.5; real-life.md 25). Short sentences,
# everyday words: it is read by somebody who is frightened, also on paper.
STEPS = (
    "If you think that they are in danger, ring 999 now. Do not wait.",
    "Ring them. Send a message: “You are not in trouble. Tell me that you are safe.”",
    "Ring their friends and family. Look where they like to go.",
    "Look in their room. Are a coat, money, keys, medicine or a phone gone?",
    "Still not found? Ring the police on 101 and say: “A child is missing.” Write down the number that the police give you.",
    "Then ring us. The numbers are on this page.",
    "Write down when you last saw them, what they wore and who they were with.",
    "Stay where they can find you. Keep your phone on.",
)
WHEN_BACK = (
    "Be glad that they are back, and show it. No telling off today.",
    "Ask if they are hurt. If they are, ring 999 or take them to hospital.",
    "Tell the police and us that they are back.",
    "Food, a wash, sleep. Keep clothes and phone as they are if somebody hurt them.",
    "Somebody will offer to talk with them within three days. They may say no, and may change their mind.",
)
CARER_ANSWER = TimeLimit(
    key="carer_answer", name="Answer what a carer said", allowed=Hours(4), rank=Rank.LOCAL,
    source=PRODUCT_DEFAULT, starts="A carer sent words on the carers’ page",
    stops="Somebody wrote what was done", valid_from=date(2026, 1, 1),
)  # fmt: skip
CARER_DAYS = 28

# The child's own page and copies (practice.md 5.2; real-life.md 7). The days are the product's own.
CHILD_DAYS = 28
HIDES_AFTER = timedelta(minutes=5)  # protection.md 4.7: auto-hide; the database holds the same (child_page.sql)
# Parts of a plan that stand on a phone only where the worker has recorded, with the child, who else can open it.
NOT_FOR_ANY_PHONE = frozenset({"safe_people", "safe_places", "signals"})
CHILD_ANSWER = TimeLimit(
    key="child_answer", name="Answer what a child said about their plan", allowed=WorkingDays(1), rank=Rank.LOCAL, source=PRODUCT_DEFAULT,
    starts="The child said something about their plan", stops="Somebody wrote what was done, or why not", valid_from=date(2026, 1, 1),
)  # fmt: skip
CHILD_COMPLAINT = TimeLimit(
    key="child_complaint", name="Answer a child’s complaint, or what they say is wrong about them", allowed=WorkingDays(10), rank=Rank.LOCAL,
    source=PRODUCT_DEFAULT, starts="The child complained, or said that something about them is wrong", stops="Somebody wrote what was done, or why not",
    valid_from=date(2026, 1, 1),
)  # fmt: skip


class PhoneGone(TextChoices):
    """Why a child's page is taken back."""

    LOST = "lost", "The phone is lost"
    TAKEN = "taken", "Somebody has taken the phone"
    NEW = "new", "The child has a new phone or number"
    OTHERS = "others", "Somebody else reads it"
    CHILD_ASKED = "child_asked", "The child asked for it"
    OTHER = "other", "Something else"
