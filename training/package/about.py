"""What a checkpoint was trained on, for model.json."""

from collections import Counter
from pathlib import Path

import torch

from ..data.crops import load_training_crops
from ..data.scenes import TEACHER, VEHICLE_SCENES, load_training_scenes, load_vehicle_scenes
from ..vehicles.scenes import open_scenes
from .manifest import describe_data, file_sha256

PROGRAMS = {"read": "reader", "detect": "detector", "vehicles": "vehicles"}
RENDERED = "python -m training.render and plates pasted in training: own renderer, OFL-1.1 fonts"
SPLITS = {
    "read": "certain crops whose text is not held out (md5 of the text modulo 100 is 15 or more)",
    "detect": "train",
    "vehicles": "train",
}


def describe_training(task: str, checkpoint: Path, data: Path, command: str | None = None) -> dict:
    """Core seconds and samples of the last run, and the sets with counts and hashes."""
    saved = torch.load(checkpoint, map_location="cpu", weights_only=True)
    return {
        "training": {
            "command": command or f"python -m training.train_{PROGRAMS[task]}",
            "core_seconds": round(saved["core_seconds"]),
            "samples": saved["samples"],
            **({} if task == "vehicles" else {"rendered_plates": RENDERED}),
        },
        "data": describe_data(data, count_pictures(task, data), SPLITS[task]),
    }


def count_pictures(task: str, data: Path) -> dict[str, int]:
    """How many pictures of each set a training sees; of ocr-world the detector takes corners only."""
    if task == "read":
        counts = Counter(crop.source for crop in load_training_crops(data))
        return {**counts, "veh-highway-id": 250}  # backgrounds of rendered plates
    if task == "vehicles":
        return {name: len({scene.path for scene in scenes}) for name, scenes in open_scenes(data, {}).items()}
    scenes = load_training_scenes(data)
    counts = {name: len(rows) for name, rows in scenes.items()}
    taught = sum(plate.trust == TEACHER for rows in scenes.values() for scene in rows for plate in scene.plates)
    roadside = sum(scene.split == "train" for scene in load_vehicle_scenes(data))
    return {**counts, VEHICLE_SCENES: roadside, "ocr-world": taught}


def describe_start(init: Path | None, name: str) -> dict:
    """The weights a run began with."""
    if init is None:
        return {"what": "random weights", "sha256": None}
    return {"what": name, "sha256": file_sha256(init)}
