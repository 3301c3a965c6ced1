"""Networks: what holds on a day; groups, ways, bridges and changes beside the slow reference (networkx), planted and in noise; a child is a child first."""

from datetime import date

import networkx as nx
import numpy as np
import pyarrow as pa
import pytest

from atlas_analysis.networks.bridges import between, bridging_ties
from atlas_analysis.networks.change import changed, groups_moved
from atlas_analysis.networks.groups import groups
from atlas_analysis.networks.ties import Network, network
from atlas_analysis.networks.together import missing_together
from atlas_analysis.networks.ways import shortest_way
from tests.analysis.given_networks import BEGAN, DAY, ENDS, of_edges, points, tied

SIX = points(["A", "B", "C", "D", "E", "F"])


def test_only_what_holds_on_the_day_and_is_graded_well_enough_counts() -> None:
    ties = tied([
        ("A", "B"), ("B", "A"), ("A", "B", "family"), ("B", "C", "seen together", "3"), ("C", "D", "seen together", "2", date(2026, 7, 1)),
        ("D", "E", "seen together", "2", BEGAN, date(2026, 6, 1)), ("E", "F", "seen together", "2", BEGAN, None), ("F", "F"),
    ])  # fmt: skip
    of = network(SIX, ties, DAY, worst_source="2")
    assert of.of_table.tolist() == [0, 2]  # the same two tied in two ways are two ties; twice in one way, one
    assert of.left_out == (
        "1 have no day on which they end", "1 had ended", "1 had not begun", "1 have a source worse than 2", "1 tie a point to itself",
    )  # fmt: skip
    assert of.people_of_concern() == ()


