"""Light, colours and noise as cameras make them."""

import unittest

import numpy as np

from training.compare_looks import measure_look
from training.photo.degrade import blur_by_motion
from training.photo.sensor import bend_tones, burn_out, see_mosaic


def draw_strokes() -> np.ndarray:
    """White ground of 190 with upright strokes of 20, 6 px wide and 18 px apart."""
    light = np.full((48, 180, 3), 190, np.float32)
    for x in range(12, 170, 18):
        light[8:40, x : x + 6] = 20
    return light


class Sensors(unittest.TestCase):
    def test_too_much_light_whitens_the_ground_and_thins_the_strokes(self):
        rng, light = np.random.default_rng(1), draw_strokes()
        for _ in range(10):
            burnt, kept = burn_out(rng, light)
            self.assertTrue(0 < kept <= 1)
            self.assertTrue(0 <= burnt.min() and burnt.max() <= 255)
            middle = (burnt.min() + burnt.max()) / 2
            self.assertLessEqual((burnt[24, 6:174, 1] < middle).sum(), (light[24, 6:174, 1] < 105).sum())

    def test_a_mosaic_keeps_a_grey_picture_grey_and_noise_grows_with_the_light(self):
        rng = np.random.default_rng(2)
        still = see_mosaic(rng, np.full((40, 60, 3), 120, np.float32), 0.0)
        np.testing.assert_allclose(still, 120)
        dark, bright = (see_mosaic(rng, np.full((40, 60, 3), level, np.float32), 6.0).std() for level in (20, 200))
        self.assertGreater(bright, 1.5 * dark)

    def test_a_mosaic_takes_a_picture_of_odd_size(self):
        self.assertEqual(see_mosaic(np.random.default_rng(0), np.zeros((31, 77, 3), np.float32), 1.0).shape, (31, 77, 3))

    def test_a_tone_curve_keeps_the_order_of_levels_and_the_ends(self):
        rng, ramp = np.random.default_rng(3), np.arange(256, dtype=np.float32)
        for _ in range(20):
            curve = bend_tones(rng, ramp)
            self.assertTrue((np.diff(curve) >= -1e-3).all())
            np.testing.assert_allclose(curve[[0, 255]], [0, 255], atol=1e-3)

    def test_a_long_motion_keeps_the_light_and_smears_as_far_as_it_says(self):
        point = np.zeros((41, 41), np.float32)
        point[20, 20] = 100
        for length in (1.5, 8.0, 15.0):
            smeared = blur_by_motion(np.random.default_rng(4), point, length)
            self.assertAlmostEqual(float(smeared.sum()), 100, delta=0.1)
            wide, tall = (int((smeared > 1e-3).any(axis).sum()) for axis in (0, 1))
            self.assertAlmostEqual(np.hypot(wide, tall), length + 1, delta=2.5)

    def test_looks_are_told_apart(self):
        strokes = draw_strokes()[:, :128].astype(np.uint8)
        look, flat = measure_look(strokes), measure_look(np.full((64, 128, 3), 255, np.uint8))
        self.assertGreater(look["contrast"], 50)
        self.assertEqual(flat["burnt out (share of 250 and more)"], 1)
        self.assertLess(look["level over upright edges"], 0.5)
        self.assertEqual(look["colour (mean spread of channels)"], 0)


if __name__ == "__main__":
    unittest.main()
