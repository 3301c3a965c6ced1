"""What a delivery brings of a sealed location is locked before it is staged, and sealed when its row is taken."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings

from atlas.children.models import Child
from atlas.feeds.handling import Carrying
from atlas.feeds.models import Delivery, Row
from atlas.gate.act import Invalid
from atlas.gate.context import acting_as
from atlas.gate.door import hashed
from atlas.people.models import Identifier, IdentifierKind
from atlas.sealed.boxes import Box, about, sealed_box
from atlas.sealed.commands import seal_delivered, seal_set
from atlas.sealed.models import SealedLocation
from atlas.sealed.queries import is_location_sealed
from atlas.sealed.rules import LOCATION

ADDRESS, SEALED = "ssd_address", "_sealed"
KEPT = ("addr_table_id", "addr_person_id", "addr_address_start_date", "addr_address_end_date")


def lock_addresses(delivery: Delivery, rows: list[Row], at: datetime) -> None:
    """Lock the addresses of the children whose location is sealed, row by row, in place. What the row means is hashed with a key: whoever
    guessed the address could otherwise see that the guess is right.
    """
    found = [row for row in rows if row.table == ADDRESS]
    if not found:
        return
    numbers = {row.values.get("addr_person_id", "") for row in found}
    with acting_as(delivery.carried_by, at):
        held = Identifier.objects.filter(
            kind=IdentifierKind.COUNCIL, value__in=numbers, person__in=SealedLocation.objects.filter(until_at__isnull=True).values("child")
        )
        sealed = dict(held.values_list("value", "person_id"))
    for row in found:
        child = sealed.get(row.values.get("addr_person_id", ""))
        if child is not None:
            sealing = uuid4()
            box = sealed_box(_values(row), about(child, LOCATION, sealing), settings.ATLAS_SEALING_KEY)
            locked = {
                "sealing": str(sealing),
                "child": str(child),
                "master": box.master,
                "wrapped": box.wrapped.hex(),
                "sealed": box.sealed.hex(),
            }
            row.meaning, row.values = hashed(row.meaning), {**_kept(row), SEALED: locked}


def seal_row(row: Row, child: Child, carrying: Carrying) -> None:
    """Seal what a row says of where the child is; the row keeps no word of it."""
    locked = row.values.get(SEALED)
    if locked and locked["child"] != str(child.pk):
        raise Invalid("This address was locked for another child than the one it belongs to now. Ask the sender for the file again.")
    if locked and not is_location_sealed(child.pk):
        raise Invalid("The seal on where this child is was lifted after this address was locked. Ask the sender for the file again.")
    if locked:
        box = Box(locked["master"], bytes.fromhex(locked["wrapped"]), bytes.fromhex(locked["sealed"]))
        seal_delivered(child=child, sealing_id=UUID(locked["sealing"]), box=box, by=carrying.by, at=carrying.at)
    elif any(_values(row).values()):
        seal_set(child=child, kind=LOCATION, values=_values(row), by=carrying.by, at=carrying.at)
    row.values = _kept(row)


def _kept(row: Row) -> dict[str, Any]:
    return {name: row.values[name] for name in KEPT if name in row.values}


def _values(row: Row) -> dict[str, str]:
    """The address as the set has places for it; one that has ended is no place where the child is found now."""
    text = row.values.get("addr_address_json", row.values.get("addr_address_type", ""))
    postcode = row.values.get("addr_address_postcode", "")
    if row.values.get("addr_address_end_date"):
        return {"earlier_address": f"{text} {postcode}".strip()}
    return {"address": text, "postcode": postcode}
