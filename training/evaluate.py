"""Measures a model folder on pictures that never trained it; writes the figures as JSON.

It runs the ONNX file itself, one thread. `--write` puts the figures into model.json.

Examples:
  python -m training.evaluate read
  python -m training.evaluate detect --model models/alpr-detect --threshold 0.6 --write
  python -m training.evaluate read --held-out-only
  python -m training.evaluate chain --file model.int8.onnx
  python -m training.evaluate clip
  python -m training.evaluate vehicles --write
  python -m training.evaluate kinds --checkpoint training/work/reader/last.pt
  python -m training.evaluate pairs --count 6000 --page docs/notes/recognition.md
"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import torch

from .data.found import load_found
from .export import load_graph
from .glyphs.national import NATIONAL_DIES, die_of
from .measure import chain, finding, kinds, reading, vehicles, video
from .measure.calibration import best_temperature, best_threshold, mix_heads
from .measure.pairs import count_pairs, name_strays, tabulate_pairs
from .export import load_graph
from .nets.vehicles import to_detections
from .package.manifest import write_manifest
from .package.onnx_file import IO, open_session
from .render import DATA, WORK

READER = Path("models/alpr-read/model.onnx")
VEHICLE_SIDES = 320, 256, 416
PAIRS_BEGIN, PAIRS_END = "<!-- pairs: python -m training.evaluate pairs --page -->", "<!-- end of pairs -->"
CLOSE_MARGINS = 0.0, 0.1, 0.25  # around plates that fill their pictures


def open_read(model: Path):
    """The reader of a folder as a function of uint8 [n, 64, 128, 3]."""
    session = open_session(model)
    return lambda pictures: session.run(["slots", "ctc"], {"plates": pictures})


def open_find(model: Path):
    """The detector of a folder as a function of uint8 [1, H, W, 3]."""
    session = open_session(model)
    return lambda picture: session.run(None, {"image": picture})[0]


def measure_reader(model: Path, data: Path, held_out_only: bool) -> tuple[list[dict], float]:
    """Rows of figures, and the temperature that calibrates the confidence."""
    read = open_read(model)
    held_out = reading.held_out_crops(data)
    sets = held_out if held_out_only else {**held_out, **reading.measure_only_crops(data)}
    rows, probabilities, texts = [], [], []
    for name, crops in sets.items():
        slots, ctc = reading.read_crops(read, crops)
        truth = [crop.text for crop in crops]
        rows += _rows(name, reading.score_readings(slots, ctc, truth), len(crops), "read")
        if name in held_out and "two lines" not in name:
            probabilities.append((slots, ctc))
            texts += truth
    slots, ctc = (np.concatenate(part) for part in zip(*probabilities))
    return rows, best_temperature(slots, ctc, texts)


def measure_detector(
    model: Path, data: Path, threshold: float | None, held_out_only: bool, reader: Path = READER
) -> tuple[list[dict], float]:
    """Rows of figures, and the score threshold: given, or the best on held-out photographs.

    Plates, what is read where the detector places them, vehicles; a file besides model.onnx is named in its rows.
    """
    find = open_find(model)
    task, beside = ("detect", "") if model.name == "model.onnx" else (f"detect --file {model.name}", f", {model.name}")
    validation = finding.add_unlabelled(finding.validation_scenes(data), load_found(WORK), data)
    sets = validation if held_out_only else {**validation, **finding.measure_only_scenes(data)}
    found = {name: finding.find_in_scenes(find, scenes) for name, scenes in sets.items()}
    if threshold is None:
        threshold = best_threshold([found[name] for name in validation])
    rows = []
    for name, scenes in sets.items():
        rows += _rows(name + beside, finding.score_found(found[name], threshold), len(scenes), task)
    plates = chain.held_out_plates(data)
    places = chain.score_places(find, open_read(reader), plates)
    rows += _rows(f"held-out photographs, plates with a certain text{beside}", places, len(plates), task)
    for margin in CLOSE_MARGINS:
        places = chain.score_places(find, open_read(reader), plates, margin)
        rows += _rows(f"the same, cut {margin:.0%} around their boxes{beside}", places, len(plates), task)
    scenes = vehicles.held_out_vehicles(data)
    rows += _rows(f"veh-highway-id (valid and test){beside}", vehicles.score_vehicles(find, scenes), len(scenes), task)
    if not held_out_only:
        scenes = sets["det-egypt-motorcycle"]
        around = vehicles.score_around_plates(find, scenes, "motorcycle")
        rows += _rows(f"det-egypt-motorcycle, vehicles{beside}", around, sum(len(s.plates) for s in scenes), task)
    return rows, threshold


def measure_vehicles(model: Path, data: Path) -> list[dict]:
    """Rows of figures of the vehicle network, at the sizes of square pictures that cost about as much as 416x256, 320x192 and 512x320."""
    session, scenes, rows = open_session(model), vehicles.held_out_vehicles(data), []

    def find(pictures: np.ndarray) -> np.ndarray:
        return to_detections(session.run(None, {"image": pictures})[0], pictures)

    for side in VEHICLE_SIDES:
        scores = vehicles.score_vehicles(find, scenes, side)
        rows += _rows(f"veh-highway-id (valid and test), {side}x{side}", scores, len(scenes), "vehicles")
    scenes = finding.measure_only_scenes(data)["det-egypt-motorcycle"]
    around = vehicles.score_around_plates(find, scenes, "motorcycle", VEHICLE_SIDES[0])
    return rows + _rows("det-egypt-motorcycle, vehicles", around, sum(len(scene.plates) for scene in scenes), "vehicles")


def measure_clip(models: Path, data: Path, threshold: float | None) -> None:
    """Prints what the whole chain finds and reads in the toll-gate clip."""
    if threshold is None:
        threshold = json.loads((models / "alpr-detect/model.json").read_text())["thresholds"]["score"]
    find = open_find(models / "alpr-detect/model.onnx")
    read = open_read(models / "alpr-read/model.onnx")
    for passage in video.measure_clip(find, read, data, threshold):
        print(
            f"{passage.text}: found in {passage.found} of {passage.frames} frames, "
            f"read exactly in {passage.exact}; readings {passage.readings}"
        )


def open_outputs(file: Path | bytes) -> kinds.Read:
    """The reader of an ONNX file (or its bytes), or of a checkpoint (.pt), with all of its outputs by name."""
    if isinstance(file, Path) and file.suffix == ".pt":
        graph = load_graph("read", file)

        def read(pictures: np.ndarray) -> dict[str, np.ndarray]:
            with torch.no_grad():
                return {name: found.numpy() for name, found in zip(IO["read"]["outputs"], graph(torch.from_numpy(pictures)))}

        return read
    session = open_session(file)
    names = [output.name for output in session.get_outputs()]
    return lambda pictures: dict(zip(names, session.run(names, {"plates": pictures})))


def read_temperature(model: Path) -> float:
    """What calibrates the confidence of a model folder's reader."""
    return json.loads((model / "model.json").read_text())["calibration"]["temperature"]


