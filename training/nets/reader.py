"""The reader: a rectified plate to characters, its country or state, and what it does not show.

A trunk that has read print before (lcnet.py), a little attention, and six answers. The
slot head says which character stands at each of ten places; the CTC head labels 2 rows x
32 columns, upper row first, so that two-line plates need no path of their own. CTC learns
early, slots are surer on fixed formats: where both agree the text is nearly always right.
Two witnesses look on their own, so that what they learn to ask leaves the other answers as they
are: whether the whole number is in the picture, and whether it has signs that are not read. They
have an eye on the middle of the trunk: its end was made for reading, and forgets what is no text.
"""

import torch
from torch import nn

from .blocks import TransformerLayer, attend
from .lcnet import CHANNELS, MIDDLE_CHANNELS, Block, LcNet

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CLASSES = len(ALPHABET) + 1  # class 0 is "none" for a slot, "blank" for CTC
SLOTS = 10
ROWS, COLUMNS = 2, 32
TOKENS = ROWS * COLUMNS
CROP_WIDTH, CROP_HEIGHT = 128, 64
REGION_QUERY, LEGIBILITY_QUERY, QUERIES = SLOTS, SLOTS + 1, SLOTS + 2
WITNESSES = "whole", "unread"
EYE_TOKENS = 64  # 4 x 16 places of the eye


class Reader(nn.Module):
    """[N, 3, 64, 128] RGB 0..255 to logits.

    slots [N, 10, 37], ctc [N, 64, 37], regions [N, regions], legibility, whole and unread [N, 1].
    """

    def __init__(self, regions: int, width: int = 192, heads: int = 6, layers: int = 2):
        super().__init__()
        self.width, self.heads = width, heads
        self.trunk = LcNet()
        self.narrow = nn.Conv2d(CHANNELS, width, (2, 1), (2, 1))
        self.norm_features = nn.LayerNorm(width)
        self.positions = nn.Parameter(torch.randn(1, TOKENS, width) * 0.02)
        self.context = nn.Sequential(*[TransformerLayer(width, heads) for _ in range(layers)])
        self.norm_tokens = nn.LayerNorm(width)
        self.ctc_output = nn.Linear(width, CLASSES)
        self.queries = nn.Parameter(torch.randn(1, QUERIES, width) * 0.05)
        self.key_positions = nn.Parameter(torch.randn(1, TOKENS, width) * 0.02)
        self.key_value = nn.Linear(width, 2 * width)
        self.query_layer = TransformerLayer(width, heads)
        self.norm_queries = nn.LayerNorm(width)
        self.slot_output = nn.Linear(width, CLASSES)
        self.slot_bias = nn.Parameter(torch.zeros(SLOTS, CLASSES))
        self.region_output = nn.Linear(width, regions)
        self.legibility_output = nn.Linear(width, 1)
        self.witnesses = nn.Parameter(torch.randn(1, len(WITNESSES), width) * 0.05)
        self.witness_eye = WitnessEye(width)
        self.witness_layer = TransformerLayer(width, heads)
        self.norm_witnesses = nn.LayerNorm(width)
        self.witness_outputs = nn.ModuleList([nn.Linear(width, 1) for _ in WITNESSES])

    def forward(self, pixels: torch.Tensor):
        last, middle = self.trunk(pixels * (1 / 127.5) - 1.0)
        features = self.narrow(last)
        tokens = self.norm_features(features.flatten(2).transpose(1, 2)) + self.positions
        tokens = self.norm_tokens(self.context(tokens))
        key, value = self.key_value(tokens).split(self.width, -1)
        key = key + self.key_positions
        answers = self.norm_queries(self.query_layer(self._look(self.queries, key, value) + self.queries))
        slots = self.slot_output(answers[:, :SLOTS]) + self.slot_bias
        regions = self.region_output(answers[:, REGION_QUERY])
        legibility = self.legibility_output(answers[:, LEGIBILITY_QUERY])
        return slots, self.ctc_output(tokens), regions, legibility, *self.witness(key, value, middle)

    def witness(self, key: torch.Tensor, value: torch.Tensor, middle: torch.Tensor) -> list[torch.Tensor]:
        """Logits of `whole` and `unread` from what queries look at [N, 64, width] and the trunk's middle [N, channels, 8, 32]."""
        looked = self._look(self.witnesses, key, value) + self._look(self.witnesses, *self.witness_eye(middle)) + self.witnesses
        seen = self.norm_witnesses(self.witness_layer(looked))
        return [output(seen[:, place]) for place, output in enumerate(self.witness_outputs)]

    def _look(self, queries: torch.Tensor, key: torch.Tensor, value: torch.Tensor) -> torch.Tensor:
        """What each query finds among the tokens: [N, queries, width]."""
        looked = attend(*(self._split_heads(part) for part in (queries, key, value)))
        return looked.transpose(1, 2).reshape(-1, queries.shape[1], self.width)

    def _split_heads(self, x: torch.Tensor) -> torch.Tensor:
        """[N, tokens, width] to [N, heads, tokens, width / heads]."""
        parts = x.reshape(-1, x.shape[1], self.heads, self.width // self.heads)
        return parts.transpose(1, 2)


class WitnessEye(nn.Module):
    """[N, channels, 8, 32] of the trunk's middle to keys and values [N, 64, width]; at first all values are 0."""

    def __init__(self, width: int):
        super().__init__()
        self.halve = nn.Conv2d(MIDDLE_CHANNELS, MIDDLE_CHANNELS, 3, 2, 1, groups=MIDDLE_CHANNELS)
        self.block = Block(MIDDLE_CHANNELS, MIDDLE_CHANNELS, 1, True)
        self.norm = nn.LayerNorm(MIDDLE_CHANNELS)
        self.key_positions = nn.Parameter(torch.randn(1, EYE_TOKENS, width) * 0.02)
        self.key, self.value = nn.Linear(MIDDLE_CHANNELS, width), nn.Linear(MIDDLE_CHANNELS, width)
        nn.init.zeros_(self.value.weight)
        nn.init.zeros_(self.value.bias)

    def forward(self, middle: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        tokens = self.norm(self.block(self.halve(middle)).flatten(2).transpose(1, 2))
        return self.key(tokens) + self.key_positions, self.value(tokens)


class ReaderGraph(nn.Module):
    """What is exported: uint8 [N, 64, 128, 3] to probabilities of all heads."""

    def __init__(self, net: Reader):
        super().__init__()
        self.net = net

    def forward(self, plates: torch.Tensor):
        slots, ctc, regions, *chances = self.net(plates.float().permute(0, 3, 1, 2))
        return slots.softmax(-1), ctc.softmax(-1), regions.softmax(-1), *(chance.sigmoid() for chance in chances)
