"""Compares how photographed and rendered crops look: light, sharpness, noise, colour, by quantiles.

The cameras of training/photo are set by it. It looks at training rows alone.

Examples:
  python -m training.compare_looks
  python -m training.compare_looks --rendered training/work/rendered2 --crops 2000
"""

import argparse
from pathlib import Path

import cv2
import numpy as np

from .data.crops import TRAIN_CROPS, load_training_crops, rectify_crop
from .render import DATA, WORK

QUANTILES = 0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98


def measure_look(crop: np.ndarray) -> dict[str, float]:
    """What a uint8 crop [64, 128, 3] is like, in grey levels and shares."""
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY).astype(np.float32)
    contrast = float(grey.std()) + 1e-6
    low, high = np.quantile(grey, (0.03, 0.97))
    steps_x, steps_y = np.abs(np.diff(grey, axis=1)), np.abs(np.diff(grey, axis=0))
    corner = np.abs(grey[:-1, :-1] - grey[1:, :-1] - grey[:-1, 1:] + grey[1:, 1:])
    channels = crop.astype(np.float32)
    return {
        "contrast": contrast,
        "darkest (3 %)": float(low),
        "brightest (97 %)": float(high),
        "burnt out (share of 250 and more)": float((grey >= 250).mean()),
        "sharpness (share finer than 1.5 px)": float((grey - cv2.GaussianBlur(grey, (0, 0), 1.5)).std()) / contrast,
        "steepest edges (97 % of steps over the range)": float(np.quantile(steps_x, 0.97) / max(high - low, 1)),
        "level over upright edges": float(steps_y.mean() / (steps_x.mean() + 1e-6)),
        "noise (least quarter of corners)": float(np.quantile(corner, 0.25)),
        "colour (mean spread of channels)": float((channels.max(-1) - channels.min(-1)).mean()),
    }


def tabulate(name: str, crops: list[np.ndarray]) -> None:
    """Prints the quantiles of all measures over crops."""
    looks = [measure_look(crop) for crop in crops]
    print(f"\n{name} (n {len(crops)}), quantiles {', '.join(f'{q:.0%}' for q in QUANTILES)}")
    for measure in looks[0]:
        values = np.quantile([look[measure] for look in looks], QUANTILES)
        print(f"  {measure:48} " + " ".join(f"{value:7.2f}" for value in values), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="data root (default: ../shared/data)")
    parser.add_argument("--rendered", type=Path, default=WORK / "rendered2", help="chunks (default: training/work/rendered2)")
    parser.add_argument("--crops", type=int, default=1000, help="of a set and of a chunk at most (default: 1000)")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    crops = load_training_crops(options.data)
    sources = [name for name in TRAIN_CROPS if name != "ocr-cn-lprnet"]  # 94 x 24 px: cut by others, small and alike
    for name in sources:
        tabulate(name, [rectify_crop(crop) for crop in crops if crop.source == name][: options.crops])
    for path in sorted(path for path in options.rendered.glob("*.npy") if ".part" not in path.name)[-2:]:
        tabulate(f"rendered {path.name}", list(np.load(path, mmap_mode="r")[: options.crops]))


if __name__ == "__main__":
    main()
