"""Crops that a detector may bring though nothing on them is to be read."""

import cv2
import numpy as np

from .colours import pick_colour
from .words import invent_words, pick_dealer

KINDS = 5


def draw_negative(rng: np.random.Generator, background: np.ndarray) -> np.ndarray:
    """uint8 RGB of 60 to 240 px: a bare piece of photograph, a grille, lamps, a sign of several lines, script on paint."""
    width = int(rng.integers(60, 240))
    height = int(width / rng.uniform(1.4, 4.8))
    kind = int(rng.integers(KINDS))
    if kind <= 1:
        return _cut(rng, background, width, height)
    if kind == 2:
        return _grille(rng, width, height)
    if kind == 3:
        return _sign(rng, width, height)
    return _lettered_photo(rng, background, width, height)


def _cut(rng, background, width: int, height: int) -> np.ndarray:
    scale = rng.uniform(0.6, 2.0)
    wide, tall = min(int(width * scale), background.shape[1]), min(int(height * scale), background.shape[0])
    x = int(rng.integers(background.shape[1] - wide + 1))
    y = int(rng.integers(background.shape[0] - tall + 1))
    return cv2.resize(background[y : y + tall, x : x + wide], (width, height))


def _grille(rng, width: int, height: int) -> np.ndarray:
    """Bars, slats, honeycombs and lamps."""
    picture = np.full((height, width, 3), rng.integers(0, 120, 3), np.uint8)
    colour = rng.integers(60, 255, 3).tolist() if rng.random() < 0.4 else [int(rng.integers(60, 255))] * 3
    thick = int(rng.integers(1, 4))
    step = int(rng.integers(4, max(6, height // 3)))
    if rng.random() < 0.7:
        for y in range(int(rng.integers(step)), height, step):
            cv2.line(picture, (0, y), (width, y), colour, thick, cv2.LINE_AA)
    if rng.random() < 0.5:
        for x in range(int(rng.integers(step)), width, step + int(rng.integers(1, 12))):
            cv2.line(picture, (x, 0), (x + int(rng.integers(-4, 5)), height), colour, thick, cv2.LINE_AA)
    for _ in range(int(rng.integers(0, 3))):
        centre = int(rng.integers(width)), int(rng.integers(height))
        cv2.circle(picture, centre, int(rng.integers(4, max(5, height // 2))), rng.integers(0, 256, 3).tolist(), -1, cv2.LINE_AA)
    return picture


def _sign(rng, width: int, height: int) -> np.ndarray:
    """A board with three or more lines of words."""
    picture = np.full((height, width, 3), rng.integers(0, 256, 3), np.uint8)
    colour = np.int32(255 - picture[0, 0]).tolist() if rng.random() < 0.7 else [float(v) for v in pick_colour(rng)]
    lines = int(rng.integers(3, 6))
    step = height / lines
    for index in range(lines):
        words = invent_words(rng) if rng.random() < 0.6 else pick_dealer(rng)
        words = words if rng.random() < 0.5 else words.title()
        start = int(width * rng.uniform(0.02, 0.2)), int(step * (index + 0.8))
        cv2.putText(picture, words, start, int(rng.integers(0, 8)), step / 40, colour, 1, cv2.LINE_AA)
    return picture


def _lettered_photo(rng, background, width: int, height: int) -> np.ndarray:
    """Script on a car's paint, a date or a name printed over a photograph."""
    picture = _cut(rng, background, width, height)
    words = invent_words(rng).title() + " " + pick_dealer(rng).lower()
    font = int(rng.choice([6, 7, 16 + 0, 16 + 2]))
    start = int(width * rng.uniform(-0.3, 0.1)), int(height * rng.uniform(0.3, 0.8))
    cv2.putText(picture, words, start, font, height / 60 * rng.uniform(0.5, 1), pick_colour(rng), 1, cv2.LINE_AA)
    return picture
