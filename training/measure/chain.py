"""The whole chain on photographs with one labelled text: find, rectify, read."""

from pathlib import Path

import numpy as np

from ..data.crops import READ_MARGINS
from ..data.sets import read_labels
from ..data.split import is_text_held_out, scene_split
from ..nets.decode import decode_both
from ..package.golden import read_rgb
from ..photo.warp import expand_quad, quad_of_box, rectify
from .finding import Find, find_plates
from .reading import Read

LEAST_SCORE = 0.25
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
