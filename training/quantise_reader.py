"""Makes the int8 reader and a copy with weights of half the size, and says what each costs.

int8: static QDQ, weights per channel in 7 bits (8 overflow on processors without VNNI), ranges from
640 training crops. Only what costs time is quantised: the 1x1 convolutions of the trunk's later blocks and
the matrices of the attention. The first six blocks, depthwise convolutions, squeezes, the stem, the products
inside the attention and the layers that give out the answers stay in float. Of thirteen recipes this one kept
most of the mean log probability of held-out texts; the count of right ones moves by five with the choice of crops.

Examples:
  python -m training.quantise_reader
  python -m training.quantise_reader --ship
"""

import argparse
import random
import time
from pathlib import Path

import cv2
import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader

from .data.crops import Crop, load_training_crops, rectify_crop
from .measure.calibration import text_probabilities
from .measure.reading import held_out_crops, score_readings
from .package.onnx_file import open_session
from .package.small import refuse_quantised, ship, store_in_half, write_int8
from .render import DATA

CROPS = 640
TRUNK = "/net/trunk/blocks/"
EARLY = tuple(f"{TRUNK}blocks.{index}/" for index in range(6))
DENSE = "query_key_value/", "project/", "mlp/", "key_value/"
COMMAND = "python -m training.quantise_reader --ship"


class Plates(CalibrationDataReader):
    """Rectified crops, eight at a time."""

    def __init__(self, crops: list[Crop]):
        pictures = np.stack([rectify_crop(crop) for crop in crops])
        self.batches = iter([pictures[start : start + 8] for start in range(0, len(pictures), 8)])

    def get_next(self):
        batch = next(self.batches, None)
        return None if batch is None else {"plates": batch}


def _choose_nodes(model: onnx.ModelProto) -> list[str]:
    """1x1 convolutions of the trunk's later blocks, the one that narrows its end, and the attention's matrices."""
    names = []
    for node in model.graph.node:
        is_block = node.name.startswith(TRUNK) and ("/expand/" in node.name or "/reduce/" in node.name)
        is_early = node.name.startswith(EARLY)
        if node.op_type == "Conv" and not is_early and (is_block or node.name.startswith("/net/narrow/")):
            names.append(node.name)
        if node.op_type == "MatMul" and any(part in node.name for part in DENSE):
            names.append(node.name)
    return names


def measure_copies(paths: list[Path], data: Path) -> list[dict]:
    """Size, processor time, exactness on held-out crops and agreement with the first file, as rows for model.json."""
    sets = held_out_crops(data)
    crops = [crop for name, crops in sets.items() if "two lines" not in name for crop in crops]
    pictures, texts = np.stack([rectify_crop(crop) for crop in crops]), [crop.text for crop in crops]
    rows, expected = [], None
    for path in paths:
        slots, ctc, milliseconds = _read_all(path, pictures)
        said = slots.argmax(-1)
        expected = said if expected is None else expected
        figures = {
            "bytes": path.stat().st_size,
            "ms of processor a plate, one thread": round(milliseconds, 2),
            "exact, heads mixed": round(score_readings(slots, ctc, texts)["exact, heads mixed"], 5),
            "mean log probability of the truth": round(
                float(np.log(text_probabilities(slots, ctc, texts)).clip(-12).mean()), 4
            ),
            "slots read as in float32": round(float((said == expected).all(1).mean()), 4),
        }
        name = path.name.split(".")[1] if path.name.count(".") > 1 else "float32"
        print(f"{name}: {figures}", flush=True)
        rows += [
            {"set": f"held-out crops, network in {name}", "metric": m, "value": v, "n": len(crops), "command": COMMAND}
            for m, v in figures.items()
        ]
    return rows


def _read_all(path: Path, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Both heads' probabilities, plate by plate, and the median processor time of one."""
    session, outputs, times = open_session(path), [], []
    for index in range(len(pictures)):
        start = time.process_time()
        outputs.append(session.run(["slots", "ctc"], {"plates": pictures[index : index + 1]}))
        times.append((time.process_time() - start) * 1000)
    slots, ctc = (np.concatenate(part) for part in zip(*outputs))
    return slots, ctc, float(np.median(times))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA, help="data root (default: ../shared/data)")
    parser.add_argument("--model", type=Path, default=Path("models/alpr-read/model.onnx"), help="in float32")
    parser.add_argument("--ship", action="store_true", help="put the int8 network in the place of the float32 one")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    refuse_quantised(options.model)
    int8, half = (options.model.with_name(name) for name in ("model.int8.onnx", "model.fp16.onnx"))
    crops = load_training_crops(options.data)
    write_int8(options.model, int8, Plates(random.Random(1).sample(crops, CROPS)), _choose_nodes)
    store_in_half(options.model, half)
    figures = measure_copies([options.model, half, int8], options.data)
    if options.ship:
        ship(options.model, int8, figures, COMMAND)


if __name__ == "__main__":
    main()
