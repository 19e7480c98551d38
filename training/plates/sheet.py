"""The plate being made, and small print on it."""

import cv2
import numpy as np

from ..glyphs.field import Face
from .stamp import measure_words, stamp_words

STROKE_FONTS = (0, 1, 2, 3, 4, 6, 7)  # OpenCV's own, which have lower case and script
STROKE_SHARE = 0.2


class Sheet:
    """A plate's picture [H, W, 3] float32 RGB, its ink mask and the area left for text."""

    def __init__(self, width: int, height: int, ground: np.ndarray, ink: np.ndarray, lines: int, face: Face | None = None):
        self.picture = np.empty((height, width, 3), np.float32)
        self.fill(0, 0, width, height, ground)
        self.mask = np.zeros((height, width), np.float32)
        self.ground = np.asarray(ground, float)
        self.ink = np.clip(ink, 0, 255).tolist()
        self.lines = lines
        self.face = face  # of the small print
        self.signs: list[np.ndarray] | None = None  # of a script that is not read
        self.box: float | None = None  # where a ruled box for the last group begins, px
        self.left, self.top = width * 0.03, height * 0.1
        self.right, self.bottom = width * 0.97, height * 0.9

    @property
    def width(self) -> int:
        return self.picture.shape[1]

    @property
    def height(self) -> int:
        return self.picture.shape[0]

    def fill(self, x0: float, y0: float, x1: float, y1: float, colour) -> None:
        corners = (int(x0), int(y0)), (int(x1), int(y1))
        cv2.rectangle(self.picture, *corners, [float(v) for v in colour], -1)

    def paint(self, cover: np.ndarray, colour, x: int = 0, y: int = 0) -> None:
        """Lays a colour where cover [h, w] of 0..1 says, its corner at x, y."""
        place = self.picture[y : y + cover.shape[0], x : x + cover.shape[1]]
        full = np.empty(place.shape, np.float32)
        cv2.rectangle(full, (0, 0), (place.shape[1], place.shape[0]), [float(v) for v in colour], -1)
        place[:] = cv2.blendLinear(np.ascontiguousarray(place), full, 1 - cover, cover)

    def print_small(self, words: str, area, colour, rng: np.random.Generator) -> None:
        """Small print fitted into x0, y0, x1, y1."""
        x0, y0 = max(0, int(area[0])), max(0, int(area[1]))
        x1, y1 = min(self.width, int(area[2])), min(self.height, int(area[3]))
        height, width = y1 - y0, x1 - x0
        if height < 4 or width < 8 or not words:
            return
        if self.face is None or words.upper() != words or rng.random() < STROKE_SHARE:
            self._print_strokes(words, (x0, y0, x1, y1), colour, rng)
            return
        cover = np.zeros((height, width), np.float32)
        natural = measure_words(words, self.face)
        scale_y = height / 64 * rng.uniform(0.6, 0.9)
        scale_x = min(scale_y * rng.uniform(0.8, 1.6), width / max(natural, 1))
        start = (width - natural * scale_x) * rng.uniform(0.2, 0.8), (height - 64 * scale_y) / 2
        stamp_words(cover, words, self.face, start, (scale_x, scale_y))
        self.paint(cover, colour, x0, y0)

    def _print_strokes(self, words: str, box, colour, rng) -> None:
        x0, y0, x1, y1 = box
        height, width = y1 - y0, x1 - x0
        font = STROKE_FONTS[int(rng.integers(7))]
        scale = height / 30 * rng.uniform(0.7, 1)
        (printed, _), _ = cv2.getTextSize(words, font, scale, 1)
        if printed > width:
            scale, printed = scale * width / printed, width
        cover = np.zeros((height, width), np.uint8)
        start = int((width - printed) * rng.uniform(0.2, 0.8)), int(height * 0.8)
        cv2.putText(cover, words, start, font, scale, 255, 1 if height < 16 else 2, cv2.LINE_AA)
        self.paint(cover.astype(np.float32) / 255, colour, x0, y0)
