"""Batches for the vehicle network."""

from typing import NamedTuple

import numpy as np
import torch

from .pictures import VehiclePictures

SIZES = [(416, 256), (320, 320), (320, 256), (256, 256), (320, 192)]  # width and height, px
FOUR_SHARE = 0.4  # of the pictures: four photographs in one


class Batch(NamedTuple):
    """Pictures [n, 3, H, W]; of each its vehicles [m, 5] and its boxes of no opinion [k, 4]."""

    size: tuple[int, int]  # height, width
    pixels: torch.Tensor
    vehicles: list[torch.Tensor]
    ignored: list[torch.Tensor]


def draw_batch(source: VehiclePictures, rng: np.random.Generator, count: int) -> Batch:
    """`count` pictures of 416x256, or as many of another size as cost the same."""
    width, height = size = SIZES[int(rng.integers(len(SIZES)))]
    count = max(2, round(count * SIZES[0][0] * SIZES[0][1] / (width * height)))
    drawn = [(source.draw_four if rng.random() < FOUR_SHARE else source.draw)(rng, size) for _ in range(count)]
    pixels = torch.from_numpy(np.stack([picture.pixels for picture in drawn])).permute(0, 3, 1, 2).float()
    vehicles, ignored = ([torch.from_numpy(part) for part in parts] for parts in list(zip(*drawn))[1:])
    return Batch((height, width), pixels.contiguous(memory_format=torch.channels_last), vehicles, ignored)
