"""What the vehicle network's pictures and losses hold."""

import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import torch
from torch import nn

from training.data.scenes import Scene
from training.nets.vehicles import CLASSES, Vehicles, VehiclesGraph, decode_rows, find_rows, make_cells
from training.package.onnx_file import largest_difference, write_onnx
from training.recover import measure_norms
from training.vehicles.loss import assign, vehicle_loss
from training.vehicles.pictures import Photo, VehiclePictures

CAR, UNKNOWN = 0, -1


def answer(size, cell: int, box, kind: int) -> torch.Tensor:
    """Raw rows of one picture in which one cell alone answers, with this box and class."""
    corners, strides = make_cells(*size)
    raw = torch.full((len(corners), 5 + CLASSES), -8.0)
    raw[:, :2], raw[:, 2:4] = 0, -4
    x0, y0, x1, y1 = box
    middle = torch.tensor([(x0 + x1) / 2, (y0 + y1) / 2])
    raw[cell, :2] = (middle - corners[cell]) / strides[cell]
    raw[cell, 2:4] = (torch.tensor([x1 - x0, y1 - y0]) / strides[cell]).log()
    raw[cell, 4] = raw[cell, 5 + kind] = 8
    return raw


class VehiclesTest(unittest.TestCase):
    size = 64, 96
    box = 16.0, 16.0, 48.0, 48.0
    cell = 12 * 4 + 4  # of stride 8: its corner is at 32, 32

    def test_a_row_gives_the_box_it_was_made_of(self):
        rows = answer(self.size, self.cell, self.box, CAR)
        self.assertTrue(torch.allclose(decode_rows(rows, *make_cells(*self.size))[self.cell], torch.tensor(self.box), atol=1e-3))

    def test_the_cell_that_sees_the_vehicle_answers_for_it(self):
        rows = answer(self.size, self.cell, self.box, CAR)
        corners, strides = make_cells(*self.size)
        known = torch.tensor([[*self.box, CAR]])
        found = decode_rows(rows, corners, strides)
        cells, owners = assign(found, rows[:, 4], rows[:, 5:], known, corners + strides / 2, strides)
        self.assertEqual((cells.tolist(), owners.tolist()), ([self.cell], [0]))

    def test_a_wrong_name_costs_unless_the_class_is_unknown(self):
        rows = answer(self.size, self.cell, self.box, CAR + 1)[None]
        losses = [
            vehicle_loss(rows, self.size, [torch.tensor([[*self.box, kind]])], [torch.zeros(0, 4)]).name
            for kind in (CAR + 1, CAR, UNKNOWN)
        ]
        self.assertLess(float(losses[0]), 0.01)
        self.assertGreater(float(losses[1]), 5)
        self.assertEqual(float(losses[2]), 0)

    def test_an_answer_where_nobody_looked_costs_nothing(self):
        rows = answer(self.size, self.cell, self.box, CAR)[None]
        nothing = torch.zeros(0, 5)
        costs = [
            float(vehicle_loss(rows, self.size, [nothing], [ignored]).there)
            for ignored in (torch.zeros(0, 4), torch.tensor([self.box]))
        ]
        self.assertGreater(costs[0], 7)
        self.assertLess(costs[1], 0.2)

    def test_boxes_follow_the_picture(self):
        pixels = np.zeros((100, 200, 3), np.uint8)
        pixels[20:60, 40:100] = 255
        source = VehiclePictures({"one": [Scene("nowhere.png", "one", "train", [], [])]}, {"one": 1.0})
        source.photos["nowhere.png"] = Photo(pixels, np.float32([[40, 20, 100, 60, 0]]), np.zeros((0, 4), np.float32))
        for seed in range(20):
            draw = (source.draw, source.draw_four)[seed % 2]
            drawn = draw(np.random.default_rng(seed), (320, 192))
            self.assertEqual(drawn.pixels.shape, (192, 320, 3))
            for x0, y0, x1, y1, _ in drawn.vehicles.astype(int):
                inside = drawn.pixels[y0 + 2 : y1 - 2, x0 + 2 : x1 - 2].astype(float)
                self.assertGreater(inside.mean(), drawn.pixels.min() + 20)

    def test_norms_measured_anew_change_no_answer_and_normalise_what_they_measured(self):
        torch.manual_seed(1)
        net, picture = Vehicles().eval(), np.random.default_rng(1).integers(0, 256, (64, 96, 3), np.uint8)
        pixels = torch.from_numpy(picture[None]).permute(0, 3, 1, 2).float()
        with torch.no_grad():
            before = net(pixels)
            measure_norms(net, [picture])
            after = net(pixels)
            net.train()
            trained = net(pixels)
        self.assertLess(float((after - before).abs().max()), 1e-4)
        self.assertLess(float((trained - before).abs().max()), 1e-2)

    def test_the_exported_file_has_the_norms_folded(self):
        torch.manual_seed(2)
        net = Vehicles()
        for module in net.modules():
            if isinstance(module, nn.BatchNorm2d):
                for tensor in (module.running_mean, module.bias.data):
                    tensor.normal_(0, 0.2)
                for tensor in (module.running_var, module.weight.data):
                    tensor.uniform_(0.5, 2)
        graph = VehiclesGraph(net).eval()
        with TemporaryDirectory() as folder:
            file = Path(folder) / "model.onnx"
            write_onnx(graph, "vehicles", file)
            kinds = {node.op_type for node in onnx.load(file).graph.node}
            difference = largest_difference(graph, file, np.random.default_rng(2).integers(0, 256, (1, 64, 96, 3), np.uint8))
        self.assertNotIn("BatchNormalization", kinds)
        self.assertLess(difference, 1e-4)

    def test_layers_left_as_they_are_keep_their_norms(self):
        net = Vehicles()
        net.freeze_fine()
        before = net.stem[1].running_mean.clone(), net.stage3[0][0][1].running_mean.clone()
        net(torch.rand(2, 3, 64, 64) * 255)
        self.assertTrue(torch.equal(net.stem[1].running_mean, before[0]))
        self.assertFalse(torch.equal(net.stage3[0][0][1].running_mean, before[1]))

    def test_it_takes_any_multiple_of_32(self):
        rows = find_rows(Vehicles().eval(), np.zeros((1, 64, 96, 3), np.uint8))
        self.assertEqual(rows.shape, (1, 12 * 8 + 6 * 4 + 3 * 2, 14))


if __name__ == "__main__":
    unittest.main()
