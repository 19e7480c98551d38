"""Exports trained weights as a model folder: ONNX, model.json and golden tensors.

Figures, threshold and temperature come afterwards: python -m training.evaluate <task> --write

Examples:
  python -m training.export read --checkpoint training/work/reader/last.pt --version 0.2.0
  python -m training.export detect --checkpoint training/work/detector/last.pt --version 0.2.0 \\
      --init training/work/detector-0.1.0.pt --init-name "alpr-detect 0.1.0"
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from .nets.detector import Detector, DetectorGraph
from .nets.reader import Reader, ReaderGraph
from .nets.vehicles import Vehicles, VehiclesGraph
from .package.about import describe_start, describe_training
from .package.golden import read_rgb, write_golden
from .package.golden_pictures import render_golden
from .package.manifest import build_manifest, write_manifest
from .package.onnx_file import IO, TOLERANCE, largest_difference, time_session, write_onnx
from .package.small import rewrite_golden, store_in_half
from .plates.formats import load_regions
from .render import DATA


def make_reader() -> Reader:
    return Reader(len(load_regions()))


def load_graph(task: str, checkpoint: Path) -> torch.nn.Module:
    """The network with the averaged weights of a checkpoint, wrapped for export."""
    nets = {"detect": (Detector, DetectorGraph), "vehicles": (Vehicles, VehiclesGraph), "read": (make_reader, ReaderGraph)}
    make, wrap = nets[task]
    net = make()
    saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
    net.load_state_dict(saved["weights"])
    return wrap(net).eval()


def export(task: str, checkpoint: Path, models: Path, about: dict) -> Path:
    """Writes models/alpr-<task> and returns the folder; fails if ONNX differs from PyTorch."""
    graph = load_graph(task, checkpoint)
    folder = models / f"alpr-{task}"
    model, golden = folder / "model.onnx", folder / "golden"
    write_onnx(graph, task, model)
    write_golden(task, lambda pictures: _run(graph, pictures), f"torch {torch.__version__.split('+')[0]}", golden)
    pictures = np.stack([read_rgb(path) for path in sorted(golden.glob("input*.png"))])
    difference = largest_difference(graph, model, pictures)
    least, median = time_session(model, (1, *IO[task]["example"][1:]))
    print(f"{model}: {model.stat().st_size} bytes, differs from PyTorch by {difference:.1e}")
    print(f"one thread: least {least:.2f} ms, median {median:.2f} ms")
    if difference > TOLERANCE:
        raise SystemExit(f"expected at most {TOLERANCE}: not shipped")
    if task == "vehicles":
        store_in_half(model, model)
        rewrite_golden(model, task)
    write_manifest(folder, build_manifest(task, model, about))
    return folder


def _run(graph: torch.nn.Module, pictures: np.ndarray) -> tuple[np.ndarray, ...]:
    with torch.no_grad():
        outputs = graph(torch.from_numpy(pictures))
    return tuple(output.numpy() for output in (outputs if isinstance(outputs, tuple) else (outputs,)))


def gather_about(options: argparse.Namespace) -> dict:
    """Version, origin and data of the new model; score and temperature of the old until measured."""
    written = options.models / f"alpr-{options.task}" / "model.json"
    old = json.loads(written.read_text()) if written.exists() else {}
    return {
        "version": options.version,
        "score": old.get("thresholds", {}).get("score", 0.5),
        "temperature": old.get("calibration", {}).get("temperature", 1),
        "initialised_from": describe_start(options.init, options.init_name),
        **describe_training(options.task, options.checkpoint, options.data, options.trained_with),
        "metrics": [],
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("task", choices=["detect", "read", "vehicles"])
    parser.add_argument("--checkpoint", type=Path, required=True, help="what a training command saved")
    parser.add_argument("--version", required=True, help="of the model, e.g. 0.2.0")
    parser.add_argument("--init", type=Path, help="the weights the run began with (default: random)")
    parser.add_argument("--init-name", default="", help="what they are, for model.json")
    parser.add_argument("--trained-with", help="the training command with its options, for model.json")
    parser.add_argument("--data", type=Path, default=DATA, help="data root (default: ../shared/data)")
    parser.add_argument("--models", type=Path, default=Path("models"), help="default: models")
    options = parser.parse_args()
    torch.set_num_threads(1)
    golden = options.models / f"alpr-{options.task}" / "golden"
    if not any(golden.glob("input*.png")):
        render_golden(options.task, golden, options.data / "fonts")
    export(options.task, options.checkpoint, options.models, gather_about(options))


if __name__ == "__main__":
    main()
