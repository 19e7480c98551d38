"""Lettering that is no plate: numbers on vans, signs, web addresses, overlay text, watermarks."""

import string

import cv2
import numpy as np

from ..nets.decode import intersection_over_union
from ..plates.lettering import draw_line, pick_style

HEIGHTS = 7.0, 60.0  # px of a line, log-uniform
BOARD_SHARE = 0.4
OVERLAY_SHARE = 0.3


def paste_lettering(rng: np.random.Generator, pixels: np.ndarray, taken: list, faces) -> None:
    """One to three pieces in the plates' own faces, or in plain ones, clear of all plates."""
    for _ in range(int(rng.integers(1, 4))):
        lines = _write_lines(rng)
        piece, cover = _draw_plain(rng, lines[0]) if rng.random() < 0.4 else _draw_faces(rng, lines, faces)
        height, width = cover.shape
        if width > pixels.shape[1] - 4 or height > pixels.shape[0] - 4:
            continue
        x, y = int(rng.integers(0, pixels.shape[1] - width)), int(rng.integers(0, pixels.shape[0] - height))
        box = np.float32([x, y, x + width, y + height])
        if taken and intersection_over_union(box, np.stack(taken)).max() > 0:
            continue
        opacity = rng.uniform(0.3, 0.8) if rng.random() < OVERLAY_SHARE else 1.0
        spot = pixels[y : y + height, x : x + width]
        share = (cover * opacity)[..., None]
        spot[:] = np.clip(spot * (1 - share) + piece * share, 0, 255).astype(np.uint8)


def _write_lines(rng) -> list[str]:
    """Words, phone numbers, prices, dates: what a plate is not."""
    kind = rng.integers(5)
    letters = list(string.ascii_uppercase)
    word = "".join(rng.choice(letters, int(rng.integers(3, 11))))
    digits = "".join(str(d) for d in rng.integers(0, 10, 11))
    if kind == 0:
        return [f"0{digits[:3]} {digits[3:6]} {digits[6:]}"]
    if kind == 1:
        return [f"{word} {''.join(rng.choice(letters, int(rng.integers(4, 9))))}"]
    if kind == 2:
        return [f"20{digits[:2]}-0{digits[2]}-1{digits[3]} 1{digits[4]}-{digits[5:7]}-{digits[7:9]}"]
    if kind == 3:
        count = int(rng.integers(3, 5))
        return ["".join(rng.choice(letters, int(rng.integers(4, 11)))) for _ in range(count)]
    return [word]


def _draw_faces(rng, lines: list[str], faces) -> tuple[np.ndarray, np.ndarray]:
    """Colour and coverage; three lines and more may stand on a board, as road signs do."""
    cap = float(np.exp(rng.uniform(*np.log(HEIGHTS)))) / (1 if len(lines) == 1 else 1.5)
    width = int(cap * max(map(len, lines)) * rng.uniform(0.55, 0.95)) + 6
    pitch = int(cap * 1.4) + 2
    mask = np.zeros((pitch * len(lines), width), np.float32)
    style = pick_style(faces.pick(rng), rng)
    for index, line in enumerate(lines):
        draw_line(mask, line, (2, index * pitch + 1, width - 2, index * pitch + 1 + cap), style, rng)
    ink, ground = rng.integers(0, 256, (2, 3))
    if len(lines) > 2 and rng.random() < BOARD_SHARE:
        return ground + (ink - ground) * mask[..., None], np.ones_like(mask)
    return np.broadcast_to(ink.astype(np.float32), (*mask.shape, 3)), mask


def _draw_plain(rng, text: str) -> tuple[np.ndarray, np.ndarray]:
    """One of OpenCV's line fonts, as cameras write times and places into a picture."""
    font, scale = int((0, 1, 2, 3, 4, 6, 7)[rng.integers(7)]), float(np.exp(rng.uniform(-1.2, 0.7)))
    thickness = int(rng.integers(1, 4))
    (width, height), below = cv2.getTextSize(text, font, scale, thickness)
    mask = np.zeros((height + below + 4, width + 4), np.uint8)
    cv2.putText(mask, text, (2, height + 2), font, scale, 255, thickness, cv2.LINE_AA)
    colour = np.float32(rng.integers(0, 256, 3))
    return np.broadcast_to(colour, (*mask.shape, 3)), mask.astype(np.float32) / 255
