"""The detector's loss: focal on heat, GIoU on boxes, smooth L1 on corners."""

import torch
import torch.nn.functional as F

from ..nets.detector import STRIDE, decode_cells

BOX_WEIGHT, CORNER_WEIGHT = 1.5, 8.0
CORNER_KNEE = 0.02  # of the plate's size
EPSILON = 1e-5


def detector_loss(raw: torch.Tensor, maps: list[torch.Tensor]):
    """Raw maps [n, 13, h, w] against stacked Maps: total, heat, box and corner loss."""
    heat, weight, box, corners, trust, ignored = maps
    rows, columns = raw.shape[2:]
    cells = raw.float().flatten(2).transpose(1, 2)
    index = torch.arange(rows * columns)
    centre_x, centre_y = (index % columns + 0.5) * STRIDE, (index // columns + 0.5) * STRIDE
    found_box, found_corners = decode_cells(cells, centre_x, centre_y)
    heat_loss = _focal(cells[..., 0], heat.flatten(1), ignored.flatten(1))
    near = weight.flatten(1) > 0
    if not near.any():
        nothing = heat_loss.detach() * 0
        return heat_loss, heat_loss.detach(), nothing, nothing
    weight = weight.flatten(1)[near]
    truth = box.flatten(1, 2)[near]
    box_loss = ((1 - _giou(found_box[near], truth)) * weight).sum() / weight.sum()
    size = (truth[:, 2:] - truth[:, :2])[:, None].clamp(min=4)
    wanted = corners.flatten(1, 2)[near].reshape(-1, 4, 2)
    error = F.smooth_l1_loss(found_corners[near] / size, wanted / size, beta=CORNER_KNEE, reduction="none")
    trusted = weight * trust.flatten(1)[near]
    corner_loss = (error.mean((1, 2)) * trusted).sum() / weight.sum()
    total = heat_loss + BOX_WEIGHT * box_loss + CORNER_WEIGHT * corner_loss
    return total, heat_loss.detach(), box_loss.detach(), corner_loss.detach()


def _focal(logits: torch.Tensor, heat: torch.Tensor, ignored: torch.Tensor) -> torch.Tensor:
    """CenterNet's focal loss (arXiv:1904.07850); ignored cells are not punished."""
    chance = logits.sigmoid().clamp(EPSILON, 1 - EPSILON)
    centre = (heat >= 0.999).float()
    elsewhere = (1 - heat) ** 4 * (~ignored).float() * (1 - centre)
    losses = centre * (1 - chance) ** 2 * chance.log() + elsewhere * chance**2 * (1 - chance).log()
    return -losses.sum() / centre.sum().clamp(min=1)


def _giou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Generalised IoU of paired boxes [n, 4] (arXiv:1902.09630)."""
    inner = (torch.min(a[:, 2:], b[:, 2:]) - torch.max(a[:, :2], b[:, :2])).clamp(min=0).prod(1)
    outer = (torch.max(a[:, 2:], b[:, 2:]) - torch.min(a[:, :2], b[:, :2])).prod(1).clamp(min=1e-3)
    areas = (a[:, 2:] - a[:, :2]).prod(1) + (b[:, 2:] - b[:, :2]).prod(1)
    union = (areas - inner).clamp(min=1e-3)
    return inner / union - (outer - union) / outer
