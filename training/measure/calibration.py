"""Numbers chosen on held-out photographs of the training sets, never on measure-only ones."""

import numpy as np
import torch
import torch.nn.functional as F

from ..nets.decode import decode_ctc, decode_slots
from ..nets.reader import SLOTS, TOKENS
from ..reader.batches import encode_texts
from .finding import Found

TEMPERATURES = np.arange(0.5, 3.01, 0.05)
CTC_WEIGHT, CTC_WEIGHT_LONG, LONG = 0.5, 0.65, 9  # as the product mixes the two heads
LEAST = 1e-12


def text_probabilities(slots: np.ndarray, ctc: np.ndarray, texts: list[str]) -> np.ndarray:
    """[n, 2]: the probability each head gives to a text as a whole (CTC: all alignments)."""
    classes = encode_texts([text[:SLOTS] for text in texts])
    by_slots = np.take_along_axis(slots, classes.numpy()[..., None], 2)[..., 0].prod(1)
    losses = F.ctc_loss(
        torch.from_numpy(ctc).clamp(min=LEAST).log().transpose(0, 1),
        classes,
        torch.full((len(texts),), TOKENS),
        (classes > 0).sum(1),
        reduction="none",
    )
    return np.stack([by_slots, np.exp(-losses.numpy())], 1).clip(LEAST, 1 - 1e-9)


def mix_heads(slots: np.ndarray, ctc: np.ndarray) -> tuple[list[str], np.ndarray, np.ndarray]:
    """The text that both heads together prefer, its mixed probability, and that of all others."""
    candidates = [[decode_slots(s).text for s in slots], [decode_ctc(c).text for c in ctc]]
    mixed = []
    for texts in candidates:
        heads = text_probabilities(slots, ctc, texts)
        weight = np.array([CTC_WEIGHT_LONG if len(text) >= LONG else CTC_WEIGHT for text in texts])
        chosen = heads[:, 0] ** (1 - weight) * heads[:, 1] ** weight
        others = (1 - heads[:, 0]) ** (1 - weight) * (1 - heads[:, 1]) ** weight
        mixed.append((chosen, others))
    prefer = (mixed[1][0] > mixed[0][0]).astype(int)
    rows = np.arange(len(prefer))
    texts = [candidates[head][row] for row, head in zip(rows, prefer)]
    return texts, np.stack([m[0] for m in mixed])[prefer, rows], np.stack([m[1] for m in mixed])[prefer, rows]


def best_temperature(slots: np.ndarray, ctc: np.ndarray, truths: list[str]) -> float:
    """The temperature T at which p^(1/T), against all other texts, has the least log loss."""
    texts, chosen, others = mix_heads(slots, ctc)
    right = np.array([text == truth for text, truth in zip(texts, truths)], float)
    losses = []
    for temperature in TEMPERATURES:
        powered = chosen ** (1 / temperature)
        sure = (powered / (powered + others ** (1 / temperature))).clip(1e-4, 1 - 1e-4)
        losses.append(-np.mean(right * np.log(sure) + (1 - right) * np.log(1 - sure)))
    return float(TEMPERATURES[int(np.argmin(losses))])


def best_threshold(sets: list[Found]) -> float:
    """The score with the best F2 over all held-out photographs together, rounded down to 0.01.

    Recall weighs double: a missed plate is lost, a false one is mostly refused by the reader.
    """
    scores = np.concatenate([found.scores for found in sets])
    order = np.argsort(-scores)
    hits = np.cumsum(np.concatenate([found.is_plate for found in sets])[order])
    plates = sum(found.plates for found in sets)
    f2 = 5 * hits / (np.arange(1, len(hits) + 1) + 4 * plates)
    return float(np.floor(scores[order][int(f2.argmax())] * 100) / 100)
