"""Protection table A, A12: a leak names its exporter, from a few rows, however they were carried off; and names nobody by chance."""

import random
import re
from io import StringIO
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from atlas.gate.act import Refused
from atlas.gate.context import acting_as
from atlas.gate.models import Act
from atlas.gate.policy import Purpose
from atlas.sharing.commands.export import download_export, trace_export
from atlas.sharing.exports.lists import lists
from atlas.sharing.exports.naming import candidates
from atlas.sharing.exports.reading import dates_in, evidence_in, flat
from atlas.sharing.exports.wording import CLOSING, OPENING, Wording, canonical
from tests import factories
from tests.sharing.given import AFTER, asked, children_away, run
from tests.sharing.leaks_drill import ATTACKS, drilled, exporters, printed_and_read, table_alone
from tests.world import make_world

AMONG = exporters(300, random.Random(1))


@pytest.mark.parametrize("attack", [attack for attack in ATTACKS if attack is not table_alone], ids=lambda attack: attack.__name__)
def test_a_few_rows_name_the_exporter(attack: Any) -> None:
    done = drilled(attack, 8 if attack is printed_and_read else 4, AMONG, leaks=6)
    assert (done.named, done.wrong) == (6, 0), done


def test_the_table_alone_is_put_down_to_nobody_else() -> None:
    done = drilled(table_alone, 16, AMONG, leaks=6)
    assert done.wrong == 0, done


def test_what_is_no_export_names_nobody() -> None:
    grammars = [listed.grammar for listed in lists().values()]
    for text in ("", "A letter to a friend on 2 May 2026 at 14:00.", Path(__file__).read_text(), "x" * 5000):
        assert [one for one in candidates(evidence_in(text, grammars), AMONG) if one.sure > 0.5] == []
    assert candidates(evidence_in("words", grammars), []) == []


def test_every_way_of_saying_is_told_from_every_other() -> None:
    """No way is a part of another of the same place: what was read is then what was written."""
    places: list[tuple[str, ...]] = [*OPENING, *CLOSING]
    for listed in lists().values():
        for column in (listed.dated, *listed.columns):
            saying = column.saying
            assert len(set(saying.headings)) == 4, saying.key
            places += [*(saying.codes or {}).values()]
            if saying.clauses:
                assert all(way.endswith(" {}") for way in saying.clauses), saying.key
                places.append(tuple(way.removesuffix(" {}") for way in saying.clauses))
    for ways in places:
        assert len(set(ways)) == len(ways) >= 4, ways
        for one, other in combinations(map(flat, ways), 2):
            assert one not in other or re.search(r"^\w+$", one), (one, other)


def test_two_exports_differ_in_most_places_and_in_no_fact() -> None:
    one, other = Wording(b"1" * 16), Wording(b"2" * 16)
    slots = [f"clause returned 2026-05-{day:02}T10:00" for day in range(1, 29)]
    assert sum(one.pick(slot, 4) != other.pick(slot, 4) for slot in slots) > 14
    shares = [Wording(bytes([number]) * 16).pick("x", 4) for number in range(200)]
    assert all(30 < shares.count(way) < 70 for way in range(4))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("on 2 may 2026 at 14:05", "2026-05-02T14:05"), ("on 2 may 2026, 14:05", "2026-05-02T14:05"), ("at 14:05 on 2 may 2026", "2026-05-02T14:05"),
        ("on saturday 2 may 2026 at about 14:05", "2026-05-02T14:05"), ("on the 2nd of may 2026", "2026-05-02"), ("on 2 may 2026", "2026-05-02"),
        ("on l2 septernber 2o26, l4:o5", "2026-09-12T14:05"), ("31 february 2026", ""), ("she may 2026", ""),
    ],
)  # fmt: skip
def test_a_date_is_read_as_it_was_written(text: str, read: str) -> None:
    found = dates_in(text)
    assert (found[0].canonical if found else "") == read
    assert canonical("words") == ""


@pytest.mark.django_db
def test_the_privacy_officer_traces_a_text_and_that_is_on_record(tmp_path: Path) -> None:
    world = make_world()
    children_away(world, 6)
    exports = [asked(world.coordinator) for _ in range(3)]
    for made in exports:
        run(made, world.coordinator)
    privacy = factories.post("privacy_officer", of=factories.team("Information governance"))
    with acting_as(world.coordinator, AFTER, purpose=Purpose.MISSING_RESPONSE):
        text = download_export(export=exports[1], by=world.coordinator, at=AFTER)[0].decode("utf-8-sig")
    lines = [line.rpartition(",")[0] for line in text.splitlines() if exports[1].reference in line and "Sample0" in line]
    (first, export), *rest = trace_export(text="\n".join(lines[:4]), by=privacy, at=AFTER)
    assert export == exports[1]
    assert first.sure > 0.99
    assert all(one.sure < 0.01 for one, _ in rest)
    with acting_as(privacy, AFTER):
        acts = Act.objects.filter(command="trace_export")
        assert {act.about_id for act in acts} == {"", str(exports[1].pk)}
    file = tmp_path / "leak.txt"
    file.write_text("\n".join(lines[:4]))
    out = StringIO()
    call_command("exports", "trace", str(file), "--as", privacy.user.username, stdout=out)
    assert exports[1].reference in out.getvalue()
    assert world.coordinator.user.name in out.getvalue()
    for bad, who in (("%PDF-1.7", privacy), ("words", world.coordinator)):
        file.write_text(bad)
        with pytest.raises(CommandError):
            call_command("exports", "trace", str(file), "--as", who.user.username)
    with pytest.raises(Refused):
        trace_export(text="words", by=world.coordinator, at=AFTER)


@pytest.mark.django_db
def test_another_agency_s_exports_are_not_the_officer_s_to_trace(signed_in: Any) -> None:
    world = make_world()
    children_away(world, 1)
    made = asked(world.coordinator)
    other = factories.post("privacy_officer", of=factories.team("Privacy", of=factories.agency("Northmarch Police")))
    factories.post("privacy_officer", of=factories.team("Information governance"))  # the council has its own
    with acting_as(other, AFTER):
        assert not type(made).objects.exists()
    assert signed_in(other, AFTER).get(reverse("sharing:download_export", args=[made.pk])).status_code == 404
