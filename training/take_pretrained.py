"""Takes the convolutional trunk out of PP-OCRv6's small recogniser (Apache-2.0).

The ONNX file comes in the wheel `rapidocr` (3.10.0: rapidocr/models/PP-OCRv6_rec_small.onnx). The
weights are checked against ONNX Runtime's answer for the same picture before they are kept.

Example:
  pip download --no-deps rapidocr==3.10.0 && unzip rapidocr-3.10.0-*.whl 'rapidocr/models/*'
  python -m training.take_pretrained rapidocr/models/PP-OCRv6_rec_small.onnx
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import nn

from .nets.lcnet import LcNet
from .render import WORK

TOLERANCE = 1e-3  # of values up to about 4


def take_trunk(model: onnx.ModelProto) -> LcNet:
    """Fills an LcNet with the model's first convolutions, in their order, channels turned to RGB."""
    nodes = model.graph.node
    tensors = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    same = {node.output[0]: node.input[0] for node in nodes if node.op_type == "Identity"}

    def resolve(name: str) -> str:
        while name in same:
            name = same[name]
        return name

    biases = {
        resolve(node.input[0]): tensors[resolve(node.input[1])].reshape(-1)
        for node in nodes
        if node.op_type == "Add" and resolve(node.input[1]) in tensors
    }
    net = LcNet()
    ours = [module for module in net.modules() if isinstance(module, nn.Conv2d)]
    for module, node in zip(ours, [node for node in nodes if node.op_type == "Conv"]):
        weight = torch.from_numpy(tensors[resolve(node.input[1])].copy())
        if weight.shape != module.weight.shape:
            raise ValueError(f"expected a convolution {list(module.weight.shape)}, found {list(weight.shape)}")
        module.weight.data = weight
        module.bias.data = torch.from_numpy(biases[node.output[0]].copy())
    net.stem.halve.weight.data = net.stem.halve.weight.data.flip(1)
    return net


def measure_difference(model: onnx.ModelProto, net: LcNet) -> float:
    """Largest difference to the model's own features before its first pooling over columns."""
    pool = next(node for node in model.graph.node if node.op_type == "AveragePool")
    model.graph.output.append(onnx.helper.make_tensor_value_info(pool.output[0], 1, None))
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    rgb = np.random.default_rng(0).uniform(-1, 1, (1, 3, 48, 160)).astype(np.float32)
    expected = session.run([pool.output[0]], {model.graph.input[0].name: rgb[:, ::-1].copy()})[0]
    with torch.no_grad():
        found = F.avg_pool2d(net.eval()(torch.from_numpy(rgb))[0], (3, 2)).numpy()
    return float(np.abs(expected - found).max())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", type=Path, help="PP-OCRv6_rec_small.onnx")
    parser.add_argument("--output", type=Path, default=WORK / "lcnet.pt", help="default: training/work/lcnet.pt")
    options = parser.parse_args()
    model = onnx.load(options.model)
    net = take_trunk(model)
    difference = measure_difference(model, net)
    if difference > TOLERANCE:
        raise SystemExit(f"features differ by {difference:.1e} from ONNX Runtime's: not the expected network")
    options.output.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"weights": net.state_dict()}, options.output)
    print(f"{options.output}: features differ by at most {difference:.1e}")


if __name__ == "__main__":
    main()
