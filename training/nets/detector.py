"""The detector: a picture to plates with a box and four corners, and to vehicles with a box.

Anchor-free: a heat map whose peaks are centres, and at each cell the distances to the box
sides; for plates the corners' offsets from that box, too. Plates live at stride 8, which
suffices from about 14 pixels to the width of the picture; vehicles at stride 16, with their own
stride 32 and way down from it, because they are large and plates come first in the shared layers.
"""

import torch
import torch.nn.functional as F
from torch import nn

from .blocks import Residual, conv_bn_relu, normalise

STRIDE, VEHICLE_STRIDE = 8, 16
CHANNELS = 13  # 1 heat, 4 sides, 8 corner numbers
VEHICLE_CLASSES = 4  # car, truck, bus, motorcycle: class 1 to 4 of the output
VEHICLE_CHANNELS = VEHICLE_CLASSES + 4  # heat of each class, 4 sides
MAX_PLATES, MAX_VEHICLES = 64, 36
SIDE_LIMITS = (-4.0, 5.0)  # exp(0) of a side is two strides
INITIAL_HEAT_LOGIT = -4.6  # about 1 % everywhere: the focal loss starts calm


class Detector(nn.Module):
    """[N, 3, H, W] RGB 0..255, H and W multiples of 32, to raw maps of plates [N, 13, H/8, W/8]
    and of vehicles [N, 8, H/16, W/16]."""

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
        self.vehicle_stage5 = nn.Sequential(conv_bn_relu(96, 128, 3, 2), Residual(128), Residual(128), Residual(128))
        self.vehicle_lateral = nn.Conv2d(128, 96, 1)
        self.vehicle_near = conv_bn_relu(96, 96)
        self.vehicles = nn.Sequential(conv_bn_relu(96, 64), nn.Conv2d(64, VEHICLE_CHANNELS, 1))
        _begin_calm(self.head, 1)
        _begin_calm(self.vehicles[1], VEHICLE_CLASSES)

    def freeze_plates(self) -> None:
        """Leaves only the vehicles' own layers to learn: what is found of plates stays as it is, to the bit."""
        for name, part in self.named_children():
            if not name.startswith("vehicle"):
                part.requires_grad_(False).eval()

    def begin_vehicles(self) -> None:
        """The vehicles' stride 32 begins as the plates'; its last layer has no model and stays random."""
        self.vehicle_stage5[:3].load_state_dict(self.stage5.state_dict())

    def forward(self, pixels: torch.Tensor, apart: bool = False) -> tuple[torch.Tensor, torch.Tensor]:
        """With `apart` what the vehicles learn does not reach the layers that they share with the plates."""
        level3 = self.stage3(self.stage2(self.stage1(normalise(pixels))))
        level4 = self.stage4(level3)
        level5 = self.stage5(level4)
        merged4 = self.merge4(level4 + _double(self.lateral5(level5)))
        merged3 = self.merge3(level3 + _double(self.lateral4(merged4)))
        seen = level4.detach() if apart else level4
        around = self.vehicle_near(seen + _double(self.vehicle_lateral(self.vehicle_stage5(seen))))
        return self.head(merged3), self.vehicles(around)


def _begin_calm(head: nn.Conv2d, heats: int) -> None:
    nn.init.normal_(head.weight, 0, 0.01)
    nn.init.zeros_(head.bias)
    head.bias.data[:heats] = INITIAL_HEAT_LOGIT


def _double(x: torch.Tensor) -> torch.Tensor:
    return F.interpolate(x, scale_factor=2.0, mode="nearest")


def decode_boxes(sides: torch.Tensor, centre_x: torch.Tensor, centre_y: torch.Tensor, stride: int) -> torch.Tensor:
    """Raw sides [.., 4] at cell centres (px) to boxes x0, y0, x1, y1."""
    sides = sides.clamp(*SIDE_LIMITS).exp() * (2 * stride)
    x0, y0 = centre_x - sides[..., 0], centre_y - sides[..., 1]
    return torch.stack([x0, y0, centre_x + sides[..., 2], centre_y + sides[..., 3]], -1)


