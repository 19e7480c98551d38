"""How reading falls off as one thing gets worse: rendered plates, the same ones at each level of a fault.

Everything but the fault is good: 160 px of width, a sharp lens, corners within 1 % of the width.
"""

from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from ..data.backgrounds import load_backgrounds
from ..nets.reader import CROP_HEIGHT, CROP_WIDTH
from ..photo.degrade import add_noise, blur_by_motion, compress_to
from ..photo.hide import Cut, cut_picture
from ..photo.sensor import burn_out
from ..photo.surroundings import draw_surroundings
from ..photo.warp import quad_of_box
from ..plates.plate import Plate, PlateRenderer
from .kinds import Read, Shown, is_of_kind, read_shown

SEED = 5_000_000
WIDTH = 160.0  # px of a plate
MARGINS, CORNER_ERROR = (0.03, 0.05), 0.01  # the product's, and of the width
LENS, NOISE, QUALITY = 0.45, 1.5, 85  # px of blur, grey levels, of the JPEG


class Curve(NamedTuple):
    """A fault with its unit and its levels, the first of which is none or little of it."""

    fault: str
    unit: str
    levels: tuple


CURVES = (
    Curve("small", "px of height", (40, 28, 20, 16, 12, 9)),
    Curve("out of focus", "px of blur", (0, 1, 2, 3, 4, 5)),
    Curve("moved", "px of motion", (0, 3, 6, 9, 12, 15)),
    Curve("dark", "share of the light", (1, 0.5, 0.25, 0.12, 0.06, 0.03)),
    Curve("burnt out", "times the light", (1, 1.5, 2, 2.5, 3, 4)),
    Curve("turned", "degrees of yaw", (0, 30, 45, 60, 70, 75)),
    Curve("from above", "degrees of pitch", (0, 30, 45, 60, 70, 75)),
    Curve("tilted", "degrees of roll", (0, 5, 10, 15, 20, 30)),
    Curve("cut", "share of the crop", (0, 0.05, 0.1, 0.2, 0.3, 0.4)),
    Curve("covered", "share of the width", (0, 0.02, 0.05, 0.1, 0.2, 0.3)),
    Curve("compressed", "quality of the JPEG", (85, 50, 30, 20, 12, 6)),
)


def draw_plates(data: Path, count: int) -> list[tuple[Plate, np.ndarray]]:
    """Plates of one and two lines without stacks and foreign signs, each with a photograph to stand before."""
    renderer, backgrounds = PlateRenderer(data / "fonts"), load_backgrounds(data)
    rng = np.random.default_rng(SEED)
    drawn = []
    while len(drawn) < count:
        plate = renderer.render(rng)
        if is_of_kind(plate, "whole"):
            drawn.append((plate, backgrounds[int(rng.integers(len(backgrounds)))]))
    return drawn


def show(plate: Plate, background: np.ndarray, fault: str, level: float, seed: int) -> np.ndarray:
    """A crop uint8 [64, 128, 3] of a plate with one fault of a level."""
    rng = np.random.default_rng([SEED, seed])
    tall, wide = plate.picture.shape[:2]
    width, height = WIDTH, WIDTH * tall / wide
    if fault == "small":
        width, height = level * wide / tall, level
    width *= np.cos(np.radians(level)) if fault == "turned" else 1.0
    height *= np.cos(np.radians(level)) if fault == "from above" else 1.0
    scene = _stand(rng, plate.picture, background, (max(width, 4.0), max(height, 4.0)), level if fault == "tilted" else 0.0)
    if fault == "covered" and level:
        _stand_before(rng, scene, background, level * width)
    scene = cv2.GaussianBlur(scene, (0, 0), np.hypot(LENS, level if fault == "out of focus" else 0.0))
    if fault == "moved" and level:
        scene = blur_by_motion(rng, scene, 1 + level)
    light = scene.astype(np.float32) * (level if fault == "dark" else 1.0)
    if fault == "burnt out" and level > 1:
        light = burn_out(rng, light, level)[0]
    light += add_noise(rng, light.shape, NOISE)
    quality = int(level) if fault == "compressed" else QUALITY
    picture = compress_to(np.clip(light, 0, 255).astype(np.uint8), quality)
    if fault == "cut" and level:
        picture = cut_picture(picture, Cut(1, level, 0.0, 0.1))
    return cv2.resize(picture, (CROP_WIDTH, CROP_HEIGHT))


def _stand(rng, plate: np.ndarray, background: np.ndarray, size: tuple[float, float], roll: float) -> np.ndarray:
    """The plate in its surroundings, cut by its corners; a tilted one by the upright box around it."""
    width, height = size
    turn = np.radians(roll)
    corners = quad_of_box((-width / 2, -height / 2, width / 2, height / 2))
    corners = corners @ np.float32([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    corners += rng.normal(0, CORNER_ERROR, (4, 2)).astype(np.float32) * np.float32([width, height])
    low, high = corners.min(0), corners.max(0)
    margins = (high - low) * np.float32(MARGINS)
    whole = np.maximum(np.round(high - low + 2 * margins), 4).astype(int)
    scene = draw_surroundings(rng, background, (int(whole[0]), int(whole[1])))
    blur = np.float32([plate.shape[1] / width, plate.shape[0] / height]) * 0.32
    smooth = cv2.GaussianBlur(plate, (0, 0), max(float(blur[0]), 0.05), sigmaY=max(float(blur[1]), 0.05))
    transform = cv2.getPerspectiveTransform(quad_of_box((0, 0, plate.shape[1], plate.shape[0])), np.float32(corners - low + margins))
    return cv2.warpPerspective(smooth, transform, (int(whole[0]), int(whole[1])), dst=scene, borderMode=cv2.BORDER_TRANSPARENT)


def _stand_before(rng, scene: np.ndarray, background: np.ndarray, width: float) -> None:
    """An upright post of a width in px somewhere before the plate, in place."""
    height, whole = scene.shape[:2]
    post = max(round(width), 1)
    x = int(rng.integers(0, max(whole - post, 0) + 1))
    scene[:, x : x + post] = draw_surroundings(rng, background, (whole, height))[:, x : x + post]


def score_curve(reads: dict[str, tuple[Read, float]], plates: list, curve: Curve) -> dict[str, list[dict[str, float]]]:
    """For each reader (and its temperature) the rates at each level: exact, and wrong at 0.9."""
    scores: dict[str, list[dict[str, float]]] = {name: [] for name in reads}
    for level in curve.levels:
        shown = [Shown(show(*drawn, curve.fault, level, seed), drawn[0].text, None, False) for seed, drawn in enumerate(plates)]
        for name, (read, temperature) in reads.items():
            found = read_shown(read, shown, temperature)
            scores[name].append({"exact": float(found.right.mean()), "wrong at 0.9": float((found.is_sure & ~found.right).mean())})
    return scores
