"""Groups, brokers and shortest ways of large networks, beside networkx on the same ties, with equal answers checked first. Needs no database.

The networks: groups with hubs, as performance.md section 7 has them (a planted partition, each point tied to 20 others of a heavy tail). 10^5 ties in the
short form; 10^6 in the long one, where networkx's groups take a minute. Goals: groups 50 times networkx, modularity within 0.001, links^1.1; exact
betweenness of 20,000 ties 40 times networkx; a way at 10^6 ties within 1 ms (p95) with what the viewer may not see shut. With `stays`, only how many of the
pairs of a group stay together when one tie in a hundred is another (goal 95 %).
"""

import sys
import time
from collections.abc import Callable
from math import log
from typing import Any

import networkx as nx
import numpy as np

from atlas_analysis.networks.bridges import between
from atlas_analysis.networks.groups import communities
from atlas_analysis.networks.ties import Network, rows_of
from atlas_analysis.networks.ways import shortest_way
from bench.measuring import last_line, p95, table
from tests.analysis.given_networks import DAY

QUICK = "--quick" in sys.argv
SEED = 20261128
SIZES = (10_000, 100_000) if QUICK else (100_000, 1_000_000)


def drawn(ties: int, seed: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Ties between points in groups of about 50, one in five across; how often a point is tied has a heavy tail."""
    random = np.random.default_rng(seed)
    size = ties // 10
    weight = random.pareto(2.5, size) + 1
    group = random.integers(0, max(size // 50, 2), size)
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(group.max() + 2))
    one = random.choice(size, ties, p=weight / weight.sum())
    low, high = starts[group[one]], starts[group[one] + 1]
    within = order[low + (random.random(ties) * (high - low)).astype(np.int64)]
    other = np.where(random.random(ties) < 0.8, within, random.integers(0, size, ties))
    pairs = np.unique(np.sort(np.column_stack([one, other])[one != other], axis=1), axis=0)
    return pairs[:, 0], pairs[:, 1], size


def of_arrays(one: np.ndarray, other: np.ndarray, size: int) -> Network:
    """The network of ties that are clean already: its table would be read in a job."""
    starts, ends, tie = rows_of(one, other, size)
    ids = tuple(map(str, range(size)))
    return Network(DAY, ids, ("child",) * size, ("",) * size, one, other, np.arange(len(one)), starts, ends, tie, ())


def timed(act: Callable[..., Any], *given: Any, **named: Any) -> tuple[float, Any]:
    """CPU seconds of an act, and what it gave."""
    begun = time.process_time()
    gave = act(*given, **named)
    return time.process_time() - begun, gave


def grouped(ties: int) -> dict[str, float]:
    """Groups by ours and by networkx."""
    one, other, size = drawn(ties, SEED)
    ours, (_, modularity) = timed(communities, one, other, size, SEED)
    graph = nx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from(zip(one.tolist(), other.tolist(), strict=True))
    theirs, found = timed(nx.community.louvain_communities, graph, seed=SEED)
    beside = nx.community.modularity(graph, found)
    assert modularity > beside - 0.001, (modularity, beside)
    return {"ties": len(one), "ours": ours, "networkx": theirs, "modularity": modularity, "beside": beside}


def brokers() -> dict[str, float]:
    """Exact betweenness of 20,000 ties between 4,000 points (2,000 in the short form)."""
    one, other, size = drawn(2_000 if QUICK else 20_000, SEED)
    size = int(max(one.max(), other.max())) + 1
    of = of_arrays(one, other, size)
    between(of_arrays(one[:50], other[:50], size))  # compiled
    ours, told = timed(between, of, samples=None)
    theirs, slow = timed(nx.betweenness_centrality, nx.Graph(zip(one.tolist(), other.tolist(), strict=True)), normalized=False)
    assert np.allclose([told.ways[at] for at in slow], list(slow.values())), "not the same answer"
    return {"ties": len(one), "ours": ours, "networkx": theirs}


def ways(ties: int) -> dict[str, float]:
    """Shortest ways of pairs at random, one point in ten hidden from the viewer; networkx on what is left."""
    one, other, size = drawn(ties, SEED)
    of, random = of_arrays(one, other, size), np.random.default_rng(SEED)
    may_see = random.random(size) < 0.9
    graph = nx.Graph(zip(one.tolist(), other.tolist(), strict=True)).subgraph(np.flatnonzero(may_see).tolist())
    graph = nx.Graph(graph)
    shortest_way(of, "0", "0")
    pairs = [(a, b) for a, b in random.choice(np.flatnonzero(may_see), (300, 2)).tolist() if a in graph and b in graph and a != b]
    mine, beside = [], []
    for first, last in pairs:
        began = time.perf_counter()
        steps = shortest_way(of, str(first), str(last), may_see)
        mine.append(time.perf_counter() - began)
        began = time.perf_counter()
        slow = nx.bidirectional_shortest_path(graph, first, last) if nx.has_path(graph, first, last) else None
        beside.append(time.perf_counter() - began)
        assert (steps is None) == (slow is None) and (steps is None or slow is None or len(steps) == len(slow) - 1)
    return {"ties": len(one), "p95_ms": 1000 * p95(mine), "networkx_p95_ms": 1000 * p95(beside)}


def louvain_of_networkx(one: np.ndarray, other: np.ndarray, size: int, seed: int) -> np.ndarray:
    """The peer's groups, as a group for each point."""
    graph = nx.Graph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from(zip(one.tolist(), other.tolist(), strict=True))
    found = np.empty(size, np.int64)
    for number, members in enumerate(nx.community.louvain_communities(graph, seed=seed)):
        found[list(members)] = number
    return found


def together_still(before: np.ndarray, after: np.ndarray) -> float:
    """Of all pairs in one group, the share that is in one group afterwards."""
    both = np.unique(before.astype(np.int64) * len(before) + after, return_counts=True)[1]
    many = np.bincount(before)
    return float((both * (both - 1.0)).sum() / (many * (many - 1.0)).sum())


def stays(ties: int) -> dict[str, float]:
    """What share of pairs stays together when one tie in a hundred is another, ours and the peer's (to 10^5 ties); and whether a seed gives the same groups twice."""
    one, other, size = drawn(ties, SEED)
    ways: dict[str, Callable[[int, np.ndarray, np.ndarray], np.ndarray]] = {"ours": lambda seed, a, b: communities(a, b, size, seed)[0]}
    if ties <= 100_000:
        ways["networkx"] = lambda seed, a, b: louvain_of_networkx(a, b, size, seed)
    told: dict[str, float] = {"ties": len(one)}
    for way, act in ways.items():
        before, random, shares = act(SEED, one, other), np.random.default_rng(SEED), []
        for _ in range(3):
            new = np.where(random.random(len(one)) < 0.01, random.integers(0, size, len(one)), other)
            shares.append(together_still(before, act(SEED, one[one != new], new[one != new])))
        told |= {
            way: sum(shares) / 3,
            f"{way}_same": together_still(before, act(SEED, one, other)),
            f"{way}_seed": together_still(before, act(SEED + 1, one, other)),
        }
    return told


if "stays" in sys.argv:
    kept = [stays(ties) for ties in ((1_000, 10_000) if QUICK else (1_000, 10_000, 100_000, 1_000_000))]
    heads = ("ours", "ours_same", "ours_seed", "networkx", "networkx_same", "networkx_seed")
    table(
        ("ties", "1 % another", "same seed", "another seed", "networkx, 1 % another", "same seed", "another seed"),
        [(f"{row['ties']:,.0f}", *(f"{row[name]:.3f}" if name in row else "-" for name in heads)) for row in kept],
    )
    last_line(**{f"stays_{row['ties']:.0f}": row["ours"] for row in kept})
    raise SystemExit
small, large = (grouped(ties) for ties in SIZES)
growth = log(large["ours"] / small["ours"]) / log(large["ties"] / small["ties"])
exact, way = brokers(), ways(SIZES[-1])
table(
    ("ties", "groups, cpu s", "networkx, cpu s", "times", "modularity", "networkx's"),
    [(f"{row['ties']:,}", f"{row['ours']:.2f}", f"{row['networkx']:.1f}", f"{row['networkx'] / row['ours']:.0f}", f"{row['modularity']:.4f}", f"{row['beside']:.4f}")
     for row in (small, large)],
)  # fmt: skip
print(f"growth of groups with ties: {growth:.2f}")
print(
    f"exact betweenness, {exact['ties']:,} ties: {exact['ours']:.2f} cpu s, networkx {exact['networkx']:.1f}: {exact['networkx'] / exact['ours']:.0f} times"
)
print(f"a way at {way['ties']:,} ties, one point in ten hidden: p95 {way['p95_ms']:.2f} ms, networkx {way['networkx_p95_ms']:.2f}")
last_line(
    ties=large["ties"], groups_ratio=large["networkx"] / large["ours"], modularity_gain=large["modularity"] - large["beside"], growth=growth,
    betweenness_ratio=exact["networkx"] / exact["ours"], way_p95_ms=way["p95_ms"],
)  # fmt: skip
