"""Numbers chosen on held-out photographs of the training sets, never on measure-only ones."""

import numpy as np

from ..nets.decode import decode_both
from .finding import Found

TEMPERATURES = np.arange(0.5, 3.01, 0.05)
LEAST = 1e-6


def soften(probabilities: np.ndarray, temperature: float) -> np.ndarray:
    """Softmax of the logits divided by a temperature, from probabilities alone."""
    powered = np.maximum(probabilities, LEAST) ** (1 / temperature)
    return powered / powered.sum(-1, keepdims=True)


def best_temperature(slots: np.ndarray, ctc: np.ndarray, texts: list[str]) -> float:
    """The temperature whose confidences (of the least certain character) have the least log loss."""
    right = np.array([decode_both(s, c).text == text for s, c, text in zip(slots, ctc, texts)], float)
    losses = []
    for temperature in TEMPERATURES:
        softened = zip(soften(slots, temperature), soften(ctc, temperature))
        sure = np.array([decode_both(s, c).confidence for s, c in softened]).clip(1e-4, 1 - 1e-4)
        losses.append(-np.mean(right * np.log(sure) + (1 - right) * np.log(1 - sure)))
    return float(TEMPERATURES[int(np.argmin(losses))])


def best_threshold(sets: list[Found]) -> float:
    """The score with the best F1 over all held-out photographs together, rounded down to 0.01."""
    scores = np.concatenate([found.scores for found in sets])
    order = np.argsort(-scores)
    hits = np.cumsum(np.concatenate([found.is_plate for found in sets])[order])
    plates = sum(found.plates for found in sets)
    f1 = 2 * hits / (np.arange(1, len(hits) + 1) + plates)
    return float(np.floor(scores[order][int(f1.argmax())] * 100) / 100)
