"""Plates of which a part is missing: cut by the picture's edge, or behind something.

Which characters are left is known from their boxes, so that the truth of such a crop is what can be seen
of the text, and that it is not the whole of it.
"""

from typing import NamedTuple

import cv2
import numpy as np

from .surroundings import draw_surroundings

SEEN, HIDDEN = 0.85, 0.25  # visible shares from and below which a character counts as there and as gone
MISSING = 0.5  # visible share of any character below which the number is not whole
CUT_SHARE = 0.6  # of plates with a missing part: by an edge; the others are covered
SLANT = 0.12  # of the height: the picture's edge is not upright in a rectified crop
UPRIGHT_SHARE = 0.8  # of cuts: at the left or the right
EXTENDED_SHARE = 0.35  # of cuts: the detector's corners reach as far as the plate would
BESIDE_SHARE = 0.65  # of plates behind something at one side: the detector's corners end where it begins
UPRIGHT_COVER_SHARE = 0.5  # of covers: nearly upright, as posts and other vehicles are


class Rest(NamedTuple):
    """What is left of a text: the characters that are seen, None where nobody can say; whether it is all of them."""

    text: str | None
    is_whole: bool | None


def judge(signs: list[str], shares: np.ndarray) -> Rest:
    """What is left where a share of each character is visible."""
    least = float(shares.min(initial=1.0))
    whole = True if least >= SEEN else False if least < MISSING else None
    if ((shares < SEEN) & (shares >= HIDDEN)).any():
        return Rest(None, whole)
    return Rest("".join(sign for sign, share in zip(signs, shares) if share >= SEEN), whole)


class Cut(NamedTuple):
    """The edge of a picture across a crop: the side that is missing, where (share of the crop), its slant, and how much of
    the missing part the crop still has, filled with the picture's last pixels as the product does."""

    side: int  # 0 left, 1 right, 2 top, 3 bottom
    place: float
    slant: float
    kept: float


def pick_cut(rng: np.random.Generator) -> Cut:
    """Mostly at the left or right; from a sliver to more than half."""
    side = int(rng.integers(2)) if rng.random() < UPRIGHT_SHARE else 2 + int(rng.integers(2))
    place = rng.uniform(0.02, 0.6) if side < 2 else rng.uniform(0.05, 0.5)
    kept = 1.0 if rng.random() < EXTENDED_SHARE else max(0.0, rng.normal(0.03, 0.03)) / place
    return Cut(side, place, rng.normal(0, SLANT / 2), min(kept, 1.0))


def cut_picture(picture: np.ndarray, cut: Cut) -> np.ndarray:
    """uint8 [H, W, 3] without what lies beyond the edge."""
    turned = _turn(picture, cut.side)
    height, width = turned.shape[:2]
    edge = _edge_of_rows(height, width, cut)
    first = int(round(float(edge.min()) * (1 - cut.kept)))
    columns, rows = np.meshgrid(np.arange(first, width, dtype=np.float32), np.arange(height, dtype=np.float32))
    cropped = cv2.remap(np.ascontiguousarray(turned), np.maximum(columns, edge[:, None]), rows, cv2.INTER_LINEAR)
    return np.ascontiguousarray(_turn_back(cropped, cut.side))


def shares_after_cut(boxes: np.ndarray, size: tuple[int, int], cut: Cut) -> np.ndarray:
    """The share of each box [n, 4] (px of a picture of width, height) that lies within the picture's edge."""
    width, height = size
    x0, y0, x1, y1 = boxes.T
    if cut.side == 1:
        x0, x1 = width - x1, width - x0
    elif cut.side == 2:
        x0, y0, x1, y1, width, height = y0, x0, y1, x1, height, width
    elif cut.side == 3:
        x0, y0, x1, y1, width, height = height - y1, x0, height - y0, x1, height, width
    edge = width * (cut.place + cut.slant * ((y0 + y1) / 2 / height - 0.5))
    return ((x1 - np.maximum(x0, edge)) / np.maximum(x1 - x0, 1e-6)).clip(0, 1)


def _edge_of_rows(height: int, width: int, cut: Cut) -> np.ndarray:
    level = (np.arange(height, dtype=np.float32) + 0.5) / height - 0.5
    return np.clip(width * (cut.place + cut.slant * level), 0, width - 1).astype(np.float32)


def _turn(picture: np.ndarray, side: int) -> np.ndarray:
    """Puts a side to the left."""
    upright = picture if side < 2 else picture.transpose(1, 0, 2)
    return upright[:, ::-1] if side % 2 else upright


def _turn_back(picture: np.ndarray, side: int) -> np.ndarray:
    upright = picture[:, ::-1] if side % 2 else picture
    return upright if side < 2 else upright.transpose(1, 0, 2)


