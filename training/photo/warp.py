"""Quads, and the rectification that both training and the product use."""

import cv2
import numpy as np

from ..nets.reader import CROP_HEIGHT, CROP_WIDTH


def quad_of_box(box) -> np.ndarray:
    """x0, y0, x1, y1 to corners [4, 2], TL TR BR BL."""
    x0, y0, x1, y1 = box
    return np.float32([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])


def expand_quad(quad, margin_x: float, margin_y: float) -> np.ndarray:
    """Moves the corners outwards by fractions of the quad's own width and height."""
    quad = np.float32(quad)
    across = ((quad[1] - quad[0]) + (quad[2] - quad[3])) / 2 * margin_x
    down = ((quad[3] - quad[0]) + (quad[2] - quad[1])) / 2 * margin_y
    return np.float32([quad[0] - across - down, quad[1] + across - down, quad[2] + across + down, quad[3] - across + down])


def rectify(picture: np.ndarray, quad) -> np.ndarray:
    """The quad of a picture as uint8 [64, 128, 3]; large plates are smoothed first."""
    quad = np.float32(quad)
    width = max(np.linalg.norm(quad[1] - quad[0]), np.linalg.norm(quad[2] - quad[3]))
    if width > 2 * CROP_WIDTH:
        picture = cv2.GaussianBlur(picture, (0, 0), 0.35 * width / CROP_WIDTH)
    target = quad_of_box((0, 0, CROP_WIDTH, CROP_HEIGHT))
    return cv2.warpPerspective(
        picture,
        cv2.getPerspectiveTransform(quad, target),
        (CROP_WIDTH, CROP_HEIGHT),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )


def bend(rng: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    """A plate bent over a round bumper: columns shifted by up to 6 % of the height, most in the middle or at the ends."""
    height, width = picture.shape[:2]
    x = np.linspace(-1, 1, width, dtype=np.float32)
    bow = (x**2 - 0.33) * height * rng.uniform(-0.06, 0.06)
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return cv2.remap(picture, columns, rows + np.float32(bow), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
