"""The kinds of event that the record of acts and looks knows: declared here, one line each, and written nowhere else.

Source: shared/reference/protection.md section 5 (*What*). A builder of a new kind (print, export, disclose, break-glass, unseal)
adds its line here and names it where the act or look is written. Only `PRIVACY_ONLY` are kept from the line and from the child.
"""

from enum import StrEnum


class Event(StrEnum):
    """What happened, in one word; the act's command or the look's page says it in full."""

    CHANGE = "change"  # a command was done
    REFUSAL = "refusal"  # a command or a page was refused, with the code of the decision
    SIGN_IN = "sign_in"  # somebody signed in, or could not; no post acts yet
    SIGN_OUT = "sign_out"
    OPEN = "open"  # a page was shown
    UNSEAL = "unseal"  # a sealed set was opened, or shown while it stood open; written by the process that opens it
    SEARCH = "search"  # children were looked for, with the terms
    PRINT = "print"  # a page was printed, or made as a PDF
    EXPORT = "export"  # a list was made to leave, with every child in it
    DOWNLOAD = "download"  # a list that had been made was fetched
    READ_AUDIT = "read_audit"  # the record of looks itself was read
    GUEST = "guest"  # somebody without an account asked for a code, proved it, read the question or answered it, or could not


class LoggedVerb(StrEnum):
    """What must be logged of a record that is kept for law enforcement (Data Protection Act 2018 section 62): these six, and no others."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"


# Written before any post acts: these alone carry no post.
WITHOUT_POST = frozenset({Event.SIGN_IN, Event.SIGN_OUT, Event.GUEST})
# An enquiry into looks is no look of the kind that the line, or the child, is told of (real-life.md point 22).
PRIVACY_ONLY = frozenset({Event.READ_AUDIT})
# What leaves, leaves each time: these looks are written however lately the same was seen.
EACH_TIME = frozenset({Event.PRINT, Event.EXPORT, Event.DOWNLOAD, Event.READ_AUDIT})
