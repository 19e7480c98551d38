"""Rewrites a quantised graph into an equal one that ONNX Runtime runs faster. Every step keeps each bit of the answers.

- Bytes in: where quantising the normalised picture gives its own bytes back, they go to the network as they are.
- Blocks: int8 convolutions are slow on the three channels of a picture. Four neighbouring pixels of a row are twelve
  channels of one wider pixel, and a kernel of two such pixels makes two pixels of the next layer at once.
- Doubling: a picture at twice the size is its rows and columns twice, which is copying; Resize looks up each number.

Example:
  python -m training.package.quicken models/alpr-detect
"""

import argparse
import json
from pathlib import Path

import numpy as np
import onnx

from .manifest import file_sha256, write_manifest
from .onnx_file import IO, open_session
from .onnx_graph import Graph, attribute, read_graph, set_attributes

BLOCK = 4  # pixels that become one; blocks of 2 or 8 are slower
TO_ROWS, TO_PLANES = [0, 2, 3, 1], [0, 3, 1, 2]


def quicken(path: Path) -> None:
    """Rewrites a file in place where there is anything to rewrite; ValueError if an answer to random pictures changes."""
    graph = read_graph(path)
    before = path.read_bytes()
    if not any([_feed_bytes(graph), _widen_first_layer(graph), _double_by_copying(graph)]):
        return
    onnx.checker.check_model(graph.model)
    after = graph.model.SerializeToString()
    _refuse_change(before, after, graph.proto.input[0].name)
    path.write_bytes(after)


def _refuse_change(before: bytes, after: bytes, name: str) -> None:
    count, *shape = next(io["example"] for io in IO.values() if io["inputs"] == [name])
    for example in ([count, *shape], [count + 1, *shape]):
        pictures = np.random.default_rng(0).integers(0, 256, example, dtype=np.uint8)
        answers = [open_session(model).run(None, {name: pictures}) for model in (before, after)]
        if not all(np.array_equal(old, new) for old, new in zip(*answers)):
            raise ValueError(f"The rewritten graph answers otherwise for {name} {example}; expected the same bits.")


def _feed_bytes(graph: Graph) -> bool:
    name = graph.proto.input[0].name
    quantised, node = None, graph.only_taker(name)
    while node is not None and node.op_type != "Conv":
        if node.op_type == "QuantizeLinear":
            quantised = node
        node = graph.only_taker(node.output[0])
    if quantised is None:
        return False
    start = graph.cut(quantised.output[0], onnx.TensorProto.UINT8)
    every = np.arange(16 * 16 * 3, dtype=np.uint8).reshape(1, 16, 16, 3)
    found = open_session(start.SerializeToString()).run(None, {name: every})[0]
    if not np.array_equal(found, every.transpose(TO_PLANES)):
        return False
    planes = graph.add("Transpose", [name], "bytes", perm=TO_PLANES)
    for taker in graph.takers[quantised.output[0]]:
        taker.input[0] = planes
    graph.tidy()
    return True


def _widen_first_layer(graph: Graph) -> bool:
    name = graph.proto.input[0].name
    turned = graph.only_taker(name)
    opened = turned and graph.only_taker(turned.output[0])
    layer = opened and graph.only_taker(opened.output[0])
    closed = layer and graph.only_taker(layer.output[0])
    if closed is None or (layer.op_type, closed.op_type) != ("Conv", "QuantizeLinear"):
        return False
    weights, bias = (graph.maker[source] for source in layer.input[1:])
    kernel = graph.constants[weights.input[0]]
    steps = attribute(layer, "strides"), attribute(layer, "pads")
    if kernel.shape[1:] != (3, 3, 3) or steps != ([2, 2], [1, 1, 1, 1]):
        return False
    made = BLOCK // 2
    weights.input[0] = graph.constant("blocks.weights", _spread_kernel(kernel))
    bias.input[0] = graph.constant("blocks.bias", np.tile(graph.constants[bias.input[0]], made))
    for node in (weights, bias):
        for index in (1, 2):
            repeated = np.tile(graph.constants[node.input[index]], made)
            node.input[index] = graph.constant(f"{node.name}.{index}", repeated)
    set_attributes(layer, kernel_shape=[3, 2], strides=[2, 1], pads=[1, 1, 0, 0])
    channels, outputs = np.array([0, 0, -1, 3 * BLOCK]), np.array([0, 0, -1, len(kernel)])
    blocks = graph.add("Reshape", [name, graph.constant("blocks.shape", channels)], "blocks")
    opened.input[0] = graph.add("Transpose", [blocks], "blocks.planes", perm=TO_PLANES)
    rows = graph.add("Transpose", [closed.output[0]], "pixels.rows", perm=TO_ROWS)
    pixels = graph.add("Reshape", [rows, graph.constant("pixels.shape", outputs)], "pixels")
    planes = graph.add("Transpose", [pixels], "pixels.planes", perm=TO_PLANES)
    for taker in graph.takers[closed.output[0]]:
        taker.input[0] = planes
    graph.tidy()
    return True


