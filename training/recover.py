"""Takes the weights of a shipped ONNX file back into a checkpoint that training can begin with.

Checkpoints are too large for the repository, so the int8 files are what is left of a training. Their weights
of 7 bits are spread to floats again, which costs a few rounding errors; whatever stayed in float comes back
to the bit. Batch norms were folded into the convolutions: `--data` measures them anew on training photographs.

Examples:
  python -m training.recover read --output training/work/reader-0.5.0.pt
  python -m training.recover detect --output training/work/detector-0.5.0.pt
"""

import argparse
import random
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn

from .data.scenes import load_training_scenes, read_scene
from .measure.finding import letterbox
from .nets.detector import Detector, DetectorGraph
from .nets.reader import Reader, ReaderGraph
from .package.golden import read_rgb
from .package.onnx_file import open_session
from .package.onnx_graph import read_graph
from .package.onnx_weights import read_layers, read_parameter
from .plates.formats import load_regions
from .render import DATA

LAYERS = nn.Conv2d, nn.Linear
PHOTOGRAPHS = 64  # for the means and variances of batch norms


def recover(net: nn.Module, model: Path) -> list[str]:
    """Fills a network from an ONNX file in place; the names of parameters that the file does not have.

    A batch norm behind a convolution becomes a shift by the folded bias, and lets everything else through.
    """
    graph = read_graph(model)
    layers = read_layers(graph)
    missing = []
    with torch.no_grad():
        for name, module in net.named_modules():
            if isinstance(module, LAYERS):
                missing += _fill_layer(module, layers.get(name), name)
        for name, norm in norms_behind_convolutions(net):
            fill_norm(norm, layers[name][1])
        held = {id(p) for m in net.modules() if isinstance(m, (*LAYERS, nn.BatchNorm2d)) for p in m.parameters()}
        for name, parameter in net.named_parameters():
            if id(parameter) not in held:
                missing += _fill(parameter, read_parameter(graph, name), name)
    return missing


def _fill_layer(layer: nn.Module, found: tuple | None, name: str) -> list[str]:
    weight, bias = found or (None, None)
    missing = _fill(layer.weight, weight, f"{name}.weight")
    return missing if layer.bias is None else missing + _fill(layer.bias, bias, f"{name}.bias")


def _fill(parameter: torch.Tensor, values: np.ndarray | None, name: str) -> list[str]:
    """Copies what was found; [name] where nothing was."""
    if values is None:
        return [name]
    if values.size != parameter.numel():
        raise ValueError(f"Expected {tuple(parameter.shape)} for {name}, found {values.shape}; the file is of another network.")
    parameter.copy_(torch.from_numpy(np.array(values, np.float32)).reshape(parameter.shape))
    return []


def norms_behind_convolutions(net: nn.Module) -> list[tuple[str, nn.BatchNorm2d]]:
    """The batch norms, each with the name of the convolution before it."""
    pairs, before = [], ""
    for name, module in net.named_modules():
        if isinstance(module, nn.BatchNorm2d):
            pairs.append((before, module))
        if isinstance(module, nn.Conv2d):
            before = name
    return pairs


def fill_norm(norm: nn.BatchNorm2d, bias: np.ndarray) -> None:
    norm.running_mean.zero_()
    norm.running_var.fill_(1 - norm.eps)
    norm.weight.fill_(1)
    norm.bias.copy_(torch.from_numpy(np.array(bias, np.float32)))


def measure_norms(net: nn.Module, pictures: list[np.ndarray]) -> None:
    """Gives batch norms the means and variances of their inputs on uint8 pictures, and weights that undo them.

    The network answers as before; in training, where batches are normalised by themselves, it begins where it ended.
    """
    norms = [norm for _, norm in norms_behind_convolutions(net)]
    sums = {norm: [0.0, 0.0, 0] for norm in norms}

    def add(norm: nn.Module, inputs: tuple) -> None:
        x = inputs[0].double()
        total = sums[norm]
        total[0] = total[0] + x.sum((0, 2, 3))
        total[1] = total[1] + (x * x).sum((0, 2, 3))
        total[2] += x.numel() // x.shape[1]

    hooks = [norm.register_forward_pre_hook(add) for norm in norms]
    with torch.no_grad():
        for picture in pictures:
            net(torch.from_numpy(picture[None]).permute(0, 3, 1, 2).float())
        for hook in hooks:
            hook.remove()
        for norm, (total, squares, count) in sums.items():
            mean = total / count
            variance = squares / count - mean * mean
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(variance)
            norm.weight.copy_((variance + norm.eps).sqrt())
            norm.bias.add_(mean)


def compare_with_file(graph: nn.Module, model: Path, pictures: np.ndarray) -> dict[str, float]:
    """The largest and the mean difference of each output from the file's, on uint8 pictures."""
    session = open_session(model)
    names = [output.name for output in session.get_outputs()]
    expected = session.run(names, {session.get_inputs()[0].name: pictures})
    with torch.no_grad():
        found = graph(torch.from_numpy(pictures))
    found = found if isinstance(found, tuple) else (found,)
    differences = {}
    for name, values, other in zip(names, expected, found):
        gap = np.abs(values - other.numpy())
        if values.shape[-1] == 14:  # detections: rows that matter
            gap = gap[(values[..., 4] > 0.3) & (values[..., 5] == 0)]
        differences[name] = f"at most {gap.max(initial=0):.4f}, mean {gap.mean() if gap.size else 0:.5f}"
    return differences


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("task", choices=["detect", "read"])
    parser.add_argument("--model", type=Path, help="ONNX file (default: models/alpr-<task>/model.onnx)")
    parser.add_argument("--output", type=Path, required=True, help="checkpoint to write")
    parser.add_argument("--data", type=Path, default=DATA, help="data root (default: ../shared/data)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    model = options.model or Path("models") / f"alpr-{options.task}" / "model.onnx"
    net = (Detector() if options.task == "detect" else Reader(len(load_regions()))).eval()
    missing = recover(net, model)
    if options.task == "detect":
        sets = load_training_scenes(options.data)
        scenes = random.Random(3).sample([scene for scenes in sets.values() for scene in scenes], PHOTOGRAPHS)
        measure_norms(net, [letterbox(read_scene(scene))[0] for scene in scenes])
    wrapped = (DetectorGraph if options.task == "detect" else ReaderGraph)(net).eval()
    pictures = np.stack([read_rgb(path) for path in sorted((model.parent / "golden").glob("input*.png"))])
    print(f"differences on the golden pictures: {compare_with_file(wrapped, model, pictures)}")
    if missing:
        print(f"not in the file, left out: {', '.join(missing)}")
    weights = {name: value for name, value in net.state_dict().items() if name not in missing}
    options.output.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"weights": weights, "step": 0, "samples": 0, "core_seconds": 0.0}, options.output)


if __name__ == "__main__":
    main()
