"""The plate being made, and small print on it."""

import cv2
import numpy as np


class Sheet:
    """A plate's picture [H, W, 3] float32 RGB, its ink mask and the area left for text."""

    def __init__(self, width: int, height: int, ground: np.ndarray, ink: np.ndarray, lines: int):
        self.picture = np.empty((height, width, 3), np.float32)
        self.picture[:] = ground
        self.mask = np.zeros((height, width), np.float32)
        self.ink = np.clip(ink, 0, 255).tolist()
        self.lines = lines
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

    def print_small(self, words: str, area, colour, rng: np.random.Generator) -> None:
        """Small print fitted into x0, y0, x1, y1 in one of OpenCV's own stroke fonts."""
        x0, y0, x1, y1 = area
        height, width = y1 - y0, x1 - x0
        if height < 4 or width < 8 or not words:
            return
        font = int((0, 1, 2, 3, 4, 6, 7)[rng.integers(7)])
        scale = height / 30 * rng.uniform(0.7, 1)
        (printed, _), _ = cv2.getTextSize(words, font, scale, 1)
        if printed > width:
            scale, printed = scale * width / printed, width
        start = int(x0 + (width - printed) * rng.uniform(0.2, 0.8)), int(y1 - height * 0.2)
        thick = 1 if height < 16 else 2
        cover = np.zeros(self.mask.shape, np.uint8)
        cv2.putText(cover, words, start, font, scale, 255, thick, cv2.LINE_AA)
        box = np.s_[max(0, int(y0) - 4) : int(y1) + 8, max(0, int(x0) - 2) : int(x1) + 4]
        alpha = (cover[box].astype(np.float32) / 255)[..., None]
        self.picture[box] = self.picture[box] * (1 - alpha) + alpha * np.float32(colour)
