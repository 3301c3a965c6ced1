"""Forms of missing children and return interviews: they check what was typed, and write nothing."""

from typing import Any

from atlas.chronology.forms import exact, moment
from atlas.design.forms import CheckboxesField, DayField, Form, RadiosField, TextAreaField, TextField
from atlas.design.scanning import ScannedFileField
from atlas.missing.codes import (
    Audience,
    ClosedBecause,
    ContactKind,
    CouncilStatus,
    Grade,
    GradeScheme,
    NotOffered,
    OfferAnswer,
    OfferMethod,
    PoliceStatus,
    RiskFactor,
    SourceGrade,
    Wish,
)
from atlas.missing.commands.report import Report
from atlas.missing.models import Stands
from atlas.missing.queries.choosing import Candidate

MAX_PHOTOGRAPH = 8 * 1024 * 1024


class ReportMissingForm(Form):
    """At most twelve fields; what is not known is left out and added later."""

    keeps_on_phone = True
    submit = "Report missing in Atlas"

    last_seen = moment(label="When was the child last seen?", required=False)
    last_seen_place = TextField(label="Where, and by whom?", required=False, max_length=300)
    worry = TextAreaField(label="Why are you worried?", rows=3)
    intended = TextAreaField(label="Where may the child be, and with whom?", rows=2, required=False)
    tried = TextAreaField(label="What has been tried to find the child?", rows=2, required=False)
    clothing = TextField(label="What was the child wearing?", required=False, max_length=300)
    taken = TextField(
        label="What did the child take?", help_text="Money, travel card, keys, telephone, medication", required=False, max_length=300
    )
    risk_factors = CheckboxesField(label="Tick what applies", choices=RiskFactor.choices, required=False)
    reporter_name = TextField(label="Who is reporting?", help_text="Name and who they are to the child", required=False, max_length=120)
    reporter_contact = TextField(label="Their telephone number", required=False, max_length=120, width=20)
    reported = moment(label="When were the police told? If they have not been rung yet, when were we told?")
    police_reference = TextField(
        label="Police reference", help_text="Leave empty if the police have not been rung yet", required=False, max_length=60, width=20
    )

    def report(self) -> Report:
        """What was typed, as the command takes it."""
        return Report(**{name: value for name, value in self.cleaned_data.items() if name != "key"})


class ContactOrSightingForm(Form):
    keeps_on_phone = True

    kind = RadiosField(label="What was it?", choices=ContactKind.choices)
    happened_at = moment(label="When?")
    source = TextField(label="Who saw or heard from the child?", max_length=120)
    source_grade = RadiosField(label="How reliable is the source?", choices=SourceGrade.choices, initial=SourceGrade.UNTESTED)
    place = TextField(label="Where?", required=False, max_length=300)
    words = TextAreaField(label="What was seen or said?", required=False)


class PoliceStatusForm(Form):
    edits = {"status": "police_status"}
    is_statement = True

    status = RadiosField(label="Police status", choices=PoliceStatus.choices)
    changed_at = exact("Since when?")
    reason = TextAreaField(label="Why?", required=False, rows=2)


class CouncilStatusForm(Form):
    edits = {"status": "council_status"}
    is_statement = True

    status = RadiosField(label="Council status", choices=CouncilStatus.choices)
    changed_at = exact("Since when?")
    reason = TextAreaField(label="Why?", required=False, rows=2)


class PoliceGradeForm(Form):
    edits = {"grade": "grade"}
    is_statement = True

    grade = RadiosField(label="Police grade", choices=Grade.choices)
    graded_at = exact("When was it graded?")
    scheme = RadiosField(label="By which scheme?", choices=GradeScheme.choices, initial=GradeScheme.APP2017)
    grader = TextField(label="Graded by", help_text="Name and rank", required=False, max_length=120)
    reasons = TextAreaField(label="On what information, from whom, and when?", required=False)
    review_at = exact("Review by", required=False)
    named_reason = TextAreaField(
        label="If “no apparent risk” although there is a concern about exploitation",
        help_text="Name the officer (sergeant or above) who decided it, and the reason", required=False, rows=2,
    )  # fmt: skip


class PoliceReferenceForm(Form):
    edits = {"police_reference": "police_reference", "force": "police_force"}

    police_reference = TextField(label="Police reference", max_length=60, width=20)
    force = TextField(label="Police force", required=False, max_length=60)
    told_at = moment(label="When were the police told?")


class FoundForm(Form):
    keeps_on_phone = True

    found_at = moment(label="When was the child found?")
    words = TextAreaField(label="Where, by whom, and how is the child?", required=False, rows=3)


class ReturnForm(Form):
    keeps_on_phone = True
    submit = "Record the return"

    returned_at = moment(label="When was the child back at home or in the care setting?", help_text="Not when the child was found")
    returned_to = TextField(label="Back where?", required=False, max_length=200)


