"""Golden pictures and what a network answers to them.

At export PyTorch computes the answers; once the int8 file takes the float one's place, Python's ONNX
Runtime computes them from that file. A second runtime must reproduce them to 2e-3. The pictures
are rendered, never photographs, and stay as they are once they exist.
"""

import json
from pathlib import Path
from typing import Callable

import cv2
import numpy as np

from ..nets.decode import decode_both, decode_ctc, decode_slots
from .onnx_file import IO

STRONG = 0.3
TOLERANCE = 2e-3

Run = Callable[[np.ndarray], tuple[np.ndarray, ...]]  # uint8 pictures to all outputs


def read_rgb(path: Path) -> np.ndarray:
    """A picture file as uint8 [H, W, 3] RGB."""
    return np.ascontiguousarray(cv2.imread(str(path))[:, :, ::-1])


def write_golden(task: str, run: Run, computed_by: str, folder: Path) -> dict:
    """Writes output.json for the pictures of a golden folder; `computed_by` names the runtime."""
    describe = {"detect": _describe_detections, "read": _describe_readings, "vehicles": _describe_rows}[task]
    golden = {"computed_by": computed_by, "tolerance": TOLERANCE, **describe(run, folder)}
    (folder / "output.json").write_text(json.dumps(golden) + "\n")
    return golden


def _describe_detections(run: Run, folder: Path) -> dict:
    """Plates in the detector's output above 0.3 on golden/input.png."""
    picture = read_rgb(folder / "input.png")
    rows = run(picture[None])[0][0]
    rows = rows[rows[:, 5] == 0]
    return {
        "input": "input.png",
        "score_above": STRONG,
        "columns": "x0 y0 x1 y1 score class tlx tly trx try brx bry blx bly".split(),
        "detections": _rounded(rows[rows[:, 4] > STRONG]),
    }


def _describe_rows(run: Run, folder: Path) -> dict:
    """All numbers of a small picture."""
    return {"inputs": ["input.png"], "rows": _rounded(run(read_rgb(folder / "input.png")[None])[0])}


def _describe_readings(run: Run, folder: Path) -> dict:
    """All heads' probabilities and the texts on golden/input_*.png."""
    names = sorted(path.name for path in folder.glob("input_*.png"))
    pictures = np.stack([read_rgb(folder / name) for name in names])
    answers = dict(zip(IO["read"]["outputs"], run(pictures)))  # files up to 0.5.0 have the first four
    slots, ctc = answers["slots"], answers["ctc"]
    return {
        "inputs": names,
        "texts": [decode_both(s, c).text for s, c in zip(slots, ctc)],
        "slot_texts": [decode_slots(s).text for s in slots],
        "ctc_texts": [decode_ctc(c).text for c in ctc],
        **{name: _rounded(values) for name, values in answers.items()},
    }


def _rounded(values: np.ndarray) -> list:
    return np.round(values.astype(float), 6).tolist()
