"""Factors identified at the end of an assessment: the codes of the census of children in need. Source: process-and-data.md 9.4 (2025-26 list)."""

FACTORS: dict[str, str] = {
    "1A": "Alcohol: the child", "1B": "Alcohol: a parent or carer", "1C": "Alcohol: somebody else at home",
    "2A": "Drugs: the child", "2B": "Drugs: a parent or carer", "2C": "Drugs: somebody else at home",
    "3A": "Domestic abuse: the child is harmed", "3B": "Domestic abuse: a parent or carer is harmed", "3C": "Domestic abuse: somebody else at home",
    "4A": "Mental health: the child", "4B": "Mental health: a parent or carer", "4C": "Mental health: somebody else at home",
    "5A": "Learning disability: the child", "5B": "Learning disability: a parent or carer", "5C": "Learning disability: somebody else at home",
    "6A": "Physical disability or illness: the child", "6B": "Physical disability or illness: a parent or carer",
    "6C": "Physical disability or illness: somebody else at home", "7A": "Young carer", "9A": "Unaccompanied asylum-seeking child",
    "10A": "Going missing", "11A": "Child sexual exploitation", "12A": "Trafficking", "13A": "Gangs", "24A": "Child criminal exploitation",
    "14A": "Behaviour that others find hard", "15A": "Self-harm", "16A": "Neglect", "17A": "Emotional abuse",
    "18B": "Physical abuse: by a child", "18C": "Physical abuse: by an adult", "19B": "Sexual abuse: by a child", "19C": "Sexual abuse: by an adult",
    "22A": "Female genital mutilation", "23A": "Abuse linked to faith or belief", "20": "Something else", "21": "None of these",
}  # fmt: skip
