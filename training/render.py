"""Renders plate crops ahead of training, in chunks of uint8 [5000, 64, 128, 3].

About 123 MB a chunk, and beside it what each crop says: text, region, lines. A chunk that exists is not made again, so the command can be
stopped and repeated; the same seed makes the same crops. `--sheet` draws a picture
to look at instead.

Examples:
  python -m training.render --chunks 20
  python -m training.render --sheet plates.png --seed 3
"""

import argparse
import json
import os
import time
from pathlib import Path

import cv2
import numpy as np

from .data.backgrounds import load_backgrounds
from .nets.reader import CROP_HEIGHT, CROP_WIDTH
from .photo.view import HIDDEN_SHARE, photograph, photograph_scene, pick_hides
from .plates.formats import THREE_LINE_SHARE
from .plates.negatives import draw_negative
from .plates.plate import PlateRenderer

CHUNK = 5_000
DATA = Path("../shared/data")
WORK = Path("training/work")
PHOTO_BACKGROUND_SHARE = 0.9
NEGATIVE_SHARE = 0.04


class CropSource:
    """Endless rendered crops with their labels; shares of plates with a hidden part, and of numbers in three lines where they can be."""

    def __init__(self, data: Path, seed, hidden: float = HIDDEN_SHARE, three_lines: float = THREE_LINE_SHARE):
        self.rng = np.random.default_rng(seed)
        self.hidden = hidden
        self.renderer = PlateRenderer(data / "fonts", three_lines=three_lines)
        self.backgrounds = load_backgrounds(data)

    def draw(self) -> tuple[np.ndarray, dict]:
        """uint8 [64, 128, 3] and what it says: {"text", "region", "lines", "legible", "whole", "unread"}.

        A plate nobody could read has the text "" and legible false; a crop without a plate
        the text "" and legible true: there is surely nothing to read. Of a plate that is cut or
        covered the text is what is left, and whole is false; null is unknown.
        """
        background = None
        if self.rng.random() < PHOTO_BACKGROUND_SHARE:
            background = self.backgrounds[int(self.rng.integers(len(self.backgrounds)))]
        if background is not None and self.rng.random() < NEGATIVE_SHARE:
            crop = photograph_scene(self.rng, draw_negative(self.rng, background))
            return crop, {"text": "", "region": "", "lines": 0, "legible": True, "whole": None, "unread": None}
        plate = self.renderer.render(self.rng)
        view = photograph(self.rng, plate, background, hides=pick_hides(self.rng, self.hidden))
        label = {"text": view.text or "", "region": plate.region, "lines": plate.lines, "legible": view.text is not None}
        return view.crop, {**label, "whole": view.is_whole, "unread": plate.has_unread if view.is_whole else None}


def write_chunk(source: CropSource, path: Path) -> None:
    """A .npy of crops and a .json of labels; the name appears only when both are whole."""
    crops = np.empty((CHUNK, CROP_HEIGHT, CROP_WIDTH, 3), np.uint8)
    labels = []
    for index in range(CHUNK):
        crops[index], label = source.draw()
        labels.append(label)
    path.with_suffix(".json").write_text(json.dumps(labels))
    unfinished = path.with_suffix(".part.npy")
    np.save(unfinished, crops)
    os.replace(unfinished, path)


def draw_sheet(source: CropSource, path: Path, columns: int = 10, rows: int = 10) -> None:
    """A sheet of crops, each with its text below."""
    cell = CROP_HEIGHT + 14
    sheet = np.zeros((rows * cell, columns * CROP_WIDTH, 3), np.uint8)
    for index in range(rows * columns):
        crop, label = source.draw()
        y, x = index // columns * cell, index % columns * CROP_WIDTH
        sheet[y : y + CROP_HEIGHT, x : x + CROP_WIDTH] = crop
        mark = "" if label["whole"] else " ?" if label["whole"] is None else " |"
        cv2.putText(sheet, (label["text"] or ("-" if label["legible"] else "?")) + mark, (x + 2, y + cell - 3), 0, 0.38, (255, 255, 255), 1)
    cv2.imwrite(str(path), sheet[:, :, ::-1])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA, help="data root (default: ../shared/data)")
    parser.add_argument("--work", type=Path, default=WORK, help="default: training/work")
    parser.add_argument("--chunks", type=int, default=20, help="chunks of 5,000 crops (default: 20)")
    parser.add_argument("--seed", type=int, default=1, help="default: 1")
    parser.add_argument("--folder", default="rendered2", help="below the work folder (default: rendered2)")
    parser.add_argument("--hidden", type=float, default=HIDDEN_SHARE, help="share of cut and covered plates (default: 0.2)")
    parser.add_argument("--three-lines", type=float, default=THREE_LINE_SHARE, help="of numbers of three groups (default: 0.04)")
    parser.add_argument("--sheet", type=Path, help="draw 100 crops into this picture and stop")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    source = CropSource(options.data, options.seed, options.hidden, options.three_lines)
    if options.sheet:
        draw_sheet(source, options.sheet)
        return
    folder = options.work / options.folder
    folder.mkdir(parents=True, exist_ok=True)
    for chunk in range(options.chunks):
        path = folder / f"{options.seed}-{chunk:04d}.npy"
        if path.exists():
            continue
        start = time.process_time()
        source.rng = np.random.default_rng([options.seed, chunk])
        write_chunk(source, path)
        print(f"{path}: {CHUNK / (time.process_time() - start):.0f} crops a second", flush=True)


if __name__ == "__main__":
    main()
