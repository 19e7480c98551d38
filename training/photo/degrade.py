"""Blur, light, colour, noise and compression on a picture at camera resolution."""

import cv2
import numpy as np

from .sensor import burn_out

LEAST_KEPT = 0.4  # of the contrast, of a burnt-out photograph whose text is still asked for


def degrade(rng: np.random.Generator, picture: np.ndarray, strength: float = 1.0) -> np.ndarray:
    """uint8 RGB to uint8 RGB; strength 0..1 scales the blurs."""
    if rng.random() < 0.28 * strength:
        longest = 9.0 if rng.random() < 0.2 else 5.5
        picture = blur_by_motion(rng, picture, 1 + rng.uniform(1, longest) * strength)
    if rng.random() < 0.5:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.3, 1.5) * max(strength, 0.25))
    light = picture.astype(np.float32)
    if rng.random() < 0.3:
        light *= draw_shadow(rng, *light.shape[:2])
    if rng.random() < 0.12:
        light += draw_glare(rng, *light.shape[:2])
    dark = False
    if rng.random() < 0.04:
        light = _burn(rng, light)
    elif rng.random() < 0.85:
        light, dark = _expose(rng, light)
    if rng.random() < 0.2:
        light = tint_grey(rng, light)
    if rng.random() < 0.03:
        light = 255 - light
    if rng.random() < 0.6:
        light += add_noise(rng, light.shape, rng.exponential(3.5 if dark else 7.0))
    picture = np.clip(light, 0, 255).astype(np.uint8)
    return compress(rng, picture) if rng.random() < 0.6 else picture


def compress(rng: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    """A JPEG round trip of quality 15 to 90."""
    return compress_to(picture, int(rng.integers(15, 90)))


def compress_to(picture: np.ndarray, quality: int) -> np.ndarray:
    """A JPEG round trip of one quality."""
    settings = [cv2.IMWRITE_JPEG_QUALITY, quality]
    return cv2.imdecode(cv2.imencode(".jpg", picture, settings)[1], cv2.IMREAD_COLOR)


def blur_by_motion(rng, picture, length: float) -> np.ndarray:
    """Smears along a line of a length in px, mostly level."""
    angle = rng.uniform(0, np.pi) if rng.random() < 0.5 else rng.normal(0, 0.15)
    dx, dy = np.cos(angle) * length / 2, np.sin(angle) * length / 2
    centre = int(length / 2) + 1
    kernel = np.zeros((2 * centre + 1, 2 * centre + 1), np.float32)
    start = round(centre - dx), round(centre - dy)
    cv2.line(kernel, start, (round(centre + dx), round(centre + dy)), 1)
    return cv2.filter2D(picture, -1, kernel / kernel.sum())


def draw_shadow(rng, height: int, width: int) -> np.ndarray:
    """A shadow edge or a gradient across the plate, as a factor [H, W, 3]."""
    angle = rng.uniform(0, 2 * np.pi)
    x = np.linspace(0, 1, width, dtype=np.float32)[None] * np.cos(angle)
    ramp = x + np.linspace(0, 1, height, dtype=np.float32)[:, None] * np.sin(angle)
    ramp = (ramp - ramp.min()) / (np.ptp(ramp) + 1e-6)
    edge = 1 / (1 + np.exp(-(ramp - rng.uniform(0.2, 0.8)) * rng.uniform(3, 60)))
    return spread_colours(1 - edge * rng.uniform(0.2, 0.7))


def draw_glare(rng, height: int, width: int) -> np.ndarray:
    """A lamp's or the sun's bright patch, to be added [H, W, 3]."""
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    spread = rng.uniform(0.05, 0.3) * width
    distance = (x - rng.uniform(0, width)) ** 2 + (y - rng.uniform(0, height)) ** 2
    return spread_colours(np.exp(-distance / (2 * spread**2)) * rng.uniform(40, 170))


def _burn(rng, light: np.ndarray) -> np.ndarray:
    """Far too much light, as in infrared, where enough of the strokes is left."""
    burnt, kept = burn_out(rng, light)
    if kept < LEAST_KEPT:
        return light
    return spread_colours(burnt.mean(-1)) if rng.random() < 0.7 else burnt


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


def tint_grey(rng, light: np.ndarray) -> np.ndarray:
    """Grey, or the tint of an infrared camera or of a colour camera that sees infrared: reddish, purple or green."""
    grey = cv2.transform(light, np.full((1, 3), 1 / 3, np.float32))
    chance = rng.random()
    if chance < 0.3:
        return cv2.merge((grey, grey * np.float32(rng.uniform(0.6, 1)), grey * np.float32(rng.uniform(0.7, 1))))
    if chance < 0.5:
        return cv2.merge((grey * np.float32(rng.uniform(0.1, 0.8)), grey, grey * np.float32(rng.uniform(0.3, 0.9))))
    return cv2.merge((grey, grey, grey))


def add_noise(rng, shape, sigma: float) -> np.ndarray:
    """Grain [H, W, 3] of a sigma, grey or coloured."""
    if rng.random() < 0.5:
        return rng.standard_normal(shape, dtype=np.float32) * np.float32(sigma)
    return spread_colours(rng.standard_normal(shape[:2], dtype=np.float32) * np.float32(sigma))


def spread_colours(grey: np.ndarray) -> np.ndarray:
    """[H, W] as float32 [H, W, 3]; numpy would be slower at spreading it over the last axis."""
    plane = np.float32(grey)
    return cv2.merge((plane, plane, plane))
