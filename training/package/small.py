"""Smaller copies of an exported network: int8 and weights of 16 bits."""

import json
import tempfile
from pathlib import Path
from typing import Callable

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from .golden import write_golden
from .merge_padding import merge_padding
from .manifest import file_sha256, write_manifest
from .onnx_file import open_session
from .quicken import quicken

LEAST_STORED = 64  # numbers: smaller constants stay as they are


def refuse_quantised(model: Path) -> None:
    """Ends the program where the float32 file was expected."""
    if any(node.op_type == "QuantizeLinear" for node in onnx.load(str(model)).graph.node):
        raise SystemExit(f"{model} is quantised already; expected the float32 file of python -m training.export")


def write_int8(
    model: Path, target: Path, samples: CalibrationDataReader, choose: Callable[[onnx.ModelProto], list[str]]
) -> None:
    """Writes a copy in which the nodes that `choose` names compute in int8: static QDQ, 7-bit weights per channel."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(model), str(prepared), skip_symbolic_shape=True)
        merge_padding(prepared)
        quantize_static(
            str(prepared),
            str(target),
            samples,
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            nodes_to_quantize=choose(onnx.load(str(prepared))),
            calibrate_method=CalibrationMethod.MinMax,
        )
    quicken(target)


def store_in_half(model: Path, target: Path) -> None:
    """Writes a copy whose weights take 16 bits each; a Cast widens them when the file is loaded."""
    network = onnx.load(str(model))
    casts = []
    for tensor in network.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype == np.float32 and values.size >= LEAST_STORED:
            name = tensor.name
            tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
            casts.append(helper.make_node("Cast", [f"{name}.half"], [name], f"{name}.widen", to=TensorProto.FLOAT))
    for cast in reversed(casts):
        network.graph.node.insert(0, cast)
    onnx.checker.check_model(network)
    onnx.save(network, str(target))


def ship(model: Path, int8: Path, figures: list[dict], command: str) -> None:
    """model.onnx becomes the int8 network, with its hash, figures and golden answers; the float32 file is not kept."""
    int8.replace(model)
    manifest = json.loads((model.parent / "model.json").read_text())
    others = [row for row in manifest["metrics"] if row["command"] != command]
    changed = {"sha256": file_sha256(model), "bytes": model.stat().st_size, "metrics": others + figures}
    write_manifest(model.parent, {**manifest, **changed})
    rewrite_golden(model, manifest["task"])


def rewrite_golden(model: Path, task: str) -> None:
    """Golden answers as Python's ONNX Runtime computes them from the shipped file."""
    session = open_session(model)
    name = session.get_inputs()[0].name
    runtime = f"onnxruntime {onnxruntime.__version__} (Python)"
    write_golden(task, lambda pictures: session.run(None, {name: pictures}), runtime, model.parent / "golden")
