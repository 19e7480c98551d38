"""Which cell answers for which vehicle (SimOTA, arXiv:2107.08430), and the loss of the answers."""

from typing import NamedTuple

import torch
import torch.nn.functional as F

from ..nets.vehicles import CLASSES, decode_rows, make_cells

CENTRE = 2.5  # strides around a vehicle's centre in which cells may answer for it
MOST_CELLS = 10
OVERLAP_COST, OUTSIDE_COST = 3.0, 1e5
BOX_WEIGHT = 5.0


class VehicleLosses(NamedTuple):
    total: torch.Tensor
    box: torch.Tensor
    there: torch.Tensor
    name: torch.Tensor


def vehicle_loss(raw: torch.Tensor, size: tuple[int, int], vehicles: list[torch.Tensor], ignored: list[torch.Tensor]) -> VehicleLosses:
    """Raw rows [N, cells, 9] of pictures of `size` (height, width); of each picture vehicles [n, 5] (box, class 0 to 3 or -1: unknown) and boxes [m, 4] of no opinion."""
    corners, strides = make_cells(*size)
    raw = raw.float()
    boxes = decode_rows(raw, corners, strides)
    centres = corners + strides / 2
    sums, answering = torch.zeros(3), 0
    for row, found, known, unknown in zip(raw, boxes, vehicles, ignored):
        there, name = row[:, 4], row[:, 5:]
        target = torch.zeros_like(there)
        counted = ~inside(centres, unknown).any(1)
        if len(known):
            cells, owners = assign(found.detach(), there.detach(), name.detach(), known, centres, strides)
            overlap = measure_overlaps(found[cells], known[owners, :4])
            kinds = known[owners, 4].long()
            named = F.one_hot(kinds.clamp(min=0), CLASSES) * overlap.detach()[:, None]
            naming = F.binary_cross_entropy_with_logits(name[cells], named, reduction="none")
            sums[0] = sums[0] + (1 - overlap**2).sum()
            sums[2] = sums[2] + naming[kinds >= 0].sum()
            target[cells] = 1
            counted[cells] = True
            answering += len(cells)
        sums[1] = sums[1] + (F.binary_cross_entropy_with_logits(there, target, reduction="none") * counted).sum()
    sums = sums / max(1, answering)
    return VehicleLosses(BOX_WEIGHT * sums[0] + sums[1] + sums[2], *sums.detach())


def assign(found, there, name, known, centres, strides) -> tuple[torch.Tensor, torch.Tensor]:
    """Cells that answer for a vehicle, and the index of that vehicle: those whose present answers cost least."""
    middles = (known[:, :2] + known[:, 2:4]) / 2
    in_box = inside(centres, known[:, :4])
    in_centre = ((centres[:, None] - middles).abs() < CENTRE * strides[:, None]).all(2)
    near = (in_box | in_centre).any(1).nonzero()[:, 0]
    overlap = measure_overlaps(found[near, None], known[None, :, :4])
    chance = (name[near].sigmoid() * there[near, None].sigmoid()).sqrt().clamp(1e-6, 1 - 1e-6)
    kinds = known[:, 4].long()
    wrong = -(1 - chance).log()
    naming = wrong.sum(1, keepdim=True) - wrong[:, kinds] - chance[:, kinds].log()
    cost = naming * (kinds >= 0) - OVERLAP_COST * (overlap + 1e-8).log() + OUTSIDE_COST * ~(in_box & in_centre)[near]
    counts = overlap.topk(min(MOST_CELLS, len(near)), 0).values.sum(0).int().clamp(min=1)
    chosen = torch.zeros_like(cost, dtype=torch.bool)
    for index, count in enumerate(counts.tolist()):
        chosen[cost[:, index].topk(min(count, len(near)), largest=False).indices, index] = True
    answers = chosen.any(1)
    owners = cost.masked_fill(~chosen, float("inf")).argmin(1)
    return near[answers], owners[answers]


def inside(points: torch.Tensor, boxes: torch.Tensor) -> torch.Tensor:
    """[points, boxes]: whether each lies in each."""
    points = points[:, None]
    return ((points > boxes[:, :2]) & (points < boxes[:, 2:4])).all(2)


def measure_overlaps(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """IoU of paired boxes [.., 4]."""
    inner = (torch.min(a[..., 2:], b[..., 2:]) - torch.max(a[..., :2], b[..., :2])).clamp(min=0).prod(-1)
    areas = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1)
    return inner / (areas - inner).clamp(min=1e-3)
