"""Reads weights back out of an exported graph, by the PyTorch names that its nodes and constants still carry."""

import numpy as np

from .onnx_graph import Graph, attribute
from .quicken import gather_kernel

NETWORK = "/net/"
LAYERS = "Conv", "MatMul", "Gemm"


def read_layers(graph: Graph) -> dict[str, tuple[np.ndarray, np.ndarray | None]]:
    """Weight and bias, as PyTorch lays them out, of each convolution and linear layer by its module's name."""
    found = {}
    for node in graph.proto.node:
        if not node.name.startswith(NETWORK) or node.op_type not in LAYERS:
            continue
        scopes = node.name.removeprefix(NETWORK).split("/")[:-1]
        weight = read_constant(graph, node.input[1])
        if not scopes or weight is None:
            continue
        bias = read_constant(graph, node.input[2]) if len(node.input) > 2 else _added_constant(graph, node.output[0])
        if node.op_type == "MatMul" or (node.op_type == "Gemm" and not attribute(node, "transB")):
            weight = weight.T
        if attribute(node, "kernel_shape") == [3, 2]:
            weight, bias = gather_kernel(weight), bias[: len(bias) // 2]
        found[module_name(scopes)] = weight, bias
    return found


def module_name(scopes: list[str]) -> str:
    """The scopes of a node's name as a module's name: trunk, blocks, blocks.3, spread is trunk.blocks.3.spread."""
    names: list[str] = []
    for scope, before in zip(scopes, [None, *scopes]):
        names.append(scope.removeprefix(f"{before}.") if before else scope)
    return ".".join(names)


def read_parameter(graph: Graph, name: str) -> np.ndarray | None:
    """A constant that kept the name of a parameter of its own."""
    return read_constant(graph, f"net.{name}")


def read_constant(graph: Graph, name: str) -> np.ndarray | None:
    """A constant, or one that is stored in few bits and spread when the file runs; None for what is computed."""
    if name in graph.constants:
        return graph.constants[name]
    node = graph.maker.get(name)
    if node is not None and node.op_type == "Identity":  # equal constants are stored once
        return read_constant(graph, node.input[0])
    if node is None or node.op_type not in ("DequantizeLinear", "Cast") or node.input[0] not in graph.constants:
        return None
    stored = graph.constants[node.input[0]]
    if node.op_type == "Cast":
        return stored.astype(np.float32)
    scale, zero = (graph.constants[source] for source in node.input[1:])
    if scale.ndim:
        shape = [1] * stored.ndim
        shape[attribute(node, "axis") if attribute(node, "axis") is not None else 1] = -1
        scale, zero = scale.reshape(shape), zero.reshape(shape)
    return (stored.astype(np.float64) - zero).astype(np.float32) * scale


def _added_constant(graph: Graph, name: str) -> np.ndarray | None:
    """What is added to a product, whether or not it passes through 8 bits on its way."""
    for node in graph.takers.get(name, []):
        if node.op_type == "Add":
            constants = [value for source in node.input if (value := read_constant(graph, source)) is not None]
            return constants[0] if constants else None
        if node.op_type in ("QuantizeLinear", "DequantizeLinear"):
            return _added_constant(graph, node.output[0])
    return None
