"""Chooses what src/vision/words/weigh-words.ts takes for granted, on American crops of training sets whose state is known.

The rule, set beforehand: the least mean log loss of the true state, all regions that name themselves alike before.

Example:
  python -m training.fit_words --model models/alpr-words/model.onnx
"""

import argparse
import itertools
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .data.crops import LOOSE_SETS, Crop, load_crops
from .data.sets import require_train
from .package.onnx_file import open_session
from .photo.warp import expand_quad, quad_of_box
from .render import DATA
from .words.spot import Spotter, load_lexicon
from .words.strips import cut_strips

SETS = "ocr-world", "ocr-openimages", "ocr-kaggle-cars"
PER_LETTER = 1.5, 2, 2.5, 3
ACCIDENTS = 2, 4, 6, 8, 10
SHARPNESSES = 0.4, 0.6, 0.8, 1
DOUBTS = 0.005, 0.01, 0.02, 0.05


class Evidence(NamedTuple):
    """Ratios of words [crops, strips, words], letters of each word, and which words each region has."""

    ratios: np.ndarray
    letters: np.ndarray
    words: list[list[int]]


def load_american(root: Path) -> list[Crop]:
    """Crops of training sets with a known state."""
    for name in SETS:
        require_train(name)
    return [crop for name in SETS for crop in load_crops(root, name) if crop.region.startswith("us-")]


def find_corners(crop: Crop) -> np.ndarray:
    """Corners where known, else those of the box without what it is too large by."""
    if crop.corners is not None:
        return crop.corners
    cut_x, cut_y = LOOSE_SETS.get(crop.source, (0.0, 0.0))
    return expand_quad(quad_of_box(crop.box), -cut_x, -cut_y)


def gather(crops: list[Crop], model: Path, lexicon: dict[str, list[str]]) -> Evidence:
    words = sorted({word for row in lexicon.values() for word in row})
    spotter, session = Spotter(words), open_session(model)
    name = session.get_inputs()[0].name
    said = [session.run(None, {name: cut_strips(crop.picture, find_corners(crop))})[0] for crop in crops]
    ratios = np.stack([np.stack([spotter.spot(strip) for strip in strips]) for strips in said])
    return Evidence(ratios, np.array([len(word) for word in words]), [[words.index(w) for w in row] for row in lexicon.values()])


def share(evidence: Evidence, per_letter: float, accident: float, sharpness: float, doubt: float) -> np.ndarray:
    """Probability [crops, regions] of each region by its words alone."""
    ratios, letters, words = evidence
    rated = np.stack([(ratios + per_letter * letters)[..., own].max(-1) for own in words], -1)
    logs = sharpness * np.maximum(0, rated - accident).sum(1)
    likely = np.exp(logs - logs.max(1, keepdims=True))
    return (1 - doubt) * likely / likely.sum(1, keepdims=True) + doubt / len(words)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA, help="data root (default: ../shared/data)")
    parser.add_argument("--model", type=Path, default=Path("models/alpr-words/model.onnx"))
    options = parser.parse_args()
    lexicon = load_lexicon()
    crops = load_american(options.data)
    truth = np.array([list(lexicon).index(crop.region) for crop in crops])
    evidence = gather(crops, options.model, lexicon)
    rows = np.arange(len(crops))
    tried = {
        chosen: -np.log(share(evidence, *chosen)[rows, truth]).mean()
        for chosen in itertools.product(PER_LETTER, ACCIDENTS, SHARPNESSES, DOUBTS)
    }
    best = min(tried, key=tried.get)
    print(f"{len(crops)} crops: per letter {best[0]}, accident {best[1]}, sharpness {best[2]}, doubt {best[3]}: log loss {tried[best]:.3f}")
    shares = share(evidence, *best)
    right, surest = shares.argmax(1) == truth, shares.max(1)
    for least in (0.5, 0.8, 0.9, 0.95):
        named = surest >= least
        print(f"named at {least} or more: {named.sum()}, wrong {(named & ~right).sum()}")


if __name__ == "__main__":
    main()
