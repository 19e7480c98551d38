"""Pictures behind the number, as on the plates of American states and provinces."""

import cv2
import numpy as np

from .colours import LUMA, Colours, pick_colour
from .sheet import Sheet

LEAST_DISTANCE = 55  # of luma between the art and the ink
STRIP = (0.12, 0.26)  # of the height


def draw_art(sheet: Sheet, rng: np.random.Generator) -> None:
    """One or several of: gradients, bands, hills, discs, rays, blots; never of the ink's brightness."""
    kinds = (_shade, _shade, _grade, _grade, _band_edges, _raise_hills, _place_disc, _blot, _wave, _silhouette)
    for _ in range(int(rng.choice([1, 1, 2, 2, 3]))):
        kinds[int(rng.integers(len(kinds)))](sheet, rng)
    _part_from_ink(sheet)


def grade_ground(sheet: Sheet, colours: Colours, rng: np.random.Generator) -> None:
    """The grounds of a plate that changes from top to bottom, and its strips."""
    if colours.grades:
        stops = np.float32(colours.grades)[:, None]
        column = cv2.resize(stops, (1, sheet.height), interpolation=cv2.INTER_LINEAR)
        sheet.picture[:] = column
        _part_from_ink(sheet)
    for top, colour in zip((True, False), colours.bands, strict=True):
        if colour is not None:
            height = sheet.height * rng.uniform(*STRIP)
            sheet.fill(0, 0 if top else sheet.height - height, sheet.width, height if top else sheet.height, colour)


def _part_from_ink(sheet: Sheet) -> None:
    """Lifts or lowers what is as bright as the ink, but not along the edges, where the number does not stand."""
    ink = float(np.float32(sheet.ink) @ np.float32(LUMA))
    luma = sheet.picture @ np.float32(LUMA)
    if sheet.ground @ LUMA > ink:
        lift = np.maximum(0, ink + LEAST_DISTANCE - luma)
    else:
        lift = np.minimum(0, ink - LEAST_DISTANCE - luma)
    rows = np.clip(np.minimum(np.arange(sheet.height), np.arange(sheet.height)[::-1]) / sheet.height / STRIP[0] - 0.5, 0, 1)
    lift = np.float32(lift * rows[:, None])
    sheet.picture += cv2.merge((lift, lift, lift))


def _near(sheet: Sheet, rng, spread: float) -> np.ndarray:
    return np.clip(sheet.ground + rng.normal(0, spread, 3), 0, 255)


def _shade(sheet: Sheet, rng) -> None:
    grid = rng.normal(0, 1, (int(rng.integers(2, 5)), int(rng.integers(2, 6)), 3)).astype(np.float32)
    grid *= rng.uniform(5, 40)
    sheet.picture += cv2.resize(grid, (sheet.width, sheet.height), interpolation=cv2.INTER_CUBIC)


def _grade(sheet: Sheet, rng) -> None:
    """Two or three colours from top to bottom."""
    stops = np.float32([_near(sheet, rng, 60) for _ in range(int(rng.integers(2, 4)))])[:, None]
    column = cv2.resize(stops, (1, sheet.height), interpolation=cv2.INTER_LINEAR)
    share = rng.uniform(0.5, 1)
    sheet.picture[:] = sheet.picture * (1 - share) + column * share


def _band_edges(sheet: Sheet, rng) -> None:
    """Full colours along the top or bottom, where the name and the slogan stand."""
    height = sheet.height * rng.uniform(0.12, 0.24)
    if rng.random() < 0.7:
        sheet.fill(0, 0, sheet.width, height, pick_colour(rng))
    if rng.random() < 0.5:
        sheet.fill(0, sheet.height - height * rng.uniform(0.5, 1), sheet.width, sheet.height, pick_colour(rng))


def _raise_hills(sheet: Sheet, rng) -> None:
    count = int(rng.integers(4, 12))
    x = np.linspace(-0.05, 1.05, count) * sheet.width
    y = sheet.height * (rng.uniform(0.2, 0.75) + rng.uniform(-0.18, 0.18, count))
    outline = np.concatenate([np.c_[x, y], [[sheet.width * 1.05, sheet.height * 1.1], [-9, sheet.height * 1.1]]])
    cv2.fillPoly(sheet.picture, [np.int32(outline)], _near(sheet, rng, 50).tolist(), cv2.LINE_AA)


def _place_disc(sheet: Sheet, rng) -> None:
    """A sun, a seal or a peach in the middle."""
    radius = int(sheet.height * rng.uniform(0.15, 0.45))
    centre = int(sheet.width * rng.normal(0.5, 0.12)), int(sheet.height * rng.uniform(0.3, 0.7))
    colour = _near(sheet, rng, 70).tolist()
    cv2.circle(sheet.picture, centre, radius, colour, -1 if rng.random() < 0.8 else 3, cv2.LINE_AA)
    if rng.random() < 0.4:
        for angle in np.linspace(0, 2 * np.pi, int(rng.integers(8, 20))):
            far = centre[0] + 3 * radius * np.cos(angle), centre[1] + 3 * radius * np.sin(angle)
            cv2.line(sheet.picture, centre, (int(far[0]), int(far[1])), colour, 2, cv2.LINE_AA)


def _blot(sheet: Sheet, rng) -> None:
    for _ in range(int(rng.integers(1, 5))):
        centre = int(rng.integers(sheet.width)), int(rng.integers(sheet.height))
        axes = int(rng.integers(4, sheet.width // 5)), int(rng.integers(3, max(4, sheet.height // 2)))
        colour = _near(sheet, rng, 45).tolist()
        cv2.ellipse(sheet.picture, centre, axes, float(rng.integers(180)), 0, 360, colour, -1, cv2.LINE_AA)


def _wave(sheet: Sheet, rng) -> None:
    x = np.linspace(0, sheet.width, 24)
    level = sheet.height * rng.uniform(0.15, 0.85)
    y = level + np.sin(x / sheet.width * rng.uniform(3, 12) + rng.uniform(0, 6)) * sheet.height * rng.uniform(0.03, 0.15)
    thick = int(max(2, sheet.height * rng.uniform(0.03, 0.2)))
    cv2.polylines(sheet.picture, [np.int32(np.c_[x, y])], False, _near(sheet, rng, 60).tolist(), thick, cv2.LINE_AA)


def _silhouette(sheet: Sheet, rng) -> None:
    """The outline of a state, a tree or a bird between or behind the characters."""
    count = int(rng.integers(6, 16))
    angles = np.sort(rng.uniform(0, 2 * np.pi, count))
    radii = sheet.height * rng.uniform(0.15, 0.42, count)
    centre = sheet.width * rng.uniform(0.3, 0.7), sheet.height * rng.uniform(0.35, 0.65)
    outline = np.c_[np.cos(angles) * radii + centre[0], np.sin(angles) * radii + centre[1]]
    cv2.fillPoly(sheet.picture, [np.int32(outline)], _near(sheet, rng, 55).tolist(), cv2.LINE_AA)
