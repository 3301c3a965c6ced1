"""The forms of what follows a return: they check what was typed, and write nothing."""

from atlas.chronology.forms import moment
from atlas.design.forms import Form, RadiosField, TextAreaField, TextField
from atlas.missing.codes import PointAnswer, PreventionMode, YesNo
from atlas.missing.commands.after import Seen
from atlas.missing.rules.quality import POINTS


class PreventionInterviewForm(Form):
    submit = "Record the prevention interview"

    sexual_harm = RadiosField(label="Is sexual harm possible?", choices=YesNo.choices)
    advice = TextAreaField(
        label="If it is: who was asked for advice before any detailed talk, and what did they say?",
        help_text="A police specialist and the sexual assault referral centre. Atlas gives no times within which evidence lasts: ask them.",
        required=False, rows=2,
    )  # fmt: skip
    held_at = moment(label="When was the child seen?")
    held_by = TextField(label="Which officer, of which force?", max_length=120)
    mode = RadiosField(label="How?", choices=PreventionMode.choices, initial=PreventionMode.IN_PERSON)
    seen_alone = RadiosField(label="Was the child seen alone?", choices=YesNo.choices)
    clothing_kept = RadiosField(label="Was clothing kept, for when it is needed?", choices=YesNo.choices)
    injuries = TextAreaField(label="Injuries, and how the child is", required=False, rows=2)
    where = TextAreaField(label="Where was the child, and with whom?", required=False, rows=2)
    said = TextAreaField(label="What did the child tell?", help_text="In the child's words", required=False, rows=3)
    crime_reference = TextField(label="Crime reference, if there is one", required=False, max_length=60, width=20)
    referral = TextAreaField(
        label="What is needed now, and who was told?", help_text="Health, education, social care", required=False, rows=2
    )
    next_time = TextAreaField(label="What should be known next time?", required=False, rows=2)

    def seen(self) -> Seen:
        """What was typed, as the command takes it."""
        return Seen(**{name: value for name, value in self.cleaned_data.items() if name not in {"key", "base", "held_at"}})


class DecideRepeatForm(Form):
    submit = "Record the decision"

    words = TextAreaField(label="What was decided, and why?", rows=3)


class QualityForm(Form):
    submit = "Record the check"

    causes = RadiosField(label=POINTS["causes"], choices=PointAnswer.choices)
    harm = RadiosField(label=POINTS["harm"], choices=PointAnswer.choices)
    places_people = RadiosField(label=POINTS["places_people"], choices=PointAnswer.choices)
    wishes = RadiosField(label=POINTS["wishes"], choices=PointAnswer.choices)
    follow_up = RadiosField(label=POINTS["follow_up"], choices=PointAnswer.choices)
    words = TextAreaField(label="What would you say to the interviewer?", required=False, rows=2)
