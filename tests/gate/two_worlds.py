"""What the drills that compare two worlds (worlds.py, blocks.py) both need: to ask as the service, to take it all back, to say where answers part."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is taken back."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


@contextmanager
def as_service() -> Iterator[None]:
    """Inside, the superuser's statements are those of the service's login: row security holds for them."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE atlas_app")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")


def first_difference(one: bytes, other: bytes) -> str:
    """The words around the place where two answers part."""
    place = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"…{one[max(0, place - 80) : place + 80]!r} | {other[max(0, place - 80) : place + 80]!r}"
