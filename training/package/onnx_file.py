"""Writes an ONNX graph, proves it equal to PyTorch and times it."""

import time
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

OPSET = {"detect": 17, "read": 20, "vehicles": 17}  # 20 has GELU as one operator
TOLERANCE = 2e-3  # boxes are pixels, the rest probabilities

IO = {
    "detect": {
        "inputs": ["image"],
        "outputs": ["detections"],
        "example": (1, 384, 640, 3),
        "axes": {"image": {0: "n", 1: "height", 2: "width"}, "detections": {0: "n"}},
    },
    "vehicles": {
        "inputs": ["image"],
        "outputs": ["rows"],
        "example": (1, 256, 416, 3),
        "axes": {"image": {0: "n", 1: "height", 2: "width"}, "rows": {0: "n", 1: "cells"}},
    },
    "read": {
        "inputs": ["plates"],
        "outputs": ["slots", "ctc", "regions", "legibility", "whole", "unread"],
        "example": (2, 64, 128, 3),
        "axes": {name: {0: "n"} for name in ("plates", "slots", "ctc", "regions", "legibility", "whole", "unread")},
    },
}


def write_onnx(graph: torch.nn.Module, task: str, path: Path) -> None:
    """Exports with constants folded and checks the file."""
    io = IO[task]
    path.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            graph.eval(),
            (torch.zeros(io["example"], dtype=torch.uint8),),
            str(path),
            input_names=io["inputs"],
            output_names=io["outputs"],
            dynamic_axes=io["axes"],
            opset_version=OPSET[task],
            do_constant_folding=True,
            dynamo=False,
        )
    onnx.checker.check_model(onnx.load(str(path)))


def open_session(model: Path | bytes) -> onnxruntime.InferenceSession:
    """One thread, CPU: the way it is timed and compared."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    source = model if isinstance(model, bytes) else str(model)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def largest_difference(graph: torch.nn.Module, path: Path, pictures: np.ndarray) -> float:
    """The largest absolute difference between PyTorch and ONNX Runtime on uint8 pictures."""
    session = open_session(path)
    found = session.run(None, {session.get_inputs()[0].name: pictures})
    with torch.no_grad():
        expected = graph(torch.from_numpy(pictures))
    expected = expected if isinstance(expected, tuple) else (expected,)
    return max(_difference(a.numpy(), b) for a, b in zip(expected, found))


def _difference(expected: np.ndarray, found: np.ndarray) -> float:
    if expected.shape[-1] == 14:  # detections: only rows that matter; weak ties may swap places
        strong = expected[..., 4] > 0.05
        return float(np.abs(expected - found)[strong].max(initial=0))
    return float(np.abs(expected - found).max())


def time_session(path: Path, shape: tuple, runs: int = 40) -> tuple[float, float]:
    """Least and median milliseconds of one run on random uint8 pictures of a shape."""
    session = open_session(path)
    name = session.get_inputs()[0].name
    pictures = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    times = []
    for _ in range(runs + 5):
        start = time.perf_counter()
        session.run(None, {name: pictures})
        times.append((time.perf_counter() - start) * 1000)
    return min(times[5:]), float(np.median(times[5:]))
