"""Finds plates that nobody labelled, so that training does not punish the detector for them.

An Apache-2.0 plate detector with corners (y5fu_640, from HyperLPR's history) looks at
every training photograph; what it finds away from all labels becomes an ignored box.
Its boxes are never taught, only left out. Without this step the training works, too.

Examples:
  python -m training.find_unlabelled
"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

from .data.scenes import load_training_scenes, read_scene
from .nets.decode import intersection_over_union
from .package.onnx_file import open_session
from .render import DATA, WORK

TEACHER = "models/y5fu_640x_sim.onnx"
SIDE = 640
SURE = 0.35
APART = 0.15  # IoU with every labelled plate


def open_teacher(model: Path):
    """The teacher as a function of uint8 RGB giving boxes [n, 4] in px above a score of 0.35."""
    session = open_session(model)
    name = session.get_inputs()[0].name

    def look(picture: np.ndarray) -> np.ndarray:
        height, width = picture.shape[:2]
        scale = SIDE / max(height, width)
        new_height, new_width = round(height * scale), round(width * scale)
        top, left = (SIDE - new_height) // 2, (SIDE - new_width) // 2
        canvas = np.zeros((SIDE, SIDE, 3), np.float32)
        canvas[top : top + new_height, left : left + new_width] = cv2.resize(picture, (new_width, new_height))
        rows = session.run(None, {name: canvas.transpose(2, 0, 1)[None] / 255})[0][0]
        rows = rows[rows[:, 4] * rows[:, 13:15].max(1) > SURE]
        centre, half = rows[:, :2], rows[:, 2:4] / 2
        boxes = np.concatenate([centre - half, centre + half], 1)
        return (boxes - np.float32([left, top, left, top])) / scale

    return look


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA, help="data root (default: ../shared/data)")
    parser.add_argument("--work", type=Path, default=WORK, help="default: training/work")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    look = open_teacher(options.data / TEACHER)
    found = {}
    for name, scenes in load_training_scenes(options.data).items():
        before = len(found)
        for scene in scenes:
            boxes = look(read_scene(scene))
            labelled = np.array([plate.given for plate in scene.plates]).reshape(-1, 4)
            apart = [
                box.tolist()
                for box in boxes
                if not len(labelled) or intersection_over_union(box, labelled).max() < APART
            ]
            if apart:
                found[str(Path(scene.path).relative_to(options.data))] = apart
        print(f"{name}: {len(found) - before} of {len(scenes)} photographs hold unlabelled plates", flush=True)
    options.work.mkdir(parents=True, exist_ok=True)
    (options.work / "unlabelled.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main()
