"""What is left of plates that are cut or covered, and what training is told of them."""

import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from training.glyphs.die import make_die_face
from training.learn.run import Run, Schedule
from training.photo.hide import Cut, Rest, cover_scene, cut_picture, end_crop, judge, shares_after_cover, shares_after_cut
from training.plates.formats import GROUPS, _set_in_three
from training.plates.layout import letter_plate
from training.plates.lettering import Style
from training.plates.sheet import Sheet
from training.reader.batches import encode_labels
from training.reader.loss import reader_loss

BOXES = np.float32([[10, 20, 30, 60], [40, 20, 60, 60], [70, 20, 90, 60]])  # in a crop of 100 x 80


class Hiding(unittest.TestCase):
    def test_an_edge_takes_the_characters_beyond_it(self):
        for side, place, expected in ((0, 0.35, [0, 1, 1]), (1, 0.35, [1, 1, 0]), (0, 0.5, [0, 0.5, 1]), (2, 0.5, [0.5] * 3), (3, 0.1, [1, 1, 1])):
            shares = shares_after_cut(BOXES, (100, 80), Cut(side, place, 0.0, 1.0))
            np.testing.assert_allclose(shares, expected, atol=1e-5, err_msg=f"{side} {place}")

    def test_the_missing_part_is_the_last_column_over_and_over_or_is_not_there(self):
        picture = np.repeat(np.arange(100, dtype=np.uint8)[None, :, None], 40, 0).repeat(3, 2)
        extended = cut_picture(picture, Cut(0, 0.3, 0.0, 1.0))
        self.assertEqual(extended.shape, picture.shape)
        self.assertTrue((extended[:, :30] == 30).all())
        self.assertTrue((extended[:, 30:] == picture[:, 30:]).all())
        self.assertTrue(np.array_equal(cut_picture(picture, Cut(1, 0.3, 0.0, 0.0)), picture[:, :70]))
        self.assertEqual(cut_picture(picture, Cut(2, 0.25, 0.0, 0.0)).shape, (30, 100, 3))

    def test_a_slanted_edge_takes_more_below(self):
        upper, lower = np.float32([[20, 0, 30, 10]]), np.float32([[20, 70, 30, 80]])
        cut = Cut(0, 0.25, 0.3, 1.0)
        self.assertGreater(shares_after_cut(upper, (100, 80), cut)[0], shares_after_cut(lower, (100, 80), cut)[0])

    def test_a_cover_is_counted_where_it_lies(self):
        cover = np.zeros((80, 100), np.float32)
        cover[:, 35:50] = 1
        np.testing.assert_allclose(shares_after_cover(BOXES, cover), [1, 0.5, 1])

    def test_something_is_put_before_the_scene_where_the_cover_says(self):
        rng = np.random.default_rng(0)
        for _ in range(20):
            scene = np.full((48, 120, 3), 77, np.uint8)
            cover = cover_scene(rng, scene, None)
            self.assertEqual(cover.where.shape, (48, 120))
            self.assertTrue((scene[cover.where == 0] == 77).all())

    def test_the_crop_of_what_stands_beside_a_cover_ends_near_it(self):
        rng, picture = np.random.default_rng(0), np.zeros((40, 100, 3), np.uint8)
        for side, axis, full in ((0, 1, 100), (1, 1, 100), (2, 0, 40), (3, 0, 40)):
            left = [end_crop(rng, picture, Cut(side, 0.3, 0.0, 1.0)).shape[axis] / full for _ in range(50)]
            self.assertAlmostEqual(np.mean(left), 0.73, delta=0.02)

    def test_what_is_left_is_said_only_where_somebody_could_say_it(self):
        self.assertEqual(judge("ABC", np.array([1.0, 0.9, 1.0])), Rest("ABC", True))
        self.assertEqual(judge("ABC", np.array([0.0, 1.0, 1.0])), Rest("BC", False))
        self.assertEqual(judge("ABC", np.array([0.4, 1.0, 1.0])), Rest(None, False))
        self.assertEqual(judge("ABC", np.array([0.7, 1.0, 1.0])), Rest(None, None))


