"""Ground and ink colours of plates, as RGB with the spread that sun and cameras give."""

import numpy as np

GROUNDS = {
    "white": (232, 232, 230),
    "yellow": (240, 195, 35),
    "yellow-light": (245, 230, 150),
    "black": (28, 28, 30),
    "silver": (165, 168, 170),
    "blue": (25, 65, 170),
    "blue-light": (175, 205, 235),
    "navy": (20, 30, 90),
    "green": (20, 110, 60),
    "green-light": (165, 225, 175),
    "red": (180, 25, 30),
    "teal": (40, 160, 170),
    "maroon": (110, 20, 40),
}
RANDOM_SHARE = 0.06
LEAST_CONTRAST = 85  # of luma
LUMA = np.array([0.299, 0.587, 0.114])


def pick_colours(rng: np.random.Generator, names: list[str]) -> tuple[np.ndarray, np.ndarray, bool]:
    """Ground and ink RGB for one of 'ground/ink' names, and whether the ground is a picture."""
    ground_name, ink_name = names[int(rng.integers(len(names)))].split("/")
    if rng.random() < RANDOM_SHARE:
        return *_random_pair(rng), rng.random() < 0.5
    art = ground_name == "art"
    ground = rng.integers(185, 256, 3) * 1.0 if art else _vary(rng, GROUNDS[ground_name])
    ink = _vary(rng, GROUNDS[ink_name])
    if abs((ground - ink) @ LUMA) < LEAST_CONTRAST * 0.6:
        return *_random_pair(rng), art
    return ground, ink, art


def pick_colour(rng: np.random.Generator) -> list[float]:
    """Any colour, for stickers and emblems."""
    return rng.integers(0, 256, 3).astype(float).tolist()


def _vary(rng: np.random.Generator, colour) -> np.ndarray:
    return np.clip(np.array(colour, float) + rng.normal(0, 12) + rng.normal(0, 7, 3), 0, 255)


def _random_pair(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    while True:
        ground, ink = rng.integers(0, 256, (2, 3)) * 1.0
        if abs((ground - ink) @ LUMA) > LEAST_CONTRAST:
            return ground, ink
