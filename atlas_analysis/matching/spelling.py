"""How many letters lie between two spellings."""


def edits(left: str, right: str) -> int:
    """Letters added, lost or other between two words: the distance of Levenshtein (Soviet Physics Doklady 1966; 10: 707-710), as in DuckDB and Spark."""
    if left == right:
        return 0
    while left and right and left[0] == right[0]:
        left, right = left[1:], right[1:]
    while left and right and left[-1] == right[-1]:
        left, right = left[:-1], right[:-1]
    if not left or not right:
        return len(left) + len(right)
    before = list(range(len(right) + 1))
    for row, letter in enumerate(left, 1):
        now = [row]
        for column, other in enumerate(right, 1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (letter != other)))
        before = now
    return before[-1]