class Lettering(unittest.TestCase):
    def setUp(self):
        self.style = Style(make_die_face(3), 0.0, 8.0, True, 1.2)

    def test_the_text_of_a_plate_is_that_of_its_boxes_row_by_row(self):
        sheet = Sheet(180, 150, np.full(3, 222.0), np.zeros(3), 3)
        line = letter_plate(sheet, ["AB", "12 3", "CD"], {"code": "in"}, self.style, np.random.default_rng(0))
        self.assertEqual(line.text, "AB123CD")
        rows = [[sign.y0 for sign in line.signs[a:b]] for a, b in ((0, 2), (2, 5), (5, 7))]
        self.assertLess(max(rows[0]), min(rows[1]))
        self.assertLess(max(rows[1]), min(rows[2]))
        for sign in line.signs:
            inside = sheet.mask[round(sign.y0) : round(sign.y1), round(sign.x0) : round(sign.x1)]
            self.assertGreater(inside.max(), 0.9, sign)

    def test_stacked_signs_are_read_upper_first_and_never_more_than_ten_in_all(self):
        stacked = 0
        for seed in range(300):
            sheet = Sheet(280, 140, np.full(3, 222.0), np.zeros(3), 1)
            line = letter_plate(sheet, ["ABC 1234"], {"code": "us-fl", "extras": ["us", "stacked"]}, self.style, np.random.default_rng(seed))
            self.assertLessEqual(len(line.text), 10)
            height = max(sign.y1 - sign.y0 for sign in line.signs)
            small = [sign for sign in line.signs if sign.y1 - sign.y0 < height * 0.6]
            stacked += bool(small)
            for upper, lower in zip(small[::2], small[1::2]):
                self.assertLess(upper.y0, lower.y0)
        self.assertTrue(60 < stacked < 150, stacked)

    def test_three_lines_keep_the_order_of_the_groups(self):
        rng = np.random.default_rng(2)
        for number in ("MH 12 AB-1234", "AA 123|BB", "AB12CD"):
            lines = _set_in_three(rng, number)
            self.assertEqual(len(lines), 3)
            self.assertEqual("".join(lines).replace(" ", ""), GROUPS.sub("", number))
        self.assertEqual(_set_in_three(rng, "AB 123"), [])


class Learning(unittest.TestCase):
    def test_witnesses_learn_from_what_is_known_of_them_alone(self):
        labels = [{"text": "AB12", "whole": True}, {"text": "", "legible": False, "whole": False, "unread": None}, {"text": "C3", "unread": True}]
        truth = encode_labels(labels, ["de"])
        np.testing.assert_array_equal(truth.witnesses.numpy(), [[1, np.nan], [0, np.nan], [np.nan, 1]])
        outputs = tuple(torch.zeros(3, *shape, requires_grad=True) for shape in ((10, 37), (64, 37), (1,), (1,), (1,), (1,)))
        reader_loss(outputs, truth).total.backward()
        self.assertEqual((outputs[4].grad[:, 0] != 0).tolist(), [True, True, False])
        self.assertEqual((outputs[5].grad[:, 0] != 0).tolist(), [False, False, True])

    def test_an_answer_with_fewer_characters_than_the_text_leaves_something_unread(self):
        labels = [{"text": "AB12", "whole": True, "unread": unread} for unread in (False, False, None)]
        truth = encode_labels(labels, ["de"])
        outputs = [torch.zeros(3, *shape, requires_grad=True) for shape in ((10, 37), (64, 37), (1,), (1,), (1,), (1,))]
        slots = torch.zeros(3, 10, 37)
        slots[:, :, 0], slots[0, torch.arange(4), truth.classes[0, :4]] = 1, 2
        slots[1, torch.arange(3), truth.classes[1, :3]] = 2
        reader_loss((slots, *outputs[1:]), truth).total.backward()
        self.assertEqual(torch.sign(outputs[5].grad[:, 0]).tolist(), [1, -1, 0])

    def test_a_call_ends_after_its_stretch_and_the_run_does_not(self):
        with tempfile.TemporaryDirectory() as folder:
            run = Run(torch.nn.Linear(2, 1), Schedule(1e-3, 1000.0, 0.5, stretch=0.0), Path(folder) / "last.pt")
            self.assertTrue(run.is_over)
            run.save()
            longer = Run(torch.nn.Linear(2, 1), Schedule(1e-3, 1000.0, 0.5, stretch=60.0), Path(folder) / "last.pt")
            self.assertTrue(longer.resume())
            self.assertFalse(longer.is_over)

    def test_where_the_witnesses_alone_learn_every_other_weight_stays(self):
        with tempfile.TemporaryDirectory() as folder:
            net = torch.nn.ModuleDict({"trunk": torch.nn.Linear(2, 2), "witness_layer": torch.nn.Linear(2, 1)})
            before = {name: value.clone() for name, value in net.state_dict().items()}
            run = Run(net, Schedule(1e-2, 1000.0, 0.5, only="witness"), Path(folder) / "last.pt")
            run.learn(net["witness_layer"](net["trunk"](torch.ones(3, 2))).sum(), 3)
            for weights in (net.state_dict(), run.average.state_dict()):
                changed = {name for name, value in weights.items() if not torch.equal(value, before[name])}
                self.assertEqual(changed, {"witness_layer.weight", "witness_layer.bias"})


if __name__ == "__main__":
    unittest.main()
