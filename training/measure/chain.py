"""The whole chain on photographs with one labelled text: find, rectify, read."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..data.crops import READ_MARGINS
from ..data.scenes import TRAIN_SCENES, load_scenes
from ..data.sets import read_labels
from ..data.split import is_text_held_out, scene_split
from ..nets.decode import decode_both, intersection_over_union
from ..nets.reader import ALPHABET, SLOTS
from ..package.golden import read_rgb
from ..photo.warp import expand_quad, quad_of_box, rectify
from .finding import Find, find_plates
from .reading import Read

LEAST_SCORE = 0.25
LEAST_OVERLAP = 0.4
CONSIDERED = 6  # detections of a picture


def photographs_with_text(root: Path) -> dict[str, list[tuple[Path, str]]]:
    """Measure-only French photographs, and held-out photographs whose text is held out."""
    french = [
        (Path(row["folder"]) / row["file"], row["plates"][0]["text"]) for row in read_labels(root, "det-ocr-french")
    ]
    return {"det-ocr-french": french, "held-out photographs of ocr-world": _held_out_world(root)}


def _held_out_world(root: Path) -> list[tuple[Path, str]]:
    single = {
        f"{name}/{row['file']}"
        for name in ("det-openlpr", "det-ro-dashcam")
        for row in read_labels(root, name)
        if scene_split(row) == "val" and len(row["plates"]) == 1
    }
    return [
        (Path(root) / row["source"], row["text"])
        for row in read_labels(root, "ocr-world")
        if row["certain"] and len(row["text"]) <= 10 and is_text_held_out(row["text"]) and row["source"] in single
    ]


class HeldOutPlate(NamedTuple):
    """A plate with a certain text on a photograph that trained no detector; the reader may know its text."""

    path: Path
    box: np.ndarray
    text: str


def held_out_plates(root: Path) -> list[HeldOutPlate]:
    """All of them, for comparing detectors by what is read where they place the corners."""
    plates = []
    for name in TRAIN_SCENES:
        for row in read_labels(root, name):
            if scene_split(row) == "val":
                for plate in row["plates"]:
                    if plate.get("text") and plate.get("certain", True):
                        plates.append(HeldOutPlate(Path(row["folder"]) / row["file"], np.float32(plate["box"]), plate["text"]))
    scenes = {scene.path: scene for name in ("det-openlpr", "det-ro-dashcam") for scene in load_scenes(root, name)}
    for row in read_labels(root, "ocr-world"):
        scene = scenes.get(str(Path(root) / row["source"]))
        if row["certain"] and scene and scene.split == "val" and len(scene.plates) == 1:
            plates.append(HeldOutPlate(Path(scene.path), scene.plates[0].given, row["text"]))
    return [plate for plate in plates if 2 <= len(plate.text) <= SLOTS and not set(plate.text) - set(ALPHABET)]


def cut_close(picture: np.ndarray, box: np.ndarray, margin: float) -> tuple[np.ndarray, np.ndarray]:
    """The part of a picture around a box and a share of its sides more on each side, and the box in it."""
    reach = (box[2:] - box[:2]) * margin
    x0, y0 = np.maximum(np.floor(box[:2] - reach), 0).astype(int)
    x1, y1 = np.ceil(box[2:] + reach).astype(int)
    return np.ascontiguousarray(picture[y0:y1, x0:x1]), box - np.float32([x0, y0, x0, y0])


def score_places(find: Find, read: Read, plates: list[HeldOutPlate], margin: float | None = None) -> dict[str, float]:
    """Shares of plates found at all, and read exactly by the corners or the box of the detection on them.

    With a margin the photographs are close-ups: cut around the plate's box.
    """
    right = {"found": 0, "exact by corners": 0, "exact by box": 0}
    for path, box, text in plates:
        picture = read_rgb(path)
        if margin is not None:
            picture, box = cut_close(picture, box, margin)
        rows = find_plates(find, picture, LEAST_SCORE)
        overlaps = intersection_over_union(box, rows[:, :4]) if len(rows) else np.zeros(1)
        if overlaps.max() < LEAST_OVERLAP:
            continue
        row = rows[int(overlaps.argmax())]
        quads = expand_quad(row[6:].reshape(4, 2), *READ_MARGINS), quad_of_box(row[:4])
        by_corners, by_box = (decode_both(s, c).text for s, c in zip(*read(np.stack([rectify(picture, q) for q in quads]))))
        right["found"] += 1
        right["exact by corners"] += by_corners == text
        right["exact by box"] += by_box == text
    return {metric: count / len(plates) for metric, count in right.items()}


def score_chain(find: Find, read: Read, photographs: list[tuple[Path, str]]) -> dict[str, float]:
    """Exact-match rates: strongest detection by corners and by box; best of score times confidence."""
    right = {"exact by corners": 0, "exact by box": 0, "exact, score x confidence": 0, "any detection right": 0}
    for path, text in photographs:
        picture = read_rgb(path)
        rows = find_plates(find, picture, LEAST_SCORE)[:CONSIDERED]
        if not len(rows):
            continue
        crops = [rectify(picture, expand_quad(row[6:].reshape(4, 2), *READ_MARGINS)) for row in rows]
        crops.append(rectify(picture, quad_of_box(rows[0, :4])))
        readings = [decode_both(s, c) for s, c in zip(*read(np.stack(crops)))]
        *by_corners, by_box = readings
        weights = [row[4] * (0.05 + reading.confidence) for row, reading in zip(rows, by_corners)]
        right["exact by corners"] += by_corners[0].text == text
        right["exact by box"] += by_box.text == text
        right["exact, score x confidence"] += by_corners[int(np.argmax(weights))].text == text
        right["any detection right"] += text in [reading.text for reading in by_corners]
    return {metric: count / len(photographs) for metric, count in right.items()}
