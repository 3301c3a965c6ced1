"""Which period?"""

from atlas.design.forms import DayField, Form


class PeriodForm(Form):
    submit = "Show"

    from_on = DayField(label="Returns from")
    until_on = DayField(label="to (that day included)")
