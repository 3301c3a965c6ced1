"""Groups of those who are tied more to one another than to others, and how sure one can be that there are any."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sknetwork.clustering import Louvain, get_modularity

from atlas_analysis.networks.ties import Network

FEWEST = 3


@dataclass(frozen=True)
class Groups:
    """`group`: for each point which group, by size from nought; `modularity`: how much more ties lie within groups than by chance; `by_chance`: the highest of
    the same reckoned on networks in which everybody keeps the number of their ties and nobody their partners. `is_told`: whether it is more than all of them.
    """

    group: np.ndarray
    modularity: float
    by_chance: float
    is_told: bool

    def members(self) -> list[np.ndarray]:
        """The groups of three or more, the largest first: the places of their members."""
        sizes = np.bincount(self.group)
        return [np.flatnonzero(self.group == one) for one in range(len(sizes)) if sizes[one] >= FEWEST]


def groups(of: Network, seed: int, shuffles: int = 19) -> Groups:
    """Groups by Louvain's method (Blondel et al., J Stat Mech 2008; P10008, as scikit-network keeps it); the same seed gives the same groups.

    Beside it the same on `shuffles` networks with the ties drawn anew (configuration model), since the method finds groups in noise, too (Guimerà et
    al., Phys Rev E 2004; 70: 025101). Raises ValueError for a network without ties.
    """
    if not len(of.one):
        raise ValueError("There is no tie that holds on this day: there are no groups to find.")
    found, modularity = communities(of.one, of.other, of.size, seed)
    random = np.random.default_rng(seed)
    ends = np.concatenate([of.one, of.other])
    chance = 0.0
    for _ in range(shuffles):
        drawn = random.permutation(ends)
        one, other = drawn[: len(of.one)], drawn[len(of.one) :]
        chance = max(chance, communities(one[one != other], other[one != other], of.size, seed)[1])
    return Groups(found, modularity, chance, bool(shuffles) and modularity > chance)


def communities(one: np.ndarray, other: np.ndarray, size: int, seed: int) -> tuple[np.ndarray, float]:
    """The group of each point, the largest group nought, and the modularity; for ties given as two arrays of places."""
    weights = np.ones(2 * len(one))
    matrix = sparse.csr_matrix((weights, (np.concatenate([one, other]), np.concatenate([other, one]))), shape=(size, size))
    labels = Louvain(random_state=seed).fit_predict(matrix)
    return labels, float(get_modularity(matrix, labels))
