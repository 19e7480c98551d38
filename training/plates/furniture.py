"""Words, stickers, graphics, borders, bolts, dirt and holder frames."""

import cv2
import numpy as np

from .colours import pick_colour
from .sheet import Sheet

COMMON_WORDS = "AUTO MOTORS CENTER DEALER TOYOTA HONDA FORD SERVICE CARS THE OF STATE CITY GROUP".split()
STICKERS = "08 12 JAN APR 23 99 2009 OCT DEC 31 MAR 17".split()


def draw_graphics(sheet: Sheet, ground: np.ndarray, rng: np.random.Generator) -> None:
    """Gradients and pale shapes behind the number, as on state plates."""
    height, width = sheet.mask.shape
    grid = rng.normal(0, 1, (int(rng.integers(2, 5)), int(rng.integers(2, 6)), 3)).astype(np.float32)
    sheet.picture += cv2.resize(grid * rng.uniform(5, 45), (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(int(rng.integers(0, 4))):
        colour = np.clip(ground + rng.normal(0, 45, 3), 0, 255).tolist()
        centre = int(rng.integers(width)), int(rng.integers(height))
        axes = int(rng.integers(4, max(5, width // 5))), int(rng.integers(3, max(4, height // 2)))
        cv2.ellipse(sheet.picture, centre, axes, float(rng.integers(180)), 0, 360, colour, -1, cv2.LINE_AA)


def draw_words(sheet: Sheet, form: dict, rng: np.random.Generator) -> None:
    """A state's name above and its slogan below, or other small words."""
    extras = form.get("extras", ())
    is_us = "us" in extras
    flat = sheet.width / sheet.height > 3.8
    above = 0.88 if is_us else 0.55 if {"words-top", "city-strip"} & set(extras) else 0.04
    below = 0.7 if is_us else 0.45 if "words-bottom" in extras else 0.05
    words = form.get("words") or COMMON_WORDS
    high = (0.14, 0.26) if not flat else (0.12, 0.18)
    if sheet.top < sheet.height * 0.15 and rng.random() < above:
        height = sheet.height * rng.uniform(*high)
        _print_words(sheet, words[0] if is_us else _pick(rng, words), 0.03, height, rng)
        sheet.top = sheet.height * 0.04 + height
    if sheet.bottom > sheet.height * 0.85 and rng.random() < below:
        height = sheet.height * rng.uniform(0.1, high[1] - 0.06)
        _print_words(sheet, _pick(rng, words), 0.97 - height / sheet.height, height, rng)
        sheet.bottom = sheet.height * 0.96 - height


def _print_words(sheet: Sheet, words: str, top: float, height: float, rng) -> None:
    if rng.random() < 0.2:
        words = words.title()
    colour = sheet.ink if rng.random() < 0.5 else rng.integers(0, 200, 3).astype(float).tolist()
    start = sheet.height * top
    sheet.print_small(words, (sheet.width * 0.08, start, sheet.width * 0.92, start + height), colour, rng)


def _pick(rng: np.random.Generator, options):
    return options[int(rng.integers(len(options)))]


def draw_stickers(sheet: Sheet, rng: np.random.Generator) -> None:
    """Month and year stickers in the corners."""
    for x, y in ((0.08, 0.1), (0.92, 0.1), (0.08, 0.9), (0.92, 0.9)):
        if rng.random() < 0.25:
            half = sheet.width * 0.05
            cx, cy = sheet.width * x, sheet.height * y
            sheet.fill(cx - half, cy - half * 0.7, cx + half, cy + half * 0.7, pick_colour(rng))
            area = cx - half * 0.8, cy - half * 0.5, cx + half * 0.8, cy + half * 0.6
            sheet.print_small(_pick(rng, STICKERS), area, pick_colour(rng), rng)


def draw_border(sheet: Sheet, rng: np.random.Generator) -> None:
    inset = int(rng.integers(0, max(1, sheet.height // 25) + 1))
    thick = int(rng.integers(1, max(2, sheet.height // 30) + 1))
    far = sheet.width - 1 - inset, sheet.height - 1 - inset
    cv2.rectangle(sheet.picture, (inset, inset), far, sheet.ink, thick, cv2.LINE_AA)


def draw_bolts(sheet: Sheet, rng: np.random.Generator) -> None:
    rows = (0.1, 0.9) if sheet.width / sheet.height < 2.6 else (0.5,)
    for x in _pick(rng, ((0.2, 0.8), (0.15, 0.85), (0.05, 0.95), (0.3, 0.7))):
        for y in rows:
            if rng.random() < 0.8:
                radius = max(1, int(sheet.width * rng.uniform(0.006, 0.014)))
                centre = int(sheet.width * x), int(sheet.height * y)
                grey = [float(rng.integers(30, 240))] * 3
                cv2.circle(sheet.picture, centre, radius, grey, -1, cv2.LINE_AA)


def draw_dirt(sheet: Sheet, rng: np.random.Generator) -> None:
    height, width = sheet.mask.shape
    grid = rng.random((max(2, height // 8), max(2, width // 8)), dtype=np.float32)
    noise = cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
    cover = np.clip((noise - rng.uniform(0.55, 0.85)) * 4, 0, rng.uniform(0.3, 0.85))[..., None]
    sheet.picture[:] = sheet.picture * (1 - cover) + cover * np.float32(rng.integers(30, 160, 3))


def put_in_holder(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A frame around the plate, mostly dark, often with a dealer's name below."""
    height, width = picture.shape[:2]
    rim = int(height * rng.uniform(0.03, 0.1)) + 1
    foot = int(height * rng.uniform(0.08, 0.18)) if rng.random() < 0.3 else rim
    colour = [float(rng.integers(0, 90))] * 3 if rng.random() < 0.8 else pick_colour(rng)
    framed = Sheet(width + 2 * rim, height + rim + foot, np.array(colour), np.zeros(3), 1)
    framed.picture[rim : rim + height, rim : rim + width] = picture
    if foot > rim:
        area = rim + width * 0.15, rim + height, rim + width * 0.85, rim + height + foot
        framed.print_small(_pick(rng, COMMON_WORDS), area, [float(rng.integers(150, 255))] * 3, rng)
    return framed.picture
