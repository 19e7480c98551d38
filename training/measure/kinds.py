"""Rendered plates of kinds that photographs with texts hardly hold: cut, covered, stacked, three lines, burnt out …

The seeds are never those of training. What is counted is what a user meets: whole numbers that are right, and
statements of 90 % that are wrong, with and without the reader's own doubt that it saw the whole.
"""

from pathlib import Path
from typing import Callable, NamedTuple

import numpy as np

from ..data.backgrounds import load_backgrounds
from ..photo import camera as cameras
from ..photo.view import photograph
from ..plates.plate import Plate, PlateRenderer
from .calibration import mix_heads

SEED = 4_000_000
SURE = 0.9
BATCH = 50
STACKED_HEIGHT = 0.6  # of the tallest character: signs of one line that are lower stand in a stack
KINDS = "whole", "cut by an edge", "covered", "three lines", "stacked", "foreign script", "burnt out", "moved", "small"

Read = Callable[[np.ndarray], dict[str, np.ndarray]]  # uint8 [n, 64, 128, 3] to outputs by name


class Shown(NamedTuple):
    """A crop, the whole number of its plate, what is left of it (None: nobody could say), and whether signs go unread."""

    crop: np.ndarray
    text: str
    left: str | None
    has_unread: bool
    region: str = ""


def render_kinds(data: Path, count: int, wanted: tuple[str, ...] = KINDS) -> dict[str, list[Shown]]:
    """The same plates each time, by kind."""
    renderer, backgrounds = PlateRenderer(data / "fonts"), load_backgrounds(data)
    return {kind: _render_kind(renderer, backgrounds, kind, count) for kind in wanted}


def _render_kind(renderer: PlateRenderer, backgrounds: list[np.ndarray], kind: str, count: int) -> list[Shown]:
    rng = np.random.default_rng([SEED, KINDS.index(kind)])
    shown: list[Shown] = []
    while len(shown) < count:
        plate = renderer.render(rng, 3 if kind == "three lines" else None)
        if not is_of_kind(plate, kind):
            continue
        background = backgrounds[int(rng.integers(len(backgrounds)))]
        hides = {"cut by an edge": "cut", "covered": "cover"}.get(kind, "")
        view = photograph(rng, plate, background, _pick_camera(kind), hides)
        hidden = view.is_whole is False and view.text != plate.text
        if hidden == bool(hides) and (hides or view.text is not None):
            shown.append(Shown(view.crop, plate.text, view.text, plate.has_unread, plate.region))
    return shown


def is_of_kind(plate: Plate, kind: str) -> bool:
    """Whether a plate has what a kind is about, and nothing that another kind is about."""
    heights = [sign.y1 - sign.y0 for sign in plate.signs]
    is_stacked = plate.lines == 1 and min(heights) < STACKED_HEIGHT * max(heights)
    if kind in ("stacked", "foreign script"):
        return is_stacked if kind == "stacked" else plate.has_unread
    return not is_stacked and not plate.has_unread and (plate.lines == 3) == (kind == "three lines")


def _pick_camera(kind: str) -> cameras.Camera:
    """A good camera, but for the kinds that are one fault of a camera."""
    good, *_, night = (camera for _, camera in cameras.CAMERAS)
    if kind == "burnt out":
        return night._replace(burnt=1.0)
    if kind == "moved":
        return good._replace(motion=(1.0, 8.0), widths=(110, 200))
    return good._replace(widths=(36, 60)) if kind == "small" else good


class Said(NamedTuple):
    """What a reader says of crops: texts, whether they are right and whether it states them at 90 %, and all outputs.

    A reader that has the witnesses multiplies the probability of its text with theirs.
    """

    texts: list[str]
    right: np.ndarray
    is_sure: np.ndarray
    is_sure_without_doubt: np.ndarray
    outputs: dict[str, np.ndarray]


def read_shown(read: Read, shown: list[Shown], temperature: float) -> Said:
    """Reads crops, and compares with the whole numbers of their plates."""
    outputs = _read_all(read, shown)
    texts, chosen, others = mix_heads(outputs["slots"], outputs["ctc"])
    powered = chosen ** (1 / temperature)
    sure = powered / (powered + others ** (1 / temperature))
    doubted = sure * outputs["whole"][:, 0] * (1 - outputs["unread"][:, 0]) if "whole" in outputs else sure
    right = np.array([text == plate.text for text, plate in zip(texts, shown)])
    return Said(texts, right, doubted >= SURE, sure >= SURE, outputs)


def score_kind(read: Read, shown: list[Shown], temperature: float) -> dict[str, float]:
    """Rates of one kind; figures of outputs that a file lacks are left out."""
    texts, right, is_sure, is_sure_without, outputs = read_shown(read, shown, temperature)
    left = [(text, plate.left) for text, plate in zip(texts, shown) if plate.left is not None]
    scores = {
        "exact": float(right.mean()),
        "exact, what is left": float(np.mean([text == rest for text, rest in left])) if left else 0.0,
        "wrong at 0.9": float((is_sure_without & ~right).mean()),
    }
    if "whole" in outputs:
        scores["wrong at 0.9, with doubt"] = float((is_sure & ~right).mean())
        scores["sure at 0.9, with doubt"] = float(is_sure.mean())
        scores["said to be whole"] = float((outputs["whole"] >= 0.5).mean())
        scores["said to have unread signs"] = float((outputs["unread"] >= 0.5).mean())
    return scores


def _read_all(read: Read, shown: list[Shown]) -> dict[str, np.ndarray]:
    pictures = np.stack([plate.crop for plate in shown])
    parts = [read(pictures[start : start + BATCH]) for start in range(0, len(pictures), BATCH)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
