"""Apache-2.0 networks whose answers serve as labels where nobody labelled: plates with corners, COCO vehicles."""

from pathlib import Path
from typing import Callable

import cv2
import numpy as np

from ..nets.decode import suppress
from ..package.onnx_file import open_session

PLATES, VEHICLES = "models/y5fu_640x_sim.onnx", "models/yolox_nano.onnx"
PLATE_SIDE, VEHICLE_SIDE, FILL = 640, 416, 114
STRIDES = 8, 16, 32
COCO_CLASSES = {2: 1, 7: 2, 5: 3, 3: 4}  # car, truck, bus, motorcycle -> our class index

Look = Callable[[np.ndarray], np.ndarray]  # uint8 RGB [H, W, 3] -> rows


def open_plate_teacher(root: Path, least: float = 0.2) -> Look:
    """y5fu_640: rows [n, 14] as our own detector's (box, score, class 0, corners), distinct, by falling score."""
    session = open_session(Path(root) / PLATES)
    name = session.get_inputs()[0].name

    def look(picture: np.ndarray) -> np.ndarray:
        height, width = picture.shape[:2]
        scale = PLATE_SIDE / max(height, width)
        new_height, new_width = round(height * scale), round(width * scale)
        top, left = (PLATE_SIDE - new_height) // 2, (PLATE_SIDE - new_width) // 2
        canvas = np.zeros((PLATE_SIDE, PLATE_SIDE, 3), np.float32)
        canvas[top : top + new_height, left : left + new_width] = cv2.resize(picture, (new_width, new_height))
        rows = session.run(None, {name: canvas.transpose(2, 0, 1)[None] / 255})[0][0]
        score = rows[:, 4] * rows[:, 13:15].max(1)
        rows, score = rows[score > least], score[score > least]
        half = rows[:, 2:4] / 2
        box = np.concatenate([rows[:, :2] - half, rows[:, :2] + half], 1)
        points = (np.concatenate([box, rows[:, 5:13]], 1) - np.tile([left, top], 6)) / scale
        found = np.concatenate([points[:, :4], score[:, None], np.zeros((len(rows), 1)), points[:, 4:]], 1)
        return suppress(found[np.argsort(-score)])

    return look


def open_vehicle_teacher(root: Path, least: float = 0.15) -> Look:
    """YOLOX-nano of COCO: rows [n, 6] of box, score and our class index, distinct whatever the class."""
    session = open_session(Path(root) / VEHICLES)
    name = session.get_inputs()[0].name
    grid, stride = _make_grid()
    columns = [5 + coco for coco in COCO_CLASSES]
    classes = np.array(list(COCO_CLASSES.values()))

    def look(picture: np.ndarray) -> np.ndarray:
        height, width = picture.shape[:2]
        scale = VEHICLE_SIDE / max(height, width)
        canvas = np.full((VEHICLE_SIDE, VEHICLE_SIDE, 3), FILL, np.float32)
        size = round(width * scale), round(height * scale)
        canvas[: size[1], : size[0]] = cv2.resize(picture, size)[:, :, ::-1]
        rows = session.run(None, {name: canvas.transpose(2, 0, 1)[None]})[0][0]
        chances = rows[:, columns] * rows[:, 4:5]
        keep = chances.max(1) > least
        centre = (rows[keep, :2] + grid[keep]) * stride[keep]
        half = np.exp(rows[keep, 2:4]) * stride[keep] / 2
        box = np.concatenate([centre - half, centre + half], 1) / scale
        limits = np.array([width, height, width, height])
        best = chances[keep].max(1)
        found = np.c_[box.clip(0, limits), best, classes[chances[keep].argmax(1)]]
        return suppress(found[np.argsort(-best)], 0.6)

    return look


def _make_grid() -> tuple[np.ndarray, np.ndarray]:
    """Cell of each of the 3,549 rows, and its stride."""
    cells, strides = [], []
    for step in STRIDES:
        y, x = np.mgrid[: VEHICLE_SIDE // step, : VEHICLE_SIDE // step]
        cells.append(np.stack([x, y], -1).reshape(-1, 2))
        strides.append(np.full((cells[-1].shape[0], 1), step))
    return np.concatenate(cells), np.concatenate(strides)
