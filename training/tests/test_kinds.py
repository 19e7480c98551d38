"""Kinds of rendered plates are what they are called, and what is counted of them is what a user meets."""

import unittest

import numpy as np

from training.measure.kinds import Shown, is_of_kind, score_kind
from training.measure.pairs import count_pairs, name_strays, tabulate_pairs
from training.nets.reader import ALPHABET
from training.plates.lettering import Sign
from training.plates.plate import Plate

CROP = np.zeros((64, 128, 3), np.uint8)


def answer(texts: list[str], whole: list[float]) -> dict[str, np.ndarray]:
    """Both heads sure of the same texts."""
    slots, ctc = np.full((len(texts), 10, 37), 1e-6, np.float32), np.full((len(texts), 64, 37), 1e-6, np.float32)
    for row, text in enumerate(texts):
        classes = [ALPHABET.index(sign) + 1 for sign in text]
        slots[row, np.arange(10), classes + [0] * (10 - len(text))] = 1
        ctc[row, np.arange(64), [c for sign in classes for c in (sign, 0)] + [0] * (64 - 2 * len(text))] = 1
    return {"slots": slots, "ctc": ctc, "whole": np.float32(whole)[:, None], "unread": np.zeros((len(texts), 1), np.float32)}


class Kinds(unittest.TestCase):
    def test_a_sure_text_of_half_a_plate_is_wrong_unless_the_reader_doubts_it(self):
        shown = [Shown(CROP, "AB123", "B123", False), Shown(CROP, "CD456", "D456", False), Shown(CROP, "EF7", "EF7", False)]
        given = answer(["B123", "D456", "EF7"], [0.1, 0.99, 0.99])
        scores = score_kind(lambda pictures: given, shown, 1.0)
        self.assertAlmostEqual(scores["exact"], 1 / 3)
        self.assertAlmostEqual(scores["exact, what is left"], 1.0)
        self.assertAlmostEqual(scores["wrong at 0.9"], 2 / 3)
        self.assertAlmostEqual(scores["wrong at 0.9, with doubt"], 1 / 3)
        self.assertAlmostEqual(scores["said to be whole"], 2 / 3)

    def test_files_without_the_witnesses_are_measured_without_them(self):
        given = answer(["AB1"], [1.0])
        scores = score_kind(lambda pictures: {"slots": given["slots"], "ctc": given["ctc"]}, [Shown(CROP, "AB1", "AB1", False)], 1.0)
        self.assertEqual(set(scores), {"exact", "exact, what is left", "wrong at 0.9"})

    def test_look_alikes_are_counted_both_ways_and_where_the_lengths_agree(self):
        said, truths = ["A80", "AB0", "O0", "8", "XT"], ["AB0", "A80", "00", "BB", "XK"]
        counted = count_pairs(said, truths)
        self.assertEqual(counted["8B"], (2, 2))
        self.assertEqual(counted["0O"], (1, 4))
        self.assertEqual(counted["2Z"], (0, 0))
        self.assertEqual(name_strays(said, truths), [("K>T", 1)])

    def test_the_table_of_pairs_leaves_out_what_is_confused_once(self):
        sets = {"die fe": (2, {"8B": (2, 1500), "0O": (1, 4)}), "din": (1, {"8B": (0, 0), "0O": (1, 3)})}
        rows = ["| | texts | 8/B |", "|---|---|---|", "| die fe | 2 | 2 of 1,500 |", "| din | 1 | – |"]
        self.assertEqual(tabulate_pairs(sets).split("\n"), rows)

    def test_a_stack_is_told_by_its_small_signs(self):
        row = tuple(Sign("A", x, 10, x + 10, 50) for x in (10, 30, 50))
        stack = (Sign("B", 70, 10, 80, 28), Sign("C", 70, 32, 80, 50))
        plain, stacked = Plate(CROP, "AAA", 1, "de", signs=row), Plate(CROP, "AAABC", 1, "de", signs=row + stack)
        self.assertEqual([is_of_kind(plain, kind) for kind in ("whole", "stacked", "three lines")], [True, False, False])
        self.assertEqual([is_of_kind(stacked, kind) for kind in ("whole", "stacked", "three lines")], [False, True, False])


if __name__ == "__main__":
    unittest.main()
