"""What an address names, and what was typed to look somebody up: read before there is a form that would clean it."""

from django.http import HttpRequest


def looked_up(request: HttpRequest, name: str) -> str:
    """What was typed to look somebody up, before a form is there that would read it: without the sign that no database takes."""
    return request.POST.get(name, "").replace("\x00", "").strip()


def small_number(text: str) -> int:
    """A number that an address names, of six digits at most; 0 for anything else."""
    return int(text) if text.isdecimal() and len(text) <= 6 else 0
