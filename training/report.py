"""Writes the figures of models/*/model.json into training/README.md, between its marks.

Examples:
  python -m training.report
"""

import argparse
import json
from pathlib import Path

README = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- figures: python -m training.report -->", "<!-- end of figures -->"
COLUMNS = {
    "read": ["exact", "exact, heads mixed", "exact, heads mixed, O=0 and I=1", "heads agree", "exact where heads agree"],
    "detect": ["AP50", "recall", "precision", "recall against given boxes alone", "median corner error"],
}
TITLES = {"read": "Reader", "detect": "Detector"}
VEHICLES = ["AP50 car", "AP50 truck", "AP50 bus", "AP50 motorcycle", "recall, any class", "precision, any class", "right class of those found"]


def make_table(manifest: dict) -> str:
    """A Markdown table of one model, a set a row, figures in per cent."""
    title = f"**{TITLES[manifest['task']]} {manifest['version']}**, % ({_explain(manifest)})"
    return "\n".join([title, "", *_tabulate(manifest, COLUMNS[manifest["task"]])])


def make_vehicle_table(manifest: dict) -> str:
    """The same of vehicles, at the product's score for them."""
    return "\n".join([f"**Vehicles by {manifest['name']} {manifest['version']}**, %", "", *_tabulate(manifest, VEHICLES)])


def _tabulate(manifest: dict, columns: list[str]) -> list[str]:
    rows: dict[tuple, dict] = {}
    for figure in manifest["metrics"]:
        rows.setdefault((figure["set"], figure["n"]), {})[figure["metric"]] = figure["value"]
    lines = ["| set (n) | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for (name, count), values in rows.items():
        if not set(columns) & set(values):
            continue
        cells = [f"{values[column] * 100:.1f}" if column in values else "–" for column in columns]
        lines.append(f"| {name} ({count}) | " + " | ".join(cells) + " |")
    return lines


def _explain(manifest: dict) -> str:
    command = manifest["metrics"][0]["command"]
    if manifest["task"] == "read":
        return f"`{command}`; whole text right; temperature {manifest['calibration']['temperature']}"
    return f"`{command}`; IoU 0.5, long side 640, score {manifest['thresholds']['score']}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--models", type=Path, default=Path("models"), help="default: models")
    options = parser.parse_args()
    manifests = [json.loads((options.models / f"alpr-{task}/model.json").read_text()) for task in COLUMNS]
    vehicles = [manifests[1], json.loads((options.models / "alpr-vehicles/model.json").read_text())]
    text = README.read_text()
    before, after = text[: text.index(BEGIN)], text[text.index(END) :]
    tables = "\n\n".join([*map(make_table, manifests), *map(make_vehicle_table, vehicles)])
    README.write_text(f"{before}{BEGIN}\n\n{tables}\n\n{after}")


if __name__ == "__main__":
    main()
