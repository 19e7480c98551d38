"""An ONNX graph that can be looked up by tensor and changed in place."""

from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper


class Graph:
    """Nodes by the tensors they make and take. New nodes are seen by the look-ups after `tidy`."""

    def __init__(self, model: onnx.ModelProto):
        self.model, self.proto = model, model.graph
        self._index()

    def _index(self) -> None:
        self.maker = {name: node for node in self.proto.node for name in node.output}
        self.constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in self.proto.initializer}
        self.takers: dict[str, list[onnx.NodeProto]] = {}
        for node in self.proto.node:
            for name in node.input:
                self.takers.setdefault(name, []).append(node)

    def nodes(self, kind: str) -> list[onnx.NodeProto]:
        return [node for node in self.proto.node if node.op_type == kind]

    def only_taker(self, name: str) -> onnx.NodeProto | None:
        """The node that takes a tensor, where it is one alone."""
        takers = self.takers.get(name, [])
        return takers[0] if len(takers) == 1 else None

    def constant(self, name: str, value) -> str:
        self.proto.initializer.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def add(self, kind: str, inputs: list[str], output: str, **attributes) -> str:
        """A new node with the name of its one output, which is returned."""
        self.proto.node.append(helper.make_node(kind, inputs, [output], output, **attributes))
        return output

    def cut(self, name: str, kind: int) -> onnx.ModelProto:
        """A copy that ends at one tensor, of an ONNX number type."""
        part = onnx.ModelProto()
        part.CopyFrom(self.model)
        del part.graph.output[:]
        part.graph.output.append(helper.make_tensor_value_info(name, kind, None))
        Graph(part).tidy()
        return part

    def tidy(self) -> None:
        """Drops what nothing needs and puts each node behind those it takes from."""
        needed, order, begun = {value.name for value in self.proto.output}, [], set()

        def visit(name: str) -> None:
            node = self.maker.get(name)
            if node is None or id(node) in begun:
                return
            begun.add(id(node))
            for source in node.input:
                visit(source)
            order.append(node)

        self._index()
        for name in sorted(needed):
            visit(name)
        taken = {name for node in order for name in node.input}
        constants = [tensor for tensor in self.proto.initializer if tensor.name in taken]
        proto = self.proto
        for field, values in ((proto.node, order), (proto.initializer, constants), (proto.value_info, [])):
            kept = [type(value).FromString(value.SerializeToString()) for value in values]
            del field[:]
            field.extend(kept)
        self._index()


def attribute(node: onnx.NodeProto, name: str):
    """The value of an attribute, or None."""
    return next((helper.get_attribute_value(value) for value in node.attribute if value.name == name), None)


def set_attributes(node: onnx.NodeProto, **values) -> None:
    kept = [value for value in node.attribute if value.name not in values]
    del node.attribute[:]
    node.attribute.extend(kept + [helper.make_attribute(name, value) for name, value in values.items()])


def read_graph(path: Path) -> Graph:
    return Graph(onnx.load(str(path)))
