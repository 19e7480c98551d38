"""Pictures that are little more than a plate."""

import unittest

import cv2
import numpy as np

from training.data.scenes import EXACT, KnownPlate, Scene
from training.detector import picture as pictures
from training.detector.geometry import place_close_up
from training.detector.picture import PictureSource
from training.measure.chain import cut_close
from training.photo.warp import quad_of_box

BOX = np.float32([200, 150, 300, 180])


def make_scene() -> Scene:
    return Scene("nowhere.png", "det-openlpr", "train", [KnownPlate(BOX, quad_of_box(BOX), EXACT)], [])


class Cutting(unittest.TestCase):
    def test_a_close_up_is_cut_around_the_box_and_ends_at_the_picture(self):
        picture = np.arange(100 * 200, dtype=np.int32).reshape(100, 200, 1)
        cut, box = cut_close(picture, np.float32([20, 10, 60, 30]), 0.5)
        self.assertEqual(cut.shape, (40, 80, 1))
        self.assertEqual(cut[0, 0, 0], 0)
        self.assertEqual(box.tolist(), [20, 10, 60, 30])
        cut, box = cut_close(picture, np.float32([100, 50, 140, 70]), 0.0)
        self.assertEqual(cut.shape, (20, 40, 1))
        self.assertEqual(box.tolist(), [0, 0, 40, 20])


class CloseUps(unittest.TestCase):
    def test_the_plate_fills_most_of_the_part_that_is_filled(self):
        rng = np.random.default_rng(0)
        for size in ((384, 288), (640, 480)):
            for _ in range(50):
                place, (wide, tall) = place_close_up(rng, make_scene(), 1.0, (544, 408), size)
                quad = place.map_quad(quad_of_box(BOX))
                self.assertTrue(wide == size[0] or tall == size[1])
                self.assertGreater(np.ptp(quad[:, 0]) / wide, 1 / 1.65)
                self.assertGreater(quad.min(), -0.05 * wide)
                self.assertTrue((quad.max(0) < np.array([wide, tall]) * 1.05).all())
                self.assertAlmostEqual(np.ptp(quad[:, 0]) / np.ptp(quad[:, 1]), 100 / 30, delta=0.05)

    def test_what_the_photograph_does_not_fill_is_grey_and_the_plate_is_asked_for(self):
        source = PictureSource({"det-openlpr": [make_scene()]}, {"det-openlpr": 1.0}, None, (384, 288), 0.0)
        photo = np.zeros((408, 544, 3), np.uint8)
        cv2.rectangle(photo, (200, 150), (299, 179), (255, 255, 255), -1)
        source.photos["nowhere.png"] = photo, 1.0
        blank = pictures.TrainingPicture(
            np.full((288, 384, 3), 114, np.uint8), np.zeros((288, 384), bool), [], np.zeros((288, 384), bool), []
        )
        rng, pictures.CLOSE_UP_REPLACED_SHARE = np.random.default_rng(1), 0.0
        try:
            source._place_close_up(blank, rng)
        finally:
            pictures.CLOSE_UP_REPLACED_SHARE = 0.6
        (target,) = blank.targets
        x0, y0, x1, y1 = target.box.round().astype(int)
        self.assertGreater(blank.pixels[max(y0, 0) + 3 : y1 - 3, max(x0, 0) + 3 : x1 - 3].mean(), 250)
        self.assertTrue((blank.pixels[-20:] == 114).all())


if __name__ == "__main__":
    unittest.main()
