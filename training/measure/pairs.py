"""Which characters are taken for which: look-alikes counted pair by pair, on rendered plates by die and on held-out crops."""

from collections import Counter

PAIRS = "0O", "0D", "0Q", "OD", "OQ", "1I", "17", "2Z", "5S", "6G", "8B", "38", "UV", "CG", "HM", "HN", "VY", "PR", "EF"


def count_pairs(said: list[str], truths: list[str]) -> dict[str, tuple[int, int]]:
    """For each pair: how often one of it was read as the other, and how often either was there; texts of unlike length are left out."""
    confused, seen = Counter(), Counter()
    for text, truth in zip(said, truths):
        if len(text) != len(truth):
            continue
        for read, there in zip(text, truth):
            seen[there] += 1
            confused[frozenset((read, there))] += read != there
    return {pair: (confused[frozenset(pair)], sum(seen[sign] for sign in pair)) for pair in PAIRS}


def name_strays(said: list[str], truths: list[str], most: int = 5) -> list[tuple[str, int]]:
    """The commonest confusions that are no such pair, as "truth>read"."""
    strays = Counter(
        f"{there}>{read}"
        for text, truth in zip(said, truths)
        if len(text) == len(truth)
        for read, there in zip(text, truth)
        if read != there and not any(set(pair) == {read, there} for pair in PAIRS)
    )
    return strays.most_common(most)


def tabulate_pairs(sets: dict[str, tuple[int, dict[str, tuple[int, int]]]], least: int = 2) -> str:
    """A Markdown table: a set (with its number of texts) a row, a column for each pair confused at least so often in one of them.

    A cell says how often one was read as the other, of how many; "–" where neither was there.
    """
    pairs = [pair for pair in PAIRS if any(counted.get(pair, (0, 0))[0] >= least for _, counted in sets.values())]
    lines = ["| | texts | " + " | ".join("/".join(pair) for pair in pairs) + " |", "|---" * (len(pairs) + 2) + "|"]
    for name, (texts, counted) in sets.items():
        cells = [f"{wrong} of {seen:,}" if seen else "–" for wrong, seen in (counted.get(pair, (0, 0)) for pair in pairs)]
        lines.append(f"| {name} | {texts:,} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
