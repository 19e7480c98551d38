"""Placing a photograph into a training picture: where, how large, how turned."""

from typing import NamedTuple

import numpy as np

from ..data.scenes import Scene

NARROWEST, WIDE = 14.0, 200.0  # px of a plate in the training picture, log-uniform
NEARLY_FILLING = 0.5, 0.97  # shares of the picture's width, for the largest plates
NEARLY_FILLING_SHARE = 0.16
BY_PLATE_SHARE = 0.8  # of the views are chosen for a plate, the others show the whole photograph
LEAST_COVER = 0.55  # of the view in each direction, so that little of it is grey
STEEP_SHARE, STEEPEST = 0.06, 0.7  # of the views are turned by up to 40 degrees
CLOSE_MARGINS = -0.02, 0.3  # around the box of a plate that fills its picture, of its sides
CLOSEST = 12.0  # times as large as in the photograph
FLIPPED = [1, 0, 3, 2]  # corners of a mirrored plate, again TL TR BR BL


class Placement(NamedTuple):
    """An affine map of photograph pixels: points @ matrix.T + shift."""

    matrix: np.ndarray
    shift: np.ndarray
    scale: float
    flipped: bool
    angle: float

    def map(self, points) -> np.ndarray:
        return np.float32(points) @ self.matrix.T + self.shift

    def map_quad(self, quad) -> np.ndarray:
        mapped = self.map(quad)
        return mapped[FLIPPED] if self.flipped else mapped


def place_scene(rng: np.random.Generator, scene: Scene, photo_scale: float, photo_size, size) -> Placement:
    """Chooses a scale that shows a random plate at a random width, and keeps the view filled."""
    width, height = size
    photo_width, photo_height = photo_size
    fitting = max(width / photo_width, height / photo_height)
    if scene.plates and rng.random() < BY_PLATE_SHARE:
        box = scene.plates[int(rng.integers(len(scene.plates)))].box * photo_scale
        scale = _plate_width(rng, width) / (box[2] - box[0])
        scale = float(np.clip(scale, LEAST_COVER * fitting, 4.5 * fitting))
        scale = min(scale, 3.6 / photo_scale)
        pivot = (box[:2] + box[2:]) / 2
        target = np.array([rng.uniform(0.1, 0.9) * width, rng.uniform(0.1, 0.9) * height])
        for axis, (photo, view) in enumerate(((photo_width, width), (photo_height, height))):
            if photo * scale > view:
                target[axis] = np.clip(target[axis], view - (photo - pivot[axis]) * scale, pivot[axis] * scale)
    else:
        scale = fitting * rng.uniform(0.7, 1.6)
        pivot = np.array([photo_width, photo_height]) * rng.uniform(0.3, 0.7, 2)
        target = np.array([width, height]) / 2
    return _turn(rng, scale, pivot, target)


def place_close_up(rng: np.random.Generator, scene: Scene, photo_scale: float, photo_size, size) -> tuple[Placement, tuple[int, int]]:
    """A picture that is little more than one plate, as the product letterboxes it: the map, and the part of the view it fills."""
    x0, y0, x1, y1 = scene.plates[int(rng.integers(len(scene.plates)))].box * photo_scale
    margins = rng.uniform(*CLOSE_MARGINS, 4)
    wide, tall = x1 - x0, y1 - y0
    x0, x1 = max(0.0, x0 - margins[0] * wide), min(photo_size[0], x1 + margins[1] * wide)
    y0, y1 = max(0.0, y0 - 2 * margins[2] * tall), min(photo_size[1], y1 + 2 * margins[3] * tall)
    scale = min(size[0] / (x1 - x0), size[1] / (y1 - y0), CLOSEST)
    filled = min(size[0], max(32, round((x1 - x0) * scale))), min(size[1], max(32, round((y1 - y0) * scale)))
    matrix = np.float32([[scale, 0], [0, scale]])
    return Placement(matrix, np.float32([-x0 * scale, -y0 * scale]), scale, False, 0.0), filled


def _plate_width(rng: np.random.Generator, width: float) -> float:
    if rng.random() < NEARLY_FILLING_SHARE:
        return rng.uniform(*NEARLY_FILLING) * width
    return float(np.exp(rng.uniform(np.log(NARROWEST), np.log(min(WIDE, width * 0.8)))))


def _turn(rng: np.random.Generator, scale: float, pivot: np.ndarray, target: np.ndarray) -> Placement:
    angle = rng.uniform(-STEEPEST, STEEPEST) if rng.random() < STEEP_SHARE else rng.normal(0, 0.06)
    shear, stretch = rng.normal(0, 0.06), np.exp(rng.normal(0, 0.08))
    flipped = rng.random() < 0.3
    turn = np.float32([[np.cos(angle), -np.sin(angle) + shear], [np.sin(angle), np.cos(angle)]])
    size = np.float32([[scale * stretch * (-1 if flipped else 1), 0], [0, scale / stretch]])
    matrix = turn @ size
    return Placement(matrix, np.float32(target - matrix @ pivot), scale, flipped, angle)
