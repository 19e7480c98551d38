"""Words are found as a search through all paths finds them, and strips show what is above and below a number."""

import itertools
import unittest

import numpy as np

from training.nets.reader import ALPHABET
from training.words.spot import Spotter, load_lexicon
from training.words.strips import HEIGHT, WIDTH, cut_strips


def search(word: str, chances: np.ndarray) -> float:
    """The likeliest path over any stretch of columns that collapses to the word, against the likeliest classes of that stretch."""
    best = -np.inf
    labels = [0, *{1 + ALPHABET.index(char) for char in word}]
    logs = np.log(chances) - np.log(chances).max(1, keepdims=True)
    for start, end in itertools.combinations(range(len(chances) + 1), 2):
        for path in itertools.product(labels, repeat=end - start):
            said = "".join(ALPHABET[label - 1] for label, _ in itertools.groupby(path) if label)
            if said == word:
                best = max(best, sum(logs[start + place, label] for place, label in enumerate(path)))
    return best


class WordsTest(unittest.TestCase):
    def test_words_are_found_as_by_a_search_through_all_paths(self):
        words = ["AB", "AA", "ABA"]
        chances = np.random.default_rng(4).dirichlet(np.full(37, 0.3), 6).clip(1e-6)
        found = Spotter(words).spot(chances)
        for word, ratio in zip(words, found):
            self.assertAlmostEqual(ratio, search(word, chances), places=5)

    def test_strips_are_the_upper_and_the_lower_part_of_a_plate(self):
        picture = np.zeros((100, 200, 3), np.uint8)
        picture[20:32], picture[68:80] = 200, 90  # a plate from row 20 to 80: its upper and its lower fifth
        upper, lower = cut_strips(picture, np.float32([[40, 20], [160, 20], [160, 80], [40, 80]]))
        self.assertEqual(upper.shape, (HEIGHT, WIDTH, 3))
        # Of 0.4 of the height the first 0.1 is outside the plate, the next 0.2 the bright fifth.
        self.assertTrue((upper[16:32] == 200).all() and (upper[:8] < 10).all() and (upper[44:] == 0).all())
        self.assertTrue((lower[16:32] == 90).all())

    def test_every_state_is_named_by_its_name(self):
        lexicon = load_lexicon()
        self.assertEqual(sum(code.startswith("us-") for code in lexicon), 51)
        self.assertIn("NEWHAMPSHIRE", lexicon["us-nh"])
        self.assertIn("LIVEFREEORDIE", lexicon["us-nh"])


if __name__ == "__main__":
    unittest.main()
