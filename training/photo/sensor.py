"""What happens inside a camera: too much light, one colour a pixel, shot noise, the tone curve."""

import cv2
import numpy as np

BURNT_GAIN = 1.4, 2.9  # of the light on a plate that an infrared lamp or a headlamp hits in full
READ_NOISE = 0.35  # share of the noise that is there in the dark; the rest grows with the root of the light


def burn_out(rng: np.random.Generator, light: np.ndarray, gain: float | None = None) -> tuple[np.ndarray, float]:
    """A reflecting plate in the lamp's full light: the ground is white, eats into the strokes and glows over them.

    The second value is the share of the contrast that is left.
    """
    width = light.shape[1]
    spread = cv2.GaussianBlur(light, (0, 0), rng.uniform(0.4, 0.004 * width + 0.5))
    lit = spread * np.float32(gain or rng.uniform(*BURNT_GAIN))
    excess = np.maximum(lit - 255, 0)
    glow = cv2.GaussianBlur(excess, (0, 0), width * rng.uniform(0.01, 0.05)) * np.float32(rng.uniform(0.1, 0.5))
    burnt = np.clip(np.minimum(lit, 255) + np.minimum(glow, 150) - np.float32(rng.uniform(0, 60)), 0, 255)
    return burnt, min(1.0, float(burnt.std() / (light.std() + 1e-6)))


def bend_tones(rng: np.random.Generator, light: np.ndarray) -> np.ndarray:
    """The camera's own curve: darks lifted or crushed, brights rolled off."""
    x = np.clip(light, 0, 255) / np.float32(255)
    curved = x ** np.float32(np.exp(rng.normal(0, 0.25)))
    share = np.float32(rng.uniform(-0.3, 0.6))
    return (curved + share * curved * (1 - curved) * (2 * curved - 1)) * np.float32(255)


def see_mosaic(rng: np.random.Generator, light: np.ndarray, sigma: float) -> np.ndarray:
    """One colour a pixel with noise of a sigma (grey levels at medium light), and the colours guessed from neighbours."""
    height, width = light.shape[:2]
    raw = light[..., 1].copy()
    raw[0::2, 0::2] = light[0::2, 0::2, 0]
    raw[1::2, 1::2] = light[1::2, 1::2, 2]
    strength = np.sqrt(READ_NOISE**2 + (1 - READ_NOISE**2) * np.clip(raw, 0, 255) / 128)
    raw += rng.standard_normal((height, width), dtype=np.float32) * strength * np.float32(sigma)
    mosaic = np.clip(raw, 0, 255).astype(np.uint8)
    return cv2.cvtColor(mosaic, cv2.COLOR_BayerRGGB2RGB).astype(np.float32)
