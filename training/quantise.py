"""Makes the int8 detector and a copy with weights of half the size, and says what each costs.

int8: static QDQ, weights per channel in 7 bits (8 overflow on processors without VNNI), ranges from
60 training photographs. Only the network is quantised: where boxes and corners are put together,
values are pixels, and 8 bits of 640 pixels are steps of 2.5 (that alone moved corners by 3 % of the
width). The layers that give out numbers stay in float, too, and the first one, which sees the raw
picture.

float16: weights are stored in 16 bits and widened when the file is loaded; it runs in float32.

Examples:
  python -m training.quantise
  python -m training.quantise --ship
"""

import argparse
import random
from pathlib import Path

import cv2
import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader

from .data.scenes import Scene, load_training_scenes, read_scene
from .measure.finding import find_plates, letterbox
from .nets.decode import intersection_over_union
from .package.onnx_file import IO, open_session, time_session
from .package.small import refuse_quantised, ship, store_in_half, write_int8
from .render import DATA

CALIBRATION_SETS = "det-openlpr", "det-ro-dashcam", "det-ocr-cn-easypr", "det-openimages", "det-kaggle-cars"
PHOTOGRAPHS = 60
NETWORK = "/net/"
QUANTISED = "Conv", "Add", "Relu"
IN_FLOAT = "/net/head/", "/net/place/place.1/", "/net/vehicles/vehicles.1/"
COMMAND = "python -m training.quantise --ship"


class Photographs(CalibrationDataReader):
    """Photographs as the detector sees them."""

    def __init__(self, scenes: list[Scene]):
        self.scenes = iter(scenes)

    def get_next(self):
        scene = next(self.scenes, None)
        return None if scene is None else {"image": letterbox(read_scene(scene))[0][None]}


def pick_photographs(data: Path, seed: int) -> list[Scene]:
    sets = load_training_scenes(data)
    return random.Random(seed).sample([scene for name in CALIBRATION_SETS for scene in sets[name]], PHOTOGRAPHS)


def _choose_nodes(model: onnx.ModelProto) -> list[str]:
    """The network's layers, without those in float."""
    return [
        node.name
        for node in model.graph.node
        if node.op_type in QUANTISED
        and node.name.startswith(NETWORK)
        and not node.name.startswith(IN_FLOAT)
    ]


def compare(model: Path, copy: Path, scenes: list[Scene]) -> dict[str, float]:
    """How far a copy moves corners (shares of the plate's width), and plates of score 0.5 that it finds no more."""
    moves, lost = [], 0
    sessions = [open_session(path) for path in (model, copy)]
    finds = [lambda picture, s=session: s.run(None, {"image": picture})[0] for session in sessions]
    for scene in scenes:
        picture = read_scene(scene)
        before, after = (find_plates(find, picture, least) for find, least in zip(finds, (0.5, 0.2)))
        for row in before:
            overlaps = intersection_over_union(row[:4], after[:, :4]) if len(after) else np.zeros(1)
            if overlaps.max() < 0.5:
                lost += 1
                continue
            move = np.linalg.norm((row[6:] - after[int(overlaps.argmax()), 6:]).reshape(4, 2), axis=1).mean()
            moves.append(move / np.linalg.norm(row[8:10] - row[6:8]))
    return {"median move": float(np.median(moves)), "nine of ten below": float(np.quantile(moves, 0.9)), "lost": lost}


def measure_copies(model: Path, copies: list[Path], data: Path) -> list[dict]:
    """Size, speed and moved corners of the float32 file and its copies, as rows for model.json."""
    rows = []
    for path in (model, *copies):
        least, median = time_session(path, IO["detect"]["example"])
        figures = {"bytes": path.stat().st_size, "least ms, 640x384, one thread": round(least, 2)}
        figures |= compare(model, path, pick_photographs(data, 2))
        name = "float32" if path == model else path.name.split(".")[1]
        print(f"{name}: median {median:.2f} ms, {figures}", flush=True)
        rows += [
            {"set": f"network in {name}", "metric": metric, "value": value, "n": PHOTOGRAPHS, "command": COMMAND}
            for metric, value in figures.items()
        ]
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA, help="data root (default: ../shared/data)")
    parser.add_argument("--model", type=Path, default=Path("models/alpr-detect/model.onnx"), help="in float32")
    parser.add_argument("--ship", action="store_true", help="put the int8 network in the place of the float32 one")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    refuse_quantised(options.model)
    int8, half = (options.model.with_name(name) for name in ("model.int8.onnx", "model.fp16.onnx"))
    write_int8(options.model, int8, Photographs(pick_photographs(options.data, 1)), _choose_nodes)
    store_in_half(options.model, half)
    figures = measure_copies(options.model, [half, int8], options.data)
    if options.ship:
        ship(options.model, int8, figures, COMMAND)


if __name__ == "__main__":
    main()
