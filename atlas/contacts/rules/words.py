"""What stands above every form on which somebody says that they are worried. Pure."""

from atlas.tasks.rules import DAY_BEGINS, DAY_ENDS

HOURS = f"{DAY_BEGINS:%H:%M} to {DAY_ENDS:%H:%M}, Monday to Friday but bank holidays"


def first_line(by_day: str, at_any_hour: str) -> str:
    """The first line of the form (real-life.md point 6): what to do in danger, when the form is read, whom to ring by day and after hours."""
    return (
        f"If a child is in danger now ring 999. This form is read {HOURS}; after hours ring {at_any_hour}. By day you can ring {by_day}. "
        "What is sent after hours goes to emergency duty."
    )
