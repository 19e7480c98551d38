"""Mixes rendered and photographed crops into training batches."""

import json
from pathlib import Path

import numpy as np
import torch

from ..nets.reader import ALPHABET, CROP_HEIGHT, CROP_WIDTH, SLOTS
from .photographed import PhotographedCrops

CLASS_OF = {sign: index + 1 for index, sign in enumerate(ALPHABET)}
CHUNKS_AT_ONCE = 3  # rows are read from a few chunks at a time, to be kind to the disk
ROWS_AT_ONCE = 20_000


class RenderedCrops:
    """Shuffled rows of the chunks in a folder, memory-mapped; new chunks are noticed."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.chunks: dict[Path, tuple[np.ndarray, list[str]]] = {}
        self.order: list[tuple[Path, int]] = []

    def draw(self, rng: np.random.Generator) -> tuple[np.ndarray, str]:
        if not self.order:
            self._refill(rng)
        path, row = self.order.pop()
        crops, texts = self.chunks[path]
        return crops[row], texts[row]

    def _refill(self, rng: np.random.Generator) -> None:
        for path in sorted(self.folder.glob("*.npy")):
            if path not in self.chunks and not path.name.endswith(".part.npy"):
                texts = json.loads(path.with_suffix(".json").read_text())
                self.chunks[path] = np.load(path, mmap_mode="r"), texts
        if not self.chunks:
            raise FileNotFoundError(f"no rendered chunks in {self.folder}: run python -m training.render")
        paths = list(self.chunks)
        chosen = [paths[i] for i in rng.permutation(len(paths))[:CHUNKS_AT_ONCE]]
        rows = [(path, row) for path in chosen for row in range(len(self.chunks[path][1]))]
        self.order = [rows[i] for i in rng.permutation(len(rows))[:ROWS_AT_ONCE]]


class ReaderBatches:
    """Batches of float pixels [n, 3, 64, 128] and classes [n, 10]."""

    def __init__(self, rendered: RenderedCrops, photographed: PhotographedCrops, real_share: float, seed: int):
        self.rendered, self.photographed = rendered, photographed
        self.real_share = real_share
        self.rng = np.random.default_rng(seed)

    def draw(self, size: int) -> tuple[torch.Tensor, torch.Tensor]:
        real = round(size * self.real_share)
        drawn = [self.photographed.draw(self.rng) for _ in range(real)]
        drawn += [self.rendered.draw(self.rng) for _ in range(size - real)]
        pixels = torch.from_numpy(np.stack([crop for crop, _ in drawn])).permute(0, 3, 1, 2).float()
        return self._vary(pixels), encode_texts([text for _, text in drawn])

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
