"""How long every table is kept, and what takes its rows away (UK GDPR Article 30(1)(f), recalled; OWASP ASVS 5.0.0, 14.1.2). A child's record has its own classes.

What is about a child is in none of these lists: it goes with the child's record, by its retention class, and the database's own catalogue says which tables those
are (`gate_hanging`). A test holds that every other table stands here once.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kept:
    """What it is, how long it is kept, what takes it away, and the tables."""

    what: str
    how_long: str
    gone_by: str
    tables: str


KEPT = (
    Kept(
        "How the partnership is set up: authorities, agencies, teams, limits, classes, panels, channels, systems, keys of packs",
        "As long as Atlas is used: what was decided by it must stay understandable",
        "Nothing",
        "agencies.Authority agencies.Agency agencies.Team agencies.Skill agencies.ContactPoint feeds.CodeMapping feeds.Master clocks.LocalLimit "
        "clocks.BankHolidayChange copies.CopyChannel guidance.ThresholdDocument meetings.LocalMeetingKind meetings.Panel meetings.PanelMember "
        "retention.RetentionClass retention.Hold retention.HoldReview systems.ConnectedSystem systems.SystemGrant packs.PackKey profile.ImpactAssessment",
    ),
    Kept(
        "Workers: their account, their posts, their rota",
        "As long as an act or a look names them; the account is closed 90 days after its last use",
        "Nothing; shifts to come go when the rota is changed",
        "agencies.User agencies.Post agencies.Shift account.EmailAddress",
    ),
    Kept(
        "Whom a worker knows in private",
        "As long as the account: it keeps the worker from those children",
        "Nothing",
        "connections.Declaration",
    ),
    Kept(
        "How a worker signs in: second factors, passkeys, links to the council’s sign-on, enrolments",
        "Factors until they are removed or the account is closed; of an enrolment its hash stays",
        "The worker, an administrator",
        "mfa.Authenticator socialaccount.SocialAccount socialaccount.SocialApp socialaccount.SocialToken account.EmailConfirmation accounts.Enrolment",
    ),
    Kept(
        "What keeps somebody signed in, and the list of devices that a worker sees",
        "Twelve hours at most; rows that are over, until the night after",
        "Signing out; else the next night",
        "sessions.Session usersessions.UserSession",
    ),
    Kept(
        "Wrong passwords, counted against guessing",
        "30 days",
        "The next night",
        "axes.AccessAttempt axes.AccessAttemptExpiration axes.AccessFailureLog axes.AccessLog",
    ),
    Kept(
        "The record of acts, looks and sign-ins, its seals, and what was found odd in it",
        "Without end: who looked must be found years later. It holds ids of children, and words of searches",
        "Nothing, and nothing can: it is added to alone",
        "gate.Act gate.Look audit.Seal audit.OddLook audit.LooksChecked accounts.SignIn running.ReadOnlySpell running.EnteredLooks packs.PackOpening",
    ),
    Kept(
        "What somebody types, until it is sent",
        "Twelve hours",
        "Tick; sending it",
        "gate.Draft",
    ),
    Kept(
        "Files of exports and checks of returns",
        "Until the moment that was set when they were made",
        "Tick; the file also with the record of a child in it",
        "sharing.ExportFile returns.ReturnCheck",
    ),
    Kept(
        "That something was exported, packed, compared or searched: when, by whom, how many; no child is named",
        "As long as Atlas is used",
        "Nothing",
        "sharing.Export packs.Pack linkage.PairSearch missing.Comparison network.TogetherSearch",
    ),
    Kept(
        "What waits its turn or has failed, and the beats of processes",
        "30 days after it ended well; what failed, until somebody decides, and 30 days on the page",
        "The next night",
        "procrastinate.ProcrastinateJob procrastinate.ProcrastinateEvent procrastinate.ProcrastinateWorker procrastinate.ProcrastinatePeriodicDefer "
        "running.Beat running.JobFailure running.Shelved",
    ),
    Kept(
        "Calls of connected systems, so that none is taken twice",
        "Ten minutes",
        "The next call",
        "systems.SystemCall",
    ),
    Kept(
        "Adults of concern, groups and places",
        "Until their own last day, unless somebody renews the grounds",
        "Tick",
        "connections.PersonOfConcern connections.Group places.Place",
    ),
    Kept(
        "Deliveries of partners, row by row",
        "A row about a child goes with the child’s record; one that was never matched, a year, unless a hold is on many children or on one whom it may be about",
        "The erasing of a record empties its rows; tick those of nobody",
        "feeds.Delivery feeds.Row",
    ),
    Kept(
        "What a worker asked the front door about a child whom Atlas does not show them",
        "Six years after it was answered, unless a hold is on more than one child; that somebody asked stays in the record of acts",
        "Tick",
        "desk.FrontDoorQuestion",
    ),
    Kept(
        "Meetings and panels as such: kind, day, place, who was asked; what was said of a child hangs on the child",
        "As long as Atlas is used",
        "Nothing",
        "meetings.Meeting",
    ),
    Kept(
        "Local profiles and their findings: counts without few",
        "As long as Atlas is used",
        "Nothing",
        "profile.AnalysisRun profile.Finding",
    ),
    Kept(
        "What fell due, what was set aside, and the certificates that it went",
        "As long as Atlas is used; the child’s id goes with the record",
        "The erasing itself empties the id",
        "retention.RetentionForecast retention.RetentionRun retention.DueRecord retention.ErasureCertificate",
    ),
    Kept(
        "Words of the framework that say nothing of anybody",
        "As long as Atlas is used",
        "Nothing",
        "auth.Permission auth.Group contenttypes.ContentType",
    ),
)


def rows_kept() -> list[tuple[str, ...]]:
    """(what, how long, what takes it away, tables), for the record of processing."""
    return [(one.what, one.how_long, one.gone_by, ", ".join(one.tables.split())) for one in KEPT]
