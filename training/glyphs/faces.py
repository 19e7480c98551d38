"""The case of faces a renderer draws from."""

from pathlib import Path

import cv2
import numpy as np

from .die import make_die_face
from .field import Face, advance
from .fonts import load_open_fonts
from .national import DIES_EACH, NATIONAL_DIES, PAINTED, die_of

DIE_COUNT = 240
DIE_SEED, NATIONAL_SEED = 9000, 70_000
OPEN_FONT_SHARE = 0.35  # of what is not lettered by a national die or by hand
NATIONAL_SHARE = 0.6
PAINTED_SHARE, ELSEWHERE_PAINTED_SHARE = 0.22, 0.06
LETTERED = Path("training/work/fonts")  # brought by training.take_fonts


TWINS = ("0O", "1I")
LEAST_DIFFERENCE = 0.16  # share of the inked area by which twins must differ


def tells_apart(face: Face, one: str, other: str) -> bool:
    """Whether two characters of a face look different once they are stretched to the same box."""
    a, b = (cv2.resize(face[sign], (32, 48), interpolation=cv2.INTER_AREA) > 0 for sign in (one, other))
    by_width = abs(advance(face[one]) / advance(face[other]) - 1)
    return (a ^ b).sum() / max(1, (a | b).sum()) + by_width > LEAST_DIFFERENCE


class Faces:
    """Open fonts, dies of countries and of nobody, and the faces of sign painters, with the chance of each."""

    def __init__(self, fonts: Path, dies: int = DIE_COUNT):
        open_faces, weights = load_open_fonts(fonts)
        self.open = open_faces
        self.faces = open_faces + [make_die_face(DIE_SEED + index) for index in range(dies)]
        share = np.array(weights) / sum(weights) * OPEN_FONT_SHARE
        self.chances = np.concatenate([share, np.full(dies, (1 - OPEN_FONT_SHARE) / dies)]) if dies else share / share.sum()
        self.cumulative = np.cumsum(self.chances)
        each = DIES_EACH if dies else 0
        self.national = {
            name: [make_die_face(NATIONAL_SEED + 100 * place + index, rules) for index in range(each)]
            for place, (name, rules) in enumerate(NATIONAL_DIES.items())
        }
        self.lettered = load_open_fonts(LETTERED)[0] if any(LETTERED.glob("*.ttf")) else open_faces

    def pick(self, rng: np.random.Generator, code: str = "", text: str = "") -> Face:
        """A face for a plate of a form's code; where the text has twins, rather one that tells them apart."""
        face = self._pick_any(rng, code)
        for _ in range(6):
            if all(tells_apart(face, *twins) for twins in TWINS if set(twins) & set(text)):
                break
            face = self._pick_any(rng, code)
        return face

    def _pick_any(self, rng: np.random.Generator, code: str) -> Face:
        painted = PAINTED_SHARE if code in PAINTED else ELSEWHERE_PAINTED_SHARE
        if rng.random() < painted:
            return self.lettered[int(rng.integers(len(self.lettered)))]
        own = self.national.get(die_of(code))
        if own and rng.random() < NATIONAL_SHARE:
            return own[int(rng.integers(len(own)))]
        return self.faces[min(int(np.searchsorted(self.cumulative, rng.random())), len(self.faces) - 1)]

    def pick_small(self, rng: np.random.Generator) -> Face:
        """A face for small print."""
        case = self.open if rng.random() < 0.6 else self.lettered
        return case[int(rng.integers(len(case)))]
