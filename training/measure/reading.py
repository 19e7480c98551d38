"""How often the reader is right, by set."""

from pathlib import Path
from typing import Callable

import numpy as np

from ..data.crops import TRAIN_CROPS, Crop, load_crops, rectify_crop
from ..data.split import is_text_held_out
from ..nets.decode import decode_both, decode_ctc, decode_slots
from .calibration import mix_heads

MEASURE_CROPS = ["ocr-us-states", "ocr-br", "ocr-eu-twoline", "ocr-ar"]
FOLD = str.maketrans("OI", "01")
BATCH = 64

Read = Callable[[np.ndarray], tuple[np.ndarray, ...]]  # uint8 [n,64,128,3] -> probabilities: slots, CTC, …


def held_out_crops(root: Path, names: list[str] = TRAIN_CROPS) -> dict[str, list[Crop]]:
    """The crops of training sets whose texts no training sees, and the two-line ones of the world."""
    sets = {f"{name} (held-out texts)": _held_out(root, name) for name in names}
    world = sets.get("ocr-world (held-out texts)", [])
    sets["ocr-world (held-out texts, two lines)"] = [crop for crop in world if crop.lines > 1]
    return sets


def _held_out(root: Path, name: str) -> list[Crop]:
    return [crop for crop in load_crops(root, name) if is_text_held_out(crop.text)]


def measure_only_crops(root: Path) -> dict[str, list[Crop]]:
    """Sets beyond the licence wall: measured, never trained or tuned on."""
    return {name: load_crops(root, name) for name in MEASURE_CROPS}


def read_crops(read: Read, crops: list[Crop]) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of both heads that read, for all crops."""
    pictures = np.stack([rectify_crop(crop) for crop in crops])
    outputs = [read(pictures[start : start + BATCH])[:2] for start in range(0, len(pictures), BATCH)]
    return tuple(np.concatenate(part) for part in zip(*outputs))


def score_readings(slots: np.ndarray, ctc: np.ndarray, texts: list[str]) -> dict[str, float]:
    """Exact-match rates: surer head, heads mixed, O=0 and I=1 folded, each head, where both agree."""
    best = [decode_both(s, c).text for s, c in zip(slots, ctc)]
    mixed = mix_heads(slots, ctc)[0]
    by_slots = [decode_slots(s).text for s in slots]
    by_ctc = [decode_ctc(c).text for c in ctc]
    agreed = [(said, text) for said, other, text in zip(by_slots, by_ctc, texts) if said == other]
    folded = [text.translate(FOLD) for text in texts]
    return {
        "exact": _rate(best, texts),
        "exact, heads mixed": _rate(mixed, texts),
        "exact, heads mixed, O=0 and I=1": _rate([text.translate(FOLD) for text in mixed], folded),
        "exact, O=0 and I=1": _rate([text.translate(FOLD) for text in best], folded),
        "exact by slots": _rate(by_slots, texts),
        "exact by CTC": _rate(by_ctc, texts),
        "heads agree": len(agreed) / max(1, len(texts)),
        "exact where heads agree": sum(a == b for a, b in agreed) / max(1, len(agreed)),
    }


def _rate(said: list[str], texts: list[str]) -> float:
    return sum(a == b for a, b in zip(said, texts)) / max(1, len(texts))
