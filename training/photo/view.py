"""A rendered plate as the reader would see it: rectified, but never quite."""

import cv2
import numpy as np

from ..nets.reader import CROP_HEIGHT, CROP_WIDTH
from ..plates.plate import Plate
from .degrade import degrade
from .warp import quad_of_box

SEEN_WIDTHS = (40, 200)  # px of the plate in the camera's picture
RECTIFIED_SHARE = 0.7  # the others are box crops: rotated and sheared
LEAST_CONTRAST = 12  # standard deviation below which nobody can read a crop
RESIZERS = (cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_AREA)


def photograph(rng: np.random.Generator, plate: Plate, background: np.ndarray | None) -> np.ndarray:
    """uint8 [64, 128, 3]: placed with error, seen small, degraded, enlarged again."""
    height, width = plate.picture.shape[:2]
    seen = float(np.exp(rng.uniform(*np.log(SEEN_WIDTHS))))
    if plate.lines == 1 and width / height > 3:
        seen = max(seen, 58)
    seen_height = seen * height / width
    place = _place_rectified if rng.random() < RECTIFIED_SHARE else _place_boxed
    corners, size = place(rng, seen, seen_height)
    scene = _pick_scene(rng, background, size)
    picture = plate.picture
    if seen / width < 0.6:
        picture = cv2.GaussianBlur(picture, (0, 0), 0.35 * width / seen)
    transform = cv2.getPerspectiveTransform(quad_of_box((0, 0, width, height)), np.float32(corners))
    scene = cv2.warpPerspective(picture, transform, size, dst=scene, borderMode=cv2.BORDER_TRANSPARENT)
    degraded = degrade(rng, scene, min(1.0, seen / 110))
    for _ in range(3):
        if degraded.std() > LEAST_CONTRAST:
            break
        degraded = degrade(rng, scene, min(1.0, seen / 110))
    return cv2.resize(degraded, (CROP_WIDTH, CROP_HEIGHT), interpolation=RESIZERS[int(rng.integers(3))])


def _place_rectified(rng, width: float, height: float):
    """By four corners, each a little off."""
    margins = np.clip(rng.normal(0.025, 0.035, 4), -0.045, 0.15)
    size = _whole(width * (1 + margins[0] + margins[1]), height * (1 + margins[2] + margins[3]))
    corners = quad_of_box((0, 0, width, height)) + np.float32([margins[0] * width, margins[2] * height])
    corners += rng.normal(0, 0.035, (4, 2)).astype(np.float32) * np.float32([width * 0.35, height])
    return corners, size


def _place_boxed(rng, width: float, height: float):
    """By an upright box around a plate that is turned and sheared."""
    angle, shear = rng.normal(0, 0.07), rng.normal(0, 0.12)
    corners = quad_of_box((-width / 2, -height / 2, width / 2, height / 2))
    corners[:, 0] += corners[:, 1] * shear
    turn = np.float32([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = corners @ turn.T + rng.normal(0, 0.02, (4, 2)).astype(np.float32) * np.float32([width, height])
    margins = np.clip(rng.normal(0.05, 0.07, 4), -0.03, 0.3)
    (x0, y0), (x1, y1) = corners.min(0), corners.max(0)
    box_width, box_height = x1 - x0, y1 - y0
    corners -= np.float32([x0 - margins[0] * box_width, y0 - margins[2] * box_height])
    return corners, _whole(box_width * (1 + margins[0] + margins[1]), box_height * (1 + margins[2] + margins[3]))


def _whole(width: float, height: float) -> tuple[int, int]:
    return max(8, round(width)), max(6, round(height))


def _pick_scene(rng, background: np.ndarray | None, size: tuple[int, int]) -> np.ndarray:
    """A patch of a photograph behind the plate, or a plain colour."""
    width, height = size
    if background is None:
        return np.full((height, width, 3), rng.integers(0, 256, 3), np.uint8)
    y = int(rng.integers(0, max(1, background.shape[0] - height)))
    x = int(rng.integers(0, max(1, background.shape[1] - width)))
    patch = background[y : y + height, x : x + width]
    return cv2.resize(patch, size) if patch.shape[:2] != (height, width) else patch.copy()
