"""The photographs that train the vehicle network, and how often each set is drawn."""

import random
from pathlib import Path

from ..data.found import add_found
from ..data.scenes import VEHICLE_SCENES, Scene, load_training_scenes, load_vehicle_scenes

MOST_TAUGHT = 150  # photographs of a set with the teacher's vehicles: they only keep alive what the first weights know
SURE_CLASSES = 1, 4  # car and motorcycle
SHARES = {
    VEHICLE_SCENES: 0.65,
    "det-openimages": 0.1,
    "det-openlpr": 0.1,
    "det-ro-dashcam": 0.06,
    "det-kaggle-cars": 0.04,
    "det-id-makassar": 0.03,
    "det-in-punjab": 0.02,
}


def open_scenes(data: Path, found: dict) -> dict[str, list[Scene]]:
    """Training photographs; those outside the roadside set with the teacher's vehicles, of which it takes many a car for a truck."""
    sets = load_training_scenes(data)
    sets = {name: random.Random(3).sample(scenes, min(MOST_TAUGHT, len(scenes))) for name, scenes in sets.items() if name in SHARES}
    sets = {name: [_doubt_large(scene) for scene in add_found(scenes, found, data)] for name, scenes in sets.items()}
    sets[VEHICLE_SCENES] = [scene for scene in load_vehicle_scenes(data) if scene.split == "train"]
    sets[VEHICLE_SCENES] = [scene._replace(ignored_vehicles=[]) for scene in sets[VEHICLE_SCENES]]
    return sets


def _doubt_large(scene: Scene) -> Scene:
    return scene._replace(vehicles=[(box, kind if kind in SURE_CLASSES else 0) for box, kind in scene.vehicles])
