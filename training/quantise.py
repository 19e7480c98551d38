"""Makes an int8 copy of the detector and compares it with the float one.

Static QDQ, weights per channel, ranges from 60 training photographs; the first and
the last convolution stay in float.

Examples:
  python -m training.quantise
"""

import argparse
import random
import tempfile
from pathlib import Path

import cv2
import onnx
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from .data.scenes import load_training_scenes, read_scene
from .measure.finding import letterbox
from .package.onnx_file import IO, time_session
from .render import DATA

CALIBRATION_SETS = "det-openlpr", "det-ro-dashcam", "det-ocr-cn-easypr", "det-openimages", "det-kaggle-cars"
PHOTOGRAPHS = 60


class Photographs(CalibrationDataReader):
    """Training photographs as the detector sees them."""

    def __init__(self, data: Path):
        sets = load_training_scenes(data)
        scenes = [scene for name in CALIBRATION_SETS for scene in sets[name]]
        self.scenes = iter(random.Random(1).sample(scenes, PHOTOGRAPHS))

    def get_next(self):
        scene = next(self.scenes, None)
        return None if scene is None else {"image": letterbox(read_scene(scene))[0][None]}


def quantise(model: Path, target: Path, data: Path) -> None:
    """Writes the int8 copy of a detector."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(model), str(prepared), skip_symbolic_shape=True)
        convolutions = [node.name for node in onnx.load(str(prepared)).graph.node if node.op_type == "Conv"]
        quantize_static(
            str(prepared),
            str(target),
            Photographs(data),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["Conv", "Add", "Relu"],
            nodes_to_exclude=[convolutions[0], convolutions[-1]],
            calibrate_method=CalibrationMethod.MinMax,
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA, help="data root (default: ../shared/data)")
    parser.add_argument("--model", type=Path, default=Path("models/alpr-detect/model.onnx"))
    parser.add_argument("--output", type=Path, help="default: model.int8.onnx beside the model")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    target = options.output or options.model.with_name("model.int8.onnx")
    quantise(options.model, target, options.data)
    for path in (options.model, target):
        least, median = time_session(path, IO["detect"]["example"])
        print(f"{path}: {path.stat().st_size} bytes, least {least:.2f} ms, median {median:.2f} ms")


if __name__ == "__main__":
    main()