def decode_cells(raw: torch.Tensor, centre_x: torch.Tensor, centre_y: torch.Tensor):
    """Raw rows of plates [N, cells, 13] and cell centres (px) to boxes [.., 4] and corners [.., 4, 2].

    Corners are offsets from the box's own corners, in halves of its width and height.
    """
    box = decode_boxes(raw[..., 1:5], centre_x, centre_y, STRIDE)
    x0, y0, x1, y1 = box.unbind(-1)
    base_x = torch.stack([x0, x1, x1, x0], -1)
    base_y = torch.stack([y0, y0, y1, y1], -1)
    offset_x, offset_y = raw[..., 5:13:2], raw[..., 6:13:2]
    corner_x = base_x + offset_x * (x1 - x0)[..., None] * 0.5
    corner_y = base_y + offset_y * (y1 - y0)[..., None] * 0.5
    return box, torch.stack([corner_x, corner_y], -1)


class DetectorGraph(nn.Module):
    """What is exported: uint8 [N, H, W, 3] to [N, 100, 14].

    Columns: x0, y0, x1, y1 (px), score, class (0 plate, 1 car, 2 truck, 3 bus, 4 motorcycle), then
    x, y of the corners TL, TR, BR, BL (px; zero for vehicles). The first 64 rows are plates, the rest
    vehicles; in each part rows fall by score and the last may have score 0. A row is a 3x3 peak of
    its heat map. Overlaps are not suppressed here.
    """

    def __init__(self, net: Detector):
        super().__init__()
        self.net = net

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        plates, vehicles = self.net(image.float().permute(0, 3, 1, 2))
        return torch.cat([_pick_plates(plates), _pick_vehicles(vehicles)], 1)


def _pick_plates(raw: torch.Tensor) -> torch.Tensor:
    score, cell = _find_peaks(raw[:, :1], MAX_PLATES)
    rows, centre_x, centre_y = _gather(raw, cell, STRIDE)
    box, corners = decode_cells(rows, centre_x, centre_y)
    return torch.cat([box, score[..., None], torch.zeros_like(score)[..., None], corners.flatten(2)], -1)


def _pick_vehicles(raw: torch.Tensor) -> torch.Tensor:
    score, index = _find_peaks(raw[:, :VEHICLE_CLASSES], MAX_VEHICLES)
    cells = raw.shape[2] * raw.shape[3]
    kind = (index // cells).clamp(max=VEHICLE_CLASSES - 1)
    rows, centre_x, centre_y = _gather(raw, index - kind * cells, VEHICLE_STRIDE)
    box = decode_boxes(rows[..., VEHICLE_CLASSES:], centre_x, centre_y, VEHICLE_STRIDE)
    name = (kind + 1).to(score.dtype)
    no_corners = torch.zeros_like(rows)
    return torch.cat([box, score[..., None], name[..., None], no_corners], -1)


def _find_peaks(logits: torch.Tensor, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Scores and flat indices [N, count] of the strongest 3x3 peaks; a small picture is filled up with score 0."""
    heat = logits.sigmoid()
    peak = (F.max_pool2d(heat, 3, 1, 1) == heat).float()
    return F.pad((heat * peak).flatten(1), (0, count)).topk(count, dim=1)


def _gather(raw: torch.Tensor, cell: torch.Tensor, stride: int):
    """The raw rows of some cells [N, count, channels] and the cells' centres in px."""
    rows, columns = raw.flatten(2), raw.shape[3]
    cell = cell.clamp(max=rows.shape[2] - 1)
    picked = rows.gather(2, cell[:, None].expand(-1, rows.shape[1], -1)).transpose(1, 2)
    return picked, ((cell % columns).float() + 0.5) * stride, ((cell // columns).float() + 0.5) * stride
