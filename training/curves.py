"""Draws how reading falls off with size, blur, light, angle and cuts, for one reader or several, and writes the figures.

Examples:
  python -m training.curves
  python -m training.curves --versions --svg docs/notes/curves.svg
  python -m training.curves --reader before=models/alpr-read/model.onnx --reader after=training/work/reader/last.pt --svg curves.svg
"""

import argparse
import json
import subprocess
from pathlib import Path

import cv2
import torch

from .evaluate import READER, open_outputs, read_temperature
from .measure.curves import CURVES, Curve, draw_plates, score_curve
from .measure.kinds import Read
from .render import DATA

VERSIONS = {"0.1.0": "1d3bd062", "0.3.0": "b9961a0c", "0.5.0": "3680ef6d"}  # commits that have the reader
LIGHT = "#fff", "#24292f", "#d8dee4", ("#8a939c", "#c77700", "#15803d", "#1f5fa8")  # ground, text, grid, lines
DARK = "#0d1117", "#d1d7de", "#30363d", ("#8b949e", "#e0a040", "#4cc38a", "#79b0ff")
PANEL = 300, 200  # px
PLOT = 44, 30, 284, 160  # x0, y0, x1, y1 of the axes in a panel
COLUMNS = 3


def draw_svg(scores: dict[str, dict[str, list[dict]]]) -> str:
    """Small multiples: a panel for each fault, a line for each reader; dashed is what is stated wrongly at 90 %."""
    rows = -(-(len(CURVES) + 1) // COLUMNS)
    width, height = COLUMNS * PANEL[0], rows * PANEL[1]
    parts = [_draw_panel(curve, scores[curve.fault], index) for index, curve in enumerate(CURVES)]
    parts.append(_draw_legend(list(next(iter(scores.values())))))
    style = f"{_style(*LIGHT)}@media(prefers-color-scheme:dark){{{_style(*DARK)}}}"
    style += "text{font:12px sans-serif}polyline{fill:none;stroke-width:2}.wrong{stroke-dasharray:4 3}"
    body = "\n".join(parts)
    size = f'width="{width}" height="{height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {size}><style>{style}</style>\n'
        f'<rect class="ground" {size}/>\n{body}\n</svg>\n'
    )


def _style(ground: str, text: str, grid: str, lines: tuple[str, ...]) -> str:
    of_lines = "".join(f".line{place}{{stroke:{colour}}}" for place, colour in enumerate(lines))
    return f".ground{{fill:{ground}}}text{{fill:{text}}}.grid{{stroke:{grid}}}{of_lines}"


def _at(index: int) -> str:
    return f'<g transform="translate({index % COLUMNS * PANEL[0]} {index // COLUMNS * PANEL[1]})">'


def _draw_panel(curve: Curve, lines: dict[str, list[dict]], index: int) -> str:
    x0, y0, x1, y1 = PLOT
    columns = [x0 + (x1 - x0) * place / (len(curve.levels) - 1) for place in range(len(curve.levels))]
    parts = [f'{_at(index)}<text x="{x0}" y="18">{curve.fault}: {curve.unit}</text>']
    for share in (0, 0.5, 1):
        y = y1 - (y1 - y0) * share
        parts.append(f'<path class="grid" d="M{x0} {y}H{x1}"/><text x="{x0 - 6}" y="{y + 4}" text-anchor="end">{share:.0%}</text>')
    parts += [f'<text x="{x:.0f}" y="{y1 + 16}" text-anchor="middle">{level:g}</text>' for x, level in zip(columns, curve.levels)]
    for place, rates in enumerate(lines.values()):
        for metric, name in (("exact", ""), ("wrong at 0.9", " wrong")):
            points = " ".join(f"{x:.1f},{y1 - (y1 - y0) * rate[metric]:.1f}" for x, rate in zip(columns, rates))
            parts.append(f'<polyline class="line{place}{name}" points="{points}"/>')
    return "\n".join(parts) + "</g>"


def _draw_legend(readers: list[str]) -> str:
    """In the place of the panel after the last."""
    parts = [_at(len(CURVES))]
    for place, reader in enumerate(readers):
        y = 50 + 22 * place
        parts.append(f'<path class="line{place}" stroke-width="2" d="M44 {y - 4}H74"/><text x="82" y="{y}">{reader}</text>')
    parts.append('<text x="44" y="150">solid: exact</text><text x="44" y="168">dashed: wrong at 0.9</text></g>')
    return "\n".join(parts)


def open_versions() -> dict[str, tuple[Read, float]]:
    """Readers of older versions from the history of the repository, each with its temperature."""

    def show(commit: str, file: str) -> bytes:
        return subprocess.run(["git", "show", f"{commit}:models/alpr-read/{file}"], capture_output=True, check=True).stdout

    return {
        version: (open_outputs(show(commit, "model.onnx")), json.loads(show(commit, "model.json"))["calibration"]["temperature"])
        for version, commit in VERSIONS.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="data root (default: ../shared/data)")
    parser.add_argument("--reader", action="append", help="NAME=FILE, ONNX or checkpoint; repeat to compare (default: the one in models/)")
    parser.add_argument("--versions", action="store_true", help="older readers from the history of the repository first")
    parser.add_argument("--count", type=int, default=100, help="plates at each level (default: 100)")
    parser.add_argument("--svg", type=Path, help="draw the curves into this file")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    temperature = read_temperature(READER.parent)
    version = json.loads((READER.parent / "model.json").read_text())["version"]
    files = dict(given.split("=", 1) for given in options.reader or [f"{version}={READER}"])
    reads = {name: (open_outputs(Path(file)), temperature) for name, file in files.items()}
    reads = {**open_versions(), **reads} if options.versions else reads
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
