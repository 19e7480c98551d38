"""Zeros at the edges go into the layers, and nothing else changes."""

import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
import torch
from onnxruntime.quantization.shape_inference import quant_pre_process

from training.nets.lcnet import Stem
from training.package.merge_padding import merge_padding
from training.package.onnx_file import open_session


class Merging(unittest.TestCase):
    def test_the_stem_answers_the_same_bits_without_padding_and_slices(self):
        torch.manual_seed(1)
        picture = np.random.default_rng(2).normal(size=(2, 3, 16, 32)).astype(np.float32)
        with tempfile.TemporaryDirectory() as folder:
            raw, path = Path(folder) / "raw.onnx", Path(folder) / "model.onnx"
            axes = {"x": {0: "n"}, "y": {0: "n"}}
            names = {"input_names": ["x"], "output_names": ["y"], "dynamic_axes": axes, "opset_version": 20}
            torch.onnx.export(Stem().eval(), (torch.from_numpy(picture),), str(raw), dynamo=False, **names)
            quant_pre_process(str(raw), str(path), skip_symbolic_shape=True)
            before = open_session(path).run(None, {"x": picture})[0]
            merge_padding(path)
            after = open_session(path).run(None, {"x": picture})[0]
            kinds = {node.op_type for node in onnx.load(str(path)).graph.node}
        self.assertTrue(np.array_equal(before, after))
        self.assertFalse({"Pad", "Slice", "Max"} & kinds)
        self.assertIn("MaxPool", kinds)


if __name__ == "__main__":
    unittest.main()