def measure_kinds(file: Path, temperature: float, data: Path, count: int) -> list[dict]:
    """Rows of figures on rendered plates by kind, of an ONNX file or of a checkpoint."""
    read, rows = open_outputs(file), []
    for kind, shown in kinds.render_kinds(data, count).items():
        rows += _rows(f"rendered: {kind}", kinds.score_kind(read, shown, temperature), len(shown), "kinds")
    return rows


def measure_pairs(file: Path, temperature: float, data: Path, count: int) -> tuple[list[dict], str]:
    """Rows of confused look-alikes on rendered plates, of each die and of all, and on the held-out crops; and all of them as a table."""
    read = open_outputs(file)
    (shown,) = kinds.render_kinds(data, count, ("whole",)).values()
    said = kinds.read_shown(read, shown, temperature).texts
    by_die = {die: [i for i, plate in enumerate(shown) if die_of(plate.region) == die] for die in ["", *NATIONAL_DIES]}
    sets = {f"rendered, die {die or 'of no country'}": [(said[i], shown[i].text) for i in rows] for die, rows in by_die.items()}
    sets["rendered"] = [(text, plate.text) for text, plate in zip(said, shown)]
    for name, crops in reading.held_out_crops(data).items():
        heads = reading.read_crops(lambda pictures: [read(pictures)[head] for head in ("slots", "ctc")], crops)
        sets[name] = list(zip(mix_heads(*heads)[0], [crop.text for crop in crops]))
    rows, counts = [], {name: count_pairs(*zip(*texts)) if texts else {} for name, texts in sets.items()}
    for name, texts in sets.items():
        for (one, other), (wrong, seen) in counts[name].items():
            rows += _rows(name, {f"{one}/{other} confused": wrong / seen}, seen, "pairs") if wrong else []
        print(f"  others: {name_strays(*zip(*texts)) if texts else []}")
    held_out = [pair for name, texts in sets.items() if "rendered" not in name and "two lines" not in name for pair in texts]
    shown = {name: texts for name, texts in sets.items() if "rendered" in name and texts} | {"held-out crops": held_out}
    return rows, tabulate_pairs({name: (len(texts), count_pairs(*zip(*texts))) for name, texts in shown.items()})


