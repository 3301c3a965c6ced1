"""What of an episode owes a copy to the main case system when it is corrected or withdrawn: an effect of the verb that does so."""

from atlas.chronology.models import Entry
from atlas.copies.commands.owing import owe_again
from atlas.copies.models import Copy
from atlas.missing.copies import MISSING_EPISODE, PREVENTION_INTERVIEW, RETURN_INTERVIEW
from atlas.missing.models import Episode, PreventionInterview, ReturnInterview


def copy_again(episode: Episode, entry: Entry) -> list[Copy]:
    """Let whatever of this episode was copied be copied anew, each saying which it replaces."""
    records = {
        MISSING_EPISODE: [episode], PREVENTION_INTERVIEW: PreventionInterview.objects.filter(episode=episode),
        RETURN_INTERVIEW: ReturnInterview.objects.filter(episode=episode),
    }  # fmt: skip
    return owe_again(records=records, entry=entry)
