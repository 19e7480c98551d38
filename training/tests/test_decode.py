"""Decoding, geometry and the detector's targets."""

import unittest

import numpy as np
import torch

from training.data.crops import start_top_left
from training.detector.picture import Target, TrainingPicture
from training.detector.targets import make_maps
from training.nets.decode import decode_ctc, decode_slots, intersection_over_union, suppress
from training.nets.detector import Detector, DetectorGraph
from training.nets.reader import Reader, ReaderGraph
from training.photo.warp import expand_quad, quad_of_box


def one_hot(indices: list[int]) -> np.ndarray:
    return np.eye(37, dtype=np.float32)[indices]


class Decoding(unittest.TestCase):
    def test_ctc_collapses_repeats_and_keeps_doubles_apart(self):
        self.assertEqual(decode_ctc(one_hot([0, 11, 11, 0, 11, 2, 2, 0])).text, "AA1")

    def test_slots_leave_empty_places_out(self):
        self.assertEqual(decode_slots(one_hot([36, 1, 10, 0, 0])).text, "Z09")

    def test_overlap_of_shifted_squares(self):
        self.assertAlmostEqual(float(intersection_over_union(np.float32([0, 0, 2, 2]), [[1, 0, 3, 2]])[0]), 1 / 3)

    def test_suppression_keeps_the_stronger_of_two(self):
        rows = np.zeros((3, 14), np.float32)
        rows[:, :5] = [[0, 0, 10, 10, 0.9], [1, 0, 11, 10, 0.8], [50, 50, 60, 60, 0.7]]
        self.assertEqual(suppress(rows)[:, 0].tolist(), [0, 50])


class Geometry(unittest.TestCase):
    def test_a_corner_list_from_the_bottom_left_is_rolled(self):
        quad = quad_of_box((0, 0, 100, 30))
        self.assertEqual(start_top_left(np.roll(quad, 1, axis=0)).tolist(), quad.tolist())
        self.assertEqual(start_top_left(quad).tolist(), quad.tolist())

    def test_margins_are_fractions_of_the_quad(self):
        grown = expand_quad(quad_of_box((0, 0, 100, 40)), 0.03, 0.05)
        np.testing.assert_allclose(grown[[0, 2]], [[-3, -2], [103, 42]], atol=1e-4)

    def test_a_plate_peaks_in_the_cell_of_its_centre(self):
        quad = quad_of_box((100, 60, 180, 84))
        nowhere = np.zeros((288, 384), bool)
        picture = TrainingPicture(np.zeros((288, 384, 3), np.uint8), nowhere, [Target(quad, 1.0)], nowhere, [])
        maps = make_maps(picture)
        self.assertEqual(np.unravel_index(maps.heat.argmax(), maps.heat.shape), (9, 17))
        self.assertEqual(maps.box[9, 17].tolist(), [100, 60, 180, 84])


class Shapes(unittest.TestCase):
    def test_the_graphs_have_the_promised_outputs(self):
        with torch.no_grad():
            found = DetectorGraph(Detector().eval())(torch.zeros(2, 64, 96, 3, dtype=torch.uint8))
            answers = ReaderGraph(Reader(regions=5).eval())(torch.zeros(3, 64, 128, 3, dtype=torch.uint8))
        self.assertEqual(tuple(found.shape), (2, 100, 14))
        self.assertEqual([tuple(answer.shape) for answer in answers], [(3, 10, 37), (3, 64, 37), (3, 5), (3, 1), (3, 1), (3, 1)])
        for probabilities in answers[:3]:
            torch.testing.assert_close(probabilities.sum(-1), torch.ones(probabilities.shape[:-1]))


if __name__ == "__main__":
    unittest.main()
