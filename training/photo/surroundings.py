"""What lies around a plate in its crop: paint, bumper, shadow, a photograph, other lettering."""

import cv2
import numpy as np

LETTERING = "ABCDEFGHIKLMNOPRSTUVXYZ0123456789"
STROKE_FONTS = (0, 2, 3, 4)
PHOTO_SHARE, PAINT_SHARE = 0.5, 0.4  # the rest is one colour


def draw_surroundings(rng: np.random.Generator, background: np.ndarray | None, size) -> np.ndarray:
    """uint8 RGB of a size (width, height)."""
    chance = rng.random()
    if background is not None and chance < PHOTO_SHARE:
        scene = _cut_photo(rng, background, size)
    elif chance < PHOTO_SHARE + PAINT_SHARE:
        scene = _paint_car(rng, size)
    else:
        scene = np.full((size[1], size[0], 3), rng.integers(0, 256, 3), np.uint8)
    if rng.random() < 0.1:
        _letter_car(rng, scene)
    return scene


def _cut_photo(rng, background: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    width, height = size
    y = int(rng.integers(0, max(1, background.shape[0] - height)))
    x = int(rng.integers(0, max(1, background.shape[1] - width)))
    patch = background[y : y + height, x : x + width]
    return cv2.resize(patch, size) if patch.shape[:2] != (height, width) else patch.copy()


def _paint_car(rng, size: tuple[int, int]) -> np.ndarray:
    """Level bands of one paint, some in shadow, as bumpers and boot lids show them."""
    width, height = size
    paint = rng.integers(10, 245, 1) + rng.normal(0, 8, 3) if rng.random() < 0.65 else rng.integers(0, 256, 3)
    shades = rng.uniform(0.15, 1.2, (int(rng.integers(2, 6)), 2, 1)).astype(np.float32)
    light = cv2.resize(shades, (width, height), interpolation=cv2.INTER_LINEAR)[..., None]
    return np.clip(light * np.float32(paint), 0, 255).astype(np.uint8)


def _letter_car(rng, scene: np.ndarray) -> None:
    """Lettering that the crop's upper or lower edge cuts."""
    height, width = scene.shape[:2]
    words = "".join(LETTERING[int(rng.integers(len(LETTERING)))] for _ in range(int(rng.integers(3, 12))))
    scale = height / 22 * rng.uniform(0.12, 0.3)
    y = int(height * (rng.uniform(0.03, 0.14) if rng.random() < 0.5 else rng.uniform(0.98, 1.1)))
    start = int(width * rng.uniform(-0.1, 0.4)), y
    font = STROKE_FONTS[int(rng.integers(4))]
    cv2.putText(scene, words, start, font, scale, rng.integers(0, 256, 3).tolist(), 1, cv2.LINE_AA)


def print_over(rng: np.random.Generator, picture: np.ndarray) -> None:
    """A pale watermark across the photograph, as picture agencies print it; never a reading."""
    height, width = picture.shape[:2]
    words = "".join(LETTERING[int(rng.integers(len(LETTERING)))] for _ in range(int(rng.integers(4, 14)))).lower()
    cover = np.zeros((height, width), np.uint8)
    start = int(width * rng.uniform(-0.3, 0.4)), int(height * rng.uniform(0.3, 0.95))
    cv2.putText(cover, words, start, STROKE_FONTS[int(rng.integers(4))], height / 30 * rng.uniform(0.3, 1), 255, 1, cv2.LINE_AA)
    share = (cover.astype(np.float32) / 255 * rng.uniform(0.15, 0.4))[..., None]
    picture[:] = (picture * (1 - share) + 255 * share).astype(np.uint8)
