"""Row security of panels and who sits on them, as conditions in SQL: they are about no child."""

from collections.abc import Iterator

from atlas.gate.conditions import SERVED, holds
from atlas.gate.policy import Permission

PANELS = ("meetings.Panel", "meetings.PanelMember")


def panel_conditions(label: str, read: str, write: str) -> Iterator[tuple[str, str, str]]:
    """Which panels there are, and who sits on them, everybody reads whose agency serves their authority; those alone who may name members write it, each in
    their own name: a place on a panel opens what stands on its agendas without a child.
    """
    theirs = f"SELECT p.id FROM meetings_panel p WHERE p.authority_id IN ({SERVED})"  # noqa: S608  (our own words)
    where = f"panel_id IN ({theirs})" if label.endswith("Member") else f"authority_id IN ({SERVED})"
    names = f"{holds(Permission.NAME_PANEL_MEMBER)} AND {where}"
    by = "named_by_id" if label.endswith("Member") else "opened_by_id"
    yield ("SELECT", where, "")
    yield ("INSERT", "", f"{names} AND {by} = (SELECT gate_post())")
    yield ("UPDATE", names, names)
