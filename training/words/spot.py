"""Words of a closed list among the columns of a CTC network, as in src/vision/words/spot-words.ts."""

import json
from pathlib import Path

import numpy as np

from ..nets.reader import ALPHABET
from ..plates.formats import FORMATS_FILE

LEAST = 1e-6
LEAST_LETTERS = 4


def load_lexicon(path: Path = FORMATS_FILE) -> dict[str, list[str]]:
    """The letters and digits of all words that tell a region, by its code."""
    forms = [form for form in json.loads(Path(path).read_text()) if form.get("says")]
    spelt = {form["code"]: [_spell(word) for word in [form["name"], *form["says"]]] for form in forms}
    return {code: [word for word in words if len(word) >= LEAST_LETTERS] for code, words in spelt.items()}


def _spell(word: str) -> str:
    return "".join(char for char in word.upper() if char in ALPHABET)


class Spotter:
    """Finds all words at once: the likeliest CTC path of each, wherever it begins, against the likeliest of all."""

    def __init__(self, words: list[str]):
        states = max(2 * len(word) - 1 for word in words)
        self.labels = np.zeros((len(words), states), int)
        self.skips = np.zeros((len(words), states), bool)
        self.last = np.array([2 * len(word) - 2 for word in words])
        for row, word in enumerate(words):
            for place, char in enumerate(word):
                self.labels[row, 2 * place] = 1 + ALPHABET.index(char)
                self.skips[row, 2 * place] = place > 0 and word[place - 1] != char

    def spot(self, chances: np.ndarray) -> np.ndarray:
        """Probabilities [columns, 37] to a logarithm, 0 and below, for each word."""
        logs = np.log(np.maximum(chances, LEAST))
        logs -= logs.max(1, keepdims=True)
        paths = np.full(self.labels.shape, -np.inf)
        best = np.full(len(self.labels), -np.inf)
        rows = np.arange(len(self.labels))
        for column in logs:
            before = paths.copy()
            paths[:, 1:] = np.maximum(paths[:, 1:], before[:, :-1])
            paths[:, 2:] = np.maximum(paths[:, 2:], np.where(self.skips[:, 2:], before[:, :-2], -np.inf))
            paths[:, 0] = np.maximum(paths[:, 0], 0)
            paths += column[self.labels]
            best = np.maximum(best, paths[rows, self.last])
        return best
