"""Graphs rewritten for speed answer as before, and only what can be rewritten is."""

import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from training.package.onnx_file import open_session
from training.package.quicken import quicken


class Builder:
    """A graph of quantised layers, put together node by node."""

    def __init__(self, scale: float):
        self.random = np.random.default_rng(3)
        self.nodes, self.constants = [], []
        self.last = self.node("Transpose", [self.node("Cast", ["image"], to=TensorProto.FLOAT)], perm=[0, 3, 1, 2])
        scaled = self.node("Mul", [self.last, self.value(np.float32(1 / 64))])
        self.last = self.node("Add", [scaled, self.value(np.float32(-2))])
        self.quantise(scale, 128)

    def node(self, kind: str, inputs: list[str], **attributes) -> str:
        name = f"{kind}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name, **attributes))
        return name

    def value(self, value) -> str:
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def quantise(self, scale: float, zero: int) -> None:
        ends = [self.value(np.float32(scale)), self.value(np.uint8(zero))]
        self.last = self.node("DequantizeLinear", [self.node("QuantizeLinear", [self.last, *ends]), *ends])

    def convolve(self, inputs: int, outputs: int, stride: int) -> None:
        weights = self.random.integers(-63, 64, (outputs, inputs, 3, 3)).astype(np.int8)
        scales = self.random.uniform(0.002, 0.01, outputs).astype(np.float32)
        bias = self.random.integers(-999, 999, outputs).astype(np.int32)
        opened = [self.open(weights, scales), self.open(bias, scales / 64)]
        self.last = self.node("Conv", [self.last, *opened], kernel_shape=[3, 3], strides=[stride, stride], pads=[1] * 4)
        self.quantise(0.05, 40)

    def open(self, numbers: np.ndarray, steps: np.ndarray) -> str:
        zeros = self.value(np.zeros(len(numbers), numbers.dtype))
        return self.node("DequantizeLinear", [self.value(numbers), self.value(steps), zeros], axis=0)

    def double(self, mode: str) -> None:
        place = {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        self.last = self.node("Resize", [self.last, "", self.value(np.float32([1, 1, 2, 2]))], mode=mode, **place)
        self.quantise(0.05, 40)

    def write(self, path: Path) -> None:
        sizes = ["n", "height", "width"]
        given = helper.make_tensor_value_info("image", TensorProto.UINT8, [*sizes, 3])
        asked = helper.make_tensor_value_info(self.last, TensorProto.FLOAT, ["n", "c", "h", "w"])
        graph = helper.make_graph(self.nodes, "net", [given], [asked], self.constants)
        onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), str(path))


def rewrite(builder: Builder) -> tuple[list[str], float]:
    """The operators of the rewritten graph, and how far its answer to a picture of another size moved."""
    picture = np.random.default_rng(5).integers(0, 256, (2, 32, 96, 3), dtype=np.uint8)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        builder.write(path)
        before = open_session(path).run(None, {"image": picture})[0]
        quicken(path)
        after = open_session(path).run(None, {"image": picture})[0]
        kinds = [node.op_type for node in onnx.load(str(path)).graph.node]
    return kinds, float(np.abs(before - after).max())


class Quickening(unittest.TestCase):
    def test_bytes_go_in_as_they_are_and_doubling_is_copying(self):
        builder = Builder(1 / 64)
        builder.convolve(3, 8, 2)
        builder.convolve(8, 12, 2)
        builder.double("nearest")
        kinds, moved = rewrite(builder)
        self.assertEqual(moved, 0)
        self.assertFalse({"Cast", "Resize"} & set(kinds))
        self.assertEqual(kinds.count("Conv"), 2)

    def test_a_picture_whose_steps_are_not_bytes_is_still_quantised(self):
        builder = Builder(1 / 63)
        builder.convolve(3, 8, 2)
        kinds, moved = rewrite(builder)
        self.assertEqual(moved, 0)
        self.assertIn("Cast", kinds)

    def test_layers_that_are_no_such_layers_stay(self):
        builder = Builder(1 / 64)
        builder.convolve(3, 8, 1)
        builder.double("linear")
        kinds, moved = rewrite(builder)
        self.assertEqual(moved, 0)
        self.assertIn("Resize", kinds)
        self.assertNotIn("Reshape", kinds)


if __name__ == "__main__":
    unittest.main()
