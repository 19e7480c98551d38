"""Draws training crops from photographs, never twice the same."""

from collections import Counter

import cv2
import numpy as np

from ..data.crops import Crop
from ..nets.reader import CROP_HEIGHT, CROP_WIDTH
from ..photo.degrade import degrade
from ..photo.warp import expand_quad, quad_of_box, rectify

CORNER_SHARE = 0.6  # the others are cut by a box, jittered and sheared
TWO_LINE_FACTOR = 2.5
CHINESE_FACTOR = 0.35  # 750 crops of one format must not crowd out the world


class PhotographedCrops:
    """Rare texts, two-line plates and all sets get their share of the draws."""

    def __init__(self, crops: list[Crop]):
        self.crops = crops
        seen = Counter(crop.text for crop in crops)
        weights = np.array([_weigh(crop, seen[crop.text]) for crop in crops])
        self.cumulative = np.cumsum(weights / weights.sum())

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, dict]:
        """uint8 [64, 128, 3] and its label."""
        crop = self.crops[min(int(np.searchsorted(self.cumulative, rng.random())), len(self.crops) - 1)]
        picture = rectify(crop.picture, _jitter(rng, crop))
        if rng.random() < 0.3:
            picture = _lower_resolution(rng, picture)
        if rng.random() < 0.6:
            picture = degrade(rng, picture, 0.6)
        return picture, {"text": crop.text, "region": crop.region}


def _weigh(crop: Crop, copies: int) -> float:
    weight = copies**-0.5
    if crop.lines > 1:
        weight *= TWO_LINE_FACTOR
    if crop.region == "cn" and crop.source != "ocr-world":
        weight *= CHINESE_FACTOR
    return weight


def _jitter(rng: np.random.Generator, crop: Crop) -> np.ndarray:
    if crop.corners is not None and rng.random() < CORNER_SHARE:
        quad = expand_quad(crop.corners, rng.normal(0.04, 0.05), rng.normal(0.06, 0.07))
        width, height = np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[3] - quad[0])
        return quad + rng.normal(0, 0.02, (4, 2)).astype(np.float32) * np.float32([width, height])
    x0, y0, x1, y1 = crop.box
    cut = rng.normal(0.04 if crop.source == "ocr-world" else 0.0, 0.06, 4)
    width, height = x1 - x0, y1 - y0
    quad = quad_of_box((x0 + cut[0] * width, y0 + cut[1] * height, x1 - cut[2] * width, y1 - cut[3] * height))
    quad[:, 1] += (quad[:, 0] - quad[:, 0].mean()) * rng.normal(0, 0.05)
    quad[:, 0] += (quad[:, 1] - quad[:, 1].mean()) * rng.normal(0, 0.1)
    return quad


def _lower_resolution(rng: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    share = rng.uniform(0.35, 0.9)
    small = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (CROP_WIDTH, CROP_HEIGHT))
