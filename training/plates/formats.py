"""Number formats of the world's plates, read from plate-formats/plates.json.

Marks of a pattern (plate-formats/README.md): L a letter, D a digit, another capital one of
the form's sets (characters or whole words), lower case a fixed letter, | a line break,
~ a foreign or otherwise unread sign, # a seal or emblem (or a gap), ^ small raised
characters up to the end of the line; space, - and · are separators. A pattern may end
with * and its weight. What is read are letters and digits alone.
"""

import json
import re
import string
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .words import invent_words

FORMATS_FILE = Path(__file__).parent.parent.parent / "plate-formats" / "plates.json"
MAX_CHARACTERS = 10
VANITY_SHARE = 0.14
WORD_SHARE = 0.35  # of those in one line
TWO_LINE_FACTOR = 1.75  # two-line plates are harder: show them more often than streets do
THREE_LINE_SHARE = 0.04  # motorcycles and rickshaws of many countries; numbers of three groups or runs can be set so
GROUPS, RUNS = re.compile(r"[ \-·#|^]+"), re.compile(r"[A-Z]+|[0-9]+|~+")


def region_of(code: str) -> str:
    """The country or state of a form: "br-mercosul" is of "br"."""
    return code.split("-mercos")[0]


def load_regions(path: Path = FORMATS_FILE) -> list[str]:
    """All countries and states that are rendered (weight above 0), in the order of the reader's region head."""
    return sorted({region_of(form["code"]) for form in json.loads(path.read_text()) if form["weight"] > 0})


def load_scripted_regions(path: Path = FORMATS_FILE) -> set[str]:
    """Countries of which some plates have signs that are not read."""
    forms = json.loads(path.read_text())
    return {region_of(form["code"]) for form in forms if any("~" in pattern for pattern in form["one"] + form.get("two", []))}


class PlateText(NamedTuple):
    """What a plate says: its lines with separators, and the text that is read."""

    form: dict
    lines: list[str]

    @property
    def text(self) -> str:
        return "".join(c for c in "".join(self.lines) if c.isalnum())


class Formats:
    """Chooses a country and writes a number in its format."""

    def __init__(self, path: Path = FORMATS_FILE, three_lines: float = THREE_LINE_SHARE):
        self.forms = json.loads(path.read_text())
        self.three_lines = three_lines
        weights = np.array([form["weight"] for form in self.forms], float)
        self.chances = weights / weights.sum()

    def write(self, rng: np.random.Generator) -> PlateText:
        """A number of a random country, in one to three lines."""
        form = self.forms[rng.choice(len(self.forms), p=self.chances)]
        two_lines = rng.random() < min(0.95, form.get("two_share", 0) * TWO_LINE_FACTOR)
        if rng.random() < VANITY_SHARE:
            return PlateText(form, _write_vanity(rng, two_lines))
        patterns = form["two"] if two_lines and "two" in form else form["one"]
        number = fill_pattern(rng, _choose_pattern(rng, patterns), form)
        if rng.random() < self.three_lines and (lines := _set_in_three(rng, number)):
            return PlateText(form, lines)
        return PlateText(form, number.split("|"))


def split_pattern(pattern: str) -> tuple[str, float]:
    """The marks of a pattern and its weight, 1 where it has none."""
    marks, _, weight = pattern.partition("*")
    return marks, float(weight or 1)


def fill_pattern(rng: np.random.Generator, marks: str, form: dict) -> str:
    """One text of a pattern: each place from its own set."""
    signs = {"L": form.get("letters", string.ascii_uppercase), "D": string.digits, **form.get("sets", {})}
    return "".join(_choose(rng, signs[mark]) if mark in signs else mark.upper() for mark in marks)


def _set_in_three(rng: np.random.Generator, number: str) -> list[str]:
    """The groups of a number in three lines, or nothing where it has fewer."""
    groups = [group for group in GROUPS.split(number) if group]
    if len(groups) < 3:
        groups = RUNS.findall(number)
    if len(groups) < 3:
        return []
    cuts = np.sort(rng.choice(np.arange(1, len(groups)), 2, replace=False))
    return [" ".join(part) for part in (groups[: cuts[0]], groups[cuts[0] : cuts[1]], groups[cuts[1] :])]


def _choose(rng: np.random.Generator, options):
    return options[int(rng.integers(len(options)))]


def _choose_pattern(rng: np.random.Generator, patterns: list[str]) -> str:
    weighed = [split_pattern(pattern) for pattern in patterns]
    weights = np.array([weight for _, weight in weighed])
    return weighed[int(rng.choice(len(weighed), p=weights / weights.sum()))][0]


def _write_vanity(rng: np.random.Generator, two_lines: bool) -> list[str]:
    """Any letters and digits, so that the reader learns shapes and not only formats."""
    if not two_lines and rng.random() < WORD_SHARE:
        return [_write_word(rng)]
    letter_share = rng.random()
    count = int(rng.integers(4 if two_lines else 2, 10))
    signs = [
        _choose(rng, string.ascii_uppercase if rng.random() < letter_share else string.digits)
        for _ in range(count)
    ]
    if two_lines:
        cut = int(rng.integers(1, count))
        return ["".join(signs[:cut]), "".join(signs[cut:])]
    if count > 3 and rng.random() < 0.6:
        signs.insert(int(rng.integers(1, count)), _choose(rng, " -·#"))
    return ["".join(signs)]


def _write_word(rng: np.random.Generator) -> str:
    """What owners choose: something that can be spoken, here and there a digit or a gap in it, 3 to 8 signs."""
    signs = list(invent_words(rng).replace(" ", ""))[: int(rng.integers(3, 9))]
    if rng.random() < 0.4:
        signs[int(rng.integers(len(signs)))] = _choose(rng, string.digits)
    if len(signs) > 3 and rng.random() < 0.25:
        signs.insert(int(rng.integers(1, len(signs))), _choose(rng, " -#"))
    return "".join(signs)
