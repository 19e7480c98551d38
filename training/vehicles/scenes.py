"""The photographs that train the vehicle network, and how often each set is drawn."""

import random
from pathlib import Path

from ..data.found import add_found
from ..data.scenes import VEHICLE_SCENES, Scene, load_training_scenes, load_vehicle_scenes
from ..data.split import bucket

MOST_TAUGHT = 150  # photographs of a set with the teacher's vehicles: they only keep alive what the first weights know
WATCHED_PERCENT = 10  # of the roadside training photographs
LARGE = 2, 3  # truck and bus: roadside photographs with one are drawn twice as often
SURE_CLASSES = 1, 4  # car and motorcycle
SHARES = {
    VEHICLE_SCENES: 0.8,
    "det-openimages": 0.06,
    "det-openlpr": 0.03,
    "det-ro-dashcam": 0.03,
    "det-kaggle-cars": 0.03,
    "det-id-makassar": 0.04,
    "det-in-punjab": 0.01,
}


def open_scenes(data: Path, found: dict) -> dict[str, list[Scene]]:
    """Training photographs; those outside the roadside set with the teacher's vehicles, of which it takes many a car for a truck."""
    sets = load_training_scenes(data)
    sets = {name: random.Random(3).sample(scenes, min(MOST_TAUGHT, len(scenes))) for name, scenes in sets.items() if name in SHARES}
    sets = {name: [_doubt_large(scene) for scene in add_found(scenes, found, data)] for name, scenes in sets.items()}
    roadside = load_roadside(data)
    return {**sets, VEHICLE_SCENES: roadside + [scene for scene in roadside if any(kind in LARGE for _, kind in scene.vehicles)]}


def load_roadside(data: Path) -> list[Scene]:
    """The roadside photographs that train; what nobody labelled there is no vehicle, as in the held-out ones."""
    return [scene for scene in load_vehicle_scenes(data) if scene.split == "train" and not is_watched(scene)]


def load_watched(data: Path) -> list[Scene]:
    """A tenth of the roadside training photographs, left out to watch a run by."""
    return [scene for scene in load_vehicle_scenes(data) if scene.split == "train" and is_watched(scene)]


def is_watched(scene: Scene) -> bool:
    return bucket(Path(scene.path).name) < WATCHED_PERCENT


def _doubt_large(scene: Scene) -> Scene:
    return scene._replace(vehicles=[(box, kind if kind in SURE_CLASSES else 0) for box, kind in scene.vehicles])
