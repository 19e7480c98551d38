"""Holders around plates and frames over their edges, mostly with a dealer's name."""

import cv2
import numpy as np

from .colours import pick_colour
from .sheet import Sheet
from .words import pick_dealer


def put_in_holder(sheet: Sheet, rng: np.random.Generator) -> tuple[np.ndarray, tuple[int, int]]:
    """A frame around the plate, mostly dark, often with a dealer's name below; float32 RGB, and where the plate begins in it."""
    height, width = sheet.height, sheet.width
    rim = int(height * rng.uniform(0.02, 0.1)) + 1
    foot = int(height * rng.uniform(0.08, 0.2)) if rng.random() < 0.45 else rim
    head = int(height * rng.uniform(0.08, 0.16)) if rng.random() < 0.08 else rim
    colour = np.array(_pick_frame_colour(rng))
    framed = Sheet(width + 2 * rim, height + head + foot, colour, np.zeros(3), 1, sheet.face)
    framed.picture[head : head + height, rim : rim + width] = sheet.picture
    for top, bottom in ((0, head), (head + height, head + height + foot)):
        if bottom - top > rim:
            _print_dealer(framed, top, bottom, rng)
    return framed.picture, (rim, head)


def cover_edges(sheet: Sheet, rng: np.random.Generator) -> None:
    """A dealer's frame that hides parts of the name above and the slogan below, never the number."""
    top = int(min(sheet.height * rng.uniform(0.03, 0.2), sheet.top * 0.95))
    bottom = sheet.height - int(min(sheet.height * rng.uniform(0.04, 0.22), (sheet.height - sheet.bottom) * 0.95))
    side = int(sheet.width * rng.uniform(0.0, 0.025))
    colour = _pick_frame_colour(rng)
    sheet.fill(0, bottom, sheet.width, sheet.height, colour)
    sheet.fill(0, 0, sheet.width, top, colour)
    sheet.fill(0, 0, side, sheet.height, colour)
    sheet.fill(sheet.width - side, 0, sheet.width, sheet.height, colour)
    if rng.random() < 0.4:  # tabs of the frame reach around the bolts
        for x in (0.18, 0.82):
            centre = int(sheet.width * x), top
            cv2.circle(sheet.picture, centre, max(2, int(sheet.height * 0.05)), colour, -1, cv2.LINE_AA)
    for low, high in ((0, top), (bottom, sheet.height)):
        if rng.random() < 0.65:
            _print_dealer(sheet, low, high, rng)


def _pick_frame_colour(rng) -> list[float]:
    chance = rng.random()
    if chance < 0.6:
        return [float(rng.integers(0, 80))] * 3
    return [float(rng.integers(120, 240))] * 3 if chance < 0.85 else pick_colour(rng)


def _print_dealer(sheet: Sheet, top: int, bottom: int, rng) -> None:
    under = float(sheet.picture[(top + bottom) // 2, sheet.width // 2].mean())
    light = rng.integers(150, 255) if under < 128 else rng.integers(0, 90)
    inset = rng.uniform(0.05, 0.25)
    area = sheet.width * inset, top, sheet.width * (1 - inset), bottom
    colour = [float(light)] * 3 if rng.random() < 0.7 else pick_colour(rng)
    sheet.print_small(pick_dealer(rng), area, colour, rng)
