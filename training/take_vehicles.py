"""Takes YOLOX-nano's published weights (COCO, Apache-2.0) into a checkpoint of our vehicle network.

The file's convolutions are taken by position; the batch norms folded into them are measured anew on training
photographs. Of its 80 classes car, truck, bus and motorcycle are kept; the first layer, four interleaved pictures and a
3x3 convolution there, becomes one 6x6 convolution over RGB.

Example:
  python -m training.take_vehicles --output training/work/vehicles-coco.pt
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

from .data.scenes import VEHICLE_SCENES
from .detector.teachers import COCO_CLASSES, VEHICLES
from .nets.vehicles import Vehicles
from .package.onnx_file import open_session
from .recover import PHOTOGRAPHS, fill_norm, measure_norms, norms_behind_convolutions
from .render import DATA
from .vehicles.batches import SIZES
from .vehicles.pictures import VehiclePictures
from .vehicles.scenes import load_roadside


def take_weights(net: Vehicles, file: Path) -> None:
    """Fills the network in place."""
    graph = onnx.load(file).graph
    values = {row.name: numpy_helper.to_array(row) for row in graph.initializer}
    found = [[values[name] for name in node.input[1:3]] for node in graph.node if node.op_type == "Conv"]
    layers = [(name, module) for name, module in net.named_modules() if isinstance(module, nn.Conv2d)]
    norms = dict(norms_behind_convolutions(net))
    if len(found) != len(layers):
        raise ValueError(f"Expected {len(layers)} convolutions, found {len(found)}: the file is no YOLOX-nano.")
    columns = [coco for coco, _ in sorted(COCO_CLASSES.items(), key=lambda pair: pair[1])]
    found[0][0] = _join_interleaved(found[0][0])
    with torch.no_grad():
        for (name, layer), (weight, bias) in zip(layers, found):
            if weight.shape[0] == 80:
                weight, bias = weight[columns], bias[columns]
            if weight.shape != tuple(layer.weight.shape):
                raise ValueError(f"Expected {tuple(layer.weight.shape)}, found {weight.shape}: the file is no YOLOX-nano.")
            layer.weight.copy_(torch.from_numpy(weight.copy()))
            if name in norms:
                fill_norm(norms[name], bias)
            else:
                layer.bias.copy_(torch.from_numpy(bias.copy()))


def _join_interleaved(weight: np.ndarray) -> np.ndarray:
    """[16, 12, 3, 3] over the four interleaved BGR pictures to [16, 3, 6, 6] over the RGB one."""
    outputs = weight.shape[0]
    parts = weight.reshape(outputs, 2, 2, 3, 3, 3)  # dx, dy, colour, ky, kx
    return parts.transpose(0, 3, 4, 2, 5, 1).reshape(outputs, 3, 6, 6)[:, ::-1]


def compare_with_file(net: Vehicles, file: Path) -> float:
    """The largest difference of any raw number from the file's, on a picture of noise of 416x416."""
    pixels = np.random.default_rng(1).uniform(0, 255, (1, 3, 416, 416)).astype(np.float32)
    session = open_session(file)
    expected = session.run(None, {session.get_inputs()[0].name: pixels[:, ::-1].copy()})[0]
    columns = [5 + coco for coco, _ in sorted(COCO_CLASSES.items(), key=lambda pair: pair[1])]
    with torch.no_grad():
        raw = net(torch.from_numpy(pixels))
    raw[..., 4:] = raw[..., 4:].sigmoid()
    return float(np.abs(raw.numpy() - expected[..., [0, 1, 2, 3, 4, *columns]]).max())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="data root (default: ../shared/data)")
    parser.add_argument("--output", type=Path, required=True, help="checkpoint to write")
    options = parser.parse_args()
    torch.set_num_threads(1)
    net = Vehicles().eval()
    take_weights(net, options.data / VEHICLES)
    source = VehiclePictures({VEHICLE_SCENES: load_roadside(options.data)}, {VEHICLE_SCENES: 1.0})
    rng = np.random.default_rng(3)
    measure_norms(net, [source.draw(rng, SIZES[0]).pixels for _ in range(PHOTOGRAPHS)])
    print(f"largest difference from the file: {compare_with_file(net, options.data / VEHICLES):.2g}")
    options.output.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"weights": net.state_dict(), "step": 0, "samples": 0, "core_seconds": 0.0}, options.output)


if __name__ == "__main__":
    main()
