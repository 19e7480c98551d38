"""Blur, light, colour, noise and compression on a picture at camera resolution."""

import cv2
import numpy as np

KERNEL = 13  # px of the motion blur's kernel


def degrade(rng: np.random.Generator, picture: np.ndarray, strength: float = 1.0) -> np.ndarray:
    """uint8 RGB to uint8 RGB; strength 0..1 scales the blurs."""
    if rng.random() < 0.28 * strength:
        picture = _blur_by_motion(rng, picture, 1 + rng.uniform(1, 5.5) * strength)
    if rng.random() < 0.5:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.3, 1.5) * max(strength, 0.25))
    light = picture.astype(np.float32)
    if rng.random() < 0.3:
        light *= _shadow(rng, *light.shape[:2])
    if rng.random() < 0.12:
        light += _glare(rng, *light.shape[:2])
    dark = False
    if rng.random() < 0.85:
        light, dark = _expose(rng, light)
    if rng.random() < 0.2:
        light = _to_grey(rng, light)
    if rng.random() < 0.03:
        light = 255 - light
    if rng.random() < 0.6:
        light += _noise(rng, light.shape, 3.5 if dark else 7.0)
    picture = np.clip(light, 0, 255).astype(np.uint8)
    return compress(rng, picture) if rng.random() < 0.6 else picture


def compress(rng: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    """A JPEG round trip of quality 15 to 90."""
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(15, 90))]
    return cv2.imdecode(cv2.imencode(".jpg", picture, quality)[1], cv2.IMREAD_COLOR)


def _blur_by_motion(rng, picture, length: float) -> np.ndarray:
    angle = rng.uniform(0, np.pi) if rng.random() < 0.5 else rng.normal(0, 0.15)
    dx, dy = np.cos(angle) * length / 2, np.sin(angle) * length / 2
    centre = KERNEL // 2
    kernel = np.zeros((KERNEL, KERNEL), np.float32)
    start = round(centre - dx), round(centre - dy)
    cv2.line(kernel, start, (round(centre + dx), round(centre + dy)), 1)
    return cv2.filter2D(picture, -1, kernel / kernel.sum())


def _shadow(rng, height: int, width: int) -> np.ndarray:
    """A shadow edge or a gradient across the plate, as a factor [H, W, 1]."""
    angle = rng.uniform(0, 2 * np.pi)
    x = np.linspace(0, 1, width, dtype=np.float32)[None] * np.cos(angle)
    ramp = x + np.linspace(0, 1, height, dtype=np.float32)[:, None] * np.sin(angle)
    ramp = (ramp - ramp.min()) / (np.ptp(ramp) + 1e-6)
    edge = 1 / (1 + np.exp(-(ramp - rng.uniform(0.2, 0.8)) * rng.uniform(3, 60)))
    return (1 - edge * rng.uniform(0.2, 0.7))[..., None].astype(np.float32)


def _glare(rng, height: int, width: int) -> np.ndarray:
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    spread = rng.uniform(0.05, 0.3) * width
    distance = (x - rng.uniform(0, width)) ** 2 + (y - rng.uniform(0, height)) ** 2
    return (np.exp(-distance / (2 * spread**2)) * rng.uniform(60, 220))[..., None].astype(np.float32)


def _expose(rng, light: np.ndarray) -> tuple[np.ndarray, bool]:
    """Contrast, brightness, night, over-exposure, colour cast; and whether it is night."""
    mean = light.mean()
    light = (light - mean) * rng.uniform(0.5, 1.35) + mean + rng.normal(0, 24)
    dark = rng.random() < 0.22
    if dark:
        light = light * rng.uniform(0.2, 0.6)
    if rng.random() < 0.1:
        light = light * rng.uniform(1.1, 1.7)
    if rng.random() < 0.4:
        light = light * (1 + rng.normal(0, 0.12, 3).astype(np.float32))
    return light, dark


def _to_grey(rng, light: np.ndarray) -> np.ndarray:
    """Grey, or the tint of an infrared camera."""
    tint = np.float32([1, rng.uniform(0.6, 1), rng.uniform(0.7, 1)]) if rng.random() < 0.4 else 1
    return np.repeat(light.mean(2, keepdims=True), 3, 2) * tint


def _noise(rng, shape, scale: float) -> np.ndarray:
    channels = 3 if rng.random() < 0.5 else 1
    return rng.standard_normal((*shape[:2], channels), dtype=np.float32) * rng.exponential(scale)
