"""Pastes rendered plates into photographs by perspective."""

import cv2
import numpy as np

from ..nets.decode import intersection_over_union
from ..photo.warp import expand_quad, quad_of_box

WIDTHS = (14.0, 170.0)  # px, log-uniform
LARGEST = 340.0
TWO_LINE_SHARE = 0.45  # square plates are rare in the photographs
SQUARE = 2.3  # aspect below which a plate has two lines
STEEP_SHARE, STEEPEST = 0.12, 0.8  # of all plates are tilted by up to 45 degrees
ON_VEHICLE_SHARE = 0.5
WIDTH_ON_VEHICLE = 0.13, 0.32  # of the vehicle's width


def paste_plates(rng, picture, renderer, taken: list) -> list[np.ndarray]:
    """One to three plates where none is yet; returns their quads [4, 2]."""
    pixels, ignored, taken, quads = picture.pixels, picture.ignored, list(taken), []
    for _ in range(int(rng.integers(1, 4))):
        plate = renderer.render(rng, 2 if rng.random() < TWO_LINE_SHARE else None).picture
        quad = _choose_quad(rng, pixels.shape, plate.shape, taken, _pick_vehicle(rng, picture.vehicles))
        if quad is None:
            continue
        _blend(rng, pixels, plate, quad)
        box = np.concatenate([quad.min(0), quad.max(0)])
        x0, y0, x1, y1 = box.astype(int)
        ignored[y0 : y1 + 1, x0 : x1 + 1] = False
        taken.append(box)
        quads.append(quad)
    return quads


def replace_plate(rng, pixels: np.ndarray, quad: np.ndarray, renderer, close: bool = False) -> np.ndarray | None:
    """Covers a photographed plate with a rendered one of its shape: the new exact quad, if it fits the picture.

    In a close-up the rendered one is as large as the other, and the picture's edge may cut it.
    """
    across = np.linalg.norm(quad[1] - quad[0]) + np.linalg.norm(quad[2] - quad[3])
    down = np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])
    if down < 8:
        return None
    larger = expand_quad(quad, *(rng.uniform(-0.02, 0.03, 2) if close else (rng.uniform(0.02, 0.1), rng.uniform(0.06, 0.2))))
    limits = np.array([pixels.shape[1], pixels.shape[0]]) - 2
    if not close and (larger.min() < 2 or (larger > limits).any()):
        return None
    plate = renderer.render(rng, 2 if across / down < SQUARE else 1).picture
    _blend(rng, pixels, plate, larger)
    return larger


def _pick_vehicle(rng, vehicles: list) -> np.ndarray | None:
    wide = [box for box, _ in vehicles if box[2] - box[0] > 60]
    return wide[int(rng.integers(len(wide)))] if wide and rng.random() < ON_VEHICLE_SHARE else None


def _choose_width(rng, vehicle: np.ndarray | None) -> float:
    if vehicle is not None:
        return float((vehicle[2] - vehicle[0]) * rng.uniform(*WIDTH_ON_VEHICLE))
    largest = LARGEST if rng.random() < 0.25 else WIDTHS[1]
    return float(np.exp(rng.uniform(np.log(WIDTHS[0]), np.log(largest))))


def _choose_quad(rng, picture_shape, plate_shape, taken: list, vehicle: np.ndarray | None) -> np.ndarray | None:
    """A plate turned in space, inside the picture and clear of the others, low on a vehicle if there is one."""
    height, width = picture_shape[:2]
    plate_width = _choose_width(rng, vehicle)
    plate_height = plate_width * plate_shape[0] / plate_shape[1]
    quad = quad_of_box((-plate_width / 2, -plate_height / 2, plate_width / 2, plate_height / 2))
    yaw = rng.normal(0, 0.35)
    quad[:, 0] *= np.cos(yaw)
    keystone = np.clip(rng.normal(0, 0.15), -0.4, 0.4) * np.sin(abs(yaw)) * 1.5
    quad[[0, 3], 1] *= 1 + keystone
    quad[[1, 2], 1] *= 1 - keystone
    angle = rng.uniform(-STEEPEST, STEEPEST) if rng.random() < STEEP_SHARE else rng.normal(0, 0.1)
    quad = quad @ np.float32([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    quad[:, 1] += quad[:, 0] * rng.normal(0, 0.08)
    across, down = np.ptp(quad[:, 0]), np.ptp(quad[:, 1])
    if across > width - 6 or down > height - 6:
        return None
    centre = rng.uniform(across / 2 + 2, width - across / 2 - 2), rng.uniform(down / 2 + 2, height - down / 2 - 2)
    if vehicle is not None:
        low = vehicle[:2] + (vehicle[2:] - vehicle[:2]) * (rng.uniform(0.2, 0.8), rng.uniform(0.5, 0.95))
        half = np.array([across, down]) / 2 + 2
        centre = np.clip(low, half, np.array([width, height]) - half)
    quad = np.float32(quad - (quad.min(0) + quad.max(0)) / 2 + centre)
    box = np.concatenate([quad.min(0), quad.max(0)])
    if taken and intersection_over_union(box, np.stack(taken)).max() > 0:
        return None
    return quad


def _blend(rng, pixels: np.ndarray, plate: np.ndarray, quad: np.ndarray) -> None:
    """Warps the plate into place with the light, blur and dark surround of the spot."""
    height, width = plate.shape[:2]
    pad = int(np.ptp(quad[:, 1]) * 0.3) + 2
    x0, y0 = np.maximum(quad.min(0).astype(int) - pad, 0)
    x1, y1 = (quad.max(0) + pad + 1).astype(int)
    spot = pixels[y0:y1, x0:x1].astype(np.float32)
    scale = np.linalg.norm(quad[1] - quad[0]) / width
    ink = plate.astype(np.float32)
    if scale < 0.7:
        ink = cv2.GaussianBlur(ink, (0, 0), 0.4 / scale)
    if rng.random() < 0.7:
        ink *= np.clip((spot.mean() / 255 * 1.3 + 0.25) * rng.uniform(0.7, 1.3), 0.12, 1.2)
    if rng.random() < 0.3:
        tint = spot.mean((0, 1)) / max(1.0, float(spot.mean()))
        ink = np.repeat(ink.mean(2, keepdims=True), 3, 2) * (0.8 + 0.4 * tint)
    if rng.random() < 0.5:
        ink = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.3, 1.2) / scale)
    corner = np.float32([x0, y0])
    transform = cv2.getPerspectiveTransform(quad_of_box((0, 0, width, height)), np.float32(quad - corner))
    size = spot.shape[1], spot.shape[0]
    cover = cv2.warpPerspective(np.ones((height, width), np.float32), transform, size)[..., None]
    shown = cv2.warpPerspective(ink, transform, size)
    if rng.random() < 0.5:  # the recess of a bumper
        shade = cv2.GaussianBlur(cover, (0, 0), max(1.0, pad * 0.4))[..., None]
        spot = spot * (1 - shade * rng.uniform(0.2, 0.8))
    pixels[y0:y1, x0:x1] = np.clip(spot * (1 - cover) + shown * cover, 0, 255).astype(np.uint8)
