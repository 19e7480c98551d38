"""Draws training crops from photographs, never twice the same."""

from collections import Counter

import cv2
import numpy as np

from ..data.crops import LOOSE_SETS, Crop
from ..nets.reader import CROP_HEIGHT, CROP_WIDTH
from ..photo.degrade import degrade
from ..photo.hide import cut_picture, pick_cut
from ..photo.warp import expand_quad, quad_of_box, rectify
from ..plates.formats import load_scripted_regions

CORNER_SHARE = 0.6  # the others are cut by a box, jittered and sheared
TWO_LINE_FACTOR = 2.5
LEAST_CUT, CUT_SHARE = 4, 0.12  # characters of texts that are cut, and how often they are
LEAST_MISSING = 0.3  # of the crop's width or height: the first characters, behind any band or margin
TIGHT = 0.03  # of the plate's width or height that a crop may lack and still show all characters
CHINESE_FACTOR = 0.35  # 750 crops of one format must not crowd out the world
AMERICAN_FACTOR = 2.0  # few, and no others have so many figures and badges that are not part of the number


class PhotographedCrops:
    """Rare texts, two-line plates and all sets get their share of the draws."""

    def __init__(self, crops: list[Crop]):
        self.crops = crops
        seen = Counter(crop.text for crop in crops)
        weights = np.array([_weigh(crop, seen[crop.text]) for crop in crops])
        self.cumulative = np.cumsum(weights / weights.sum())
        self.scripted = load_scripted_regions()

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, dict]:
        """uint8 [64, 128, 3] and its label."""
        crop = self.crops[min(int(np.searchsorted(self.cumulative, rng.random())), len(self.crops) - 1)]
        quad, is_whole = _jitter(rng, crop)
        picture = rectify(crop.picture, quad)
        label = {"text": crop.text, "region": crop.region, "whole": is_whole, "unread": self._has_unread(crop)}
        if is_whole and len(crop.text) >= LEAST_CUT and rng.random() < CUT_SHARE:
            picture = _cut(rng, picture)
            label = {**label, "text": "", "legible": False, "whole": False, "unread": None}
        if rng.random() < 0.3:
            picture = _lower_resolution(rng, picture)
        if rng.random() < 0.6:
            picture = degrade(rng, picture, 0.6)
        return picture, label

    def _has_unread(self, crop: Crop) -> bool | None:
        """Whether a plate has signs that are not read: a province of China does, elsewhere the numbering says whether it may."""
        if crop.region == "cn":
            return True
        return None if not crop.region or crop.region in self.scripted else False


def _weigh(crop: Crop, copies: int) -> float:
    weight = copies**-0.5
    if crop.lines > 1:
        weight *= TWO_LINE_FACTOR
    if crop.region == "cn" and crop.source != "ocr-world":
        weight *= CHINESE_FACTOR
    if crop.region.startswith("us"):
        weight *= AMERICAN_FACTOR
    return weight


def _cut(rng: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    """A crop at the picture's edge that lacks so much that some character is surely gone; which one nobody noted."""
    cut = pick_cut(rng)
    cut = cut._replace(place=rng.uniform(LEAST_MISSING, 0.65), slant=cut.slant / 2)
    return cv2.resize(cut_picture(picture, cut), (CROP_WIDTH, CROP_HEIGHT))


def _jitter(rng: np.random.Generator, crop: Crop) -> tuple[np.ndarray, bool | None]:
    """Where the crop is cut, and True where nothing of the plate was lost by it."""
    if crop.corners is not None and rng.random() < CORNER_SHARE:
        margins = rng.normal(0.04, 0.05), rng.normal(0.06, 0.07)
        quad = expand_quad(crop.corners, *margins)
        width, height = np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[3] - quad[0])
        off = rng.normal(0, 0.02, (4, 2)).astype(np.float32) * np.float32([width, height])
        return quad + off, True if min(margins) > -TIGHT else None
    x0, y0, x1, y1 = crop.box
    cut = rng.normal(0.04 if crop.source == "ocr-world" else 0.0, 0.06, 4)
    width, height = x1 - x0, y1 - y0
    quad = quad_of_box((x0 + cut[0] * width, y0 + cut[1] * height, x1 - cut[2] * width, y1 - cut[3] * height))
    quad[:, 1] += (quad[:, 0] - quad[:, 0].mean()) * rng.normal(0, 0.05)
    quad[:, 0] += (quad[:, 1] - quad[:, 1].mean()) * rng.normal(0, 0.1)
    loose = LOOSE_SETS.get(crop.source, (0.0, 0.0)) * 2
    return quad, True if all(part < slack + TIGHT for part, slack in zip(cut, loose)) else None


def _lower_resolution(rng: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    share = rng.uniform(0.35, 0.9)
    small = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (CROP_WIDTH, CROP_HEIGHT))
