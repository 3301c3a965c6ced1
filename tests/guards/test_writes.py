"""No form without a key and a base; no command behind a form or a feed that cannot be repeated; no form that writes over another's change."""

import inspect
import re
from typing import Any

import pytest
from django.urls import reverse

from atlas.chronology.moments import Moment
from atlas.design.forms import Form
from atlas.gate.install import append_only_models, gated_models, versioned_models
from atlas.missing.commands.episode import set_exploitation_marker
from atlas.missing.words import PLAN
from tests.factories import NOW
from tests.guards.reading import ATLAS, commands
from tests.missing.test_spine import BACK, returned
from tests.world import make_world

# Which forms edit which record, field by field; every other form adds something new, or takes one step of a workflow.
EDITS = {
    "PoliceStatusForm": "Episode: police_status", "CouncilStatusForm": "Episode: council_status", "PoliceGradeForm": "Episode: grade",
    "PoliceReferenceForm": "Episode: police_reference police_force", "CorrectReturnForm": "Episode: returned", "CorrectReportForm": "Episode: reported",
    "MarkerForm": "MissingProfile: exploitation_words", "AllocateInterviewForm": "ReturnInterview: interviewer_id",
    "MissedReasonForm": "Clock: missed_reason missed_words", "MapCodeForm": "CodeMapping: meaning", "MasterForm": "Master: system", "ChannelForm": "CopyChannel: channel",
    "RewriteLineForm": "PlanLine: words risk_words owner_words due_on evidence telephone on_child_copy",
    "TalkWishForm": "TalkWish: sex language words",
    "TypesForm": "ExploitationAssessment: types details sexual_models radicalisation honour_based peer_sexual asked_words",
    "ViewsForm": "ExploitationAssessment: child_said child_words parent_said parent_words",
    "AnalysisForm": "ExploitationAssessment: why_now_words hypothesis_words mind_words",
    "RenewForm": "PersonOfConcern: why purpose_words regime source_words source information",
    "RewriteSaidForm": "MeetingContribution: words source_words",
    "ReviewIntelligenceForm": "Product: review_on", "TriggerPlanForm": f"TriggerPlan: {' '.join(PLAN)}",
}  # fmt: skip
EDITS_ALL = {"TalkForm"}  # the whole conversation of a return interview
# Sign-out, and what throws a draft away: once or twice is the same.
NO_KEY = re.compile(r'action="/accounts/logout/"')


def forms(of: type[Form] = Form) -> list[type[Form]]:
    found = [form for one in of.__subclasses__() if one.__module__.startswith("atlas.") for form in (one, *forms(one))]
    assert len(found) > 30 or of is not Form
    return found


def test_every_form_that_edits_is_listed_with_what_it_edits() -> None:
    edits = {one.__name__: " ".join(one.edits.values()) for one in forms() if one.edits}
    assert edits == {name: columns.split(": ")[1] for name, columns in EDITS.items()}
    assert {one.__name__ for one in forms() if one.values_in is not Form.values_in} == EDITS_ALL


def test_every_record_that_may_be_altered_has_a_version() -> None:
    without = {model._meta.label for model in gated_models()} - {
        model._meta.label for model in [*versioned_models(), *append_only_models()]
    }
    assert without == {"gate.Draft"}, "Give the model `version = version_field()`; a draft is its owner's alone."


def test_every_command_takes_a_key_and_the_hash_of_what_was_sent() -> None:
    for name, command in commands().items():
        assert {"key", "content", "seen_version"} <= set(inspect.signature(command, follow_wrapped=False).parameters), name


@pytest.mark.django_db
def test_every_form_shown_holds_a_key_and_a_base(signed_in: Any) -> None:
    world = make_world()
    interview = returned(world)
    set_exploitation_marker(child=world.child, words="Older adults wait outside", since=Moment(NOW), by=world.worker, at=BACK)
    client = signed_in(world.manager, BACK)
    shown = 0
    for names, pk in (
        ("record_contact_or_sighting record_council_status record_police_reference correct_return withdraw_episode", interview.episode_id),
        ("allocate_interview offer_interview book_interview record_not_met record_interview close_interview share_interview", interview.pk),
        ("report_missing set_exploitation_marker end_exploitation_marker", world.child.pk),
    ):
        for name in names.split():
            text = client.get(reverse(f"missing:{name}", args=[pk])).content.decode()
            for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.DOTALL):
                if not NO_KEY.search(form):
                    assert re.search(r'name="key" value="[\w-]{36}"', form), (name, form[:200])
                    shown += 1
            assert re.search(r'name="base"[^>]*value="[\w:.-]{40,}"|value="[\w:.-]{40,}"[^>]*name="base"', text), name
    assert shown >= 15
    for path in ATLAS.rglob("*.html"):
        for form in re.findall(r'<form[^>]*method="post".*?</form>', path.read_text(), re.DOTALL):
            # The sign-in package's own, signing out, and staying signed in: no record is written.
            is_ours = "templates_django" not in str(path) and "account_logout" not in form and path.name != "stay.html"
            assert not is_ours or 'name="key"' in form, path
