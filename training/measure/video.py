"""Finds and reads the plates of a labelled clip: the whole chain on moving pictures."""

import json
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from ..data.crops import READ_MARGINS
from ..nets.decode import decode_both
from ..photo.warp import expand_quad, rectify
from .finding import Find, find_plates
from .reading import Read

CLIP = "misc/parkpow_tollgate_vn.mp4"


class Passage(NamedTuple):
    """A labelled passage: frames with a detection, frames read exactly, readings by frequency."""

    text: str
    frames: int
    found: int
    exact: int
    readings: list[tuple[str, int]]


def measure_clip(find: Find, read: Read, root: Path, threshold: float, every: int = 3) -> list[Passage]:
    """One row for each labelled plate of the clip, from every third frame."""
    rows = [json.loads(line) for line in (root / "videos/labels.jsonl").read_text().splitlines()]
    row = next(row for row in rows if row["file"] == CLIP)
    frames = _read_frames(root / "videos" / CLIP)
    passages = []
    for plate in row["plate_frames"]:
        first, last = plate["frames"]
        passages.append(_measure_passage(find, read, plate["text"], frames[first : last + 1 : every], threshold))
    return passages


def _read_frames(path: Path) -> list[np.ndarray]:
    clip, frames = cv2.VideoCapture(str(path)), []
    while True:
        more, frame = clip.read()
        if not more:
            return frames
        frames.append(np.ascontiguousarray(frame[:, :, ::-1]))


def _measure_passage(find, read, text: str, frames: list[np.ndarray], threshold: float) -> Passage:
    found = exact = 0
    readings = Counter()
    for frame in frames:
        rows = find_plates(find, frame, threshold)
        if not len(rows):
            continue
        found += 1
        quads = [expand_quad(row[6:].reshape(4, 2), *READ_MARGINS) for row in rows]
        slots, ctc = read(np.stack([rectify(frame, quad) for quad in quads]))
        texts = [decode_both(s, c).text for s, c in zip(slots, ctc)]
        exact += text in texts
        readings.update(texts)
    return Passage(text, len(frames), found, exact, readings.most_common(4))