class CorrectReturnForm(Form):
    edits = {"returned_at": "returned"}

    submit = "Correct the time"

    returned_at = moment(label="When was the child back?")
    reason = TextAreaField(label="How is the right time known?", rows=2)


class CorrectReportForm(Form):
    edits = {"reported": "reported"}

    submit = "Correct the time"

    reported = moment(label="When was the child reported missing?")
    reason = TextAreaField(label="How is the right time known?", rows=2)


class AnswerDifferenceForm(Form):
    binds = True  # who answers has read both sides as they stand

    submit = "Record what stands"

    stands = RadiosField(label="What stands?", choices=[])
    reason = TextAreaField(label="How do you know?", help_text="For example: the home’s log, or the officer’s name", rows=3)

    def __init__(self, *arguments: Any, answers: dict[Stands, str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.let_choose("stands", [(str(stand), words) for stand, words in answers.items()])

    def clean_stands(self) -> Stands:
        """One of those that can be meant."""
        return Stands(self.cleaned_data["stands"])


class AnswerTimeForm(AnswerDifferenceForm):
    field_order = ("stands", "time", "reason")

    time = moment(label="If another time stands: which?", required=False)


class AnswerOnlyCouncilForm(AnswerDifferenceForm):
    field_order = ("stands", "police_reference", "time", "reason")

    police_reference = TextField(label="The reference that the police gave", required=False, max_length=60, width=20)
    time = moment(label="When were they told?", required=False)


class ReasonForm(Form):
    reason = TextAreaField(label="Why?", rows=3)


class MarkerForm(Form):
    edits = {"words": "exploitation_words"}

    words = TextAreaField(label="What is the concern, and how is it known?", rows=3)
    since = moment(label="Since when?")


class EndMarkerForm(Form):
    submit = "End the concern"

    words = TextAreaField(label="Why has it ended?", rows=3)


class PhotographForm(Form):
    submit = "Add the photograph"

    photograph = ScannedFileField(label="Photograph of the child", help_text="JPEG or PNG, up to 8 MB")
    taken_on = DayField(label="When was it taken?", required=False)


class AllocateInterviewForm(Form):
    edits = {"interviewer": "interviewer_id"}

    submit = "Name the interviewer"

    interviewer = RadiosField(label="Who will talk with the child?", choices=[])

    reason = TextAreaField(
        label="Why somebody without the training?", help_text="Only where the person lacks training that this child needs", required=False, rows=2,
        max_length=150,
    )  # fmt: skip

    def __init__(self, *arguments: Any, candidates: list[Candidate], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.let_choose("interviewer", [(str(one.post.pk), one.words) for one in candidates])
        self.posts = {str(one.post.pk): one.post for one in candidates}


class OfferInterviewForm(Form):
    keeps_on_phone = True
    submit = "Record the offer"

    method = RadiosField(label="How was it offered?", choices=OfferMethod.choices)
    offered_at = moment(label="When?")
    answer = RadiosField(label="What did the child say?", choices=OfferAnswer.choices, initial=OfferAnswer.THINKING)
    words = TextAreaField(label="In the child's own words", help_text="Needed for a no", required=False, rows=2)
    via = TextField(label="If through a carer: who?", required=False, max_length=120)


class BookInterviewForm(Form):
    submit = "Arrange it"

    meets_at = exact("When will you meet?")
    place = TextField(label="Where?", help_text="A place that the child chose or feels safe in", max_length=200)


class NotMetForm(Form):
    keeps_on_phone = True

    words = TextAreaField(label="What happened?", required=False, rows=2)


class NotReachedForm(Form):
    keeps_on_phone = True

    words = TextAreaField(label="What was tried to reach the child?", rows=3)


class NotOfferedForm(Form):
    submit = "Decide that no interview is offered"
    is_warning = True

    because = RadiosField(label="Why is none offered?", choices=NotOffered.choices)
    reason = TextAreaField(label="The reason in full", rows=3)


class PartForm(Form):
    submit = "Save this part"

    audience = RadiosField(label="Who is this part for?", choices=Audience.choices)
    words = TextAreaField(label="What is passed on (or kept back)?")
    wish = RadiosField(label="What did the child wish?", choices=Wish.choices)
    is_shared = RadiosField(label="Our decision", choices=[("yes", "Pass it on"), ("no", "Keep it back")])
    reason = TextAreaField(label="Reason, where it is not what the child wished", required=False, rows=2)
    passed_to = TextField(label="Passed on to (name and agency)", required=False, max_length=200)

    def clean_is_shared(self) -> bool:
        """Yes or no."""
        return bool(self.cleaned_data["is_shared"] == "yes")


class CloseInterviewForm(Form):
    binds = True  # who closes it has read it as it stands

    submit = "Close the interview"

    because = RadiosField(label="Why is it closed?", choices=ClosedBecause.choices)
    reason = TextAreaField(label="Reason", help_text="Needed unless it was held and passed on", required=False, rows=3)