class Cover(NamedTuple):
    """Where something is before a scene, [H, W] of 0..1; the line along which the crop ends there, if it does."""

    where: np.ndarray
    end: Cut | None = None


def cover_scene(rng: np.random.Generator, scene: np.ndarray, background: np.ndarray | None) -> Cover:
    """Puts something before a scene in place: from the side, across it or as a patch."""
    height, width = scene.shape[:2]
    chance, end = rng.random(), None
    if chance < 0.55:
        cut = _pick_side(rng)
        cover = _draw_side(cut, height, width)
        end = cut if rng.random() < BESIDE_SHARE else None
    elif chance < 0.8:
        cover = _draw_bar(rng, height, width)
    else:
        cover = _draw_patch(rng, height, width)
    if rng.random() < 0.5:
        cover = cv2.GaussianBlur(cover, (0, 0), rng.uniform(0.4, 2.0))
    stuff = draw_surroundings(rng, background, (width, height))
    if rng.random() < 0.4:
        stuff = np.full_like(scene, rng.integers(0, 256, 3) if rng.random() < 0.5 else rng.integers(0, 256))
    scene[:] = cv2.blendLinear(scene, stuff, 1 - cover, cover)
    return Cover(cover, end)


def end_crop(rng: np.random.Generator, picture: np.ndarray, end: Cut) -> np.ndarray:
    """uint8 [H, W, 3] up to about where a cover begins, as the detector sees the rest of the plate."""
    turned = _turn(picture, end.side)
    height, width = turned.shape[:2]
    first = round(float(_edge_of_rows(height, width, end).mean()) + width * rng.normal(-0.03, 0.025))
    return np.ascontiguousarray(_turn_back(turned[:, min(max(first, 0), width - 8) :], end.side))


def shares_after_cover(boxes: np.ndarray, cover: np.ndarray) -> np.ndarray:
    """The uncovered share of each box [n, 4]."""
    sums = cv2.integral(cover)
    height, width = cover.shape
    x0, x1 = (np.clip(np.round(boxes[:, column]), 0, width).astype(int) for column in (0, 2))
    y0, y1 = (np.clip(np.round(boxes[:, row]), 0, height).astype(int) for row in (1, 3))
    area = np.maximum((x1 - x0) * (y1 - y0), 1)
    return 1 - (sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0]) / area


def _pick_side(rng) -> Cut:
    """Another vehicle, a wall, a hand: all beyond a line, from one side."""
    side = int(rng.integers(2)) if rng.random() < UPRIGHT_SHARE else 2 + int(rng.integers(2))
    slant = SLANT / 2 if rng.random() < UPRIGHT_COVER_SHARE else 0.25
    return Cut(side, rng.uniform(0.06, 0.6), rng.normal(0, slant), 1.0)


def _draw_side(cut: Cut, height: int, width: int) -> np.ndarray:
    tall, wide = (height, width) if cut.side < 2 else (width, height)
    cover = (np.arange(wide, dtype=np.float32)[None] < _edge_of_rows(tall, wide, cut)[:, None]).astype(np.float32)
    return np.ascontiguousarray(_turn_back(cover[..., None], cut.side)[..., 0])


def _draw_bar(rng, height: int, width: int) -> np.ndarray:
    """A pole, a barrier, a tow bar, a strap across the plate."""
    cover = np.zeros((height, width), np.float32)
    x, lean = width * rng.uniform(0.05, 0.95), rng.normal(0, 0.05 if rng.random() < UPRIGHT_COVER_SHARE else 0.3) * height
    ends = [(round(x - lean), -5), (round(x + lean), height + 5)]
    thick = width * rng.uniform(0.04, 0.42)
    if rng.random() < 0.2:  # level
        y, lean = height * rng.uniform(0.1, 0.9), rng.normal(0, 0.1) * width
        ends = [(-5, round(y - lean)), (width + 5, round(y + lean))]
        thick = height * rng.uniform(0.1, 0.5)
    return cv2.line(cover, *ends, 1.0, max(2, round(thick)))


def _draw_patch(rng, height: int, width: int) -> np.ndarray:
    """Mud, snow, leaves, a sticker, a ball: round patches near each other."""
    cover = np.zeros((height, width), np.float32)
    x, y = width * rng.uniform(0, 1), height * rng.uniform(0.1, 0.9)
    for _ in range(int(rng.integers(1, 6))):
        centre = round(x + rng.normal(0, 0.06) * width), round(y + rng.normal(0, 0.2) * height)
        axes = max(2, round(width * rng.uniform(0.03, 0.14))), max(2, round(height * rng.uniform(0.15, 0.5)))
        cv2.ellipse(cover, centre, axes, rng.uniform(0, 180), 0, 360, 1.0, -1)
    return cover
