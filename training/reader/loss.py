"""The reader's loss: slots by cross-entropy, columns by CTC, the region by what is known of it."""

from typing import NamedTuple

import torch
import torch.nn.functional as F

from ..nets.reader import TOKENS
from .batches import Truth

SLOT_WEIGHT, CTC_WEIGHT, REGION_WEIGHT, LEGIBILITY_WEIGHT, WITNESS_WEIGHT = 2.0, 0.5, 0.3, 0.1, 0.15
SMOOTHING = 0.02


class ReaderLoss(NamedTuple):
    """The sum that is minimised, and its parts for the log."""

    total: torch.Tensor
    slots: float
    ctc: float
    regions: float
    legibility: float
    whole: float
    unread: float


def reader_loss(outputs: tuple, truth: Truth) -> ReaderLoss:
    """Logits of all heads against what is known of the crops; what is not known costs nothing."""
    slots, ctc, regions, legibility, *witnesses = (output.float() for output in outputs)
    readable = truth.has_text
    by_slots = F.cross_entropy(
        slots[readable].flatten(0, 1), truth.classes[readable].flatten(), label_smoothing=SMOOTHING
    )
    by_ctc = F.ctc_loss(
        ctc[readable].log_softmax(-1).transpose(0, 1),
        truth.classes[readable],
        torch.full((int(readable.sum()),), TOKENS),
        (truth.classes[readable] > 0).sum(1),
        zero_infinity=True,
    )
    by_region = _region_loss(regions, truth.regions)
    right = (slots.argmax(-1) == truth.classes).all(1) & truth.is_legible
    by_legibility = F.binary_cross_entropy_with_logits(legibility[:, 0], right.float())
    total = SLOT_WEIGHT * by_slots + CTC_WEIGHT * by_ctc
    total = total + REGION_WEIGHT * by_region + LEGIBILITY_WEIGHT * by_legibility
    by_witness = witness_losses(witnesses, slots, truth)
    total = total + WITNESS_WEIGHT * sum(by_witness)
    return ReaderLoss(total, *(float(part.detach()) for part in (by_slots, by_ctc, by_region, by_legibility, *by_witness)))


def witness_losses(witnesses: list[torch.Tensor], slots: torch.Tensor, truth: Truth) -> list[torch.Tensor]:
    """Of `whole` and `unread` (logits [n, 1]); what the slots [n, 10, 37] leave out of the text counts as unread."""
    known = truth.witnesses[:, 0], _add_left_out(slots, truth)
    return [_witness_loss(logits[:, 0], named) for logits, named in zip(witnesses, known)]


def _add_left_out(slots: torch.Tensor, truth: Truth) -> torch.Tensor:
    """What is known of `unread`, where the answer has fewer characters than the text, too: a stack, a third line."""
    unread = truth.witnesses[:, 1]
    fewer = (slots.argmax(-1) > 0).sum(1) < (truth.classes > 0).sum(1)
    return torch.where((unread == 0) & truth.is_legible & fewer, torch.ones_like(unread), unread)


def _witness_loss(logits: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """What is not known (nan) counts nothing."""
    known = ~truth.isnan()
    if not known.any():
        return logits.sum() * 0
    return F.binary_cross_entropy_with_logits(logits[known], truth[known])


def _region_loss(logits: torch.Tensor, allowed: torch.Tensor) -> torch.Tensor:
    """-log of the probability given to all regions that may be right ("some US state"); rows of all False count nothing."""
    known = allowed.any(1)
    if not known.any():
        return logits.sum() * 0
    likely = logits[known].log_softmax(-1).masked_fill(~allowed[known], float("-inf"))
    return -likely.logsumexp(-1).mean()
