"""What the logins beside the service may do to beats and to the shelf: statements run by `manage gate install`."""

from collections.abc import Iterator

TICK, SEALER = "atlas_tick", "atlas_sealer"


def statements() -> Iterator[str]:
    """All statements, in order; run again they leave the same state."""
    yield f"GRANT SELECT, INSERT, UPDATE ON running_beat, running_jobfailure, running_shelved TO {TICK}"


def findings(cursor: object) -> list[str]:
    """Nothing of a child stands here: what the sealer may touch is counted with its other rights (gate/catalogue.py)."""
    return []
