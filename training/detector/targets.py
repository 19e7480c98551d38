"""Heat maps and regression targets at stride 8 (after TTFNet, arXiv:1909.00700)."""

from typing import NamedTuple

import numpy as np

from ..nets.detector import STRIDE
from .picture import TrainingPicture

SPREAD = 0.11  # sigma of a plate's Gaussian, of its box
LEAST_SPREAD = 0.55 * STRIDE
REGRESSED_ABOVE = 0.35  # cells with this much Gaussian learn box and corners


class Maps(NamedTuple):
    """Per cell: heat, regression weight, box [4], corners [8], corner trust, ignored."""

    heat: np.ndarray
    weight: np.ndarray
    box: np.ndarray
    corners: np.ndarray
    trust: np.ndarray
    ignored: np.ndarray


def make_maps(picture: TrainingPicture) -> Maps:
    """Small plates are drawn last: they win where two overlap."""
    height, width = picture.ignored.shape
    rows, columns = height // STRIDE, width // STRIDE
    cell_x, cell_y = np.meshgrid((np.arange(columns) + 0.5) * STRIDE, (np.arange(rows) + 0.5) * STRIDE)
    maps = Maps(
        np.zeros((rows, columns), np.float32),
        np.zeros((rows, columns), np.float32),
        np.zeros((rows, columns, 4), np.float32),
        np.zeros((rows, columns, 8), np.float32),
        np.zeros((rows, columns), np.float32),
        picture.ignored[STRIDE // 2 :: STRIDE, STRIDE // 2 :: STRIDE][:rows, :columns],
    )
    for target in sorted(picture.targets, key=lambda target: -np.ptp(target.quad, axis=0).prod()):
        box = target.box
        size = box[2:] - box[:2]
        x = float(np.clip((box[0] + box[2]) / 2, 1, width - 1))
        y = float(np.clip((box[1] + box[3]) / 2, 1, height - 1))
        spread_x, spread_y = np.maximum(size * SPREAD, LEAST_SPREAD)
        bump = np.exp(-((cell_x - x) ** 2 / (2 * spread_x**2) + (cell_y - y) ** 2 / (2 * spread_y**2)))
        bump = bump.astype(np.float32)
        bump[int(y // STRIDE), int(x // STRIDE)] = 1.0
        near = bump > REGRESSED_ABOVE
        np.maximum(maps.heat, bump * (bump > 0.01), out=maps.heat)
        maps.weight[near] = bump[near]
        maps.box[near] = box
        maps.corners[near] = target.quad.reshape(-1)
        maps.trust[near] = target.trust
    return maps
