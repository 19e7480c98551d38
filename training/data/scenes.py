"""Photographs with plate boxes and corners, for training and measuring the detector."""

from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from ..nets.decode import intersection_over_union
from ..photo.warp import quad_of_box
from .crops import start_top_left
from .sets import read_labels, require_train
from .split import scene_split

TRAIN_SCENES = [
    "det-openlpr",
    "det-ro-dashcam",
    "det-ocr-cn-easypr",
    "det-cn-ccpd64-corners",
    "det-openimages",
    "det-kaggle-cars",
    "det-in-punjab",
    "det-id-makassar",
]
VEHICLE_SCENES = "veh-highway-id"
VEHICLE_LABELS = {"vehicle": 0, "car": 1, "truck": 2, "bus": 3, "motorbike": 4}
EXACT, TEACHER, NONE = 1.0, 0.5, 0.0  # trust in corners
TIGHTEN = 0.89, 0.87  # det-openlpr's boxes are about 1.3 times too large in area


class KnownPlate(NamedTuple):
    """A labelled plate: the box given, a tight quad [4, 2], and how far its corners are trusted."""

    given: np.ndarray
    quad: np.ndarray
    trust: float

    @property
    def box(self) -> np.ndarray:
        return np.concatenate([self.quad.min(0), self.quad.max(0)])


class Scene(NamedTuple):
    """A photograph; `ignored` boxes may hold plates nobody labelled.

    `vehicles` are boxes with a class index (0 = some vehicle), `ignored_vehicles` boxes that may hold one.
    """

    path: str
    source: str
    split: str
    plates: list[KnownPlate]
    ignored: list
    vehicles: list = []
    ignored_vehicles: list = []


def load_scenes(root: Path, name: str) -> list[Scene]:
    """All photographs of a detector set with the best corners known for their plates."""
    teacher = _teacher_corners(root, name)
    scenes = []
    for row in read_labels(root, name):
        plates = [_known_plate(plate, teacher[row["file"]], name) for plate in row["plates"]]
        vehicles = _known_vehicles(row)
        scenes.append(Scene(f"{row['folder']}/{row['file']}", name, scene_split(row), plates, [], vehicles))
    return scenes


def load_training_scenes(root: Path) -> dict[str, list[Scene]]:
    """The training split of every set that may train."""
    for name in TRAIN_SCENES:
        require_train(name)
    return {name: [s for s in load_scenes(root, name) if s.split == "train"] for name in TRAIN_SCENES}


def load_vehicle_scenes(root: Path) -> list[Scene]:
    """Roadside photographs; plates on their vehicles are unlabelled, so vehicles are ignored when plates are learnt."""
    require_train(VEHICLE_SCENES)
    scenes = []
    for row in read_labels(root, VEHICLE_SCENES):
        vehicles = _known_vehicles(row)
        path, split = f"{row['folder']}/{row['file']}", "train" if row["split"] == "train" else "val"
        scenes.append(Scene(path, VEHICLE_SCENES, split, [], [box for box, _ in vehicles], vehicles))
    return scenes


def load_all_scenes(root: Path) -> dict[str, list[Scene]]:
    """Every photograph of the sets that may train, held-out ones too."""
    for name in TRAIN_SCENES:
        require_train(name)
    plates = {name: load_scenes(root, name) for name in TRAIN_SCENES}
    return {**plates, VEHICLE_SCENES: load_vehicle_scenes(root)}


def read_scene(scene: Scene) -> np.ndarray:
    """uint8 RGB [H, W, 3]."""
    return np.ascontiguousarray(cv2.imread(scene.path)[:, :, ::-1])


def _known_vehicles(row: dict) -> list[tuple]:
    """Labelled vehicles as (box, class index); people are none."""
    named = [(vehicle["box"], vehicle.get("cls", vehicle.get("label"))) for vehicle in row.get("vehicles", [])]
    return [(box, VEHICLE_LABELS[label]) for box, label in named if label in VEHICLE_LABELS]


def _teacher_corners(root: Path, name: str) -> dict[str, list[dict]]:
    """Corners that ocr-world's crops carry, by the photograph they were cut from."""
    found = defaultdict(list)
    if name in ("det-openlpr", "det-ro-dashcam"):
        for row in read_labels(root, "ocr-world"):
            source, _, file = row["source"].partition("/")
            if source == name and row.get("corners"):
                found[file].append(row)
    return found


def _known_plate(plate: dict, crops: list[dict], name: str) -> KnownPlate:
    given = np.float32(plate["box"])
    if plate.get("corners"):
        return KnownPlate(given, start_top_left(np.float32(plate["corners"])), EXACT)
    for crop in crops:
        quad = _map_corners(given, crop, alone=len(crops) == 1)
        if quad is not None:
            return KnownPlate(given, quad, TEACHER)
    x0, y0, x1, y1 = given
    if name == "det-openlpr":
        cut_x, cut_y = (1 - TIGHTEN[0]) / 2 * (x1 - x0), (1 - TIGHTEN[1]) / 2 * (y1 - y0)
        x0, y0, x1, y1 = x0 + cut_x, y0 + cut_y, x1 - cut_x, y1 - cut_y
    return KnownPlate(given, quad_of_box((x0, y0, x1, y1)), NONE)


def _map_corners(given: np.ndarray, crop: dict, alone: bool) -> np.ndarray | None:
    """Corners of a crop in the photograph, if crop and box are the same plate."""
    box = np.float32(crop["box"])
    scale = (given[2:] - given[:2]) / (box[2:] - box[:2])
    if abs(scale[0] / scale[1] - 1) >= 0.06 or not (alone or abs(scale[0] - 1) < 0.02):
        return None
    quad = given[:2] + (np.float32(crop["corners"]) - box[:2]) * scale
    around = np.concatenate([quad.min(0), quad.max(0)])
    return quad if intersection_over_union(around, given)[0] > 0.5 else None
