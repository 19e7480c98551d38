"""What `find_unlabelled` found, put onto the scenes: more plates, better corners, vehicles with classes."""

import json
from pathlib import Path

import numpy as np

from .scenes import EXACT, VEHICLE_SCENES, KnownPlate, Scene

AGREED = 0.7  # trust in corners on which teacher and own detector agree
DOUBTED = 0.25  # trust in corners of one teacher alone
FOUND = 0.5  # trust in corners of a plate nobody labelled
PLACE = (0.04, 0.35), (0.96, 1.02)  # of a plate's centre in its vehicle: destinations of buses stand higher
WIDEST = 0.6  # of the vehicle's width


def load_found(work: Path) -> dict[str, dict]:
    """By photograph, relative to the data root; empty where the command was not run."""
    file = Path(work) / "unlabelled.json"
    if not file.exists():
        print("no unlabelled.json: run python -m training.find_unlabelled for vehicles and fewer false alarms", flush=True)
        return {}
    return json.loads(file.read_text())


def add_found(scenes: list[Scene], found: dict[str, dict], root: Path) -> list[Scene]:
    """The scenes with everything the teachers know of them."""
    return [_add(scene, found.get(str(Path(scene.path).relative_to(root)))) for scene in scenes]


def _add(scene: Scene, known: dict | None) -> Scene:
    if known is None:
        return scene
    plates, vehicles = known["plates"], known["vehicles"]
    labelled = [_sharpen(plate, corners) for plate, corners in zip(scene.plates, plates["corners"])]
    quads = np.float32(plates["taught"]).reshape(-1, 4, 2)
    around = [row[:4] for row in vehicles["taught"]] + vehicles["ignored"]
    believed = [any(_sits_on(_box_of(quad), np.float32(box)) for box in around) for quad in quads]
    taught = [KnownPlate(_box_of(quad), quad, FOUND) for quad, good in zip(quads, believed) if good]
    doubted = [_box_of(quad).tolist() for quad, good in zip(quads, believed) if not good]
    return scene._replace(
        plates=labelled + taught,
        ignored=(scene.ignored if scene.source == VEHICLE_SCENES else []) + plates["ignored"] + doubted,
        vehicles=[(np.float32(row[:4]), int(row[4])) for row in vehicles["taught"]],
        ignored_vehicles=vehicles["ignored"],
    )


def _sits_on(plate: np.ndarray, vehicle: np.ndarray) -> bool:
    """Whether a plate lies where vehicles carry one: lettering of shops and buses does not."""
    size = vehicle[2:] - vehicle[:2]
    place = ((plate[:2] + plate[2:]) / 2 - vehicle[:2]) / size
    return bool((place > PLACE[0]).all() and (place < PLACE[1]).all() and plate[2] - plate[0] < WIDEST * size[0])


def _sharpen(plate: KnownPlate, corners: list | None) -> KnownPlate:
    if plate.trust == EXACT:
        return plate
    if corners is None:
        return plate._replace(trust=min(plate.trust, DOUBTED))
    return plate._replace(quad=np.float32(corners).reshape(4, 2), trust=AGREED)


def _box_of(quad: np.ndarray) -> np.ndarray:
    return np.concatenate([quad.min(0), quad.max(0)])
