"""Makes alpr-words of PP-OCRv6's small recogniser (Apache-2.0): the words above and below a plate's number.

Of its 18,710 characters it keeps letters, digits and a few signs. Upper and lower case become one letter, signs and the
space become "no character", and pictures go in as bytes. No weight is trained. The golden strips are of a rendered plate.

Example:
  pip download --no-deps rapidocr==3.10.0 && unzip rapidocr-3.10.0-*.whl 'rapidocr/models/*'
  python -m training.take_words rapidocr/models/PP-OCRv6_rec_small.onnx
"""

import argparse
import json
import tempfile
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

from .nets.reader import ALPHABET
from .package.golden import TOLERANCE as GOLDEN_TOLERANCE
from .package.golden import read_rgb
from .package.manifest import file_sha256, write_manifest
from .package.onnx_file import open_session
from .package.onnx_graph import Graph
from .package.small import store_in_half
from .photo.warp import quad_of_box
from .words.strips import HEIGHT, MARGINS, SHARE, WIDTH, cut_strips

FOLDER = Path("models/alpr-words")
PLATE = Path("test/fixtures/words/north-carolina.png")  # python -m training.render draws such plates
VERSION = "0.1.0"
SIGNS = " .-'&"
INPUT, OUTPUT = "strips", "ctc"
TOLERANCE = 1e-5


def list_characters(model: onnx.ModelProto) -> list[str]:
    """The characters of the published network's outputs; the first is "no character", the last the space."""
    (listed,) = (row.value for row in model.metadata_props if row.key == "character")
    return ["", *listed.split("\n"), " "]


def choose_outputs(characters: list[str]) -> tuple[list[int], np.ndarray]:
    """Which outputs stay, and the matrix [kept, 1 + alphabet] that adds their probabilities."""
    kept = [0, *(index for index, char in enumerate(characters) if len(char) == 1 and char.isascii() and (char.isalnum() or char in SIGNS))]
    fold = np.zeros((len(kept), 1 + len(ALPHABET)), np.float32)
    for row, index in enumerate(kept):
        fold[row, 1 + ALPHABET.find(characters[index].upper()) if characters[index] else 0] = 1
    return kept, fold


def prune(model: onnx.ModelProto) -> onnx.ModelProto:
    """uint8 strips [N, 48, W, 3] RGB in, probabilities [N, W / 8, 1 + alphabet] out, the first of "no character"."""
    graph = Graph(model)
    kept, fold = choose_outputs(list_characters(model))
    softmax = graph.maker[model.graph.output[0].name]
    matmul = graph.nodes("MatMul")[-1]
    add = graph.only_taker(matmul.output[0])
    matmul.input[1] = graph.constant("head.weight", graph.constants[matmul.input[1]][:, kept])
    add.input[1] = graph.constant("head.bias", graph.constants[add.input[1]].reshape(-1)[kept])
    graph.add("MatMul", [softmax.output[0], graph.constant("head.fold", fold)], OUTPUT)
    pixels = model.graph.input[0].name
    graph.add("Cast", [INPUT], "bytes", to=TensorProto.FLOAT)
    graph.add("Transpose", ["bytes"], "planes", perm=[0, 3, 1, 2])
    graph.add("Gather", ["planes", graph.constant("bgr", np.int64([2, 1, 0]))], "turned", axis=1)
    graph.add("Div", ["turned", graph.constant("half", np.float32(127.5))], "scaled")
    graph.add("Sub", ["scaled", graph.constant("one", np.float32(1))], pixels)
    del model.graph.input[:], model.graph.output[:], model.metadata_props[:]
    model.graph.input.append(helper.make_tensor_value_info(INPUT, TensorProto.UINT8, ["n", 48, "width", 3]))
    model.graph.output.append(helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["n", "columns", fold.shape[1]]))
    graph.tidy()
    onnx.checker.check_model(model)
    return model


def measure_difference(published: Path, pruned: Path) -> float:
    """Largest difference from what the published network says of the same strips, over the characters that are kept."""
    strips = np.random.default_rng(0).integers(0, 256, (2, 48, 160, 3), dtype=np.uint8)
    kept, fold = choose_outputs(list_characters(onnx.load(str(published))))
    pixels = strips[..., ::-1].transpose(0, 3, 1, 2).astype(np.float32) / np.float32(127.5) - 1
    session = open_session(published)
    chances = session.run(None, {session.get_inputs()[0].name: pixels})[0][..., kept].astype(np.float64)
    expected = chances / chances.sum(-1, keepdims=True) @ fold
    return float(np.abs(expected - open_session(pruned).run(None, {INPUT: strips})[0]).max())


def write_golden(folder: Path, model: Path) -> None:
    """The strips of a rendered plate and what Python's ONNX Runtime answers to them."""
    plate = read_rgb(PLATE)
    strips = cut_strips(plate, quad_of_box((0, 0, plate.shape[1], plate.shape[0])))
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"input_{index}.png" for index in range(len(strips))]
    for name, strip in zip(names, strips):
        cv2.imwrite(str(folder / name), strip[:, :, ::-1])
    answer = open_session(model).run(None, {INPUT: strips})[0]
    golden = {
        "computed_by": f"onnxruntime {onnxruntime.__version__} (Python)",
        "tolerance": GOLDEN_TOLERANCE,
        "inputs": names,
        OUTPUT: np.round(answer.astype(float), 6).tolist(),
    }
    (folder / "output.json").write_text(json.dumps(golden) + "\n")


def describe(model: Path, published: Path) -> dict:
    """The whole of model.json."""
    return {
        "name": "alpr-words",
        "version": VERSION,
        "task": "words",
        "decoder": "alpr-words",
        "file": model.name,
        "sha256": file_sha256(model),
        "bytes": model.stat().st_size,
        "licence": "Apache-2.0",
        "input": {"name": INPUT, "type": "uint8", "layout": "NHWC", "channels": "RGB", "width": WIDTH, "height": HEIGHT},
        "outputs": [{"name": OUTPUT, "shape": [-1, -1, 1 + len(ALPHABET)]}],
        "alphabet": ALPHABET,
        "strips": {"share": SHARE, "margin_x": MARGINS[0], "margin_y": MARGINS[1]},
        "initialised_from": {"what": "PP-OCRv6_rec_small of rapidocr 3.10.0, Apache-2.0", "sha256": file_sha256(published)},
        "training": {"command": "python -m training.take_words", "core_seconds": 0, "samples": 0},
        "data": [],
        "metrics": [],
        "golden": "golden/output.json",
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path, help="PP-OCRv6_rec_small.onnx")
    parser.add_argument("--output", type=Path, default=FOLDER, help="default: models/alpr-words")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    model = options.output / "model.onnx"
    with tempfile.TemporaryDirectory() as folder:
        exact = Path(folder) / "words.onnx"
        onnx.save(prune(onnx.load(str(options.model))), str(exact))
        difference = measure_difference(options.model, exact)
        if difference > TOLERANCE:
            raise SystemExit(f"probabilities differ by {difference:.1e} from the published network's")
        store_in_half(exact, model)
    write_golden(options.output / "golden", model)
    write_manifest(options.output, describe(model, options.model))
    print(f"{options.output}: differs by at most {difference:.1e} before the weights take 16 bits")


if __name__ == "__main__":
    main()
