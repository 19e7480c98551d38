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


def stroke_field(strokes: list[Stroke], half_width: float, slant: float, flat: bool = False) -> np.ndarray:
    """Strokes of one thickness as a signed distance field, tight at both sides; `flat` cuts their ends off square."""
    left = min(stroke.points[:, 0].min() for stroke in strokes) - half_width
    right = max(stroke.points[:, 0].max() for stroke in strokes) + half_width
    width, height = int(right - left) + 1 + 2 * PADDING, CAP_HEIGHT + 2 * PADDING
    sheet = np.full((height * OVERSAMPLING, width * OVERSAMPLING), 255, np.uint8)
    scale = OVERSAMPLING * 2**FIXED_POINT_BITS
    for stroke in strokes:
        drawn = _lengthen(stroke, half_width, left, right) if flat else stroke.points
        x = drawn[:, 0] - left + PADDING
        y = drawn[:, 1] + PADDING
        x = x + slant * (height / 2 - y)
        points = np.int32(np.round(np.stack([x, y], -1) * scale))
        cv2.polylines(sheet, [points], stroke.closed, 0, 1, cv2.LINE_8, FIXED_POINT_BITS)
    distance = cv2.distanceTransform((sheet > 0).astype(np.uint8), cv2.DIST_L2, 5) / OVERSAMPLING
    field = half_width - cv2.resize(distance, (width, height), interpolation=cv2.INTER_AREA)
    if flat:
        field = np.minimum(field, _distance_to_box(width, height, right - left, slant))
    return field.astype(np.float32)


def _lengthen(stroke: Stroke, reach: float, left: float, right: float) -> np.ndarray:
    """An open stroke's points, those ends drawn out that then meet the edge of the character's box."""
    points = stroke.points.copy()
    if stroke.closed or len(points) < 2:
        return points
    for end, before in ((0, 1), (-1, -2)):
        direction = points[end] - points[before]
        x, y = points[end] + direction / max(np.linalg.norm(direction), 1e-3) * reach
        if min(x - left, right - x, y, CAP_HEIGHT - y) < reach * 0.4:
            points[end] = x, y
    return points


def _distance_to_box(width: int, height: int, inked: float, slant: float) -> np.ndarray:
    """Distance to the edge of the character's box, positive inside."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) + 0.5
    x = x - slant * (height / 2 - y)
    across = np.minimum(x - PADDING, PADDING + inked - x)
    return np.minimum(across, np.minimum(y - PADDING, PADDING + CAP_HEIGHT - y))
