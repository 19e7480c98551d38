"""The detector: a picture to plates with a box and four corners.

Anchor-free: one heat map at stride 8 whose peaks are plate centres, and at each
cell the distances to the box sides and the corners' offsets from that box.
One level suffices for plates from about 14 pixels to the width of the picture.
"""

import torch
import torch.nn.functional as F
from torch import nn

from .blocks import Residual, conv_bn_relu, normalise

STRIDE = 8
CHANNELS = 13  # 1 heat, 4 sides, 8 corner numbers
MAX_DETECTIONS = 100
SIDE_UNIT = 2 * STRIDE  # exp(0) of a side is 16 px
SIDE_LIMITS = (-4.0, 5.0)
INITIAL_HEAT_LOGIT = -4.6  # about 1 % everywhere: the focal loss starts calm


class Detector(nn.Module):
    """[N, 3, H, W] RGB 0..255, H and W multiples of 32, to raw maps [N, 13, H/8, W/8]."""

    def __init__(self):
        super().__init__()
        self.stage1 = conv_bn_relu(3, 16, 3, 2)
        self.stage2 = conv_bn_relu(16, 32, 3, 2)
        self.stage3 = nn.Sequential(conv_bn_relu(32, 64, 3, 2), Residual(64))
        self.stage4 = nn.Sequential(conv_bn_relu(64, 96, 3, 2), Residual(96), Residual(96))
        self.stage5 = nn.Sequential(conv_bn_relu(96, 128, 3, 2), Residual(128), Residual(128))
        self.lateral5 = nn.Conv2d(128, 96, 1)
        self.merge4 = conv_bn_relu(96, 96)
        self.lateral4 = nn.Conv2d(96, 64, 1)
        self.merge3 = nn.Sequential(conv_bn_relu(64, 64), conv_bn_relu(64, 64))
        self.head = nn.Conv2d(64, CHANNELS, 1)
        nn.init.normal_(self.head.weight, 0, 0.01)
        nn.init.zeros_(self.head.bias)
        self.head.bias.data[0] = INITIAL_HEAT_LOGIT

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        level3 = self.stage3(self.stage2(self.stage1(normalise(pixels))))
        level4 = self.stage4(level3)
        level5 = self.stage5(level4)
        merged4 = self.merge4(level4 + _double(self.lateral5(level5)))
        merged3 = self.merge3(level3 + _double(self.lateral4(merged4)))
        return self.head(merged3)


def _double(x: torch.Tensor) -> torch.Tensor:
    return F.interpolate(x, scale_factor=2.0, mode="nearest")


def decode_cells(raw: torch.Tensor, centre_x: torch.Tensor, centre_y: torch.Tensor):
    """Raw rows [N, cells, 13] and cell centres (px) to boxes [.., 4] and corners [.., 4, 2].

    Corners are offsets from the box's own corners, in halves of its width and height.
    """
    sides = raw[..., 1:5].clamp(*SIDE_LIMITS).exp() * SIDE_UNIT
    x0, y0 = centre_x - sides[..., 0], centre_y - sides[..., 1]
    x1, y1 = centre_x + sides[..., 2], centre_y + sides[..., 3]
    box = torch.stack([x0, y0, x1, y1], -1)
    base_x = torch.stack([x0, x1, x1, x0], -1)
    base_y = torch.stack([y0, y0, y1, y1], -1)
    offset_x, offset_y = raw[..., 5:13:2], raw[..., 6:13:2]
    corner_x = base_x + offset_x * (x1 - x0)[..., None] * 0.5
    corner_y = base_y + offset_y * (y1 - y0)[..., None] * 0.5
    return box, torch.stack([corner_x, corner_y], -1)


class DetectorGraph(nn.Module):
    """What is exported: uint8 [N, H, W, 3] to [N, 100, 14].

    Columns: x0, y0, x1, y1 (px), score, class (0 = plate), then x, y of the corners
    TL, TR, BR, BL (px). A row is a 3x3 peak of the heat map; rows fall by score, the
    last may have score 0. Overlaps are not suppressed here.
    """

    def __init__(self, net: Detector):
        super().__init__()
        self.net = net

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        raw = self.net(image.float().permute(0, 3, 1, 2))
        columns = raw.shape[3]
        heat = raw[:, :1].sigmoid()
        peak = (F.max_pool2d(heat, 3, 1, 1) == heat).float()
        scores = F.pad((heat * peak).flatten(1), (0, MAX_DETECTIONS))
        score, cell = scores.topk(MAX_DETECTIONS, dim=1)
        rows = raw.flatten(2)
        cell = cell.clamp(max=rows.shape[2] - 1)
        picked = rows.gather(2, cell[:, None].expand(-1, CHANNELS, -1)).transpose(1, 2)
        centre_x = ((cell % columns).float() + 0.5) * STRIDE
        centre_y = ((cell // columns).float() + 0.5) * STRIDE
        box, corners = decode_cells(picked, centre_x, centre_y)
        plate = torch.zeros_like(score)
        return torch.cat([box, score[..., None], plate[..., None], corners.flatten(2)], -1)
