"""Writes a copy of an ONNX network that computes in float: TensorRT takes no int8 with an offset. Needs onnx and numpy.

usage: python3 to-float.py model.onnx float.onnx
"""

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def widen(graph):
    """Leaves out QuantizeLinear and DequantizeLinear, between which values are only moved, and turns int8 weights into float32."""
    weights = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    same, quantised, kept, widened = {}, set(), [], []
    for node in graph.node:
        if node.op_type == "QuantizeLinear" and _cuts_negatives(node, weights):
            kept.append(helper.make_node("Relu", [node.input[0]], [node.output[0]]))
        elif node.op_type == "QuantizeLinear" or (node.op_type == "DequantizeLinear" and node.input[0] in quantised):
            same[node.output[0]] = node.input[0]
        elif node.op_type != "DequantizeLinear":
            kept.append(node)
        elif node.input[0] in weights:
            widened.append(numpy_helper.from_array(_widen_weight(node, weights), node.output[0]))
        else:
            kept.extend(_widen_bytes(node, weights, widened))
        if node.op_type == "QuantizeLinear" or (node.op_type != "DequantizeLinear" and quantised & set(node.input)):
            quantised.update(node.output)
    for node in kept:
        for place, name in enumerate(node.input):
            while name in same:
                name = same[name]
            node.input[place] = name
    used = {name for node in kept for name in node.input}
    left = [one for one in [*graph.initializer, *widened] if one.name in used]
    del graph.node[:], graph.initializer[:]
    graph.node.extend(kept)
    graph.initializer.extend(left)


def _cuts_negatives(node, weights):
    """Whether its steps begin at 0, so that it does what a Relu before it did."""
    zero = weights[node.input[2]]
    return zero.dtype == np.uint8 and not zero.any()


def _widen_weight(node, weights):
    scale, zero = _read_steps(node, weights)
    values = weights[node.input[0]].astype(np.float32)
    if scale.ndim == 1:
        axis = next((one.i for one in node.attribute if one.name == "axis"), 1)
        sizes = [-1 if place == axis % values.ndim else 1 for place in range(values.ndim)]
        scale, zero = scale.reshape(sizes), zero.reshape(sizes)
    return (values - zero) * scale


def _widen_bytes(node, weights, constants):
    """The picture itself, which comes as bytes."""
    [name] = node.output
    scale, zero = _read_steps(node, weights)
    constants += [numpy_helper.from_array(scale, name + "_scale"), numpy_helper.from_array(zero, name + "_zero")]
    return [
        helper.make_node("Cast", [node.input[0]], [name + "_cast"], to=TensorProto.FLOAT),
        helper.make_node("Sub", [name + "_cast", name + "_zero"], [name + "_moved"]),
        helper.make_node("Mul", [name + "_moved", name + "_scale"], [name]),
    ]


def _read_steps(node, weights):
    scale = weights[node.input[1]].astype(np.float32)
    return scale, weights[node.input[2]].astype(np.float32) if len(node.input) > 2 else np.zeros_like(scale)


if __name__ == "__main__":
    network = onnx.load(sys.argv[1])
    widen(network.graph)
    onnx.checker.check_model(network)
    onnx.save(network, sys.argv[2])
