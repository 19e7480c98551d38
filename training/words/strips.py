"""The strips of a plate above and below its number, as the program cuts them (src/vision/words/cut-strips.ts)."""

import cv2
import numpy as np

from ..photo.warp import expand_quad, quad_of_box

HEIGHT, WIDTH = 48, 288
SHARE = 0.3  # of the plate's height is one strip
MARGINS = 0.03, 0.1  # around the plate, of its width and of its height


def cut_strips(picture: np.ndarray, corners) -> np.ndarray:
    """uint8 [2, 48, 288, 3]: the upper and the lower strip of the plate at these corners."""
    across, over = MARGINS
    flat = quad_of_box((0, 0, WIDTH, 1))
    map_plate = cv2.getPerspectiveTransform(expand_quad(corners, across, 0), flat)
    return np.stack([_cut(picture, map_plate, *rows) for rows in ((-over, SHARE), (1 - SHARE, 1 + over))])


def _cut(picture: np.ndarray, map_plate: np.ndarray, top: float, bottom: float) -> np.ndarray:
    scale = HEIGHT / (bottom - top)
    place = np.float64([[1, 0, 0], [0, scale, -scale * top], [0, 0, 1]])
    return cv2.warpPerspective(
        picture, place @ map_plate, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
