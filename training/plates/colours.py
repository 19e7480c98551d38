"""Ground and ink colours of plates, as RGB with the spread that sun and cameras give."""

from typing import NamedTuple

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
    "green-dark": (12, 65, 45),
    "teal-light": (170, 215, 215),
    "cream": (246, 236, 208),
    "orange": (240, 150, 65),
    "peach": (250, 208, 170),
    "pink": (242, 200, 200),
    "lilac": (192, 172, 216),
    "purple": (92, 62, 132),
    "sand": (222, 202, 165),
    "brown": (122, 86, 56),
    "grey-light": (215, 218, 222),
}
RANDOM_SHARE = 0.06
LEAST_CONTRAST = 85  # of luma
LUMA = np.array([0.299, 0.587, 0.114])


class Colours(NamedTuple):
    """What a plate is painted with, as RGB.

    `grades` are the grounds from top to bottom where they change, `bands` those of the strips along the top and the
    bottom; `art` says that a picture is behind the number.
    """

    ground: np.ndarray
    ink: np.ndarray
    art: bool = False
    grades: tuple[np.ndarray, ...] = ()
    bands: tuple[np.ndarray | None, np.ndarray | None] = (None, None)


def pick_colours(rng: np.random.Generator, names: list[str]) -> Colours:
    """One of 'ground/ink' names; a ground may be 'blue>white' from top to bottom, 'blue|white|' with a strip above."""
    ground_name, ink_name = names[int(rng.integers(len(names)))].split("/")
    if rng.random() < RANDOM_SHARE:
        return Colours(*_random_pair(rng), rng.random() < 0.5)
    above, middle, below = ground_name.split("|") if "|" in ground_name else ("", ground_name, "")
    grades = tuple(_vary(rng, GROUNDS[name]) for name in middle.split(">")) if middle != "art" else ()
    ground = rng.integers(185, 256, 3) * 1.0 if middle == "art" else grades[len(grades) // 2]
    ink = _vary(rng, GROUNDS[ink_name])
    if abs((ground - ink) @ LUMA) < LEAST_CONTRAST * 0.6:
        return Colours(*_random_pair(rng), middle == "art")
    bands = tuple(_vary(rng, GROUNDS[name]) if name else None for name in (above, below))
    return Colours(ground, ink, middle == "art", grades if len(grades) > 1 else (), bands)


def pick_named(rng: np.random.Generator, names: list[str]) -> list[float]:
    """One of the named colours, as it may look."""
    return _vary(rng, GROUNDS[names[int(rng.integers(len(names)))]]).tolist()


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
