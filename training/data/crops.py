"""Photographed plates with their texts, for training and measuring the reader."""

from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from ..nets.reader import ALPHABET, SLOTS
from ..photo.warp import expand_quad, quad_of_box, rectify
from .sets import read_labels, require_train
from .split import is_text_held_out

TRAIN_CROPS = [
    "ocr-world",
    "ocr-openimages",
    "ocr-kaggle-cars",
    "ocr-in-punjab",
    "ocr-id-makassar",
    "ocr-cn-lprnet",
    "det-ocr-cn-easypr",
]
OWN_CROPS = "corrections"  # what `alpr export training` wrote, where it is there
READ_MARGINS = 0.03, 0.05  # the product's own, around four corners
LOOSE_SETS = {"ocr-world": (0.05, 0.08)}  # their boxes are cut by this on each side


class Crop(NamedTuple):
    """A picture with one plate: its corners [4, 2] where known, its box, its text."""

    picture: np.ndarray
    corners: np.ndarray | None
    box: tuple
    text: str
    lines: int
    source: str
    region: str


def load_crops(root: Path, name: str) -> list[Crop]:
    """All certain crops of a set whose text has 2 to 10 characters of the alphabet."""
    crops = []
    for row in read_labels(root, name):
        picture = None
        for plate in row.get("plates", [row]):
            text = "".join(c for c in plate.get("text") or "" if c.isascii())
            if not row.get("certain", True) or not 2 <= len(text) <= SLOTS or set(text) - set(ALPHABET):
                continue
            if picture is None:
                picture = cv2.imread(f"{row['folder']}/{row['file']}")[:, :, ::-1].copy()
            height, width = picture.shape[:2]
            box = tuple(plate.get("box") or (0, 0, width, height))
            corners = plate.get("corners")
            corners = None if corners is None else start_top_left(np.float32(corners))
            region = plate.get("region") or row.get("region", "")
            crops.append(Crop(picture, corners, box, text, plate.get("lines", 1), name, region))
    return crops


def start_top_left(corners: np.ndarray) -> np.ndarray:
    """Rolls corners that start at the bottom left (68 of det-ocr-cn-easypr do)."""
    top, left = corners[1] - corners[0], corners[3] - corners[0]
    is_upright = abs(top[0]) < abs(top[1])
    if np.linalg.norm(top) < 1.2 * np.linalg.norm(left) and is_upright:
        return np.roll(corners, -1, axis=0)
    return corners


def load_training_crops(root: Path) -> list[Crop]:
    """The crops of all training sets whose texts are not held out."""
    names = TRAIN_CROPS + ([OWN_CROPS] if (Path(root) / OWN_CROPS / "labels.jsonl").exists() else [])
    for name in names:
        require_train(name)
    return [crop for name in names for crop in load_crops(root, name) if not is_text_held_out(crop.text)]


def rectify_crop(crop: Crop) -> np.ndarray:
    """uint8 [64, 128, 3] as the product would cut it: by corners if known, else by the box."""
    if crop.corners is not None:
        return rectify(crop.picture, expand_quad(crop.corners, *READ_MARGINS))
    cut_x, cut_y = LOOSE_SETS.get(crop.source, (0.0, 0.0))
    return rectify(crop.picture, expand_quad(quad_of_box(crop.box), -cut_x, -cut_y))
