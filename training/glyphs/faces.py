"""The case of faces a renderer draws from."""

from pathlib import Path

import numpy as np

from .die import make_die_face
from .field import Face
from .fonts import load_open_fonts

DIE_COUNT = 240
DIE_SEED = 9000
OPEN_FONT_SHARE = 0.4


class Faces:
    """Open fonts and dies, with the chance of each."""

    def __init__(self, fonts: Path, dies: int = DIE_COUNT):
        open_faces, weights = load_open_fonts(fonts)
        self.faces = open_faces + [make_die_face(DIE_SEED + index) for index in range(dies)]
        share = np.array(weights) / sum(weights) * OPEN_FONT_SHARE
        self.chances = np.concatenate([share, np.full(dies, (1 - OPEN_FONT_SHARE) / dies)])

    def pick(self, rng: np.random.Generator) -> Face:
        return self.faces[rng.choice(len(self.faces), p=self.chances)]
