"""A rendered plate as the reader would see it: rectified, but never quite."""

from typing import NamedTuple

import cv2
import numpy as np

from ..nets.reader import CROP_HEIGHT, CROP_WIDTH
from ..plates.plate import Plate
from .camera import Camera, Harm, pick_camera, pick_seen_width, take_picture
from .hide import CUT_SHARE, Rest, cover_scene, cut_picture, end_crop, judge, pick_cut, shares_after_cover, shares_after_cut
from .surroundings import draw_surroundings, print_over
from .warp import bend, quad_of_box

RECTIFIED_SHARE = 0.7  # the others are box crops: rotated and sheared
LEAST_CONTRAST = 9  # standard deviation of the middle below which nobody can read a crop
STROKES = 2.0  # of a character, across
TURNED_SHARE, TURNED = 0.1, (0.8, 1.27)  # of plates, and by how much they are turned away from the camera, rad
PITCHED_SHARE = 0.2  # of these are seen from above instead
LEAST_SIGNAL, SIGNAL_TO_NOISE = 12.0, 1.8  # grey levels
EDGES = (0.08, 0.29, 0.5, 0.71, 0.92)  # of strips, over the crop's width
LEAST_STRIP, KEPT_IN_STRIP = 20.0, 0.12
TRIES = 3
BENT_SHARE, PRINTED_OVER_SHARE = 0.1, 0.025
HIDDEN_SHARE = 0.2  # of plates: cut by the picture's edge, or behind something
UNREADABLE_SHARE = 0.35  # of crops that stay unreadable after all tries: kept as such
RESIZERS = (cv2.INTER_LINEAR, cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_AREA)


class View(NamedTuple):
    """A crop uint8 [64, 128, 3], what can be read on it (None: nobody could say), and whether that is the whole number."""

    crop: np.ndarray
    text: str | None
    is_whole: bool | None


def photograph(
    rng: np.random.Generator, plate: Plate, background: np.ndarray | None, camera: Camera | None = None, hides: str | None = None
) -> View:
    """Placed with error, partly hidden now and then, seen small, degraded, enlarged again.

    The camera and what hides the plate ("cut", "cover" or "" for nothing) are drawn where they are not given.
    """
    camera = camera or pick_camera(rng)
    tries = 1 if rng.random() < UNREADABLE_SHARE else TRIES
    if hides is None:
        hides = pick_hides(rng)
    for _ in range(tries):
        seen, scene, boxes = _place(rng, plate, background, camera)
        cover = cover_scene(rng, scene, background) if hides == "cover" else None
        if rng.random() < BENT_SHARE:
            scene = bend(rng, scene)
        picture, harm = take_picture(rng, scene, camera)
        if rng.random() < PRINTED_OVER_SHARE:
            print_over(rng, picture)
        is_clear = can_be_read(plate, seen, harm, picture)
        keeps_all = is_whole(scene, picture)
        if is_clear and keeps_all:
            break
    rest = Rest(plate.text, True)
    if cover is not None:
        rest = judge(plate.text, shares_after_cover(boxes, cover.where))
        if cover.end:
            picture = end_crop(rng, picture, cover.end)
    elif hides == "cut":
        cut = pick_cut(rng)
        rest = judge(plate.text, shares_after_cut(boxes, (scene.shape[1], scene.shape[0]), cut))
        picture = cut_picture(picture, cut)
    if not is_clear:
        rest = Rest(None, None)
    elif not keeps_all:
        rest = Rest(None, False)
    return View(_enlarge(rng, picture), *rest)


def pick_hides(rng: np.random.Generator, share: float = HIDDEN_SHARE) -> str:
    """What hides a part of that share of plates: "cut", "cover" or "" for nothing."""
    return "" if rng.random() >= share else "cut" if rng.random() < CUT_SHARE else "cover"


def photograph_scene(rng: np.random.Generator, scene: np.ndarray) -> np.ndarray:
    """A crop without a plate, uint8 [64, 128, 3]."""
    return _enlarge(rng, take_picture(rng, scene, pick_camera(rng))[0])


