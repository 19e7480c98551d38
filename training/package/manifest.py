"""model.json: what a model expects, where it comes from, how well it was measured."""

import hashlib
import json
from pathlib import Path

from ..data.sets import SETS, labels_sha256
from ..nets.reader import ALPHABET
from ..plates.formats import load_regions

INPUTS = {
    "detect": {"name": "image", "type": "uint8", "layout": "NHWC", "channels": "RGB", "width": 640, "height": 384},
    "read": {"name": "plates", "type": "uint8", "layout": "NHWC", "channels": "RGB", "width": 128, "height": 64},
    "vehicles": {
        **{"name": "image", "type": "uint8", "layout": "NHWC", "channels": "RGB", "width": 416, "height": 256},
        **{"sizes": "dynamic", "letterbox": {"resample": "area"}},
    },
}
OUTPUTS = {
    "detect": [{"name": "detections", "shape": [-1, 100, 14]}],
    "read": [
        {"name": "slots", "shape": [-1, 10, 37]},
        {"name": "ctc", "shape": [-1, 64, 37]},
        {"name": "regions", "shape": [-1, len(load_regions())]},
        {"name": "legibility", "shape": [-1, 1]},
        {"name": "whole", "shape": [-1, 1]},
        {"name": "unread", "shape": [-1, 1]},
    ],
    "vehicles": [{"name": "rows", "shape": [-1, -1, 9]}],
}
READ_CROP = {"margin_x": 0.03, "margin_y": 0.05}
IOU = {"detect": 0.4, "vehicles": 0.6}
CLASSES = ["plate", "car", "truck", "bus", "motorcycle"]


def file_sha256(path: Path) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def describe_data(root: Path, counts: dict[str, int], split: str) -> list[dict]:
    """One row for each set that trained the model, with how many of its pictures did."""
    return [
        {
            "name": name,
            "split": split,
            "pictures": pictures,
            "licence": SETS[name].licence,
            "use": "train",
            "sha256": labels_sha256(root, name),
        }
        for name, pictures in counts.items()
    ]


def build_manifest(task: str, model: Path, about: dict) -> dict:
    """The whole of model.json.

    `about` brings version, score and temperature, initialised_from, training, data and metrics.
    """
    name = f"alpr-{task}"
    manifest = {
        "name": name,
        "version": about["version"],
        "task": "read" if task == "read" else "detect",
        "decoder": "yolox" if task == "vehicles" else name,
        "file": model.name,
        "sha256": file_sha256(model),
        "bytes": model.stat().st_size,
        "licence": "Apache-2.0",
        "input": INPUTS[task],
        "outputs": OUTPUTS[task],
    }
    if task in IOU:
        manifest["classes"] = CLASSES[task == "vehicles" :]
        manifest["thresholds"] = {"score": about["score"], "iou": IOU[task]}
    else:
        manifest["alphabet"] = ALPHABET
        manifest["regions"] = load_regions()
        manifest["crop"] = READ_CROP
    manifest["calibration"] = {"temperature": about.get("temperature", 1)}
    for key in ("initialised_from", "training", "data", "metrics"):
        manifest[key] = about[key]
    manifest["golden"] = "golden/output.json"
    return manifest


def write_manifest(folder: Path, manifest: dict) -> None:
    (folder / "model.json").write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")
