"""Draws how reading falls off with size, blur, light, angle and cuts, for one reader or several, and writes the figures.

Examples:
  python -m training.curves
  python -m training.curves --reader before=models/alpr-read/model.onnx --reader after=training/work/reader/last.pt --svg curves.svg
"""

import argparse
import json
from pathlib import Path

import cv2
import torch

from .evaluate import READER, open_outputs, read_temperature
from .measure.curves import CURVES, Curve, draw_plates, score_curve
from .render import DATA

COLOURS = "#1f5fa8", "#c2410c", "#15803d", "#7e22ce"
PANEL = 300, 200  # px
PLOT = 44, 30, 284, 160  # x0, y0, x1, y1 of the axes in a panel
COLUMNS = 3


def draw_svg(scores: dict[str, dict[str, list[dict]]]) -> str:
    """Small multiples: a panel for each fault, a line for each reader; dashed is what is stated wrongly at 90 %."""
    rows = -(-len(CURVES) // COLUMNS)
    width, height = COLUMNS * PANEL[0], rows * PANEL[1] + 30
    parts = [_draw_panel(curve, scores[curve.fault], index) for index, curve in enumerate(CURVES)]
    legend = [
        f'<text x="{44 + 200 * place}" y="{height - 10}" fill="{colour}">{name}</text>'
        for place, (name, colour) in enumerate(zip(next(iter(scores.values())), COLOURS))
    ]
    legend.append(f'<text x="{width - 330}" y="{height - 10}" fill="#555">solid: exact; dashed: wrong at 0.9</text>')
    style = "text{font:12px sans-serif}polyline{fill:none;stroke-width:2}"
    body = "\n".join(parts + legend)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"><style>{style}</style>\n{body}\n</svg>\n'


def _draw_panel(curve: Curve, lines: dict[str, list[dict]], index: int) -> str:
    x0, y0, x1, y1 = PLOT
    left, top = index % COLUMNS * PANEL[0], index // COLUMNS * PANEL[1]
    columns = [x0 + (x1 - x0) * place / (len(curve.levels) - 1) for place in range(len(curve.levels))]
    parts = [f'<g transform="translate({left} {top})"><text x="{x0}" y="18">{curve.fault}: {curve.unit}</text>']
    for share in (0, 0.5, 1):
        y = y1 - (y1 - y0) * share
        parts.append(f'<path d="M{x0} {y}H{x1}" stroke="#ddd"/><text x="{x0 - 6}" y="{y + 4}" text-anchor="end">{share:.0%}</text>')
    parts += [f'<text x="{x:.0f}" y="{y1 + 16}" text-anchor="middle">{level:g}</text>' for x, level in zip(columns, curve.levels)]
    for (_, rates), colour in zip(lines.items(), COLOURS):
        for metric, dash in (("exact", ""), ("wrong at 0.9", ' stroke-dasharray="4 3"')):
            points = " ".join(f"{x:.1f},{y1 - (y1 - y0) * rate[metric]:.1f}" for x, rate in zip(columns, rates))
            parts.append(f'<polyline points="{points}" stroke="{colour}"{dash}/>')
    return "\n".join(parts) + "</g>"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="data root (default: ../shared/data)")
    parser.add_argument("--reader", action="append", help="NAME=FILE, ONNX or checkpoint; repeat to compare (default: the shipped one)")
    parser.add_argument("--count", type=int, default=100, help="plates at each level (default: 100)")
    parser.add_argument("--svg", type=Path, help="draw the curves into this file")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    temperature = read_temperature(READER.parent)
    files = dict(given.split("=", 1) for given in options.reader or [f"shipped={READER}"])
    reads = {name: (open_outputs(Path(file)), temperature) for name, file in files.items()}
    plates, scores = draw_plates(options.data, options.count), {}
    for curve in CURVES:
        scores[curve.fault] = score_curve(reads, plates, curve)
        print(f"{curve.fault}, {curve.unit}: {', '.join(f'{level:g}' for level in curve.levels)}")
        for name, rates in scores[curve.fault].items():
            shown = (f"{rate['exact'] * 100:.0f} ({rate['wrong at 0.9'] * 100:.0f})" for rate in rates)
            print(f"  {name}: exact (wrong at 0.9), %: {', '.join(shown)}", flush=True)
    if options.svg:
        options.svg.write_text(draw_svg(scores))
    if options.json:
        levels = {curve.fault: curve.levels for curve in CURVES}
        options.json.write_text(json.dumps({"count": options.count, "levels": levels, "scores": scores}, indent=1) + "\n")


if __name__ == "__main__":
    main()
