"""Heat maps and regression targets: plates at stride 8, vehicles at 16 (after TTFNet, arXiv:1909.00700)."""

from typing import NamedTuple

import numpy as np

from ..nets.detector import STRIDE, VEHICLE_CLASSES, VEHICLE_STRIDE
from .picture import TrainingPicture

SPREAD = 0.11  # sigma of a Gaussian, of its box
LEAST_SPREAD = 0.55  # cells
REGRESSED_ABOVE = 0.35  # cells with this much Gaussian learn box and corners


class Maps(NamedTuple):
    """Per cell: heat, regression weight, box [4], corners [8], corner trust, ignored."""

    heat: np.ndarray
    weight: np.ndarray
    box: np.ndarray
    corners: np.ndarray
    trust: np.ndarray
    ignored: np.ndarray


class VehicleMaps(NamedTuple):
    """Per cell: heat [4] of each class, regression weight, box [4], ignored."""

    heat: np.ndarray
    weight: np.ndarray
    box: np.ndarray
    ignored: np.ndarray


def make_maps(picture: TrainingPicture) -> Maps:
    """Small plates are drawn last: they win where two overlap."""
    rows, columns = (side // STRIDE for side in picture.ignored.shape)
    maps = Maps(
        np.zeros((rows, columns), np.float32),
        np.zeros((rows, columns), np.float32),
        np.zeros((rows, columns, 4), np.float32),
        np.zeros((rows, columns, 8), np.float32),
        np.zeros((rows, columns), np.float32),
        _sample(picture.ignored, STRIDE),
    )
    for target in sorted(picture.targets, key=lambda target: -np.ptp(target.quad, axis=0).prod()):
        bump = _draw_bump(target.box, (rows, columns), STRIDE)
        near = bump > REGRESSED_ABOVE
        np.maximum(maps.heat, bump * (bump > 0.01), out=maps.heat)
        maps.weight[near] = bump[near]
        maps.box[near] = target.box
        maps.corners[near] = target.quad.reshape(-1)
        maps.trust[near] = target.trust
    return maps


def make_vehicle_maps(picture: TrainingPicture) -> VehicleMaps:
    """The same for vehicles: a heat map for each class, one box for all."""
    rows, columns = (side // VEHICLE_STRIDE for side in picture.ignored.shape)
    maps = VehicleMaps(
        np.zeros((VEHICLE_CLASSES, rows, columns), np.float32),
        np.zeros((rows, columns), np.float32),
        np.zeros((rows, columns, 4), np.float32),
        _sample(picture.ignored_vehicles, VEHICLE_STRIDE),
    )
    for box, kind in sorted(picture.vehicles, key=lambda row: -(row[0][2:] - row[0][:2]).prod()):
        bump = _draw_bump(box, (rows, columns), VEHICLE_STRIDE)
        near = bump > REGRESSED_ABOVE
        np.maximum(maps.heat[kind - 1], bump * (bump > 0.01), out=maps.heat[kind - 1])
        maps.weight[near] = bump[near]
        maps.box[near] = box
    return maps


def _draw_bump(box: np.ndarray, shape: tuple, stride: int) -> np.ndarray:
    """A Gaussian around the box's centre, 1 in the cell that holds it."""
    rows, columns = shape
    x = float(np.clip((box[0] + box[2]) / 2 / stride, 0.1, columns - 0.1))
    y = float(np.clip((box[1] + box[3]) / 2 / stride, 0.1, rows - 0.1))
    spread_x, spread_y = np.maximum((box[2:] - box[:2]) / stride * SPREAD, LEAST_SPREAD)
    across = np.exp(-((np.arange(columns) + 0.5 - x) ** 2) / (2 * spread_x**2))
    down = np.exp(-((np.arange(rows) + 0.5 - y) ** 2) / (2 * spread_y**2))
    bump = np.outer(down, across).astype(np.float32)
    bump[int(y), int(x)] = 1.0
    return bump


def _sample(mask: np.ndarray, stride: int) -> np.ndarray:
    rows, columns = (side // stride for side in mask.shape)
    return mask[stride // 2 :: stride, stride // 2 :: stride][:rows, :columns]
