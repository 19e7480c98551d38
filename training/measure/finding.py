"""How many plates the detector finds, how exactly, and how often it is wrong."""

from pathlib import Path
from typing import Callable, NamedTuple

import cv2
import numpy as np

from ..data.scenes import TRAIN_SCENES, Scene, load_scenes, read_scene
from ..nets.decode import intersection_over_union, suppress

MEASURE_SCENES = ["det-ocr-french", "det-egypt-motorcycle"]
FILL = 114  # grey beside a letterboxed picture
LEAST_IOU = 0.5
UNLABELLED_IOU = 0.3

Find = Callable[[np.ndarray], np.ndarray]  # uint8 [1, H, W, 3] -> [1, 100, 14]


class Found(NamedTuple):
    """All detections of a set by falling score: is it a plate, is it one nobody labelled; and how many plates there are."""

    scores: np.ndarray
    is_plate: np.ndarray
    is_plate_plain: np.ndarray
    is_unlabelled: np.ndarray
    plates: int
    corner_errors: np.ndarray  # mean of 4 corners, in plate widths


def validation_scenes(root: Path) -> dict[str, list[Scene]]:
    """Held-out photographs of the sets that train."""
    return {f"{name} (val)": [s for s in load_scenes(root, name) if s.split == "val"] for name in TRAIN_SCENES}


def add_unlabelled(sets: dict[str, list[Scene]], found: dict, root: Path) -> dict[str, list[Scene]]:
    """Puts the plates that nobody labelled, but a teacher sees, onto the scenes: to find them is no error."""
    return {name: [_add_unlabelled(scene, found, root) for scene in scenes] for name, scenes in sets.items()}


def _add_unlabelled(scene: Scene, found: dict, root: Path) -> Scene:
    known = found.get(str(Path(scene.path).relative_to(root)))
    if known is None:
        return scene
    quads = np.float32(known["plates"]["taught"]).reshape(-1, 4, 2)
    boxes = np.concatenate([quads.min(1), quads.max(1)], 1).tolist() if len(quads) else []
    return scene._replace(ignored=boxes + known["plates"]["ignored"])


def measure_only_scenes(root: Path) -> dict[str, list[Scene]]:
    return {name: load_scenes(root, name) for name in MEASURE_SCENES}


def letterbox(picture: np.ndarray, long_side: int = 640) -> tuple[np.ndarray, float]:
    """Scales the long side, pads right and below to multiples of 32; returns picture and scale."""
    height, width = picture.shape[:2]
    scale = long_side / max(height, width)
    new_height, new_width = max(32, round(height * scale)), max(32, round(width * scale))
    padded = np.full(((new_height + 31) // 32 * 32, (new_width + 31) // 32 * 32, 3), FILL, np.uint8)
    resizer = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    padded[:new_height, :new_width] = cv2.resize(picture, (new_width, new_height), interpolation=resizer)
    return padded, scale


def find_plates(find: Find, picture: np.ndarray, least: float = 0.05, long_side: int = 640) -> np.ndarray:
    """Distinct detections [n, 14] above a score, in pixels of the picture."""
    padded, scale = letterbox(picture, long_side)
    rows = find(padded[None])[0]
    rows = rows[rows[:, 5] == 0]
    rows = suppress(rows[rows[:, 4] > least].copy())
    rows[:, :4] /= scale
    rows[:, 6:] /= scale
    return rows


def find_in_scenes(find: Find, scenes: list[Scene]) -> Found:
    """Matches detections to plates, strongest first, each plate once, at IoU 0.5.

    `is_plate` compares with the given or the tightened box, whichever fits better;
    `is_plate_plain` with the given box alone. `is_unlabelled` is a detection on a scene's ignored box.
    """
    rows, errors = [], []
    for scene in scenes:
        found = find_plates(find, read_scene(scene))
        fits = np.array([[_overlaps(row, plate) for plate in scene.plates] for row in found])
        fits = fits.reshape(len(found), len(scene.plates), 2)
        loose, plain = _match(fits.max(2)), _match(fits[:, :, 0])
        for row, plate_index, plain_index in zip(found, loose, plain):
            rows.append((row[4], plate_index >= 0, plain_index >= 0, plate_index < 0 and _is_ignored(row, scene)))
            if plate_index >= 0 and scene.plates[plate_index].trust > 0:
                errors.append(_corner_error(row[6:].reshape(4, 2), scene.plates[plate_index].quad))
    rows.sort(key=lambda row: -row[0])
    table = np.array(rows, float).reshape(-1, 4)
    plates = sum(len(scene.plates) for scene in scenes)
    scores, *flags = table.T
    return Found(scores, *(flag > 0 for flag in flags), plates, np.array(errors))


def _is_ignored(row: np.ndarray, scene: Scene) -> bool:
    return bool(len(scene.ignored)) and intersection_over_union(row[:4], np.float32(scene.ignored)).max() > UNLABELLED_IOU


def _overlaps(row: np.ndarray, plate) -> tuple[float, float]:
    boxes = np.stack([plate.given, plate.box])
    return tuple(intersection_over_union(row[:4], boxes))


def _match(fits: np.ndarray) -> list[int]:
    """The plate of each detection, or -1; `fits` [detections, plates] by falling score."""
    free, matched = fits.copy(), []
    for index in range(len(fits)):
        best = int(free[index].argmax()) if free.shape[1] else -1
        if best >= 0 and free[index, best] >= LEAST_IOU:
            matched.append(best)
            free[:, best] = -1
        else:
            matched.append(-1)
    return matched


def _corner_error(corners: np.ndarray, truth: np.ndarray) -> float:
    return float(np.linalg.norm(corners - truth, axis=1).mean() / np.linalg.norm(truth[1] - truth[0]))


def score_found(found: Found, threshold: float) -> dict[str, float]:
    """Average precision, recall and precision at the threshold, best F1, corner error."""
    hits = np.cumsum(found.is_plate)
    recall = hits / max(1, found.plates)
    precision = hits / np.arange(1, len(hits) + 1)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    best = int(f1.argmax())
    kept = found.scores >= threshold
    judged = kept & ~found.is_unlabelled
    return {
        "AP50": average_precision(recall, precision),
        "recall": found.is_plate[kept].sum() / max(1, found.plates),
        "precision": found.is_plate[kept].mean() if kept.any() else 0.0,
        "precision, unlabelled plates left out": found.is_plate[judged].mean() if judged.any() else 0.0,
        "recall against given boxes alone": found.is_plate_plain[kept].sum() / max(1, found.plates),
        "best F1": float(f1[best]),
        "threshold of best F1": float(found.scores[best]),
        "recall at score 0.05": float(recall[-1]),
        "median corner error": float(np.median(found.corner_errors)) if len(found.corner_errors) else None,
    }


def average_precision(recall: np.ndarray, precision: np.ndarray) -> float:
    """101-point interpolated, as COCO does."""
    points = np.linspace(0, 1, 101)
    return float(np.mean([precision[recall >= point].max(initial=0) for point in points]))