def write_table(page: Path, table: str, file: Path, count: int) -> None:
    """Puts the table of pairs between its marks in a page."""
    version = json.loads((file.parent / "model.json").read_text())["version"]
    text = page.read_text()
    before, after = text[: text.index(PAIRS_BEGIN)], text[text.index(PAIRS_END) :]
    said = f"{file.parent.name} {version}, {count:,} rendered plates with seeds that never train, and the held-out crops:"
    page.write_text(f"{before}{PAIRS_BEGIN}\n\n{said}\n\n{table}\n\n{after}")


def measure_chain(models: Path, data: Path, detector: str) -> None:
    """Prints how often the whole chain reads a photograph's text exactly."""
    find = open_find(models / "alpr-detect" / detector)
    read = open_read(models / "alpr-read/model.onnx")
    for name, photographs in chain.photographs_with_text(data).items():
        _rows(name, chain.score_chain(find, read, photographs), len(photographs), "chain")


def _rows(name: str, scores: dict, count: int, task: str) -> list[dict]:
    command = f"python -m training.evaluate {task}"
    shown = {metric: value for metric, value in scores.items() if value is not None}
    print(f"{name} (n {count}): " + ", ".join(f"{metric} {value:.3f}" for metric, value in shown.items()), flush=True)
    return [
        {"set": name, "metric": metric, "value": round(float(value), 6), "n": count, "command": command}
        for metric, value in shown.items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("task", choices=["detect", "read", "kinds", "pairs", "chain", "clip", "vehicles"])
    parser.add_argument("--checkpoint", type=Path, help="kinds, pairs: of the reader, instead of the ONNX file")
    parser.add_argument("--count", type=int, default=200, help="kinds: plates of each; pairs: plates in all (default: 200)")
    parser.add_argument("--page", type=Path, help="pairs: put the table between its marks in this page")
    parser.add_argument("--model", type=Path, help="model folder (default: models/alpr-<task>)")
    parser.add_argument("--file", default="model.onnx", help="ONNX file in the folder (default: model.onnx)")
    parser.add_argument("--data", type=Path, default=DATA, help="data root (default: ../shared/data)")
    parser.add_argument("--threshold", type=float, help="detector score (default: chosen on held-out photographs)")
    parser.add_argument("--held-out-only", action="store_true", help="leave the measure-only sets out")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    parser.add_argument("--write", action="store_true", help="put the figures into model.json")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    if options.task == "chain":
        measure_chain(Path("models"), options.data, options.file)
        return
    if options.task == "clip":
        measure_clip(Path("models"), options.data, options.threshold)
        return
    own = options.task if options.task in ("detect", "vehicles") else "read"
    folder = options.model or Path("models") / f"alpr-{own}"
    model = folder / options.file
    if options.task in ("kinds", "pairs"):
        torch.set_num_threads(1)
        given = options.checkpoint or model, read_temperature(folder), options.data, options.count
        rows, chosen = (measure_kinds(*given) if options.task == "kinds" else []), {}
        if options.task == "pairs":
            rows, table = measure_pairs(*given)
            print(table)
            if options.page:
                write_table(options.page, table, model, options.count)
    elif options.task == "vehicles":
        rows, chosen = measure_vehicles(model, options.data), {}
    elif options.task == "read":
        rows, temperature = measure_reader(model, options.data, options.held_out_only)
        chosen = {"calibration": {"temperature": round(temperature, 3)}}
    else:
        rows, threshold = measure_detector(model, options.data, options.threshold, options.held_out_only)
        chosen = {"thresholds": {"score": round(threshold, 2), "iou": 0.4}}
    print(chosen)
    if options.json:
        options.json.write_text(json.dumps({**chosen, "metrics": rows}, indent=1) + "\n")
    if options.write:
        manifest = json.loads((folder / "model.json").read_text())
        others = [row for row in manifest["metrics"] if row["command"] != rows[0]["command"]]
        write_manifest(folder, {**manifest, **chosen, "metrics": rows + others})


if __name__ == "__main__":
    main()
