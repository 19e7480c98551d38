"""How many vehicles the detector finds, by class: on held-out roadside photographs, and around labelled plates."""

from pathlib import Path

import numpy as np

from ..data.scenes import Scene, load_vehicle_scenes, read_scene
from ..nets.decode import intersection_over_union, suppress
from ..package.manifest import CLASSES as NAMES
from .finding import Find, average_precision, letterbox

LEAST_IOU, OVERLAP = 0.5, 0.6
BELIEVED = 0.35  # score, as the product's vehicleScore


def held_out_vehicles(root: Path) -> list[Scene]:
    return [scene for scene in load_vehicle_scenes(root) if scene.split == "val"]


def find_vehicles(find: Find, picture: np.ndarray, long_side: int = 640) -> np.ndarray:
    """Distinct vehicles [n, 14] by falling score, whatever their class, in pixels of the picture."""
    padded, scale = letterbox(picture, long_side)
    rows = find(padded[None])[0]
    rows = rows[(rows[:, 5] > 0) & (rows[:, 4] > 0.05)]
    rows = suppress(rows[np.argsort(-rows[:, 4])].copy(), OVERLAP)
    rows[:, :4] /= scale
    return rows


def score_vehicles(find: Find, scenes: list[Scene], long_side: int = 640) -> dict[str, float]:
    """AP50 of each class; recall, precision and right class of all at the product's score."""
    rows, totals = [], np.zeros(len(NAMES), int)
    for scene in scenes:
        found = find_vehicles(find, read_scene(scene), long_side)
        boxes = np.float32([box for box, _ in scene.vehicles]).reshape(-1, 4)
        kinds = np.array([kind for _, kind in scene.vehicles], int)
        totals += np.bincount(kinds, minlength=len(NAMES))
        for kind, hit, same in _judge(found, boxes, kinds):
            rows.append((*kind, hit, same))
    table = np.array(sorted(rows, key=lambda row: -row[0])).reshape(-1, 4)
    scores = {f"AP50 {name}": _precision_of(table, index, totals[index]) for index, name in enumerate(NAMES) if index}
    believed = table[table[:, 0] >= BELIEVED]
    hits = believed[believed[:, 2] > 0]
    return {
        **scores,
        "recall, any class": len(hits) / max(1, totals.sum()),
        "precision, any class": len(hits) / max(1, len(believed)),
        "right class of those found": hits[:, 3].mean() if len(hits) else 0.0,
    }


def score_around_plates(find: Find, scenes: list[Scene], wanted: str, long_side: int = 640) -> dict[str, float]:
    """Of labelled plates: shares in whose surest surrounding vehicle, at the product's score, is of the `wanted` class, or of another."""
    named = []
    for scene in scenes:
        found = find_vehicles(find, read_scene(scene), long_side)
        found = found[found[:, 4] >= BELIEVED]
        for plate in scene.plates:
            x, y = (plate.given[:2] + plate.given[2:]) / 2
            around = found[(found[:, 0] <= x) & (x <= found[:, 2]) & (found[:, 1] <= y) & (y <= found[:, 3])]
            named.append(NAMES[int(around[0, 5])] if len(around) else "")
    right, other = named.count(wanted), sum(name not in ("", wanted) for name in named)
    return {f"{wanted} around the plate": right / max(1, len(named)), "another vehicle": other / max(1, len(named))}


def _judge(found: np.ndarray, boxes: np.ndarray, kinds: np.ndarray):
    """For each detection: score and class, whether it hits a vehicle, whether the class is right."""
    free = np.ones(len(boxes), bool)
    for row in found:
        overlaps = intersection_over_union(row[:4], boxes) * free if len(boxes) else np.zeros(1)
        best = int(overlaps.argmax())
        hit = bool(overlaps[best] >= LEAST_IOU)
        if hit:
            free[best] = False
        yield (row[4], row[5]), hit, hit and kinds[best] == row[5]


def _precision_of(table: np.ndarray, kind: int, total: int) -> float:
    rows = table[table[:, 1] == kind]
    hits = np.cumsum(rows[:, 3])
    return average_precision(hits / max(1, total), hits / np.arange(1, len(hits) + 1))
