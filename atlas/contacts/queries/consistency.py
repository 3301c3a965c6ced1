"""The numbers behind how alike decisions are: counted in the database, without a row about any child."""

from datetime import datetime

from django.db import connections

from atlas.contacts.rules.consistency import Counted


def decisions_alike(from_at: datetime, until_at: datetime) -> list[Counted]:
    """The latest decision on each contact of that time, counted by like cases. Who decided is named to that person and to whoever is above them."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT * FROM gate_decisions_alike(%s, %s)", [from_at, until_at])
        return [
            Counted(source, concern, ages, agency, team, decider, called or "", bool(is_me), level, given, outcome, second, many)
            for source, concern, ages, agency, team, decider, called, is_me, level, given, outcome, second, many in cursor.fetchall()
        ]
