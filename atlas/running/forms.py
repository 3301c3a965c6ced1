"""A job on the shelf: tried again, or given up?"""

from atlas.design.forms import Form, RadiosField
from atlas.running.models import Shelved


class AgainForm(Form):
    """Nothing to fill in: one tap."""

    submit = "Try it again now"


class GiveUpForm(Form):
    submit = "Give it up"

    because = RadiosField(label="Why need it not be done?", choices=Shelved.Because.choices)
