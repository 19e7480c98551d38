"""Pastes rendered plates, and lettering that is no plate, into photographs by perspective."""

import string

import cv2
import numpy as np

from ..nets.decode import intersection_over_union
from ..photo.warp import quad_of_box

WIDTHS = (14.0, 170.0)  # px, log-uniform
LARGEST = 340.0
TWO_LINE_SHARE = 0.45  # square plates are rare in the photographs


def paste_plates(rng, pixels: np.ndarray, ignored: np.ndarray, renderer, taken: list) -> list[np.ndarray]:
    """One to three plates where none is yet; returns their quads [4, 2]."""
    taken, quads = list(taken), []
    for _ in range(int(rng.integers(1, 4))):
        plate = renderer.render(rng, 2 if rng.random() < TWO_LINE_SHARE else None).picture
        quad = _choose_quad(rng, pixels.shape, plate.shape, taken)
        if quad is None:
            continue
        _blend(rng, pixels, plate, quad)
        box = np.concatenate([quad.min(0), quad.max(0)])
        x0, y0, x1, y1 = box.astype(int)
        ignored[y0 : y1 + 1, x0 : x1 + 1] = False
        taken.append(box)
        quads.append(quad)
    return quads


def paste_clutter(rng, pixels: np.ndarray, taken: list) -> None:
    """Words and numbers straight on the photograph: signs, model names, pale watermarks."""
    height, width = pixels.shape[:2]
    for _ in range(int(rng.integers(1, 4))):
        signs = string.ascii_uppercase if rng.random() < 0.6 else string.ascii_letters + string.digits + " "
        words = "".join(signs[int(i)] for i in rng.integers(len(signs), size=int(rng.integers(3, 14))))
        font, scale = int((0, 1, 2, 3, 4, 6, 7)[rng.integers(7)]), float(np.exp(rng.uniform(-1.2, 0.7)))
        (text_width, text_height), _ = cv2.getTextSize(words, font, scale, 1)
        if text_width > width - 4 or text_height > height - 8:
            continue
        x, y = int(rng.integers(0, width - text_width)), int(rng.integers(text_height, height - 2))
        box = np.float32([x, y - text_height, x + text_width, y + 4])
        if taken and intersection_over_union(box, np.stack(taken)).max() > 0:
            continue
        colour = [int(v) for v in rng.integers(0, 256, 3)]
        printed = cv2.putText(pixels.copy(), words, (x, y), font, scale, colour, int(rng.integers(1, 4)), cv2.LINE_AA)
        opacity = rng.uniform(0.25, 0.8) if rng.random() < 0.4 else 1.0
        cv2.addWeighted(printed, opacity, pixels, 1 - opacity, 0, dst=pixels)


def _choose_quad(rng, picture_shape, plate_shape, taken: list) -> np.ndarray | None:
    """A plate turned in space, inside the picture and clear of the others."""
    height, width = picture_shape[:2]
    largest = LARGEST if rng.random() < 0.25 else WIDTHS[1]
    plate_width = float(np.exp(rng.uniform(np.log(WIDTHS[0]), np.log(largest))))
    plate_height = plate_width * plate_shape[0] / plate_shape[1]
    quad = quad_of_box((-plate_width / 2, -plate_height / 2, plate_width / 2, plate_height / 2))
    yaw = rng.normal(0, 0.35)
    quad[:, 0] *= np.cos(yaw)
    keystone = np.clip(rng.normal(0, 0.15), -0.4, 0.4) * np.sin(abs(yaw)) * 1.5
    quad[[0, 3], 1] *= 1 + keystone
    quad[[1, 2], 1] *= 1 - keystone
    angle = rng.normal(0, 0.1)
    quad = quad @ np.float32([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    quad[:, 1] += quad[:, 0] * rng.normal(0, 0.08)
    across, down = np.ptp(quad[:, 0]), np.ptp(quad[:, 1])
    if across > width - 6 or down > height - 6:
        return None
    centre = rng.uniform(across / 2 + 2, width - across / 2 - 2), rng.uniform(down / 2 + 2, height - down / 2 - 2)
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
