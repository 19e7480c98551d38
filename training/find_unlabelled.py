"""Finds what nobody labelled: plates, better corners of labelled plates, vehicles.

Apache-2.0 teachers look at every photograph of the training sets: y5fu_640 (plates with
corners, from HyperLPR's history) and YOLOX-nano (COCO). A plate that the teacher and our own
detector both find is taught; one that only the teacher finds is left out of the loss.
Each labelled plate is looked at once more enlarged: where both place its corners alike, their
mean is taken. Vehicles are taught where the teacher is sure, or where it agrees with a label.

Without this step the training works, too, but knows vehicles from one set alone.

Examples:
  python -m training.find_unlabelled --detector models/alpr-detect/model.onnx
"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

from .data.scenes import Scene, load_all_scenes, read_scene
from .detector.teachers import Look, open_plate_teacher, open_vehicle_teacher
from .measure.finding import find_plates
from .nets.decode import intersection_over_union
from .package.onnx_file import open_session
from .render import DATA, WORK

TEACHER_SURE, OWN_SURE = 0.35, 0.5
APART, SAME = 0.15, 0.5  # IoU
AROUND = 4.0  # plate widths shown when a plate is looked at enlarged
CORNERS_ALIKE = 0.06  # mean distance of the corners in plate widths
VEHICLE_SURE, VEHICLE_AGREED = 0.5, 0.3


def open_own(model: Path) -> Look:
    """Our own detector as a function like the teachers'."""
    session = open_session(model)

    def look(picture: np.ndarray) -> np.ndarray:
        rows = find_plates(lambda image: session.run(None, {"image": image})[0], picture)
        return rows[rows[:, 5] == 0]

    return look


def find_plates_of(scene: Scene, picture: np.ndarray, teacher: Look, own: Look) -> dict:
    """Quads to teach, boxes to leave out, and for each labelled plate its agreed corners or None."""
    seen, ours = teacher(picture), own(picture)
    labelled = np.array([plate.given for plate in scene.plates]).reshape(-1, 4)
    taught, ignored = [], []
    for row in seen[seen[:, 4] > TEACHER_SURE]:
        if len(labelled) and intersection_over_union(row[:4], labelled).max() >= APART:
            continue
        match = _nearest(row[:4], ours[ours[:, 4] > OWN_SURE])
        agreed = None if match is None else _agree(row[6:].reshape(4, 2), match[6:].reshape(4, 2), 2)
        (ignored if agreed is None else taught).append((row[:4] if agreed is None else agreed.ravel()).tolist())
    corners = [_look_closer(plate, picture, teacher, own) for plate in scene.plates]
    return {"taught": taught, "ignored": ignored, "corners": corners}


def _no_plates(scene: Scene) -> dict:
    return {"taught": [], "ignored": [], "corners": [None] * len(scene.plates)}


def _look_closer(plate, picture: np.ndarray, teacher: Look, own: Look) -> list | None:
    """Corners on which teacher and own detector agree when the plate fills a quarter of the view."""
    x0, y0, x1, y1 = plate.given
    half = AROUND / 2 * max(x1 - x0, (y1 - y0) * 1.3)
    left, top = np.maximum([(x0 + x1) / 2 - half, (y0 + y1) / 2 - half * 0.75], 0).astype(int)
    right, bottom = int((x0 + x1) / 2 + half), int((y0 + y1) / 2 + half * 0.75)
    view, shift = np.ascontiguousarray(picture[top:bottom, left:right]), np.array([left, top])
    places = []
    for look in (teacher, own):
        row = _nearest(plate.given - np.tile(shift, 2), look(view))
        if row is None:
            return None
        places.append(row[6:].reshape(4, 2) + shift)
    agreed = _agree(*places, CORNERS_ALIKE)
    return None if agreed is None else agreed.ravel().tolist()


def _nearest(box: np.ndarray, rows: np.ndarray) -> np.ndarray | None:
    overlaps = intersection_over_union(box, rows[:, :4]) if len(rows) else np.zeros(1)
    return rows[int(overlaps.argmax())] if overlaps.max() >= SAME else None


def _agree(first: np.ndarray, second: np.ndarray, most: float) -> np.ndarray | None:
    width = np.linalg.norm(first[1] - first[0]).clip(min=1)
    return (first + second) / 2 if np.linalg.norm(first - second, axis=1).mean() <= most * width else None


def find_vehicles_of(scene: Scene, picture: np.ndarray, teacher: Look) -> dict:
    """Boxes with our class index to teach, and boxes to leave out."""
    rows = teacher(picture)
    taught, ignored, used = [], [], set()
    for box, label in scene.vehicles:
        overlaps = intersection_over_union(np.float32(box), rows[:, :4]) if len(rows) else np.zeros(1)
        best = int(overlaps.argmax())
        if label:
            taught.append([*box, label])
        elif overlaps.max() >= SAME and rows[best, 4] > VEHICLE_AGREED:
            taught.append([*box, int(rows[best, 5])])
        else:
            ignored.append(list(box))
        if overlaps.max() >= SAME:
            used.add(best)
    complete = any(label for _, label in scene.vehicles)
    for index, row in enumerate(rows):
        if index not in used:
            if row[4] > VEHICLE_SURE and not complete:
                taught.append([*row[:4].tolist(), int(row[5])])
            else:
                ignored.append(row[:4].tolist())
    return {"taught": taught, "ignored": ignored}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA, help="data root (default: ../shared/data)")
    parser.add_argument("--work", type=Path, default=WORK, help="default: training/work")
    parser.add_argument("--detector", type=Path, default=Path("models/alpr-detect/model.onnx"))
    parser.add_argument("--vehicles-only", action="store_true", help="look for no plates: a minute instead of twenty")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    teacher, own, vehicles = open_plate_teacher(options.data), open_own(options.detector), open_vehicle_teacher(options.data)
    found = {}
    for name, scenes in load_all_scenes(options.data).items():
        totals = np.zeros(6, int)
        for scene in scenes:
            picture = read_scene(scene)
            moving = find_vehicles_of(scene, picture, vehicles)
            plates = _no_plates(scene) if options.vehicles_only else find_plates_of(scene, picture, teacher, own)
            found[str(Path(scene.path).relative_to(options.data))] = {"plates": plates, "vehicles": moving}
            totals += [len(plates["taught"]), len(plates["ignored"]), sum(c is not None for c in plates["corners"]),
                       len(scene.plates), len(moving["taught"]), len(moving["ignored"])]
        print(f"{name}: {len(scenes)} photographs; plates taught {totals[0]}, left out {totals[1]}, corners agreed "
              f"{totals[2]} of {totals[3]}; vehicles taught {totals[4]}, left out {totals[5]}", flush=True)
    options.work.mkdir(parents=True, exist_ok=True)
    (options.work / "unlabelled.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main()
