"""Draws the held-out crops that the shipped reader gets wrong into docs/notes/failures.jpg.

Only crops of ocr-world, whose photographs may be passed on. Below each: what it says, and what was read.

Example:
  python -m training.draw_failures
"""

import argparse
from pathlib import Path

import cv2
import numpy as np

from .data.crops import Crop, rectify_crop
from .measure.calibration import mix_heads
from .measure.reading import held_out_crops, read_crops
from .package.onnx_file import open_session
from .render import DATA

SET = "ocr-world"
COLUMNS, SCALE, FOOT = 6, 1.5, 34
TRUE_COLOUR, WRONG_COLOUR = (150, 230, 150), (140, 160, 255)  # BGR


def draw_failures(failures: list[tuple[Crop, str]]) -> np.ndarray:
    """uint8 BGR: a sheet of crops with the truth and the reading."""
    cells = [_draw_cell(crop, said) for crop, said in failures]
    height, width = cells[0].shape[:2]
    rows = -(-len(cells) // COLUMNS)
    sheet = np.full((rows * height, COLUMNS * width, 3), 24, np.uint8)
    for index, cell in enumerate(cells):
        y, x = index // COLUMNS * height, index % COLUMNS * width
        sheet[y : y + height, x : x + width] = cell
    return sheet


def _draw_cell(crop: Crop, said: str) -> np.ndarray:
    picture = cv2.resize(rectify_crop(crop)[:, :, ::-1], None, fx=SCALE, fy=SCALE, interpolation=cv2.INTER_CUBIC)
    cell = np.full((picture.shape[0] + FOOT, picture.shape[1] + 6, 3), 24, np.uint8)
    cell[: picture.shape[0], : picture.shape[1]] = picture
    for line, (text, colour) in enumerate(((crop.text, TRUE_COLOUR), (said or "nothing", WRONG_COLOUR))):
        place = 2, picture.shape[0] + 13 + 15 * line
        cv2.putText(cell, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.45, colour, 1, cv2.LINE_AA)
    return cell


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA, help="data root (default: ../shared/data)")
    parser.add_argument("--model", type=Path, default=Path("models/alpr-read/model.onnx"), help="default: the shipped reader")
    parser.add_argument("--out", type=Path, default=Path("docs/notes/failures.jpg"), help="default: docs/notes/failures.jpg")
    options = parser.parse_args()
    session = open_session(options.model)
    crops = held_out_crops(options.data, [SET])[f"{SET} (held-out texts)"]
    said = mix_heads(*read_crops(lambda pictures: session.run(["slots", "ctc"], {"plates": pictures}), crops))[0]
    failures = [(crop, text) for crop, text in zip(crops, said) if crop.text != text]
    if not failures:
        print(f"all {len(crops)} crops are read: nothing to draw")
        return
    cv2.imwrite(str(options.out), draw_failures(failures), [cv2.IMWRITE_JPEG_QUALITY, 82])
    print(f"{options.out}: {len(failures)} of {len(crops)} crops")


if __name__ == "__main__":
    main()
