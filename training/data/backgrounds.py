"""Photographs without legible plates, to stand behind rendered ones."""

from pathlib import Path

import cv2
import numpy as np

from .sets import read_labels, require_train

SOURCE = "veh-highway-id"
COUNT = 250


def load_backgrounds(root: Path, count: int = COUNT) -> list[np.ndarray]:
    """Roadside photographs as uint8 RGB."""
    require_train(SOURCE)
    rows = [row for row in read_labels(root, SOURCE) if row.get("split", "train") == "train"][:count]
    return [cv2.imread(f"{row['folder']}/{row['file']}")[:, :, ::-1].copy() for row in rows]
