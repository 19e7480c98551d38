"""Takes zeros around a picture into the layers that follow: padding of its own is a copy between fast layers.

Where the padded values are never below 0 (behind a ReLU), maxima of 2x2 neighbours become one MaxPool, too.
"""

from pathlib import Path

import numpy as np
import onnx

from .onnx_graph import Graph, attribute, read_graph, set_attributes


def merge_padding(path: Path) -> None:
    """Rewrites a float file in place: zeros at the lower and right edge go into convolutions and maxima."""
    graph = read_graph(path)
    found = [_merge(graph, node, pads) for node in graph.nodes("Pad") if (pads := _read_edges(graph, node)) is not None]
    if found:
        graph.tidy()
        onnx.save(graph.model, str(path))


def _read_edges(graph: Graph, node: onnx.NodeProto) -> list[int] | None:
    """Rows below and columns to the right, where there are zeros nowhere else."""
    pads = graph.constants.get(node.input[1])
    value = node.input[2] if len(node.input) > 2 else ""
    zeros = value == "" or not np.any(graph.constants.get(value, 1))
    if attribute(node, "mode") != b"constant" or not zeros or pads is None or len(pads) != 8 or pads[:6].any():
        return None
    return [0, 0, int(pads[6]), int(pads[7])]


def _merge(graph: Graph, pad: onnx.NodeProto, edges: list[int]) -> None:
    source, takers = pad.input[0], graph.takers[pad.output[0]]
    for layer in takers:
        if layer.op_type == "Conv" and not any(attribute(layer, "pads") or [0]):
            set_attributes(layer, pads=edges)
            layer.input[0] = source
    rows = _find_maximum(graph, pad.output[0])
    both = rows and _find_maximum(graph, rows)
    if both and edges == [0, 0, 1, 1] and graph.maker[source].op_type == "Relu":
        pool = graph.add("MaxPool", [source], f"{both}.pool", kernel_shape=[2, 2], strides=[1, 1], pads=edges)
        for taker in graph.takers[both]:
            taker.input[:] = [pool if name == both else name for name in taker.input]


def _find_maximum(graph: Graph, name: str) -> str | None:
    """The maximum of all but the last and all but the first of one axis."""
    slices = [node for node in graph.takers[name] if node.op_type == "Slice"]
    maxima = {node.output[0] for piece in slices for node in graph.takers[piece.output[0]] if node.op_type == "Max"}
    spans = sorted([graph.constants[end].tolist() for end in node.input[1:3]] for node in slices)
    whole = len(slices) == 2 and spans[0] == [[0], [-1]] and spans[1][0] == [1] and spans[1][1][0] > 2**31
    return maxima.pop() if whole and len(maxima) == 1 else None
