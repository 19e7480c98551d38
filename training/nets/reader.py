"""The reader: a rectified plate to characters, by two heads over one trunk.

The slot head says which character stands at each of ten places; the CTC head
labels 2 rows x 32 columns, upper row first, so that two-line plates need no
path of their own. CTC learns early, slots are surer on fixed formats: where
both agree the text is nearly always right.
"""

import torch
from torch import nn

from .blocks import Residual, TransformerLayer, attend, conv_bn_relu, normalise

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CLASSES = len(ALPHABET) + 1  # class 0 is "none" for a slot, "blank" for CTC
SLOTS = 10
ROWS, COLUMNS = 2, 32
TOKENS = ROWS * COLUMNS
CROP_WIDTH, CROP_HEIGHT = 128, 64


class Reader(nn.Module):
    """[N, 3, 64, 128] RGB 0..255 to logits: slots [N, 10, 37] and CTC [N, 64, 37]."""

    def __init__(self, width: int = 128, heads: int = 4):
        super().__init__()
        self.width, self.heads = width, heads
        self.positions = nn.Parameter(torch.randn(1, TOKENS, width) * 0.02)
        self.slot_queries = nn.Parameter(torch.randn(1, SLOTS, width) * 0.05)
        self.key_positions = nn.Parameter(torch.randn(1, TOKENS, width) * 0.02)
        self.slot_bias = nn.Parameter(torch.zeros(SLOTS, CLASSES))
        self.trunk = nn.Sequential(
            conv_bn_relu(3, 24, 3, 2),
            conv_bn_relu(24, 48, 3, 2),
            Residual(48),
            conv_bn_relu(48, 96, 3, (2, 1)),
            Residual(96),
            conv_bn_relu(96, width, 3, (2, 1)),
            Residual(width),
            nn.Conv2d(width, width, (2, 1), (2, 1), bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
        )
        self.context = nn.Sequential(TransformerLayer(width, heads))
        self.key_value = nn.Linear(width, 2 * width)
        self.norm_tokens = nn.LayerNorm(width)
        self.slot_layer = TransformerLayer(width, heads)
        self.slot_output = nn.Linear(width, CLASSES)
        self.ctc_output = nn.Linear(width, CLASSES)

    def forward(self, pixels: torch.Tensor):
        features = self.trunk(normalise(pixels))
        tokens = self.context(features.flatten(2).transpose(1, 2) + self.positions)
        return self._read_slots(tokens), self.ctc_output(tokens)

    def _read_slots(self, tokens: torch.Tensor) -> torch.Tensor:
        key, value = self.key_value(self.norm_tokens(tokens)).split(self.width, -1)
        looked = attend(
            self._split_heads(self.slot_queries),
            self._split_heads(key + self.key_positions),
            self._split_heads(value),
        )
        looked = looked.transpose(1, 2).reshape(-1, SLOTS, self.width)
        return self.slot_output(self.slot_layer(looked + self.slot_queries)) + self.slot_bias

    def _split_heads(self, x: torch.Tensor) -> torch.Tensor:
        """[N, tokens, width] to [N, heads, tokens, width / heads]."""
        parts = x.reshape(-1, x.shape[1], self.heads, self.width // self.heads)
        return parts.transpose(1, 2)


class ReaderGraph(nn.Module):
    """What is exported: uint8 [N, 64, 128, 3] to probabilities of both heads."""

    def __init__(self, net: Reader):
        super().__init__()
        self.net = net

    def forward(self, plates: torch.Tensor):
        slots, ctc = self.net(plates.float().permute(0, 3, 1, 2))
        return slots.softmax(-1), ctc.softmax(-1)
