"""The licence wall, the split and the formats."""

import json
import string
import unittest
from pathlib import Path

import numpy as np

from training.data.sets import SETS, require_train
from training.data.split import bucket, is_text_held_out
from training.plates.formats import FORMATS_FILE, MAX_CHARACTERS, fill_pattern, split_pattern

MARKS = set("LD #-·~|^")


class Rules(unittest.TestCase):
    def test_measure_only_sets_are_refused(self):
        for name in ("det-ocr-french", "det-egypt-motorcycle", "ocr-us-states", "ocr-br", "ocr-eu-twoline", "ocr-ar"):
            with self.assertRaises(ValueError, msg=name):
                require_train(name)

    def test_training_sets_carry_a_licence(self):
        for entry in SETS.values():
            if entry.trains:
                self.assertNotIn("GPL", entry.licence)
                self.assertNotEqual(entry.licence, "none stated")

    def test_held_out_texts_are_those_of_the_md5_rule(self):
        self.assertEqual(bucket("ABC123"), int("bbf2dead374654cbb32a917afd236656", 16) % 100)
        held = sum(is_text_held_out(f"{number:04d}") for number in range(10_000))
        self.assertAlmostEqual(held / 10_000, 0.15, delta=0.01)

    def test_formats_use_known_marks_and_fit_ten_places(self):
        forms = json.loads(Path(FORMATS_FILE).read_text())
        codes = [form["code"] for form in forms]
        self.assertEqual(len(codes), len(set(codes)))
        self.assertEqual(sum(code.startswith("us-") for code in codes), 51)
        for form in forms:
            sets = form.get("sets", {})
            for pattern in form["one"] + form.get("two", []):
                marks, weight = split_pattern(pattern)
                longest = sum(max(len(word) for word in sets.get(sign, "x")) for sign in marks if sign.isalnum())
                self.assertLessEqual(longest, MAX_CHARACTERS, (form["code"], pattern))
                self.assertGreater(weight, 0, (form["code"], pattern))
                self.assertFalse(set(marks) - MARKS - set(sets) - set(string.ascii_lowercase + string.digits), (form["code"], pattern))
            for pattern in form.get("two", []):
                self.assertEqual(pattern.count("|"), 1, form["code"])

    def test_texts_obey_the_set_of_each_place(self):
        form = {"letters": "AB", "sets": {"N": "1", "P": ["XY", "Z"]}}
        texts = {fill_pattern(np.random.default_rng(seed), "P-N|Lq", form) for seed in range(40)}
        self.assertEqual(texts, {"XY-1|AQ", "XY-1|BQ", "Z-1|AQ", "Z-1|BQ"})


if __name__ == "__main__":
    unittest.main()
