"""Procedural die fonts: every country stamps its own, and no open font has them all.

What the reader confuses without them: M and W with H and N, I with T, 1 with I,
8 with B, 6 with 5. Each die draws its own corner radius, width, weight, depth of
M and W, serifs of I and 1, open or closed 4, straight or curved 6 and 9, Q tail.
"""

import numpy as np

from .die_digits import draw_digits
from .die_letters import draw_letters
from .field import CAP_HEIGHT, Face
from .strokes import Stroke, round_corners, stroke_field


class Die:
    """The measures of one die, in glyph pixels, and its choices: by rule where there is one, else by chance.

    Rules: "width", "half" and "radius" as ranges (in capital heights; the radius in widths), and
    names of forms as in `choose`.
    """

    def __init__(self, rng: np.random.Generator, rules: dict | None = None):
        self.rng, self.rules = rng, rules or {}
        self.width = CAP_HEIGHT * rng.uniform(*self.rules.get("width", (0.42, 0.72)))
        self.half = CAP_HEIGHT * rng.uniform(*self.rules.get("half", (0.05, 0.095)))
        self.radius = rng.uniform(*self.rules.get("radius", (0.2, 0.55))) * self.width
        self.left, self.right = self.half, self.width - self.half
        self.top, self.bottom = self.half, CAP_HEIGHT - self.half
        self.centre = self.width / 2
        self.middle = CAP_HEIGHT * rng.uniform(0.46, 0.54)
        self.waist = CAP_HEIGHT * rng.uniform(0.44, 0.50)
        self.waist_inset = rng.uniform(0, 0.06) * self.width
        self.terminal = CAP_HEIGHT * rng.uniform(0.14, 0.24)

    def choose(self, name: str, **chances: float) -> str:
        """One of the named forms."""
        drawn = self.rng.random()
        if name in self.rules:
            return self.rules[name]
        for form, chance in chances.items():
            drawn -= chance
            if drawn < 0:
                return form
        return form

    def curve(self, *points, radius: float | None = None, sharp: tuple = ()) -> Stroke:
        """An open stroke with the die's corner radius, or another."""
        return round_corners(points, self.radius if radius is None else radius, False, sharp)

    def line(self, *points) -> Stroke:
        """An open stroke with sharp corners."""
        return round_corners(points, 0)

    def ring(self, left, top, right, bottom, radius: float | None = None, sharp: tuple = ()) -> Stroke:
        """A closed box with rounded corners; `sharp` are those that stay, from the top left."""
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        return round_corners(corners, self.radius if radius is None else radius, True, sharp)

    def loop(self, *points, sharp: tuple = ()) -> Stroke:
        """A closed stroke through any points."""
        return round_corners(points, self.radius, True, sharp)


def make_die_face(seed: int, rules: dict | None = None) -> Face:
    """The die of a seed as a face, within the rules of a country if given."""
    rng = np.random.default_rng(seed)
    die = Die(rng, rules)
    slant = float(np.tan(rng.normal(0, 0.03)))
    strokes = {**draw_digits(die), **draw_letters(die)}
    flat = die.choose("ends", round=0.55, flat=0.45) == "flat"
    return {character: stroke_field(drawn, die.half, slant, flat) for character, drawn in strokes.items()}