def can_be_read(plate: Plate, seen: float, harm: Harm, picture: np.ndarray) -> bool:
    """Whether the strokes keep enough contrast after blur, against noise and compression.

    A blur of sigma s leaves exp(-2 (pi s f)^2) of a pattern of frequency f; characters have about two strokes.
    """
    pitch = max(seen * plate.pitch, 1e-3)
    kept = np.exp(-2 * (np.pi * harm.blur * STROKES / pitch) ** 2)
    signal = plate.contrast * harm.contrast * kept
    height, width = picture.shape[:2]
    middle = picture[height // 5 : height - height // 5, width // 6 : width - width // 6]
    return bool(signal > max(LEAST_SIGNAL, SIGNAL_TO_NOISE * harm.noise) and middle.std() > LEAST_CONTRAST)


def is_whole(scene: np.ndarray, picture: np.ndarray) -> bool:
    """Whether no part of the number was burnt out or drowned: each upright strip keeps some of its contrast."""
    height, width = scene.shape[:2]
    scene, picture = (cv2.GaussianBlur(shown, (0, 0), 1.0) for shown in (scene, picture))  # noise is not contrast
    rows = slice(height // 6, height - height // 6)
    for x0, x1 in zip(EDGES[:-1], EDGES[1:]):
        strip = np.s_[rows, int(x0 * width) : max(int(x0 * width) + 2, int(x1 * width))]
        before, after = float(scene[strip].std()), float(picture[strip].std())
        if before > LEAST_STRIP and after < before * KEPT_IN_STRIP:
            return False
    return True


def _place(rng, plate: Plate, background: np.ndarray | None, camera: Camera) -> tuple[float, np.ndarray, np.ndarray]:
    """The plate's width in px, the picture of the crop's surroundings with the plate in it, and its characters' boxes [n, 4]."""
    height, width = plate.picture.shape[:2]
    seen = pick_seen_width(rng, camera)
    tall = seen * height / width
    if rng.random() < TURNED_SHARE:
        narrowed = float(np.cos(rng.uniform(*TURNED)))
        seen, tall = (seen, tall * narrowed) if rng.random() < PITCHED_SHARE else (seen * narrowed, tall)
    place = _place_rectified if rng.random() < RECTIFIED_SHARE else _place_boxed
    corners, size = place(rng, seen, tall)
    scene = draw_surroundings(rng, background, size)
    picture = plate.picture
    across, down = width / seen, height / tall
    if max(across, down) > 1.33:
        picture = cv2.GaussianBlur(picture, (0, 0), 0.32 * across, sigmaY=0.32 * down)
    transform = cv2.getPerspectiveTransform(quad_of_box((0, 0, width, height)), np.float32(corners))
    cv2.warpPerspective(picture, transform, size, dst=scene, borderMode=cv2.BORDER_TRANSPARENT)
    return seen, scene, _place_signs(plate, transform)


def _place_signs(plate: Plate, transform: np.ndarray) -> np.ndarray:
    quads = np.float32([quad_of_box(sign[1:]) for sign in plate.signs]).reshape(1, -1, 2)
    if not quads.size:
        return np.zeros((0, 4), np.float32)
    corners = cv2.perspectiveTransform(quads, transform).reshape(-1, 4, 2)
    return np.concatenate([corners.min(1), corners.max(1)], 1)


def _enlarge(rng, picture: np.ndarray) -> np.ndarray:
    if picture.shape[1] > 2 * CROP_WIDTH:
        return cv2.resize(picture, (CROP_WIDTH, CROP_HEIGHT), interpolation=cv2.INTER_AREA)
    return cv2.resize(picture, (CROP_WIDTH, CROP_HEIGHT), interpolation=RESIZERS[int(rng.integers(4))])


def _place_rectified(rng, width: float, height: float):
    """By four corners, each a little off, now and then far off."""
    loose = rng.random() < 0.1
    margins = np.clip(rng.normal(0.1 if loose else 0.025, 0.06 if loose else 0.03, 4), -0.025, 0.28)
    size = _whole(width * (1 + margins[0] + margins[1]), height * (1 + margins[2] + margins[3]))
    corners = quad_of_box((0, 0, width, height)) + np.float32([margins[0] * width, margins[2] * height])
    off = 0.07 if rng.random() < 0.12 else 0.03
    corners += rng.normal(0, off, (4, 2)).astype(np.float32) * np.float32([width * 0.3, height])
    return corners, size


def _place_boxed(rng, width: float, height: float):
    """By an upright box around a plate that is turned and sheared."""
    angle = rng.normal(0, 0.17 if rng.random() < 0.25 else 0.06)
    shear = rng.normal(0, 0.12)
    corners = quad_of_box((-width / 2, -height / 2, width / 2, height / 2))
    corners[:, 0] += corners[:, 1] * shear
    turn = np.float32([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = corners @ turn.T + rng.normal(0, 0.015, (4, 2)).astype(np.float32) * np.float32([width, height])
    margins = np.clip(rng.normal(0.04, 0.06, 4), -0.02, 0.3)
    (x0, y0), (x1, y1) = corners.min(0), corners.max(0)
    box_width, box_height = x1 - x0, y1 - y0
    corners -= np.float32([x0 - margins[0] * box_width, y0 - margins[2] * box_height])
    return corners, _whole(box_width * (1 + margins[0] + margins[1]), box_height * (1 + margins[2] + margins[3]))


def _whole(width: float, height: float) -> tuple[int, int]:
    return max(8, round(width)), max(6, round(height))
