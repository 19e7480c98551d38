"""Strokes: polylines with rounded corners, and their distance field."""

from typing import NamedTuple

import cv2
import numpy as np

from .field import CAP_HEIGHT, PADDING

OVERSAMPLING = 2
FIXED_POINT_BITS = 4


class Stroke(NamedTuple):
    """The middle line of a stroke in glyph pixels [n, 2]; a ring if closed."""

    points: np.ndarray
    closed: bool


def round_corners(points, radius: float, closed: bool = False, sharp: tuple = ()) -> Stroke:
    """A polyline whose corners are Bezier arcs of at most a radius; `sharp` indices stay."""
    corners = [np.float32(point) for point in points]
    last = len(corners) - 1
    path = []
    for index, corner in enumerate(corners):
        if index in sharp or (not closed and index in (0, last)):
            path.append(corner)
            continue
        path.extend(_arc(corners[index - 1], corner, corners[(index + 1) % len(corners)], radius))
    return Stroke(np.float32(path), closed)


def _arc(before: np.ndarray, corner: np.ndarray, after: np.ndarray, radius: float):
    length_in, length_out = np.linalg.norm(before - corner), np.linalg.norm(after - corner)
    reach = min(radius, length_in / 2, length_out / 2)
    if reach < 1:
        return [corner]
    start = corner + (before - corner) / length_in * reach
    end = corner + (after - corner) / length_out * reach
    pull_in, pull_out = start + (corner - start) * 0.55, end + (corner - end) * 0.55
    t = np.linspace(0, 1, 8)[:, None]
    return list(
        (1 - t) ** 3 * start + 3 * (1 - t) ** 2 * t * pull_in + 3 * (1 - t) * t**2 * pull_out + t**3 * end
    )


def stroke_field(strokes: list[Stroke], half_width: float, slant: float) -> np.ndarray:
    """Strokes of one thickness as a signed distance field, tight at both sides."""
    left = min(stroke.points[:, 0].min() for stroke in strokes) - half_width
    right = max(stroke.points[:, 0].max() for stroke in strokes) + half_width
    width, height = int(right - left) + 1 + 2 * PADDING, CAP_HEIGHT + 2 * PADDING
    sheet = np.full((height * OVERSAMPLING, width * OVERSAMPLING), 255, np.uint8)
    scale = OVERSAMPLING * 2**FIXED_POINT_BITS
    for stroke in strokes:
        x = stroke.points[:, 0] - left + PADDING
        y = stroke.points[:, 1] + PADDING
        x = x + slant * (height / 2 - y)
        points = np.int32(np.round(np.stack([x, y], -1) * scale))
        cv2.polylines(sheet, [points], stroke.closed, 0, 1, cv2.LINE_8, FIXED_POINT_BITS)
    distance = cv2.distanceTransform((sheet > 0).astype(np.uint8), cv2.DIST_L2, 5) / OVERSAMPLING
    distance = cv2.resize(distance, (width, height), interpolation=cv2.INTER_AREA)
    return (half_width - distance).astype(np.float32)
