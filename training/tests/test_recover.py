"""A network comes back out of its ONNX file."""

import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import CalibrationDataReader

from training.nets.decode import decode_slots
from training.nets.detector import Detector, DetectorGraph
from training.nets.reader import Reader, ReaderGraph
from training.package.golden import read_rgb
from training.package.onnx_file import open_session, write_onnx
from training.package.onnx_weights import module_name
from training.package.quicken import _spread_kernel, gather_kernel
from training.package.small import write_int8
from training.plates.formats import load_regions
from training.quantise import _choose_nodes
from training.recover import measure_norms, recover

READER = Path("models/alpr-read/model.onnx")


class Noise(CalibrationDataReader):
    """Two random pictures."""

    def __init__(self):
        pictures = np.random.default_rng(1).integers(0, 256, (2, 1, 64, 96, 3), dtype=np.uint8)
        self.pictures = iter(pictures)

    def get_next(self):
        picture = next(self.pictures, None)
        return None if picture is None else {"image": picture}


def make_detector() -> Detector:
    """Random weights, and batch norms as if they had been trained."""
    torch.manual_seed(2)
    net = Detector().eval()
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.normal_(module.running_mean, 0, 0.3)
            torch.nn.init.uniform_(module.running_var, 0.5, 2)
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.normal_(module.bias, 0, 0.3)
    return net


class Recovering(unittest.TestCase):
    def test_the_names_of_nodes_are_those_of_modules(self):
        self.assertEqual(module_name(["trunk", "blocks", "blocks.3", "spread"]), "trunk.blocks.3.spread")
        self.assertEqual(module_name(["stage3", "stage3.1", "first", "first.0"]), "stage3.1.first.0")

    def test_a_kernel_spread_over_blocks_is_gathered_again(self):
        kernel = np.random.default_rng(0).normal(size=(5, 3, 3, 3))
        self.assertTrue(np.array_equal(gather_kernel(_spread_kernel(kernel)), kernel))

    def test_a_float_reader_comes_back_to_the_bit(self):
        torch.manual_seed(1)
        net, other = Reader(7).eval(), Reader(7).eval()
        with tempfile.TemporaryDirectory() as folder:
            write_onnx(ReaderGraph(net), "read", Path(folder) / "model.onnx")
            self.assertEqual(recover(other, Path(folder) / "model.onnx"), [])
        for (name, expected), found in zip(net.state_dict().items(), other.state_dict().values()):
            self.assertTrue(torch.equal(expected, found), name)

    def test_an_int8_detector_comes_back_within_its_rounding(self):
        net, other = make_detector(), Detector().eval()
        with tempfile.TemporaryDirectory() as folder:
            model, small = Path(folder) / "model.onnx", Path(folder) / "small.onnx"
            write_onnx(DetectorGraph(net), "detect", model)
            write_int8(model, small, Noise(), _choose_nodes)
            self.assertEqual(recover(other, small), [])
        picture = np.random.default_rng(4).integers(0, 256, (64, 96, 3), dtype=np.uint8)
        pixels = torch.from_numpy(picture[None]).permute(0, 3, 1, 2).float()
        with torch.no_grad():
            expected, found = net(pixels), other(pixels)
            measure_norms(other, [picture])
            again = other(pixels)
            batch = other.train()(pixels)
        for one, two, three, four in zip(expected, found, again, batch):
            self.assertLess(float((one - two).norm() / one.norm()), 0.06)
            torch.testing.assert_close(two, three, atol=1e-3, rtol=1e-3)
            torch.testing.assert_close(two, four, atol=2e-2, rtol=2e-2)

    def test_a_file_of_another_network_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            write_onnx(ReaderGraph(Reader(7).eval()), "read", Path(folder) / "model.onnx")
            with self.assertRaises(ValueError):
                recover(Reader(9), Path(folder) / "model.onnx")

    def test_the_shipped_reader_comes_back_and_reads_as_before(self):
        net = Reader(len(load_regions())).eval()
        recover(net, READER)
        pictures = np.stack([read_rgb(path) for path in sorted((READER.parent / "golden").glob("input_*.png"))])
        with torch.no_grad():
            slots = ReaderGraph(net)(torch.from_numpy(pictures))[0].numpy()
        expected = open_session(READER).run(["slots"], {"plates": pictures})[0]
        self.assertLess(np.abs(slots - expected).max(), 0.02)
        self.assertEqual([decode_slots(s).text for s in slots], [decode_slots(s).text for s in expected])


if __name__ == "__main__":
    unittest.main()
