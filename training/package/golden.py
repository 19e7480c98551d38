"""Golden pictures and the outputs PyTorch computes for them.

A second runtime must reproduce them to 2e-3. The pictures are rendered, never
photographs, and stay as they are once they exist; the outputs are computed anew.
"""

import json
from pathlib import Path

import cv2
import numpy as np
import torch

from ..nets.decode import decode_both, decode_ctc, decode_slots

STRONG = 0.3
READ_TOLERANCE = 0.02  # the shipped reader computes in int8, PyTorch in float32


def read_rgb(path: Path) -> np.ndarray:
    """A picture file as uint8 [H, W, 3] RGB."""
    return np.ascontiguousarray(cv2.imread(str(path))[:, :, ::-1])


def write_golden_detections(graph: torch.nn.Module, folder: Path) -> dict:
    """Plates in the detector's output above 0.3 on golden/input.png."""
    picture = read_rgb(folder / "input.png")
    with torch.no_grad():
        rows = graph(torch.from_numpy(picture[None])).numpy()[0]
    rows = rows[rows[:, 5] == 0]
    golden = {
        "input": "input.png",
        "computed_by": f"torch {torch.__version__.split('+')[0]}",
        "tolerance": 2e-3,
        "score_above": STRONG,
        "columns": "x0 y0 x1 y1 score class tlx tly trx try brx bry blx bly".split(),
        "detections": _rounded(rows[rows[:, 4] > STRONG]),
    }
    return _write(folder, golden)


def write_golden_readings(graph: torch.nn.Module, folder: Path) -> dict:
    """All heads' probabilities and the texts on golden/input_*.png."""
    names = sorted(path.name for path in folder.glob("input_*.png"))
    pictures = np.stack([read_rgb(folder / name) for name in names])
    with torch.no_grad():
        slots, ctc, regions, legibility = (output.numpy() for output in graph(torch.from_numpy(pictures)))
    golden = {
        "inputs": names,
        "computed_by": f"torch {torch.__version__.split('+')[0]}",
        "tolerance": READ_TOLERANCE,
        "texts": [decode_both(s, c).text for s, c in zip(slots, ctc)],
        "slot_texts": [decode_slots(s).text for s in slots],
        "ctc_texts": [decode_ctc(c).text for c in ctc],
        "slots": _rounded(slots),
        "ctc": _rounded(ctc),
        "regions": _rounded(regions),
        "legibility": _rounded(legibility),
    }
    return _write(folder, golden)


def _rounded(values: np.ndarray) -> list:
    return np.round(values.astype(float), 6).tolist()


def _write(folder: Path, golden: dict) -> dict:
    (folder / "output.json").write_text(json.dumps(golden) + "\n")
    return golden
