"""The reader's loss: slots by cross-entropy, columns by CTC."""

import torch
import torch.nn.functional as F

from ..nets.reader import TOKENS

SLOT_WEIGHT, CTC_WEIGHT = 2.0, 0.5
SMOOTHING = 0.02


def reader_loss(slots: torch.Tensor, ctc: torch.Tensor, classes: torch.Tensor):
    """Logits [n, 10, 37] and [n, 64, 37] against classes [n, 10]: total, slot and CTC loss."""
    by_slots = F.cross_entropy(slots.float().flatten(0, 1), classes.flatten(), label_smoothing=SMOOTHING)
    by_ctc = F.ctc_loss(
        ctc.float().log_softmax(-1).transpose(0, 1),
        classes,
        torch.full((len(classes),), TOKENS),
        (classes > 0).sum(1),
        zero_infinity=True,
    )
    return SLOT_WEIGHT * by_slots + CTC_WEIGHT * by_ctc, by_slots.detach(), by_ctc.detach()
