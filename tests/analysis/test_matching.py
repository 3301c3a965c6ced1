"""Linkage: the library's weights and ours, no wrong merge of itself, reasons, keys, groups, and what is refused."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from atlas_analysis.matching.bounds import Bounds
from atlas_analysis.matching.deciding import Decision, Limits
from atlas_analysis.matching.engines import engine_for
from atlas_analysis.matching.groups import groups
from atlas_analysis.matching.keys import RULES, components, keys_of, marks_of, steps, steps_of_one
from atlas_analysis.matching.linking import Linkage, link
from atlas_analysis.matching.model import Model, learn, quietly, read, settings, written
from atlas_analysis.matching.reasons import Commonness, explain
from atlas_analysis.matching.referral import Known
from atlas_analysis.matching.renewing import Kept
from atlas_analysis.matching.standard import STANDARD, People, put_in_one_form
from atlas_analysis.matching.terms import TERMS, degree
from bench.invented import ALL, AT, records, table_of

ONCE = tuple(agency.name for agency in ALL if not agency.twice)
SEEDS = (20261128, 7, 4242)  # nobody has tuned on them


@pytest.fixture(scope="module")
def people() -> People:
    return put_in_one_form(records(500, 1)[0], AT)


@pytest.fixture(scope="module")
def model(people: People) -> Model:
    return learn(people, seed=1)


@pytest.fixture(scope="module")
def linkage(people: People, model: Model) -> Linkage:
    return link(people, model, once=ONCE)


USUAL = {
    "forenames": "Nadia",
    "surname": "Okonjo",
    "date_of_birth": "2011-03-09",
    "sex": "F",
    "postcode": "QX4 2AB",
    "telephone": "07700 900123",
    "nhs_number": None,
    "upn": None,
}
KNOWN: dict[str, Known] = {}


def of(rows: Sequence[dict[str, Any]]) -> People:
    return put_in_one_form(
        table_of([{**USUAL, "id": str(place), "source": "police" if place % 2 else "council", **row} for place, row in enumerate(rows)]), AT
    )


def among(rows: Sequence[dict[str, Any]]) -> tuple[People, int]:
    """These records among 1,500 others, since a name is as common as it is among all; and the place of the first."""
    table = records(500, 1)[0]
    ours = [{**USUAL, "id": f"own {place}", "source": "police" if place % 2 else "council", **row} for place, row in enumerate(rows)]
    return put_in_one_form(pa.concat_tables([table, table_of(ours)]), AT), table.num_rows


def decision(model: Model, one: dict[str, Any], other: dict[str, Any]) -> str:
    """What is done with a new record where another is known."""
    key = str(sorted(one.items()))
    if key not in KNOWN:
        KNOWN[key] = Known(among([one])[0], model, once=ONCE)
    found = KNOWN[key].look_up({**USUAL, **other}, AT, least=-99, most=50)
    return next((candidate.decision.value for candidate in found if candidate.id == "own 0"), "never met")


def test_each_degree_is_the_same_in_sql_and_in_python(people: People) -> None:
    chance = random.Random(3)
    rows = people.table.select(list(STANDARD)).to_pylist()
    extra = [
        {**row, "forename": chance.choice(("шура", "a", None, "annemarie", "jo")), "given": chance.choice(("annemarie", "jo"))}
        for row in chance.sample(rows, 150)
    ]
    rows = [row for row in (*rows, *extra) if row["surname"]][-700:]
    pairs = [tuple(chance.sample(range(len(rows)), 2)) for _ in range(4_000)]
    pairs += [(one, other) for one in range(0, 700, 2) for other in (one, min(one + 1, 699))]
    left, right = (
        pa.table({f"{name}_{side}": pa.array([rows[pair[place]][name] for pair in pairs], pa.string()) for name in STANDARD})
        for place, side in ((0, "l"), (1, "r"))
    )
    table = pa.table({**{name: left[name] for name in left.column_names}, **{name: right[name] for name in right.column_names}})
    cases = [
        f"CASE {' '.join(f'WHEN {level.sql} THEN {n}' if level.holds else f'ELSE {n}' for n, level in enumerate(term.levels))} END AS {term.name}"
        for term in TERMS
    ]
    with duckdb.connect(":memory:") as connection:
        connection.register("pairs", table)
        found = connection.execute(f"SELECT {', '.join(cases)} FROM pairs").fetchall()
    for pair, degrees in zip(pairs, found, strict=True):
        assert degrees == tuple(degree(term, rows[pair[0]], rows[pair[1]]) for term in TERMS), (rows[pair[0]], rows[pair[1]])
    seen = {(place, degree) for degrees in found for place, degree in enumerate(degrees)}
    assert len(seen) > 24


def test_our_weight_of_a_pair_is_the_librarys_own(people: People, model: Model, linkage: Linkage) -> None:
    rows, common = people.table.to_pylist(), Commonness(people)
    assert linkage.pairs.num_rows > 1000
    for pair in linkage.pairs.to_pylist():
        ours = explain(model, rows[pair["left"]], rows[pair["right"]], common)
        assert abs(ours.weight - pair["weight"]) < 1e-9
        assert abs(ours.probability - pair["probability"]) < 1e-9
        assert [TERMS[n].levels[pair[TERMS[n].name]].name for n in range(len(TERMS))] == [reason.degree for reason in ours.reasons]


def test_what_a_pair_can_weigh_at_most_is_never_less_than_it_weighs(people: People, model: Model, linkage: Linkage) -> None:
    """It is the weight itself, with the same degrees, but where names might be almost alike; so no pair that reaches the least is left out."""
    left, right, weights = (linkage.pairs[name].to_numpy() for name in ("left", "right", "weight"))
    degrees, most, unsure = Bounds(people.table, model).told(left, right)
    assert 0 < unsure.mean() < 0.7
    assert most[~unsure] == pytest.approx(weights[~unsure], abs=1e-9)
    assert (most >= weights - 1e-9).all()
    for name, places in degrees.items():
        assert (places[~unsure] == linkage.pairs[name].to_numpy()[~unsure]).all()
    chance = random.Random(1)
    rows = [
        {**USUAL, "forenames": name, "id": str(at), "source": "police"}
        for at, name in enumerate(("Шура", "Шурa", "Žofie", "Zofie", "A", "Ab"))
    ]
    strange = put_in_one_form(pa.concat_tables([records(40, 3)[0], table_of(rows)]), AT)
    every = strange.table.select(list(STANDARD)).to_pylist()
    pairs = np.array([chance.sample(range(len(every)), 2) for _ in range(2_000)])
    most, common = Bounds(strange.table, model).most(pairs[:, 0], pairs[:, 1]), Commonness(strange)
    assert all(
        explain(model, every[one], every[other], common).weight <= top + 1e-9
        for (one, other), top in zip(pairs.tolist(), most, strict=True)
    )


def test_a_new_referral_weighs_what_the_library_gives_it_beside_everybody(people: People, model: Model) -> None:
    fresh = records(500, 1)[0].slice(700, 12).to_pylist()
    fresh += [{**fresh[0], "forenames": "Never Seen", "telephone": "07700 900999"}]
    known = Known(people, model)
    with quietly(), engine_for("duckdb", None, people.table.drop_columns(["id", "source"])) as frame:
        from splink import Linker

        linker: Any = Linker(frame, settings(list(model.chances), model, ["1=1"]), log_level=None)
        for name in ("forename", "surname", "born", "telephone", "nhs_number", "upn"):
            linker.table_management.compute_tf_table(name)
        one_form = put_in_one_form(table_of([{**row, "id": str(n)} for n, row in enumerate(fresh)]), AT).table.drop_columns(
            ["id", "source"]
        )
        frame.db_api.duckdb_con.register("fresh", one_form)
        found = linker.inference.predict_between(frame, frame.db_api.register("fresh"), warning_mode="never").as_pyarrow_table()
    theirs = {(row["unique_id_l"], row["unique_id_r"]): row["match_weight"] for row in found.to_pylist()}
    compared = 0
    for place, record in enumerate(fresh):
        for candidate in known.look_up(record, AT, most=50, least=-99):
            compared += 1
            assert abs(candidate.why.weight - theirs[candidate.place, place]) < 1e-9
    assert compared > 40


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_joined_wrongly_of_itself_and_most_are_found(model: Model, seed: int) -> None:
    table, truth = records(700, seed)
    found = link(put_in_one_form(table, AT), model, once=ONCE)
    for pair in found.decided(Decision.AUTOMATIC).to_pylist():
        assert truth[pair["left"]] == truth[pair["right"]], (
            table.slice(pair["left"], 1).to_pylist(),
            table.slice(pair["right"], 1).to_pylist(),
        )
    shown = {(pair["left"], pair["right"]) for pair in found.pairs.to_pylist() if pair["decision"] != Decision.APART}
    right = {pair for pair in shown if truth[pair[0]] == truth[pair[1]]}
    sources = table["source"].to_pylist()
    by_person: dict[int, list[int]] = {}
    for place, who in enumerate(truth):
        by_person.setdefault(who, []).append(place)
    true = {
        (a, b) for held in by_person.values() for a in held for b in held if a < b and (sources[a] != sources[b] or sources[a] == "charity")
    }
    assert len(right) > 0.93 * len(true)
    assert len(right) > 0.93 * len(shown)


def test_twins_and_siblings_are_never_joined_of_themselves(model: Model) -> None:
    numbered = {"nhs_number": "9434765919"}
    for other in (
        {"forenames": "Nadine"}, {"forenames": "Nadja"}, {"forenames": "Nadya"}, {"forenames": "N"}, {"forenames": "NK"}, {"forenames": "Okonjo", "surname": "Nadia"},
        {"forenames": "Amara Nadia"}, {"sex": "M"}, {"date_of_birth": "2013-03-09"}, {"date_of_birth": "2011-03-08"}, {"date_of_birth": "2011-09-03"},
    ):  # fmt: skip
        assert decision(model, {}, other) != Decision.AUTOMATIC, other
    for other in (
        {"forenames": "Nadine"},
        {"forenames": "Nadja"},
        {"forenames": "Nadya"},
        {"forenames": "N"},
        {"sex": "M"},
    ):  # the twin's number on the wrong record
        assert decision(model, numbered, {**numbered, **other}) != Decision.AUTOMATIC, other


def test_names_that_brothers_share_need_more(model: Model) -> None:
    for one, other in (
        ("Nadia Grace", "Nadia Ruth"),
        ("Mohammed Ali", "Mohammed Isa"),
        ("Mohammed Ali", "Mohammed"),
        ("Mohammed", "Mohammed"),
    ):
        assert decision(model, {"forenames": one}, {"forenames": other}) == Decision.TO_A_PERSON, (one, other)
    number = {"nhs_number": "9434765919"}
    assert decision(model, {"forenames": "Mohammed", **number}, {"forenames": "Mohammed", **number}) == Decision.AUTOMATIC


def test_where_a_twin_is_known_the_same_name_is_not_enough(model: Model) -> None:
    """The twin's record may have been written under the wrong one's name."""
    people, first = among([{}, {}, {"forenames": "Amara"}])
    pairs = link(people, model, once=ONCE).pairs.to_pylist()
    assert [pair["decision"] for pair in pairs if (pair["left"], pair["right"]) == (first, first + 1)] == [Decision.TO_A_PERSON]
    found = Known(people, model, once=ONCE).look_up(USUAL, AT)
    assert {one.decision for one in found} <= {Decision.TO_A_PERSON, Decision.APART}


def test_the_same_person_is_joined_with_what_corroborates_it_and_not_without(model: Model) -> None:
    assert decision(model, {}, {"forenames": "NADIA", "surname": "O’konjo"}) == Decision.AUTOMATIC
    moved = {"postcode": "QX17 7ZZ", "telephone": "07700 900888"}
    assert decision(model, {}, moved) == Decision.TO_A_PERSON  # a namesake born on that day would look the same
    assert decision(model, {"nhs_number": "9434765919"}, {**moved, "nhs_number": "9434765919"}) == Decision.AUTOMATIC
    assert decision(model, {"nhs_number": "9434765919"}, {"nhs_number": "4010232137"}) == Decision.TO_A_PERSON
    assert decision(model, {"date_of_birth": "2011-01-01"}, {"date_of_birth": "2011-01-01"}) == Decision.TO_A_PERSON
    assert (
        decision(model, {"forenames": "Nadia Grace"}, {"surname": "Okonjo-Bell", "postcode": None}) == Decision.AUTOMATIC
    )  # the telephone is
    assert decision(model, {"forenames": "Nadia Grace"}, {"surname": "Okonjo-Bell", **moved}) == Decision.TO_A_PERSON
    assert decision(model, {}, {"surname": "Bell"}) == Decision.TO_A_PERSON


def test_where_two_records_of_a_source_fit_nobody_is_joined_of_itself(model: Model) -> None:
    amir = {"forenames": "Amir", "surname": "Pasha", "date_of_birth": "2012-12-05", "postcode": "QX8 8ZZ", "telephone": "07700 900777"}
    twice, first = among([{}, {}, amir, {}])

    def decided(once: tuple[str, ...]) -> list[str]:
        pairs = link(twice, model, once=once).pairs.to_pylist()
        return [pair["decision"] for pair in pairs if pair["left"] >= first and first + 2 not in (pair["left"], pair["right"])]

    assert decided(ONCE) == [Decision.TO_A_PERSON] * 2
    assert decided(()) == [Decision.AUTOMATIC] * 3  # where they may hold a person twice, all three are of one
    found = Known(twice, model, once=ONCE).look_up(USUAL, AT)
    assert [one.decision for one in found if one.source == "police"] == [Decision.TO_A_PERSON] * 2


def test_a_home_where_many_have_one_telephone_does_not_join_namesakes(model: Model) -> None:
    many, first = among(
        [
            {"postcode": None},
            {"postcode": None},
            *({"forenames": f"Ab{letter}", "surname": f"Or{letter}", "postcode": None} for letter in "cdefg"),
        ]
    )
    pairs = link(many, model, least=-60).pairs.to_pylist()
    assert [pair["decision"] for pair in pairs if (pair["left"], pair["right"]) == (first, first + 1)] == [Decision.TO_A_PERSON]


def test_records_of_different_people_yield_nothing(model: Model) -> None:
    """The null: agencies that know nobody in common."""
    parts = []
    for seed, name in ((5, "council"), (6, "police")):
        table = records(400, seed, [agency for agency in ALL if agency.name == name])[0]
        parts.append(table)
    numbers = pa.nulls(parts[0].num_rows, pa.string())
    parts[0] = parts[0].set_column(8, "nhs_number", numbers).set_column(9, "upn", numbers)  # each town counts them from one
    found = link(put_in_one_form(pa.concat_tables(parts), AT), model, once=("council", "police"))
    assert found.decided(Decision.AUTOMATIC).num_rows == 0
    assert found.decided(Decision.TO_A_PERSON).num_rows <= 4


def test_who_shares_a_key_is_compared_and_nobody_else(people: People, model: Model) -> None:
    """Beside the slow rule: every pair of records, key by key."""
    few = put_in_one_form(records(60, 9)[0], AT)
    keys, blocking = keys_of(few)
    sources = few.table["source"].to_pylist()
    count = few.table.num_rows
    slow = {
        (a, b) for a in range(count) for b in range(a + 1, count)
        if (sources[a] != sources[b] or sources[a] not in ONCE) and any(key[a] == key[b] != 0 for key in keys.values())
    }  # fmt: skip
    found = link(few, model, once=ONCE, least=-200)
    assert {(a, b) for a, b in zip(found.pairs["left"].to_pylist(), found.pairs["right"].to_pylist(), strict=True)} == slow
    assert found.compared == len(slow)
    assert blocking.pairs_a_record >= len(slow) / count


def test_the_keys_of_one_record_are_those_of_the_table(people: People) -> None:
    marks = marks_of(people.table)
    rows = [components(row) for row in people.table.to_pylist()]
    for rule in RULES:
        ours = [steps_of_one(rule, row) for row in rows]
        for step, (places, keys, _) in enumerate(steps(rule, marks, few=0)):
            assert dict(zip(places.tolist(), keys.tolist(), strict=True)) == {
                place: one[step] for place, one in enumerate(ours) if one[step]
            }


def test_a_key_that_many_share_is_narrowed_and_what_is_left_out_is_said() -> None:
    rows = [
        {
            "forenames": "Mohammed",
            "surname": "Ali",
            "date_of_birth": "2010-01-01",
            "postcode": f"QX{n % 9 + 1} {n % 7}AB",
            "telephone": f"07700 9{n:05d}",
        }
        for n in range(300)
    ]
    people = of([*rows, {"forenames": "Zita", "surname": "Quill"}])
    keys, blocking = keys_of(people, pairs_a_record=6)
    assert blocking.pairs_a_record <= 300 / 2  # never all with all
    assert sum(blocking.narrowed.values()) > 300
    assert sum(blocking.left_out.values()) > 0
    assert all(np.unique(key[key != 0], return_counts=True)[1].max(initial=0) <= blocking.most for key in keys.values())
    with pytest.raises(ValueError, match="Fewer than one pair"):
        keys_of(people, pairs_a_record=0)


def test_the_same_records_and_seed_give_the_same_model_and_its_text_reads_back(people: People, model: Model) -> None:
    assert written(learn(people, seed=1)) == written(model)
    assert read(written(model)) == model
    assert "Okonjo" not in written(model)
    assert not any(str(value) in written(model) for value in people.table["telephone"].to_pylist() if value)
    for text in ("", "{}", written(model).replace('"format": 1', '"format": 9'), written(model).replace('"joined"', '"glued"')):
        with pytest.raises(ValueError, match=r"no model|format 9|degrees for forename"):
            read(text)


def test_a_rule_to_learn_from_that_would_explode_is_refused(people: People, model: Model) -> None:
    assert len(model.learnt.rules) >= 2
    assert not model.learnt.refused
    with pytest.raises(ValueError, match="There is nothing to learn from"):
        learn(people, seed=1, most_pairs=25)
    with pytest.raises(ValueError, match="only 0 pairs"):
        learn(of([{}, {"forenames": "Bo", "surname": "Li", "date_of_birth": "2012-12-12", "postcode": "QX1 1AA"}]), seed=1)


def test_reasons_are_in_words_and_add_up(people: People, model: Model, linkage: Linkage) -> None:
    rows, pair = people.table.to_pylist(), linkage.pairs.to_pylist()[0]
    found = explain(model, rows[pair["left"]], rows[pair["right"]], Commonness(people))
    assert abs(found.start + sum(reason.weight for reason in found.reasons) - found.weight) < 1e-12
    assert any(
        sentence.startswith("Date of birth is the same") and "times likelier the same person" in sentence for sentence in found.words
    )
    assert found.words == tuple(
        sorted(found.words, key=lambda one: -abs(next(reason.weight for reason in found.reasons if reason.words == one)))
    )


def test_a_group_holds_one_record_of_a_source_and_one_number() -> None:
    people = of([{}, {}, {"source": "health", "nhs_number": "9434765919"}, {"nhs_number": "4010232137"}])
    pairs = pa.table({"left": [0, 0, 2], "right": [1, 2, 3], "weight": [30.0, 25.0, 20.0]})
    found = groups(people, pairs, once=("police",))
    assert found.of == (0, 0, 0, 3)
    assert found.refused == ((2, 3, "two records of police, which holds each person once"),)
    assert groups(people, pairs).refused == ((2, 3, "two NHS numbers"),)


def test_one_partner_leaves_the_best_pair(model: Model) -> None:
    people = of([{}, {}, {"forenames": "Amir", "surname": "Pasha"}, {"forenames": "Nadine", "postcode": None}])
    both = link(people, model, least=-60, once=("council", "police")).pairs
    best = link(people, model, least=-60, once=("council", "police"), one_partner=True).pairs
    assert both.num_rows > best.num_rows
    assert (0, 1) in set(zip(best["left"].to_pylist(), best["right"].to_pylist(), strict=True))


def test_what_cannot_be_done_is_refused_in_plain_words(people: People, model: Model) -> None:
    with pytest.raises(ValueError, match="No record is of prison"):
        link(people, model, once=("prison",))
    alone = People(people.table.filter(pc.equal(people.table["source"], "police")), people.faults, people.missing)
    with pytest.raises(ValueError, match="there is nothing to link"):
        link(alone, model, once=("police",))
    with pytest.raises(ValueError, match="no engine 'oracle'"):
        link(people, model, engine="oracle")
    with pytest.raises(ValueError, match="at least what is shown"):
        Limits(automatic=1, to_a_person=2)
    with pytest.raises(ValueError, match="nothing to look for"):
        Known(people, model).look_up({"forenames": "NK", "date_of_birth": "2010-01-01"}, AT)


def test_a_column_that_is_missing_throughout_is_not_compared_and_said(people: People) -> None:
    bare = put_in_one_form(records(500, 1)[0].drop_columns(["nhs_number", "upn", "telephone"]), AT)
    model = learn(bare, seed=1)
    assert set(model.chances) == {"forename", "surname", "born", "sex", "place"}
    assert "Nobody has a telephone number: it is not compared." in model.learnt.caveats
    assert link(bare, model, once=ONCE).decided(Decision.AUTOMATIC).num_rows > 100


def test_the_distributed_engine_gives_the_same_weights(people: People, model: Model) -> None:
    pytest.importorskip("pyspark", reason="PySpark is an extra that is not installed here")
    few = put_in_one_form(records(100, 1)[0], AT)
    theirs, ours = link(few, model, once=ONCE, engine="spark").pairs, link(few, model, once=ONCE).pairs
    assert theirs.drop_columns(["weight", "probability"]).equals(ours.drop_columns(["weight", "probability"]))
    assert np.allclose(theirs["weight"].to_numpy(), ours["weight"].to_numpy(), rtol=0, atol=1e-9)


def test_without_spark_it_is_said_what_to_install(people: People, model: Model) -> None:
    try:
        import pyspark  # noqa: F401
    except ModuleNotFoundError:
        with pytest.raises(ModuleNotFoundError, match="needs PySpark and Java 17"):
            link(people, model, engine="spark")
    assert replace(Limits(), rival=1).rival == 1


def test_a_night_of_changes_gives_the_groups_of_linking_the_whole_again(people: People, model: Model, linkage: Linkage) -> None:
    """Two nights, of changed and of new records: the same groups, and the same decision on all but a pair in a hundred, where a value has become more or less common."""
    chance = random.Random(5)
    rows, others = records(500, 1)[0].to_pylist(), records(60, 2)[0].to_pylist()
    kept = Kept(people, model, linkage, once=ONCE)
    for night in range(2):
        changed = chance.sample(range(len(rows)), 40)
        for at, place in enumerate(changed):
            column = ("postcode", "telephone", "surname", "date_of_birth", "forenames")[at % 5]
            rows[place] = {**rows[place], column: chance.choice(rows)[column] if at % 2 else None if at % 5 < 2 else rows[at][column]}
        added = [{**row, "id": f"new {night} {row['id']}"} for row in others[night::2][:10]]
        rows += added
        done = kept.renew(put_in_one_form(table_of([*(rows[place] for place in changed), *added]), AT))
        assert done.grouped < len(rows) / 3
    whole = put_in_one_form(table_of(rows), AT)
    found = link(whole, model, once=ONCE)
    named = dict(enumerate(zip(whole.table["source"].to_pylist(), whole.table["id"].to_pylist(), strict=True)))
    standing = np.flatnonzero(kept.stands)
    placed = dict(
        zip(standing.tolist(), zip(*(kept.table(standing)[name].to_pylist() for name in ("source", "id")), strict=True), strict=True)
    )

    def pairs(names: dict[int, tuple[str, str]], left: Any, right: Any, decisions: Any) -> set[tuple[frozenset[tuple[str, str]], str]]:
        return {
            (frozenset((names[one], names[other])), what)
            for one, other, what in zip(left, right, decisions, strict=True)
            if what != "apart"
        }

    def grouped(names: dict[int, tuple[str, str]], of: Any) -> set[frozenset[tuple[str, str]]]:
        held: dict[int, set[tuple[str, str]]] = {}
        for place, name in names.items():
            held.setdefault(int(of[place]), set()).add(name)
        return {frozenset(one) for one in held.values()}

    mine = pairs(placed, *zip(*kept.decided(), strict=True))
    theirs = pairs(named, *(found.pairs[name].to_pylist() for name in ("left", "right", "decision")))
    assert sorted(placed.values()) == sorted(named.values())
    assert len(mine ^ theirs) <= len(theirs) / 100
    assert grouped(placed, kept.of) == grouped(named, groups(whole, found.decided(Decision.AUTOMATIC), ONCE).of)
    with pytest.raises(ValueError, match="No record was of circus"):
        kept.renew(put_in_one_form(table_of([{**rows[0], "source": "circus"}]), AT))
