"""Open fonts (SIL OFL 1.1) as faces. Read from the data root, not shipped here."""

import string
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from .field import CAP_HEIGHT, PADDING, Face

CHARACTERS = string.ascii_uppercase + string.digits

# How often a font is chosen: plate-like shapes (rounded dies, DIN) more often.
WEIGHTS = {
    "D-DIN-Bold": 2.0,
    "D-DIN": 1.0,
    "D-DINCondensed-Bold": 2.0,
    "D-DINCondensed": 1.5,
    "routed-gothic": 2.5,
    "routed-gothic-narrow": 3.0,
    "routed-gothic-wide": 0.7,
    "Barlow-Medium": 0.7,
    "BarlowCondensed-SemiBold": 2.0,
    "BarlowSemiCondensed-SemiBold": 1.5,
    "OverpassMono-Bold": 1.5,
}


def load_open_fonts(folder: Path) -> tuple[list[Face], list[float]]:
    """All fonts of a folder as faces, and how often to choose each."""
    paths = sorted(Path(folder).glob("*.ttf"))
    if not paths:
        raise FileNotFoundError(f"expected .ttf fonts in {folder}")
    return [_load_face(path) for path in paths], [WEIGHTS.get(path.stem, 1.0) for path in paths]


def _load_face(path: Path) -> Face:
    probe = ImageFont.truetype(str(path), 100)
    _, top, _, bottom = probe.getbbox("H")
    font = ImageFont.truetype(str(path), round(100 * CAP_HEIGHT / (bottom - top)))
    _, top, _, _ = font.getbbox("H")
    return {character: _draw_field(font, top, character) for character in CHARACTERS}


def _draw_field(font: ImageFont.FreeTypeFont, top: int, character: str) -> np.ndarray:
    sheet = Image.new("L", (CAP_HEIGHT * 3, CAP_HEIGHT * 3))
    ImageDraw.Draw(sheet).text((CAP_HEIGHT, CAP_HEIGHT - top), character, 255, font=font)
    pixels = np.array(sheet)
    inked = np.where(pixels.max(0) > 127)[0]
    pixels = pixels[
        CAP_HEIGHT - PADDING : 2 * CAP_HEIGHT + PADDING,
        inked[0] - PADDING : inked[-1] + 1 + PADDING,
    ]
    inside = (pixels > 127).astype(np.uint8)
    distance = cv2.distanceTransform(inside, cv2.DIST_L2, 3)
    return (distance - cv2.distanceTransform(1 - inside, cv2.DIST_L2, 3)).astype(np.float32)
