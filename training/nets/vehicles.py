"""The vehicle network: YOLOX-nano (arXiv:2107.08430) with four classes.

A small CSP backbone of separable convolutions, a feature pyramid down and up again, and at strides 8, 16 and
32 a head that answers class and box apart. The published file has its batch norms folded into the convolutions: `take_vehicles`
measures them anew, and the export folds them again.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

STRIDES = 8, 16, 32
CLASSES = 4  # car, truck, bus, motorcycle
ROW = 5 + CLASSES  # centre x and y, log width and height, objectness, classes
POOLS = 5, 9, 13


def conv(inputs: int, outputs: int, kernel: int = 1, stride: int = 1, groups: int = 1) -> nn.Sequential:
    padding = (kernel - stride) // 2 if kernel % 2 == 0 else kernel // 2
    layer = nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.03), nn.SiLU(inplace=True))


def separable(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    """3x3 on each channel alone, then 1x1 over all."""
    return nn.Sequential(conv(inputs, inputs, 3, stride, inputs), conv(inputs, outputs))


class Bottleneck(nn.Module):
    def __init__(self, channels: int, shortcut: bool):
        super().__init__()
        self.mix, self.look, self.shortcut = conv(channels, channels), separable(channels, channels), shortcut

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        found = self.look(self.mix(x))
        return found + x if self.shortcut else found


class Split(nn.Module):
    """CSP layer: one half of the channels passes `depth` bottlenecks, the other none."""

    def __init__(self, inputs: int, outputs: int, depth: int = 1, shortcut: bool = False):
        super().__init__()
        half = outputs // 2
        self.worked, self.plain = conv(inputs, half), conv(inputs, half)
        self.work = nn.Sequential(*(Bottleneck(half, shortcut) for _ in range(depth)))
        self.join = conv(2 * half, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.join(torch.cat([self.work(self.worked(x)), self.plain(x)], 1))


class Pools(nn.Module):
    """Maxima of growing surroundings beside each place; a pool of 9 is two pools of 5, of 13 three."""

    def __init__(self, channels: int):
        super().__init__()
        self.narrow, self.join = conv(channels, channels // 2), conv(2 * channels, channels)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        seen = [self.narrow(x)]
        for _ in POOLS:
            seen.append(F.max_pool2d(seen[-1], 5, 1, 2))
        return self.join(torch.cat(seen, 1))


class Head(nn.Module):
    """[N, C, h, w] to rows of raw numbers [N, 9, h, w]."""

    def __init__(self, channels: int):
        super().__init__()
        self.stem = conv(channels, 64)
        self.name = nn.Sequential(separable(64, 64), separable(64, 64), nn.Conv2d(64, CLASSES, 1))
        self.place = nn.Sequential(separable(64, 64), separable(64, 64))
        self.box, self.there = nn.Conv2d(64, 4, 1), nn.Conv2d(64, 1, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.stem(x)
        placed = self.place(x)
        return torch.cat([self.box(placed), self.there(placed), self.name(x)], 1)


class Vehicles(nn.Module):
    """[N, 3, H, W] RGB 0..255, H and W multiples of 32, to raw rows [N, cells, 9] of the three strides, fine first.

    Parts stand in the order in which they run, which is the order of the file that weights are taken from.
    """

    def __init__(self):
        super().__init__()
        self.stem = conv(3, 16, 6, 2)
        self.stage2 = nn.Sequential(separable(16, 32, 2), Split(32, 32, 1, True))
        self.stage3 = nn.Sequential(separable(32, 64, 2), Split(64, 64, 3, True))
        self.stage4 = nn.Sequential(separable(64, 128, 2), Split(128, 128, 3, True))
        self.stage5 = nn.Sequential(separable(128, 256, 2), Pools(256), Split(256, 256))
        self.lateral5, self.merge4 = conv(256, 128), Split(256, 128)
        self.lateral4, self.merge3 = conv(128, 64), Split(128, 64)
        self.down3, self.again4 = separable(64, 64, 2), Split(128, 128)
        self.down4, self.again5 = separable(128, 128, 2), Split(256, 256)
        self.heads = nn.ModuleList([Head(64), Head(128), Head(256)])

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        level3 = self.stage3(self.stage2(self.stem(pixels)))
        level4 = self.stage4(level3)
        side5 = self.lateral5(self.stage5(level4))
        side4 = self.lateral4(self.merge4(torch.cat([_double(side5), level4], 1)))
        near = self.merge3(torch.cat([_double(side4), level3], 1))
        middle = self.again4(torch.cat([self.down3(near), side4], 1))
        levels = near, middle, self.again5(torch.cat([self.down4(middle), side5], 1))
        rows = [head(level).flatten(2) for head, level in zip(self.heads, levels)]
        return torch.cat(rows, 2).transpose(1, 2)

    def freeze_fine(self) -> None:
        """Leaves the finest layers, norms included, as they are: they cost half of each step and have least to learn."""
        for part in (self.stem, self.stage2):
            part.requires_grad_(False).eval()


class VehiclesGraph(nn.Module):
    """What is exported: uint8 [N, H, W, 3] to rows [N, cells, 9] as YOLOX gives them: boxes relative to their cells, chances."""

    def __init__(self, net: Vehicles):
        super().__init__()
        self.net = net

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        raw = self.net(image.permute(0, 3, 1, 2).float())
        return torch.cat([raw[..., :4], raw[..., 4:].sigmoid()], -1)


def make_cells(height: int, width: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Upper left corner [cells, 2] and stride [cells, 1] of each row, in pixels of the input."""
    corners, strides = [], []
    for stride in STRIDES:
        y, x = torch.meshgrid(torch.arange(height // stride), torch.arange(width // stride), indexing="ij")
        corners.append(torch.stack([x, y], -1).reshape(-1, 2) * stride)
        strides.append(torch.full((corners[-1].shape[0], 1), stride))
    return torch.cat(corners).float(), torch.cat(strides).float()


def decode_rows(raw: torch.Tensor, corners: torch.Tensor, strides: torch.Tensor) -> torch.Tensor:
    """Boxes [N, cells, 4] as x0, y0, x1, y1 in pixels of the input."""
    centre = raw[..., :2] * strides + corners
    half = raw[..., 2:4].clamp(max=6).exp() * strides / 2
    return torch.cat([centre - half, centre + half], -1)


def to_detections(rows: np.ndarray, pictures: np.ndarray) -> np.ndarray:
    """Exported rows [N, cells, 9] of pictures [N, H, W, 3] as the detector's [N, cells, 14]: box, score, class 1 to 4, no corners."""
    boxes = decode_rows(torch.from_numpy(rows), *make_cells(*pictures.shape[1:3])).numpy()
    score, kind = rows[..., 5:].max(-1) * rows[..., 4], rows[..., 5:].argmax(-1) + 1
    return np.concatenate([boxes, score[..., None], kind[..., None], np.zeros((*score.shape, 8))], -1)


def find_rows(net: Vehicles, pictures: np.ndarray) -> np.ndarray:
    """The same from the network itself."""
    with torch.no_grad():
        return to_detections(VehiclesGraph(net)(torch.from_numpy(pictures)).numpy(), pictures)


def _double(x: torch.Tensor) -> torch.Tensor:
    return F.interpolate(x, scale_factor=2.0, mode="nearest")
