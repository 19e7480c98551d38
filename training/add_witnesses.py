"""Gives a shipped reader the outputs `whole` and `unread` of a checkpoint; every other answer stays, bit for bit.

The checkpoint has the weights of that reader (python -m training.recover) and witnesses that were trained alone
(python -m training.train_witnesses). Exporting and quantising the whole of it would change texts a little.

Example:
  python -m training.add_witnesses --checkpoint training/work/witnesses/last.pt --version 0.6.2 --trained-with "python -m …"
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch

from .export import load_graph
from .nets.reader import WITNESSES
from .package.about import describe_training
from .package.manifest import OUTPUTS, file_sha256, write_manifest
from .package.onnx_file import IO, open_session, write_onnx
from .package.small import rewrite_golden
from .render import DATA

# Keys with their positions, and values: what queries look at; and what the eye of the witnesses looks at.
SEEN = "/net/Add_1_output_0", "/net/Split_output_1", "/net/trunk/blocks/blocks.5/Add_output_0"


def take_witnesses(checkpoint: Path) -> onnx.GraphProto:
    """The part of the exported network from what queries look at, split into heads, to the witnesses' answers."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        write_onnx(load_graph("read", checkpoint), "read", path)
        network = onnx.shape_inference.infer_shapes(onnx.load(str(path)))
    return fold(onnx.utils.Extractor(network).extract_model(list(SEEN), list(WITNESSES)), measure_sizes(network))


def measure_sizes(network: onnx.ModelProto) -> dict[str, tuple[int, ...]]:
    """The size of what is looked at, for one plate: inference does not find all of it."""
    whole = onnx.ModelProto()
    whole.CopyFrom(network)
    whole.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in SEEN)
    plates = np.zeros((1, *IO["read"]["example"][1:]), np.uint8)
    found = open_session(whole.SerializeToString()).run(list(SEEN), {"plates": plates})
    return {name: value.shape[1:] for name, value in zip(SEEN, found)}


def end_of(graph: onnx.GraphProto, name: str) -> str:
    """The tensor once it is reshaped and transposed, as the product takes it."""
    while takers := [node for node in graph.node if name in node.input and node.op_type in ("Reshape", "Transpose")]:
        name = takers[0].output[0]
    return name


def fold(part: onnx.ModelProto, sizes: dict[str, tuple[int, ...]]) -> onnx.GraphProto:
    """Computes what is the same for every picture, sizes above all, and leaves out what the reader does itself."""
    whole = onnx.ModelProto()
    whole.CopyFrom(part)
    made = [name for node in part.graph.node for name in node.output]
    known = {output.name for output in part.graph.output}
    whole.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in made if name not in known)
    session, random = open_session(whole.SerializeToString()), np.random.default_rng(0)
    two, three = (
        dict(zip(made, session.run(made, {name: random.random((count, *size), np.float32) for name, size in sizes.items()})))
        for count in (2, 3)
    )
    fixed = {name: value for name, value in two.items() if np.array_equal(value, three[name])}
    for node in part.graph.node:  # the one size that follows the number of plates
        if node.op_type == "Reshape" and node.input[1] in made and node.input[1] not in fixed:
            size = two[node.input[1]]
            fixed[node.input[1]] = np.where(size == three[node.input[1]], size, 0 if -1 in size else -1)
    ends = [end_of(part.graph, name) for name in SEEN]
    nodes = [node for node in part.graph.node if not set(node.output) <= {*fixed, *ends}]
    kept, wanted = [], set(WITNESSES)
    for node in reversed(nodes):
        if wanted & set(node.output):
            kept.insert(0, node)
            wanted |= set(node.input)
    tensors = [tensor for tensor in part.graph.initializer if tensor.name in wanted]
    tensors += [onnx.numpy_helper.from_array(value, name) for name, value in fixed.items() if name in wanted]
    inputs = [onnx.helper.make_empty_tensor_value_info(name) for name in ends]
    return onnx.helper.make_graph(kept, "witnesses", inputs, part.graph.output, tensors)


def drop_witnesses(reader: onnx.ModelProto) -> onnx.ModelProto:
    """The reader without the outputs that are put in anew, and without what only they need."""
    kept = [output.name for output in reader.graph.output if output.name not in WITNESSES]
    return onnx.utils.Extractor(reader).extract_model([plates.name for plates in reader.graph.input], kept)


def join_witnesses(reader: onnx.ModelProto, part: onnx.GraphProto) -> None:
    """Puts the part into a reader without witnesses; names that the reader has already are changed."""
    graph = reader.graph
    made = {name for node in graph.node for name in node.output}
    if missing := set(SEEN) - made:
        raise SystemExit(f"expected a reader with {sorted(missing)}")
    ends = {end.name: end_of(graph, name) for end, name in zip(part.input, SEEN)}
    taken = made | {part.name for part in (*graph.initializer, *graph.node)}
    other = lambda name: ends.get(name) or (f"witnesses:{name}" if name in taken else name)
    for tensor in part.initializer:
        tensor.name = other(tensor.name)
        graph.initializer.append(tensor)
    for node in part.node:
        node.input[:] = [other(name) for name in node.input]
        node.output[:] = [other(name) for name in node.output]
        node.name = other(node.name)
        graph.node.append(node)
    graph.output.extend(part.output)
    onnx.checker.check_model(reader)


def refuse_change(before: bytes, after: bytes) -> None:
    """ValueError if an answer that was there before is another one for random pictures."""
    pictures = np.random.default_rng(0).integers(0, 256, (16, *IO["read"]["example"][1:]), dtype=np.uint8)
    old = open_session(before)
    names = [output.name for output in old.get_outputs() if output.name not in WITNESSES]
    answers = [session.run(names, {"plates": pictures}) for session in (old, open_session(after))]
    for name, one, two in zip(names, *answers):
        if not np.array_equal(one, two):
            raise ValueError(f"{name} answers otherwise with the witnesses; expected the same bits")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True, help="of train_witnesses")
    parser.add_argument("--version", required=True, help="of the model, e.g. 0.6.0")
    parser.add_argument("--trained-with", help="the training command with its options, for model.json")
    parser.add_argument("--data", type=Path, default=DATA, help="data root (default: ../shared/data)")
    parser.add_argument("--model", type=Path, default=Path("models/alpr-read"), help="default: models/alpr-read")
    options = parser.parse_args()
    torch.set_num_threads(1)
    manifest = json.loads((options.model / "model.json").read_text())
    file = options.model / manifest["file"]
    before, reader = file.read_bytes(), drop_witnesses(onnx.load(str(file)))
    join_witnesses(reader, take_witnesses(options.checkpoint))
    after = reader.SerializeToString()
    refuse_change(before, after)
    start = {"what": f"{manifest['name']} {manifest['version']}, whose other answers are the same", "sha256": manifest["sha256"]}
    file.write_bytes(after)
    changed = {"version": options.version, "sha256": file_sha256(file), "bytes": len(after), "outputs": OUTPUTS["read"]}
    about = describe_training("read", options.checkpoint, options.data, options.trained_with)
    write_manifest(options.model, {**manifest, **changed, "initialised_from": start, **about})
    rewrite_golden(file, "read")


if __name__ == "__main__":
    main()