def _spread_kernel(kernel: np.ndarray) -> np.ndarray:
    """[outputs, 3, 3, 3] for pixels to [outputs x 2, 12, 3, 2] for blocks: the left of the two is the block before."""
    outputs, colours, height, width = kernel.shape
    made = BLOCK // 2
    spread = np.zeros((made, outputs, BLOCK, colours, height, 2), kernel.dtype)
    for pixel in range(made):
        for column in range(width):
            place = 2 * pixel + column - 1  # from the block's first pixel; -1 is the last of the block before
            spread[pixel, :, place % BLOCK, :, :, int(place >= 0)] = kernel[..., column]
    return spread.reshape(made * outputs, BLOCK * colours, height, 2)


def gather_kernel(spread: np.ndarray) -> np.ndarray:
    """The kernel [outputs, 3, 3, 3] for pixels that `quicken` spread over blocks."""
    made = BLOCK // 2
    kernel = spread.reshape(made, len(spread) // made, BLOCK, -1, spread.shape[2], 2)[0]
    columns = [kernel[:, place % BLOCK, :, :, int(place >= 0)] for place in (-1, 0, 1)]
    return np.stack(columns, -1)


def _double_by_copying(graph: Graph) -> bool:
    found = False
    for node in graph.nodes("Resize"):
        opened, closed = graph.maker[node.input[0]], graph.only_taker(node.output[0])
        if closed is None or (opened.op_type, closed.op_type) != ("DequantizeLinear", "QuantizeLinear"):
            continue
        ends = zip(opened.input[1:], closed.input[1:])
        same = all(np.array_equal(graph.constants[a], graph.constants[b]) for a, b in ends)
        if not same or not _doubles(graph, node):
            continue
        found, name = True, node.name
        rows = graph.add("Transpose", [opened.input[0]], f"{name}.rows", perm=TO_ROWS)
        columns = graph.add("Concat", [rows, rows], f"{name}.columns", axis=3)
        flat_shape = graph.constant(f"{name}.flat.shape", np.array([0, 0, 1, -1]))
        flat = graph.add("Reshape", [columns, flat_shape], f"{name}.flat")
        twice = graph.add("Concat", [flat, flat], f"{name}.twice", axis=2)
        shape = graph.add("Shape", [rows], f"{name}.shape")
        size = graph.add("Mul", [shape, graph.constant(f"{name}.factors", np.array([1, 2, 2, 1]))], f"{name}.size")
        doubled = graph.add("Reshape", [twice, size], f"{name}.doubled")
        planes = graph.add("Transpose", [doubled], f"{name}.planes", perm=TO_PLANES)
        for taker in graph.takers[closed.output[0]]:
            taker.input[0] = planes
    graph.tidy()
    return found


def _doubles(graph: Graph, node: onnx.NodeProto) -> bool:
    kind = [attribute(node, name) for name in ("mode", "nearest_mode", "coordinate_transformation_mode")]
    scales = graph.constants.get(node.input[2])
    return kind == [b"nearest", b"floor", b"asymmetric"] and scales is not None and scales.tolist() == [1, 1, 2, 2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="of a model.json and its quantised model.onnx, rewritten in place")
    folder = parser.parse_args().folder
    manifest = json.loads((folder / "model.json").read_text())
    model = folder / manifest["file"]
    quicken(model)
    write_manifest(folder, {**manifest, "sha256": file_sha256(model), "bytes": model.stat().st_size})


if __name__ == "__main__":
    main()
