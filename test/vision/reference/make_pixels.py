"""Writes pixels.json: what OpenCV answers for resizing and perspective warping.

Usage: python make_pixels.py > pixels.json   (needs numpy and opencv-python)
"""

import json
import sys

import cv2
import numpy as np


def paint(width, height):
    """A smooth picture that the tests paint again by the same formula."""
    y, x, c = np.mgrid[0:height, 0:width, 0:3].astype(float)
    value = 128 + 60 * np.sin(x / 5 + c) + 50 * np.cos(y / 4 - c) + 10 * np.sin((x + y) / 3)
    return np.floor(value + 0.5).astype(np.uint8)


def resize(source, target, flag):
    picture = cv2.resize(paint(*source), target, interpolation=flag)
    return {"source": source, "target": target, "pixels": picture.ravel().tolist()}


def warp(source, corners, target):
    """Pixel centres at halves, as the tests have it; OpenCV counts from the centre of the first pixel."""
    width, height = target
    shift = lambda d: np.array([[1, 0, d], [0, 1, d], [0, 0, 1]], float)
    to_unit = cv2.getPerspectiveTransform(
        np.float32(corners), np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    )
    matrix = shift(-0.5) @ to_unit @ shift(0.5)
    picture = cv2.warpPerspective(paint(*source), matrix, target, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return {"source": source, "corners": corners, "target": target, "pixels": picture.ravel().tolist()}


def main():
    json.dump(
        {
            "computed_by": f"OpenCV {cv2.__version__}",
            "shrink": resize((50, 38), (23, 17), cv2.INTER_AREA),
            "shrinkBilinear": resize((50, 38), (15, 9), cv2.INTER_LINEAR),
            "halve": resize((48, 36), (24, 18), cv2.INTER_AREA),
            "grow": resize((23, 17), (50, 40), cv2.INTER_LINEAR),
            "warp": [
                warp((60, 40), [[8, 6], [48, 10], [50, 30], [5, 24]], (32, 16)),
                warp((60, 40), [[-4, -3], [40, 2], [38, 24], [2, 20]], (32, 16)),
            ],
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
