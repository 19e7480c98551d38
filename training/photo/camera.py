"""Cameras that see a rendered plate well, so-so, badly or at night.

The shares and ranges are set so that sharpness, contrast and noise of rendered crops
lie where those of the photographed training crops do, with a longer tail to the bad side.
"""

from typing import NamedTuple

import cv2
import numpy as np

from .degrade import add_noise, blur_by_motion, compress_to, draw_glare, draw_shadow, spread_colours, tint_grey
from .sensor import bend_tones, burn_out, see_mosaic


class Harm(NamedTuple):
    """What a camera did: blur (sigma, px of its picture), grey levels of noise and compression, contrast kept."""

    blur: float
    noise: float
    contrast: float


class Camera(NamedTuple):
    """Chances and ranges of one kind of picture; px are those of the camera's picture."""

    widths: tuple[float, float]  # px of the plate
    motion: tuple[float, float]  # chance, longest px
    blur: tuple[float, float, float]  # chance, least and largest sigma in px
    sharpen: float
    contrast: tuple[float, float]
    brightness: float
    noise: tuple[float, float]  # chance, mean sigma
    jpeg: tuple[float, int, int]  # chance, lowest and highest quality
    grey: float
    night: bool = False
    burnt: float = 0.02  # chance of far too much light


CAMERAS = (
    (0.38, Camera((70, 280), (0.05, 2.5), (0.5, 0.25, 0.6), 0.3, (0.65, 1.3), 16, (0.35, 3.0), (0.6, 50, 95), 0.1)),
    (0.34, Camera((48, 190), (0.18, 3.5), (0.6, 0.3, 0.95), 0.2, (0.45, 1.3), 22, (0.5, 4.0), (0.65, 30, 90), 0.14)),
    (0.17, Camera((36, 130), (0.35, 5.5), (0.7, 0.4, 1.4), 0.1, (0.3, 1.3), 28, (0.6, 8.0), (0.7, 12, 70), 0.2)),
    (0.11, Camera((50, 220), (0.2, 4.0), (0.6, 0.3, 1.1), 0.1, (0.4, 1.2), 20, (0.8, 7.0), (0.6, 25, 85), 0.45, True, 0.3)),
)
SHARES = np.cumsum([share for share, _ in CAMERAS])
LENS_BLUR = 0.45  # sigma of a sharp camera, px
MOTION_SIGMA = 3.5  # length of a motion blur over the sigma that harms as much
LONG_MOTION_SHARE, LONG_MOTION = 0.25, 0.06  # of blurs by motion, and how long these may be, of the plate's width
INFRARED_SHARE = 0.7  # of pictures with too much light
MOSAIC_SHARE, LEAST_NOISE = 0.35, 0.8  # grey levels of noise that every picture may have
CURVED_SHARE = 0.3


def pick_camera(rng: np.random.Generator) -> Camera:
    return CAMERAS[min(int(np.searchsorted(SHARES, rng.random())), len(CAMERAS) - 1)][1]


def pick_seen_width(rng: np.random.Generator, camera: Camera) -> float:
    """The plate's width in px of the camera's picture."""
    return float(np.exp(rng.uniform(*np.log(camera.widths))))


def take_picture(rng: np.random.Generator, scene: np.ndarray, camera: Camera) -> tuple[np.ndarray, Harm]:
    """uint8 RGB to uint8 RGB of the same size, and what was lost."""
    scene, blur = _blur(rng, scene, camera)
    light = scene.astype(np.float32)
    size = light.shape[:2]
    if rng.random() < 0.25:
        light *= draw_shadow(rng, *size)
    if rng.random() < (0.3 if camera.night else 0.06):
        light += draw_glare(rng, *size)
    mean = light.mean()
    contrast = rng.uniform(*camera.contrast)
    light = (light - mean) * contrast + mean + rng.normal(0, camera.brightness)
    if rng.random() < camera.burnt:
        light, kept = burn_out(rng, light)
        contrast *= kept
        if rng.random() < INFRARED_SHARE:
            light = spread_colours(light.mean(-1))
    elif camera.night:
        light, dimmed = _darken(rng, light)
        contrast *= dimmed
    elif rng.random() < 0.05:
        light *= rng.uniform(1.1, 1.5)  # over-exposed
    if rng.random() < 0.35:
        light = cv2.transform(light, np.diag(1 + rng.normal(0, 0.1, 3)).astype(np.float32))
    if rng.random() < camera.grey:
        light = tint_grey(rng, light)
    noise = rng.uniform(0, LEAST_NOISE)
    if rng.random() < camera.noise[0]:
        noise += min(float(rng.exponential(camera.noise[1])), 30.0)
    light = see_mosaic(rng, light, noise) if rng.random() < MOSAIC_SHARE else light + add_noise(rng, light.shape, noise)
    if rng.random() < CURVED_SHARE:
        light = bend_tones(rng, light)
    if rng.random() < camera.sharpen:
        light += (light - cv2.GaussianBlur(light, (0, 0), 1.0)) * rng.uniform(0.3, 1.3)
    picture = np.clip(light, 0, 255).astype(np.uint8)
    if rng.random() < camera.jpeg[0]:
        quality = int(rng.integers(*camera.jpeg[1:]))
        picture = compress_to(picture, quality)
        noise += (100 - quality) / 10
    return picture, Harm(blur, noise, contrast)


def _blur(rng, scene: np.ndarray, camera: Camera) -> tuple[np.ndarray, float]:
    variance = LENS_BLUR**2
    if rng.random() < camera.motion[0]:
        longest = camera.motion[1]
        if rng.random() < LONG_MOTION_SHARE:
            longest = max(longest, LONG_MOTION * scene.shape[1])
        length = 1 + rng.uniform(0, longest)
        scene = blur_by_motion(rng, scene, length)
        variance += (length / MOTION_SIGMA) ** 2
    if rng.random() < camera.blur[0]:
        sigma = rng.uniform(*camera.blur[1:])
        scene = cv2.GaussianBlur(scene, (0, 0), sigma)
        variance += sigma**2
    return scene, float(np.sqrt(variance))


def _darken(rng, light: np.ndarray) -> tuple[np.ndarray, float]:
    """Night: dim, or a plate that shines in infrared or headlights before a dark car."""
    if rng.random() < 0.5:
        factor = rng.uniform(0.2, 0.65)
        return light * factor, factor
    factor = rng.uniform(0.6, 1.1)
    lowered = (light - rng.uniform(20, 70)) * factor * 1.25
    return lowered, factor
