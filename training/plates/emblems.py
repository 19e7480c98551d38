"""Signs that are not text: seals, crests, state shapes, foreign script.

A reader that never saw them reads crests as 9, 8 or 0, above all on two-line plates. One that learns that
small signs stand in stacks takes the figures of American plates for them, unless it sees figures as well.
"""

import cv2
import numpy as np

from .colours import pick_colour


def draw_emblem(picture: np.ndarray, x: float, y: float, size: float, rng: np.random.Generator) -> None:
    """Draws one random emblem of a size (px) centred at x, y into a float32 picture."""
    x, y, size = int(x), int(y), max(3.0, size)
    shapes = (_shield, _seal, _seal, _heart, _star, _blob, _stripes, _wheelchair, _texture)
    shapes[int(rng.integers(len(shapes)))](picture, x, y, size, rng)


def draw_figure(picture: np.ndarray, x: float, y: float, size: tuple[float, float], colour, rng: np.random.Generator) -> None:
    """A flag, an animal, a plant, a badge: parts of any shape within width and height (px), some of them cut out again."""
    width, height = (max(4, int(side)) for side in size)
    top, left = max(0, int(y) - height // 2), max(0, int(x) - width // 2)
    place = picture[top : top + height, left : left + width]
    second = pick_colour(rng)
    for part in range(int(rng.integers(3, 9))):
        cover = np.zeros(place.shape[:2], np.uint8)
        centre = rng.uniform(0.15, 0.85, 2) * (width, height)
        if rng.random() < 0.5:
            points = centre + rng.normal(0, 0.24, (int(rng.integers(3, 7)), 2)) * (width, height)
            cv2.fillPoly(cover, [np.int32(points)], 255, cv2.LINE_AA)
        elif rng.random() < 0.5:
            axes = [max(1, int(axis)) for axis in rng.uniform(0.06, 0.35, 2) * (width, height)]
            thick = -1 if rng.random() < 0.6 else max(1, height // 20)
            cv2.ellipse(cover, centre.astype(int).tolist(), axes, rng.uniform(0, 180), 0, 360, 255, thick, cv2.LINE_AA)
        else:
            ends = (rng.uniform(0, 1, (2, 2)) * (width, height)).astype(int).tolist()
            cv2.line(cover, *ends, 255, max(1, int(height * rng.uniform(0.02, 0.12))), cv2.LINE_AA)
        share = (cover / np.float32(255))[..., None]
        place[:] = place * (1 - share) + np.float32(second if part and rng.random() < 0.3 else colour) * share


def _polygon(picture, x, y, size, points, colour) -> None:
    corners = np.int32(np.float32(points) * size + [x, y])
    cv2.fillPoly(picture, [corners], colour, cv2.LINE_AA)


def _shield(picture, x, y, size, rng) -> None:
    outline = [(-0.45, -0.5), (0.45, -0.5), (0.45, 0.1), (0, 0.55), (-0.45, 0.1)]
    _polygon(picture, x, y, size, outline, pick_colour(rng))
    cross = pick_colour(rng)
    _polygon(picture, x, y, size, [(-0.08, -0.45), (0.08, -0.45), (0.08, 0.4), (-0.08, 0.4)], cross)
    _polygon(picture, x, y, size, [(-0.4, -0.1), (0.4, -0.1), (0.4, 0.06), (-0.4, 0.06)], cross)


def _seal(picture, x, y, size, rng) -> None:
    cv2.circle(picture, (x, y), int(size * 0.48), pick_colour(rng), -1, cv2.LINE_AA)
    filled = -1 if rng.random() < 0.5 else 1
    cv2.circle(picture, (x, y), int(size * 0.34), pick_colour(rng), filled, cv2.LINE_AA)
    if rng.random() < 0.7:
        _polygon(picture, x, y, size, rng.normal(0, 0.16, (5, 2)), pick_colour(rng))


def _heart(picture, x, y, size, rng) -> None:
    colour = pick_colour(rng)
    for side in (-0.2, 0.2):
        centre = int(x + size * side), int(y - size * 0.15)
        cv2.circle(picture, centre, int(size * 0.24), colour, -1, cv2.LINE_AA)
    _polygon(picture, x, y, size, [(-0.42, -0.03), (0.42, -0.03), (0, 0.5)], colour)


def _star(picture, x, y, size, rng) -> None:
    angles = np.linspace(0, 2 * np.pi, 11)[:-1] + rng.uniform(0, 1)
    radii = np.where(np.arange(10) % 2, 0.5, 0.2)
    _polygon(picture, x, y, size, np.c_[np.cos(angles), np.sin(angles)] * radii[:, None], pick_colour(rng))


def _blob(picture, x, y, size, rng) -> None:
    """The outline of a state or an animal."""
    count = int(rng.integers(5, 12))
    angles = np.sort(rng.uniform(0, 2 * np.pi, count))
    radii = rng.uniform(0.2, 0.55, count)[:, None]
    _polygon(picture, x, y, size, np.c_[np.cos(angles), np.sin(angles)] * radii, pick_colour(rng))


def _stripes(picture, x, y, size, rng) -> None:
    colour = pick_colour(rng)
    for top in (-0.35, -0.1, 0.15):
        bar = [(-0.4, top), (0.4, top), (0.4, top + 0.12), (-0.4, top + 0.12)]
        _polygon(picture, x, y, size, bar, colour)


def _wheelchair(picture, x, y, size, rng) -> None:
    colour, thick = pick_colour(rng), max(1, int(size * 0.09))
    cv2.circle(picture, (x, int(y - size * 0.4)), thick, colour, -1, cv2.LINE_AA)
    radius = int(size * 0.3)
    cv2.ellipse(picture, (x, int(y + size * 0.15)), (radius, radius), 0, 20, 260, colour, thick, cv2.LINE_AA)
    cv2.line(picture, (x, int(y - size * 0.3)), (x, int(y + size * 0.1)), colour, thick, cv2.LINE_AA)


def _texture(picture, x, y, size, rng) -> None:
    """A small print that cannot be made out."""
    grain = cv2.resize(rng.random((5, 5), dtype=np.float32), (int(size), int(size)), interpolation=cv2.INTER_CUBIC)
    top, left = max(0, y - len(grain) // 2), max(0, x - len(grain) // 2)
    patch = picture[top : top + len(grain), left : left + len(grain)]
    inked = (grain[: patch.shape[0], : patch.shape[1]] > 0.55)[..., None]
    patch[:] = np.where(inked, np.float32(pick_colour(rng)), patch)


def draw_script(mask: np.ndarray, box: tuple, rng: np.random.Generator, signs: list[np.ndarray] | None = None) -> None:
    """Foreign script as ink in a box (x, y, width, height): a sign of the country's, else an invented one.

    Invented are CJK-like crossed strokes and Arabic-like curves with dots; the reader is to pass over both.
    """
    x, y, width, height = box
    if signs and rng.random() < 0.8:
        _stamp_sign(mask, box, signs[int(rng.integers(len(signs)))])
        return
    thick = max(1, int(height * rng.uniform(0.05, 0.11)))
    if rng.random() < 0.6:
        for _ in range(int(rng.integers(4, 9))):
            a = rng.uniform(0, 1, 2)
            b = a + (rng.uniform(-0.9, 0.9, 2) * ([1, 0.12] if rng.random() < 0.5 else [0.12, 1]))
            ends = [(int(x + width * np.clip(p[0], 0, 1)), int(y + height * np.clip(p[1], 0, 1))) for p in (a, b)]
            cv2.line(mask, *ends, 1.0, thick, cv2.LINE_AA)
        return
    for _ in range(int(rng.integers(1, 4))):
        centre = int(x + width * rng.uniform(0.2, 0.8)), int(y + height * rng.uniform(0.4, 0.8))
        axes = max(2, int(width * rng.uniform(0.15, 0.4))), max(2, int(height * rng.uniform(0.1, 0.35)))
        start = float(rng.uniform(0, 360))
        cv2.ellipse(mask, centre, axes, 0, start, start + rng.uniform(90, 220), 1.0, thick, cv2.LINE_AA)
    for _ in range(int(rng.integers(0, 4))):
        dot = int(x + width * rng.random()), int(y + height * rng.random())
        cv2.circle(mask, dot, max(1, thick // 2 + 1), 1.0, -1, cv2.LINE_AA)


def _stamp_sign(mask: np.ndarray, box: tuple, sign: np.ndarray) -> None:
    x, y, width, height = box
    scale = min(width / sign.shape[1] * 1.3, height / sign.shape[0])
    wide = max(2, round(min(width, sign.shape[1] * scale)))
    drawn = cv2.resize(sign, (wide, max(2, round(sign.shape[0] * scale))), interpolation=cv2.INTER_AREA)
    left, top = max(0, round(x + (width - wide) / 2)), max(0, round(y + (height - len(drawn)) / 2))
    place = mask[top : top + len(drawn), left : left + wide]
    np.maximum(place, drawn[: place.shape[0], : place.shape[1]], out=place)
