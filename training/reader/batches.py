"""Mixes rendered and photographed crops into training batches."""

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from ..nets.reader import ALPHABET, CROP_HEIGHT, CROP_WIDTH, SLOTS, WITNESSES
from ..plates.formats import load_regions
from .photographed import PhotographedCrops

CLASS_OF = {sign: index + 1 for index, sign in enumerate(ALPHABET)}
CHUNKS_AT_ONCE = 4  # rows are read from a few chunks at a time, to be kind to the disk
ROWS_AT_ONCE = 10_000


class Truth(NamedTuple):
    """What is known of a batch.

    classes int64 [n, 10]; has_text: the text is known (perhaps "no text"); is_legible: there is a
    text that can be read; regions bool [n, regions]: which may be right, none where it is not known;
    witnesses float [n, 2]: 1 the number is whole, or has signs that are not read; 0 it is not; nan unknown.
    """

    classes: torch.Tensor
    has_text: torch.Tensor
    is_legible: torch.Tensor
    regions: torch.Tensor
    witnesses: torch.Tensor


class RenderedCrops:
    """Shuffled rows of the chunks in a folder, memory-mapped; new chunks are noticed, removed ones forgotten."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.order: list[tuple[np.ndarray, list, int]] = []

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, dict]:
        if not self.order:
            self._refill(rng)
        crops, labels, row = self.order.pop()
        label = labels[row]
        return crops[row], label if isinstance(label, dict) else {"text": label}

    def _refill(self, rng: np.random.Generator) -> None:
        paths = [path for path in sorted(self.folder.glob("*.npy")) if not path.name.endswith(".part.npy")]
        if not paths:
            raise FileNotFoundError(f"no rendered chunks in {self.folder}: run python -m training.render")
        chosen = [paths[i] for i in rng.permutation(len(paths))[:CHUNKS_AT_ONCE]]
        rows = []
        for path in chosen:
            crops, labels = np.load(path, mmap_mode="r"), json.loads(path.with_suffix(".json").read_text())
            rows += [(crops, labels, row) for row in range(len(labels))]
        self.order = [rows[i] for i in rng.permutation(len(rows))[:ROWS_AT_ONCE]]


class ReaderBatches:
    """Batches of float pixels [n, 3, 64, 128] and what is known of them."""

    def __init__(self, rendered: RenderedCrops, photographed: PhotographedCrops, real_share: float, seed: int):
        self.rendered, self.photographed = rendered, photographed
        self.real_share = real_share
        self.rng = np.random.default_rng(seed)
        self.regions = load_regions()

    def draw(self, size: int) -> tuple[torch.Tensor, Truth]:
        real = round(size * self.real_share)
        drawn = [self.photographed.draw(self.rng) for _ in range(real)]
        drawn += [self.rendered.draw(self.rng) for _ in range(size - real)]
        pixels = torch.from_numpy(np.stack([crop for crop, _ in drawn])).permute(0, 3, 1, 2).float()
        return self._vary(pixels), encode_labels([label for _, label in drawn], self.regions)

    def _vary(self, pixels: torch.Tensor) -> torch.Tensor:
        """Brightness, contrast, noise and small cut-outs, cheap enough for every step."""
        size = len(pixels)
        pixels = pixels * (1 + torch.randn(size, 1, 1, 1) * 0.15) + torch.randn(size, 1, 1, 1) * 12
        if self.rng.random() < 0.3:
            pixels = pixels + torch.randn_like(pixels) * 6
        for index in np.flatnonzero(self.rng.random(size) < 0.15):
            height, width = self.rng.integers(4, 16), self.rng.integers(4, 12)
            y, x = self.rng.integers(CROP_HEIGHT - height), self.rng.integers(CROP_WIDTH - width)
            pixels[index, :, y : y + height, x : x + width] = float(self.rng.integers(256))
        return pixels.clamp(0, 255).contiguous(memory_format=torch.channels_last)


def encode_texts(texts: list[str]) -> torch.Tensor:
    """Texts as classes [n, 10], filled up with 0."""
    classes = torch.zeros(len(texts), SLOTS, dtype=torch.long)
    for row, text in enumerate(texts):
        classes[row, : len(text)] = torch.tensor([CLASS_OF[sign] for sign in text])
    return classes


def encode_labels(labels: list[dict], regions: list[str]) -> Truth:
    """Labels {"text", "region"?, "legible"?, "whole"?, "unread"?} as tensors; "us" stands for any of its states."""
    allowed = torch.zeros(len(labels), len(regions), dtype=torch.bool)
    for row, label in enumerate(labels):
        region = label.get("region") or "?"
        allowed[row] = torch.tensor([code == region or code.startswith(f"{region}-") for code in regions])
    legible = torch.tensor([bool(label["text"]) and label.get("legible", True) for label in labels])
    has_text = torch.tensor([label.get("legible", True) for label in labels])
    known = [[label.get(name) for name in WITNESSES] for label in labels]
    witnesses = torch.tensor([[float("nan") if value is None else float(value) for value in row] for row in known])
    return Truth(encode_texts([label["text"] for label in labels]), has_text, legible, allowed, witnesses)