@pytest.mark.parametrize(
    ("nodes", "ties", "said"),
    [
        (SIX.drop_columns(["kind"]), tied([("A", "B")]), "no column kind"),
        (points(["A", "A"]), tied([]), "stands in the table twice"),
        (points(["A"], ["dog"]), tied([]), "“dog” is no kind of point"),
        (SIX, tied([("A", "Z")]), "1 ends of ties are no points"),
        (SIX, tied([("A", "B", "family", "9")]), "“9” is no grade of a source"),
    ],
)
def test_bad_tables_are_refused_in_words(nodes: pa.Table, ties: pa.Table, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        network(nodes, ties, DAY)


def test_no_child_is_on_a_list_of_people_of_concern_whatever_is_alleged() -> None:
    kinds = ["child", "unknown age", "adult", "adult", "adult", "child"]
    alleged = ["suspected perpetrator", "facilitator", "facilitator", "victim", "", "convicted"]
    assert network(points(["A", "B", "C", "D", "E", "F"], kinds, alleged), tied([]), DAY).people_of_concern() == ("C",)


def random_network(seed: int, size: int = 60, chance: float = 0.05) -> tuple[Network, nx.Graph]:
    graph = nx.gnp_random_graph(size, chance, seed=seed)
    return of_edges(list(graph.edges), size), graph


@pytest.mark.parametrize("seed", range(12))
def test_ways_between_and_bridges_are_those_of_the_reference(seed: int) -> None:
    of, graph = random_network(seed)
    slow = nx.betweenness_centrality(graph, normalized=False)
    assert between(of).ways == pytest.approx([slow[at] for at in range(of.size)])
    assert {frozenset((int(of.one[at]), int(of.other[at]))) for at in bridging_ties(of)} == {frozenset(pair) for pair in nx.bridges(graph)}
    random = np.random.default_rng(seed)
    may_see = random.random(of.size) < 0.8
    open_to = graph.subgraph(np.flatnonzero(may_see).tolist())
    for first, last in random.choice(np.flatnonzero(may_see), (40, 2)).tolist():
        steps = shortest_way(of, str(first), str(last), may_see)
        if not nx.has_path(open_to, first, last):
            assert steps is None
            continue
        assert steps is not None and len(steps) == nx.shortest_path_length(open_to, first, last)
        here = str(first)
        for step in steps:  # each step is a tie of the table, and leads on
            assert step.one == here and may_see[int(step.other)]
            assert {step.one, step.other} == {str(of.one[step.row]), str(of.other[step.row])}
            here = step.other
        assert here == str(last)


def test_somebody_hidden_is_no_bridge_and_not_told_of() -> None:
    of = network(SIX, tied([("A", "B"), ("B", "C")]), DAY)
    assert [step.row for step in shortest_way(of, "A", "C") or []] == [0, 1]
    hidden = np.array([True, False, True, True, True, True])
    assert shortest_way(of, "A", "C", hidden) is None
    for wanted in ("B", "nobody"):
        with pytest.raises(ValueError, match="There is nobody and nothing of that id"):
            shortest_way(of, "A", wanted, hidden)


def test_a_sample_says_its_error_and_keeps_to_it() -> None:
    graph = nx.barabasi_albert_graph(300, 2, seed=3)
    of = of_edges(list(graph.edges), 300)
    exact, drawn = between(of), between(of, seed=1, samples=150)
    assert np.abs(exact.ways - drawn.ways).max() <= drawn.error
    assert exact.first(3)[1] and exact.first(3)[0][0] == int(exact.ways.argmax())
    assert not drawn.first(3)[1]  # so few ways tell the first ones apart by no proof


def planted(seed: int, within: float, across: float) -> tuple[Network, np.ndarray]:
    graph = nx.planted_partition_graph(5, 16, within, across, seed=seed)
    return of_edges(list(graph.edges), 80), np.repeat(np.arange(5), 16)


def test_a_planted_group_is_recovered_and_noise_holds_none() -> None:
    for seed in range(4):
        of, truth = planted(seed, 0.6, 0.01)
        found = groups(of, seed=1)
        assert found.is_told and found.modularity > 0.5 > found.by_chance
        assert sorted(map(len, found.members())) == [16] * 5
        assert all(len(set(truth[members])) == 1 for members in found.members())
        assert (groups(of, seed=1).group == found.group).all()
    told = sum(groups(random_network(seed, 80, 0.1)[0], seed=1).is_told for seed in range(40))
    assert told <= 6  # by chance one in twenty: 2 of 40
    with pytest.raises(ValueError, match="no tie that holds"):
        groups(network(SIX, tied([]), DAY), seed=1)


def test_what_changed_between_two_days() -> None:
    ties = tied([
        ("A", "B"), ("B", "C"), ("A", "C"), ("C", "D", "family", "2", date(2026, 5, 1)), ("A", "D", "family", "2", date(2026, 5, 1)),
        ("B", "D", "family", "2", date(2026, 5, 1)), ("E", "F", "family", "1", BEGAN, date(2026, 4, 1)),
    ])  # fmt: skip
    before, after = network(SIX, ties, date(2026, 3, 1)), network(SIX, ties, DAY)
    told = changed(before, after)
    assert (told.new, told.ended, told.came, told.left) == ((3, 4, 5), (6,), ("D",), ("E", "F"))
    moved = groups_moved((before, groups(before, 1)), (after, groups(after, 1)))
    assert [(one.members, one.was, one.came) for one in moved] == [(("A", "B", "C", "D"), ("A", "B", "C"), ("D",))]
    with pytest.raises(ValueError, match="earlier day first"):
        changed(after, before)


YEAR = 365 * 24 * 60


def episodes(seed: int, pairs: int = 0) -> pa.Table:
    """A year of 60 children who go missing by themselves; of these, so many pairs go together once a month."""
    random = np.random.default_rng(seed)
    rows = []
    for child in range(60):
        for begin in random.integers(0, YEAR - 5_000, 1 + random.poisson(3)).tolist():
            rows.append((f"child {child}", begin, begin + int(random.lognormal(6, 1.2))))
    for pair in range(pairs):
        for begin in (np.arange(12) * YEAR // 12 + random.integers(0, 9_000, 12)).tolist():
            rows += [(f"child {2 * pair}", begin, begin + 600), (f"child {2 * pair + 1}", begin + 30, begin + 500)]
    return pa.table({name: [row[at] for row in rows] for at, name in enumerate(("child", "from_minute", "until_minute"))})


def test_children_who_go_missing_together_are_found_and_chance_is_not_called_so() -> None:
    told = missing_together(episodes(1, pairs=3), 0, YEAR)
    assert {(one.one, one.other) for one in told.pairs} == {("child 0", "child 1"), ("child 2", "child 3"), ("child 4", "child 5")}
    assert all(one.occasions >= 5 and one.expected < 1 and one.p < 1e-4 for one in told.pairs)
    assert told.tried == 60 * 59 // 2
    assert sum(bool(missing_together(episodes(seed), 0, YEAR).pairs) for seed in range(20)) <= 2


def test_bad_episodes_are_refused() -> None:
    bad = pa.table({"child": ["A"], "from_minute": [10], "until_minute": [5]})
    with pytest.raises(ValueError, match="1 episodes end before they begin"):
        missing_together(bad, 0, YEAR)
    late = pa.table({"child": ["A"], "from_minute": [YEAR + 9], "until_minute": [YEAR + 10]})
    with pytest.raises(ValueError, match="outside the period"):
        missing_together(late, 0, YEAR)
    with pytest.raises(ValueError, match="no column until_minute"):
        missing_together(bad.drop_columns(["until_minute"]), 0, YEAR)
    assert missing_together(bad.slice(0, 0), 0, YEAR).pairs == []


def test_ends_of_the_day_are_as_the_tie_says() -> None:
    of = network(SIX, tied([("A", "B", "family", "1", DAY, ENDS)]), DAY)
    assert len(of.one) == 1  # it holds on its first day
