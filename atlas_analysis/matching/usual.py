"""Where learning starts, and what stands for a degree of agreement that was never seen among the records.

Our own estimates, none of them from real records: how often a degree holds between records of one person (m), and between two people taken at random (u).
"""

USUAL: dict[str, dict[str, tuple[float, float]]] = {
    "forename": {
        "same": (0.84, 4e-3), "joined": (0.01, 2e-5), "turned": (0.005, 1e-6), "family": (0.04, 2e-3), "second": (0.02, 1.5e-3), "close": (0.045, 2e-3),
        "initial": (0.005, 5e-4), "other": (0.035, 0.99),
    },
    "surname": {"same": (0.88, 2e-3), "part": (0.03, 5e-4), "close": (0.05, 6e-4), "other": (0.04, 0.997)},
    "born": {
        "same": (0.92, 1.7e-4), "transposed": (0.01, 6e-5), "digit": (0.025, 4e-3), "vague": (0.02, 3e-3), "year": (0.01, 0.05), "other": (0.015, 0.943),
    },
    "sex": {"same": (0.985, 0.5), "other": (0.015, 0.5)},
    "place": {"same": (0.75, 5e-5), "sector": (0.03, 4e-3), "area": (0.05, 0.04), "other": (0.17, 0.956)},
    "telephone": {"same": (0.7, 1e-6), "other": (0.3, 1 - 1e-6)},
    "nhs_number": {"same": (0.985, 1e-6), "other": (0.015, 1 - 1e-6)},
    "upn": {"same": (0.98, 1e-6), "other": (0.02, 1 - 1e-6)},
}  # fmt: skip
HELD = {
    ("forename", "other")
}  # kept as usual: the pairs that learning looks at hold twins, which would make another forename look like nothing
SCARCE = (
    "telephone",
    "nhs_number",
    "upn",
)  # the chance that two people share one is set, not learnt: the commoner the number, the less it says, whatever stands here


def unmixed(m: float, u: float, prior: float) -> float:
    """The chance that two people agree, from that of two random records (u), a few of which (prior) are of one person: at least a tenth of u."""
    return max((u - prior * m) / (1 - prior), u / 10)


def apart(chances: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """Degrees whose weights differ, and are not nothing, by a hair where they did not: a weight then tells its degree."""
    held: dict[str, tuple[float, float]] = {}
    ratios: list[float] = [1.0]
    for name, (m, u) in chances.items():
        m = min(max(m, 1e-6), 1.0)
        while any(abs(m / u / ratio - 1) < 1e-6 for ratio in ratios):
            m *= 1 - 1e-5
        ratios.append(m / u)
        held[name] = (float(f"{m:.9e}"), float(f"{u:.9e}"))
    return held
