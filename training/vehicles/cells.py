"""What single cells of the heads see and should answer: kept once, the heads train on them at a hundredth of the cost of pictures.

A head's last layers look at 5x5 cells around the one that answers. Cells that answer for a vehicle are kept, those that
wrongly believe in one, and a few of the rest.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F

from ..nets.vehicles import STRIDES, Head, Vehicles, decode_rows, make_cells
from .batches import Batch, draw_batch
from .loss import BOX_WEIGHT, VehicleLosses, assign, inside, measure_overlaps
from .pictures import VehiclePictures

PICTURES = 2400
REACH = 2  # cells on each side
MOST_ANSWERS, MOST_WRONG, REST = 24, 14, 4  # of a picture
WRONG = 0.01  # objectness


class Cells(NamedTuple):
    """Of one stride: what is seen [n, 64, 5, 5] behind the stem, the cell's corner [n, 2], box [n, 4], class (-1: unknown), whether it answers."""

    seen: torch.Tensor
    corner: torch.Tensor
    box: torch.Tensor
    kind: torch.Tensor
    there: torch.Tensor


def pick_cells(net: Vehicles, batch: Batch, levels: list[torch.Tensor]) -> list[list[Cells]]:
    """Of each stride the cells worth keeping of each picture, as the network answers now."""
    corners, strides = make_cells(*batch.size)
    stems = [head.stem(level) for head, level in zip(net.heads, levels)]
    raw = torch.cat([head.answer(stem).flatten(2) for head, stem in zip(net.heads, stems)], 2).transpose(1, 2).float()
    padded = [F.pad(stem, [REACH] * 4) for stem in stems]
    boxes, centres = decode_rows(raw, corners, strides), corners + strides / 2
    found = [[] for _ in STRIDES]
    for index, (vehicles, ignored) in enumerate(zip(batch.vehicles, batch.ignored)):
        there = raw[index, :, 4].sigmoid()
        box, kind = torch.zeros(len(there), 4), torch.full((len(there),), -1.0)
        cells = torch.zeros(0, dtype=torch.long)
        if len(vehicles):
            cells, owners = assign(boxes[index], raw[index, :, 4], raw[index, :, 5:], vehicles, centres, strides)
            box[cells], kind[cells] = vehicles[owners, :4], vehicles[owners, 4]
        free = ~inside(centres, ignored).any(1)
        free[cells] = False
        wrong = (free & (there > WRONG)).nonzero()[:, 0]
        wrong = wrong[there[wrong].argsort(descending=True)[:MOST_WRONG]]
        rest = free.nonzero()[:, 0]
        rest = rest[torch.randperm(len(rest))[:REST]]
        answers = cells[torch.randperm(len(cells))[:MOST_ANSWERS]]
        target = torch.cat([torch.ones(len(answers)), torch.zeros(len(wrong) + len(rest))])
        chosen = torch.cat([answers, wrong, rest])
        for level, stride in enumerate(STRIDES):
            here = strides[chosen, 0] == stride
            if here.any():
                places = chosen[here]
                x, y = (corners[places] / stride).long().T
                seen = torch.stack([padded[level][index, :, b : b + 5, a : a + 5] for a, b in zip(x.tolist(), y.tolist())])
                found[level].append(Cells(seen.bfloat16(), corners[places], box[places], kind[places], target[here]))
    return found


def keep_cells(net: Vehicles, source: VehiclePictures, rng: np.random.Generator, file: Path) -> None:
    """Writes the cells of PICTURES pictures."""
    found, drawn = [[] for _ in STRIDES], 0
    net = net.to(memory_format=torch.channels_last)
    while drawn < PICTURES:
        batch = draw_batch(source, rng, 12)
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            for kept, cells in zip(found, pick_cells(net, batch, net.look(batch.pixels))):
                kept.extend(cells)
        drawn += len(batch.vehicles)
    torch.save([tuple(map(torch.cat, zip(*parts))) for parts in found], file)


def load_cells(file: Path) -> list[Cells]:
    return [Cells(*parts) for parts in torch.load(file, weights_only=True)]


def cell_loss(head: Head, cells: Cells, stride: int) -> VehicleLosses:
    """The loss of pictures, for some cells of one stride."""
    raw = head.answer(cells.seen)[:, :, REACH, REACH].float()
    answering = cells.there > 0
    there = F.binary_cross_entropy_with_logits(raw[:, 4], cells.there, reduction="sum")
    strides = torch.full((int(answering.sum()), 1), float(stride))
    overlap = measure_overlaps(decode_rows(raw[answering], cells.corner[answering], strides), cells.box[answering])
    kinds = cells.kind[answering].long()
    named = F.one_hot(kinds.clamp(min=0), raw.shape[1] - 5) * overlap.detach()[:, None]
    naming = F.binary_cross_entropy_with_logits(raw[answering, 5:], named, reduction="none")
    sums = torch.stack([(1 - overlap**2).sum(), there, naming[kinds >= 0].sum()]) / answering.sum().clamp(min=1)
    return VehicleLosses(BOX_WEIGHT * sums[0] + sums[1] + sums[2], *sums.detach())
