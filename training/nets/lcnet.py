"""The convolutional trunk of PP-OCRv6's small recogniser (PP-LCNetV4), as published.

PaddlePaddle's weights (Apache-2.0) have read many millions of texts, so training
begins with eyes for print. Batch norms are folded into the convolutions there; here
they stay folded and are trained as they are.
"""

import torch
import torch.nn.functional as F
from torch import nn

CHANNELS = 384
MIDDLE, MIDDLE_CHANNELS = 5, 192  # index of the block whose output is given, too
SHAPES = (
    # (in, out, vertical stride, squeeze) of each block
    (96, 96, 1, True),
    (96, 96, 1, False),
    (96, 96, 1, False),
    (96, 192, 2, False),
    (192, 192, 1, True),
    (192, 192, 1, False),
    (192, 192, 1, True),
    (192, 192, 1, False),
    (192, 192, 1, True),
    (192, 192, 1, False),
    (192, 384, 2, False),
    (384, 384, 1, True),
    (384, 384, 1, False),
)


class Stem(nn.Module):
    """[N, 3, h, w] to [N, 96, h/4, w/4]."""

    def __init__(self):
        super().__init__()
        self.halve = nn.Conv2d(3, 48, 3, 2, 1)
        self.narrow = nn.Conv2d(48, 24, 2)
        self.widen = nn.Conv2d(24, 48, 2)
        self.quarter = nn.Conv2d(96, 48, 3, 2, 1)
        self.mix = nn.Conv2d(48, 96, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = F.relu(self.halve(x))
        padded = F.pad(x, (0, 1, 0, 1))
        detail = F.relu(self.narrow(padded))
        detail = F.relu(self.widen(F.pad(detail, (0, 1, 0, 1))))
        pooled = F.max_pool2d(padded, 2, 1) if self.training else _pool_pairs(padded)
        x = torch.cat([pooled, detail], 1)
        return F.relu(self.mix(F.relu(self.quarter(x))))


def _pool_pairs(x: torch.Tensor) -> torch.Tensor:
    """Maxima of 2x2 neighbours, stride 1: as max_pool2d, in a third of the time in ONNX Runtime; its gradient is slower."""
    x = torch.maximum(x[..., :-1], x[..., 1:])
    return torch.maximum(x[..., :-1, :], x[..., 1:, :])


class Block(nn.Module):
    """Depthwise 3x3, squeeze and excitation in some, then a two-layer perceptron of 1x1 convolutions."""

    def __init__(self, inputs: int, outputs: int, stride: int, squeeze: bool):
        super().__init__()
        self.spread = nn.Conv2d(inputs, inputs, 3, (stride, 1), 1, groups=inputs)
        self.squeeze = nn.Conv2d(inputs, inputs // 4, 1) if squeeze else None
        self.excite = nn.Conv2d(inputs // 4, inputs, 1) if squeeze else None
        hidden = outputs if stride > 1 else 2 * inputs
        self.expand = nn.Conv2d(inputs, hidden, 1)
        self.reduce = nn.Conv2d(hidden, outputs, 1)
        self.shortcut = stride == 1

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.spread(x)
        if self.squeeze is not None:
            mean = x.mean((2, 3), keepdim=True)
            x = x * F.hardsigmoid(self.excite(F.relu(self.squeeze(mean))))
        changed = self.reduce(F.gelu(self.expand(x)))
        return x + changed if self.shortcut else changed


class Blocks(nn.Sequential):
    """What the last of some blocks gives, and what one of the middle gives."""

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        middle = x
        for index, block in enumerate(self):
            x = block(x)
            if index == MIDDLE:
                middle = x
        return x, middle


class LcNet(nn.Module):
    """[N, 3, h, w], RGB scaled to -1..1, to [N, 384, h/16, w/4], and [N, 192, h/8, w/4] from its middle."""

    def __init__(self):
        super().__init__()
        self.stem = Stem()
        self.blocks = Blocks(*[Block(*shape) for shape in SHAPES])

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.blocks(self.stem(x))
