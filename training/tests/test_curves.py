"""Curves of what reading bears: the same plates at each level, and a picture of the figures."""

import unittest
import xml.etree.ElementTree as ET

import cv2
import numpy as np

from training.curves import draw_svg
from training.measure.curves import CURVES, show
from training.plates.lettering import Sign
from training.plates.plate import Plate

BACKGROUND = np.random.default_rng(0).integers(0, 256, (300, 400, 3), dtype=np.uint8)


def make_plate() -> Plate:
    picture = np.full((60, 240, 3), 230, np.uint8)
    for x in range(20, 220, 20):
        picture[12:48, x : x + 8] = 20
    return Plate(picture, "A", 1, "de", signs=(Sign("A", 20, 12, 28, 48),))


def measure_detail(crop: np.ndarray) -> float:
    """Mean step from pixel to pixel in the middle of a crop."""
    return float(np.abs(np.diff(crop[20:44, 20:108].astype(float), axis=1)).mean())


class Curves(unittest.TestCase):
    def test_a_crop_of_a_level_is_the_same_each_time(self):
        for curve in CURVES:
            one, two = (show(make_plate(), BACKGROUND, curve.fault, curve.levels[3], 5) for _ in range(2))
            self.assertEqual(one.shape, (64, 128, 3))
            self.assertTrue(np.array_equal(one, two), curve.fault)

    def test_faults_take_detail_or_light_as_they_grow(self):
        for fault in ("small", "out of focus", "turned"):
            levels = next(curve.levels for curve in CURVES if curve.fault == fault)
            first, last = (measure_detail(show(make_plate(), BACKGROUND, fault, level, 1)) for level in (levels[0], levels[-1]))
            self.assertLess(last, 0.75 * first, fault)
        bright, dark = (show(make_plate(), BACKGROUND, "dark", level, 1).mean() for level in (1, 0.06))
        self.assertLess(dark, 0.15 * bright)
        burnt = cv2.cvtColor(show(make_plate(), BACKGROUND, "burnt out", 4, 1), cv2.COLOR_RGB2GRAY)
        self.assertGreater((burnt > 180).mean(), 0.3)

    def test_a_post_covers_its_share_of_the_plate_and_nothing_else(self):
        clear, covered = (show(make_plate(), BACKGROUND, "covered", level, 2).astype(int) for level in (0, 0.3))
        changed = (np.abs(clear - covered).max(2) > 40).mean(0) > 0.5
        self.assertTrue(0.2 < changed.mean() < 0.4, changed.mean())

    def test_the_picture_has_two_lines_of_each_reader_in_every_panel(self):
        rates = {curve.fault: {name: [{"exact": 1.0, "wrong at 0.9": 0.0}] * len(curve.levels) for name in ("a", "b")} for curve in CURVES}
        lines = ET.fromstring(draw_svg(rates)).iter("{http://www.w3.org/2000/svg}polyline")
        self.assertEqual(len(list(lines)), 4 * len(CURVES))


if __name__ == "__main__":
    unittest.main()
