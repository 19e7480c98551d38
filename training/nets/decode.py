"""Probabilities to text, and raw detections to distinct plates.

The TypeScript side decodes the same way: slots by arg max, CTC by collapsing
repeats, and of the two texts the one whose least certain character is surer.
"""

from typing import NamedTuple

import numpy as np

from .reader import ALPHABET


class Reading(NamedTuple):
    """A text and the probability of its least certain position."""

    text: str
    confidence: float


def decode_slots(slots: np.ndarray) -> Reading:
    """[10, 37] probabilities to a reading; empty slots are left out of the text."""
    best = slots.argmax(-1)
    text = "".join(ALPHABET[index - 1] for index in best if index)
    return Reading(text, float(slots.max(-1).min()))


def decode_ctc(ctc: np.ndarray) -> Reading:
    """[64, 37] probabilities to a reading: repeats collapse, blanks vanish."""
    best = ctc.argmax(-1)
    previous = np.concatenate([[0], best[:-1]])
    text = "".join(ALPHABET[index - 1] for index in best[(best > 0) & (best != previous)])
    return Reading(text, float(ctc.max(-1).min()))


def decode_both(slots: np.ndarray, ctc: np.ndarray) -> Reading:
    """The more confident of the two heads' readings."""
    by_slots, by_ctc = decode_slots(slots), decode_ctc(ctc)
    return by_slots if by_slots.confidence >= by_ctc.confidence else by_ctc


def intersection_over_union(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """IoU of one box [4] with boxes [n, 4], as x0, y0, x1, y1."""
    b = np.asarray(b, np.float32).reshape(-1, 4)
    width = np.minimum(a[2], b[:, 2]) - np.maximum(a[0], b[:, 0])
    height = np.minimum(a[3], b[:, 3]) - np.maximum(a[1], b[:, 1])
    shared = width.clip(min=0) * height.clip(min=0)
    area_a = (a[2] - a[0]) * (a[3] - a[1])
    area_b = (b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1])
    return shared / (area_a + area_b - shared).clip(min=1e-6)


def suppress(detections: np.ndarray, overlap: float = 0.4) -> np.ndarray:
    """Greedy NMS over [n, 14] rows that already fall by score."""
    kept = []
    for row in detections:
        if not kept or intersection_over_union(row[:4], np.stack(kept)[:, :4]).max() < overlap:
            kept.append(row)
    return np.stack(kept) if kept else detections[:0]
