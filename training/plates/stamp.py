"""Sets single characters into an ink mask."""

import cv2
import numpy as np

from ..glyphs.field import CAP_HEIGHT, PADDING, Face, advance

WORD_GAP, LETTER_GAP = 0.35, 0.12  # of the height of a capital


def stamp_glyph(mask: np.ndarray, field: np.ndarray, origin, scale, weight: float) -> None:
    """Resizes a distance field to its place (its character's upper left corner) and turns it into coverage."""
    width = max(2, round(field.shape[1] * scale[0]))
    height = max(2, round(field.shape[0] * scale[1]))
    shrink = cv2.INTER_AREA if scale[1] < 1 else cv2.INTER_LINEAR
    resized = cv2.resize(field, (width, height), interpolation=shrink)
    ink = np.clip((resized + weight) * min(scale) + 0.5, 0, 1)
    x = round(origin[0] - PADDING * scale[0])
    y = round(origin[1] - PADDING * scale[1])
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + width, mask.shape[1]), min(y + height, mask.shape[0])
    if right > left and bottom > top:
        place = mask[top:bottom, left:right]
        np.maximum(place, ink[top - y : bottom - y, left - x : right - x], out=place)


def measure_words(words: str, face: Face) -> float:
    """Their width in field px; what a face lacks counts as a gap."""
    gap = LETTER_GAP * CAP_HEIGHT
    return sum((advance(face[c]) if c in face else WORD_GAP * CAP_HEIGHT) + gap for c in words) - gap


def stamp_words(mask: np.ndarray, words: str, face: Face, start, scale) -> None:
    """Sets small print from start (x, y) on."""
    x, gap = start[0], LETTER_GAP * CAP_HEIGHT
    for sign in words:
        if sign in face:
            stamp_glyph(mask, face[sign], (x, start[1]), scale, 1.0)
            x += (advance(face[sign]) + gap) * scale[0]
            continue
        if sign in "-.":
            level = start[1] + CAP_HEIGHT * scale[1] * (0.5 if sign == "-" else 0.92)
            reach = WORD_GAP * CAP_HEIGHT * scale[0] * (0.8 if sign == "-" else 0.3)
            cv2.line(mask, (round(x), round(level)), (round(x + reach), round(level)), 1.0, max(1, round(7 * scale[1])))
        x += (WORD_GAP * CAP_HEIGHT + gap) * scale[0]
