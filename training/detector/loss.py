"""The detector's loss: focal on heat, GIoU on boxes, smooth L1 on corners."""

from typing import NamedTuple

import torch
import torch.nn.functional as F

from ..nets.detector import STRIDE, VEHICLE_CLASSES, VEHICLE_STRIDE, decode_boxes, decode_cells
from .targets import Maps, VehicleMaps

BOX_WEIGHT, CORNER_WEIGHT = 1.5, 12.0
VEHICLE_WEIGHT = 0.8
CLASS_WEIGHTS = 1.0, 2.0, 2.0, 2.0  # of a centre: most vehicles are cars
CORNER_KNEE = 0.01  # of the plate's width
EPSILON = 1e-5


class Losses(NamedTuple):
    """What is learnt from, and its parts for the log."""

    total: torch.Tensor
    heat: torch.Tensor
    box: torch.Tensor
    corners: torch.Tensor
    vehicle_heat: torch.Tensor
    vehicle_box: torch.Tensor


def detector_loss(raw: tuple[torch.Tensor, torch.Tensor], maps: Maps, vehicles: VehicleMaps, plates: bool = True) -> Losses:
    """Raw maps of plates and vehicles against stacked targets; without `plates` only vehicles are learnt from."""
    heat, box, corners = _plate_loss(raw[0], maps)
    vehicle_heat, vehicle_box = _vehicle_loss(raw[1], vehicles)
    total = VEHICLE_WEIGHT * (vehicle_heat + BOX_WEIGHT * vehicle_box)
    if plates:
        total = total + heat + BOX_WEIGHT * box + CORNER_WEIGHT * corners
    return Losses(total, *(part.detach() for part in (heat, box, corners, vehicle_heat, vehicle_box)))


def _plate_loss(raw: torch.Tensor, maps: Maps):
    cells = raw.float().flatten(2).transpose(1, 2)
    found_box, found_corners = decode_cells(cells, *_centres(raw, STRIDE))
    heat_loss = _focal(cells[..., 0], maps.heat.flatten(1), maps.ignored.flatten(1))
    near = maps.weight.flatten(1) > 0
    if not near.any():
        return heat_loss, heat_loss.detach() * 0, heat_loss.detach() * 0
    weight = maps.weight.flatten(1)[near]
    truth = maps.box.flatten(1, 2)[near]
    box_loss = ((1 - _giou(found_box[near], truth)) * weight).sum() / weight.sum()
    wanted = maps.corners.flatten(1, 2)[near].reshape(-1, 4, 2)
    size = _plate_size(wanted)[:, None]
    error = F.smooth_l1_loss(found_corners[near] / size, wanted / size, beta=CORNER_KNEE, reduction="none")
    trusted = weight * maps.trust.flatten(1)[near]
    return heat_loss, box_loss, (error.mean((1, 2)) * trusted).sum() / weight.sum()


def _plate_size(corners: torch.Tensor) -> torch.Tensor:
    """Length of the sides across and down [n, 2], px: an error of a tenth of the height hurts as one of the width."""
    across = (corners[:, 1] - corners[:, 0] + corners[:, 2] - corners[:, 3]).norm(dim=-1) / 2
    down = (corners[:, 3] - corners[:, 0] + corners[:, 2] - corners[:, 1]).norm(dim=-1) / 2
    return torch.stack([across, down], -1).clamp(min=4)


def _vehicle_loss(raw: torch.Tensor, maps: VehicleMaps):
    cells = raw.float().flatten(2).transpose(1, 2)
    ignored = maps.ignored.flatten(1)[..., None].expand(-1, -1, VEHICLE_CLASSES)
    heat = maps.heat.flatten(2).transpose(1, 2)
    heat_loss = _focal(cells[..., :VEHICLE_CLASSES], heat, ignored, torch.tensor(CLASS_WEIGHTS))
    near = maps.weight.flatten(1) > 0
    if not near.any():
        return heat_loss, heat_loss.detach() * 0
    weight = maps.weight.flatten(1)[near]
    found = decode_boxes(cells[..., VEHICLE_CLASSES:], *_centres(raw, VEHICLE_STRIDE), VEHICLE_STRIDE)
    overlap = _giou(found[near], maps.box.flatten(1, 2)[near])
    return heat_loss, ((1 - overlap) * weight).sum() / weight.sum()


def _centres(raw: torch.Tensor, stride: int) -> tuple[torch.Tensor, torch.Tensor]:
    rows, columns = raw.shape[2:]
    index = torch.arange(rows * columns)
    return (index % columns + 0.5) * stride, (index // columns + 0.5) * stride


def _focal(logits: torch.Tensor, heat: torch.Tensor, ignored: torch.Tensor, weights=1.0) -> torch.Tensor:
    """CenterNet's focal loss (arXiv:1904.07850); ignored cells are not punished."""
    chance = logits.sigmoid().clamp(EPSILON, 1 - EPSILON)
    centre = (heat >= 0.999).float()
    elsewhere = (1 - heat) ** 4 * (~ignored).float() * (1 - centre)
    losses = weights * centre * (1 - chance) ** 2 * chance.log() + elsewhere * chance**2 * (1 - chance).log()
    return -losses.sum() / centre.sum().clamp(min=1)


def _giou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Generalised IoU of paired boxes [n, 4] (arXiv:1902.09630)."""
    inner = (torch.min(a[:, 2:], b[:, 2:]) - torch.max(a[:, :2], b[:, :2])).clamp(min=0).prod(1)
    outer = (torch.max(a[:, 2:], b[:, 2:]) - torch.min(a[:, :2], b[:, :2])).prod(1).clamp(min=1e-3)
    areas = (a[:, 2:] - a[:, :2]).prod(1) + (b[:, 2:] - b[:, :2]).prod(1)
    union = (areas - inner).clamp(min=1e-3)
    return inner / union - (outer - union) / outer
