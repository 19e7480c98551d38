"""Trains `whole` and `unread` alone, on what the shipped reader sees: its texts stay as they are, to the bit.

The quantised file looks at each crop once, and what it sees is learnt from several times: looking costs more than
learning. Repeat the command to go on from the checkpoint, which `add_witnesses` puts into the file.

Example:
  python -m training.recover read --output training/work/reader-0.6.0.pt
  python -m training.train_witnesses --init training/work/reader-0.6.0.pt --rendered rendered3 --core-minutes 20
"""

import argparse
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
import torch

from .add_witnesses import SEEN, end_of
from .data.crops import load_training_crops
from .learn.run import Run, Schedule
from .nets.reader import WITNESSES, Reader
from .package.onnx_file import open_session
from .plates.formats import load_regions
from .reader.batches import ReaderBatches, RenderedCrops, Truth
from .reader.loss import witness_losses
from .reader.photographed import PhotographedCrops
from .render import DATA, WORK

FRESH, AGAIN = 32, 96  # crops of a step: looked at now, and before
REMEMBERED = 24_000  # crops, 150 kB each
REPORT_EVERY, SAVE_EVERY = 50, 300  # steps


class Seen(NamedTuple):
    """What a reader sees of crops: keys and values [n, 64, width], the trunk's middle, the slots it answers."""

    key: torch.Tensor
    value: torch.Tensor
    middle: torch.Tensor
    slots: torch.Tensor


def open_eyes(model: Path):
    """A function of float pixels [n, 3, 64, 128] to `Seen`, by the file itself."""
    reader = onnx.load(str(model))
    ends = [end_of(reader.graph, name) for name in SEEN]
    known = {output.name for output in reader.graph.output}
    reader.graph.output.extend(onnx.helper.make_empty_tensor_value_info(name) for name in ends if name not in known)
    session = open_session(reader.SerializeToString())

    def look(pixels: torch.Tensor) -> Seen:
        plates = pixels.permute(0, 2, 3, 1).round().to(torch.uint8).contiguous().numpy()
        key, value, middle, slots = (torch.from_numpy(part) for part in session.run([*ends, "slots"], {"plates": plates}))
        return Seen(_join_heads(key), _join_heads(value), middle, slots)

    return look


def _join_heads(x: torch.Tensor) -> torch.Tensor:
    """Tokens as the file gives them to queries, split into heads, to [N, tokens, width]."""
    if x.shape[2] < x.shape[3]:  # keys are transposed for the product: [N, heads, width / heads, tokens]
        x = x.transpose(2, 3)
    return x.transpose(1, 2).flatten(2)


class Memory:
    """The last crops that were looked at, as float16."""

    def __init__(self, size: int):
        self.size, self.parts, self.count = size, None, 0

    def keep(self, seen: Seen, truth: Truth) -> None:
        rows = [part.half() if part.is_floating_point() else part for part in (*seen, *truth)]
        if self.parts is None:
            self.parts = [torch.empty((self.size, *part.shape[1:]), dtype=part.dtype) for part in rows]
        places = torch.arange(self.count, self.count + len(rows[0])) % self.size
        for whole, part in zip(self.parts, rows):
            whole[places] = part
        self.count += len(places)

    def draw(self, rng: np.random.Generator, count: int) -> tuple[Seen, Truth]:
        chosen = torch.from_numpy(rng.integers(min(self.count, self.size), size=count))
        rows = [part[chosen] for part in self.parts]
        rows = [part.float() if part.is_floating_point() else part for part in rows]
        return Seen(*rows[: len(Seen._fields)]), Truth(*rows[len(Seen._fields) :])


def train(options: argparse.Namespace) -> None:
    """Trains until the core minutes are spent."""
    schedule = Schedule(
        options.rate, options.core_minutes * 60, options.decay, only="witness", stretch=options.stretch_minutes * 60
    )
    run = Run(Reader(len(load_regions())), schedule, options.work / options.name / "last.pt")
    if not run.resume():
        run.start_from(options.init)
    look, memory = open_eyes(options.model), Memory(REMEMBERED)
    rng = np.random.default_rng(options.seed + run.step)
    batches = ReaderBatches(
        RenderedCrops(options.work / options.rendered), PhotographedCrops(load_training_crops(options.data)),
        options.real, options.seed + run.step,
    )
    losses = []
    run.net.train()
    while not run.is_over:
        pixels, truth = batches.draw(FRESH)
        memory.keep(look(pixels), truth)
        seen, truth = memory.draw(rng, FRESH + AGAIN)
        parts = witness_losses(run.net.witness(seen.key, seen.value, seen.middle), seen.slots, truth)
        run.learn(sum(parts), FRESH)
        losses.append([float(part.detach()) for part in parts])
        if run.step % REPORT_EVERY == 0:
            named = zip(WITNESSES, np.mean(losses[-REPORT_EVERY:], 0))
            print(f"step {run.step} crops {run.samples} core {run.core_seconds:.0f} s rate {run.rate:.1e} "
                  + " ".join(f"{name} {value:.3f}" for name, value in named), flush=True)
        if run.step % SAVE_EVERY == 0:
            run.save()
    run.save()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="data root (default: ../shared/data)")
    parser.add_argument("--work", type=Path, default=WORK, help="default: training/work")
    parser.add_argument("--name", default="witnesses", help="folder of the checkpoint (default: witnesses)")
    parser.add_argument("--init", type=Path, required=True, help="the weights of the reader (python -m training.recover)")
    parser.add_argument("--model", type=Path, default=Path("models/alpr-read/model.onnx"), help="the reader itself (default: the shipped one)")
    parser.add_argument("--rendered", default="rendered2", help="folder of rendered chunks (default: rendered2)")
    parser.add_argument("--core-minutes", type=float, default=20, help="default: 20")
    parser.add_argument("--stretch-minutes", type=float, default=float("inf"), help="core minutes of this call (default: all)")
    parser.add_argument("--decay", type=float, default=0.8, help="last share with falling rate (default: 0.8)")
    parser.add_argument("--rate", type=float, default=1e-3, help="learning rate (default: 1e-3)")
    parser.add_argument("--real", type=float, default=0.35, help="share of photographs (default: 0.35)")
    parser.add_argument("--seed", type=int, default=0, help="default: 0")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    train(options)


if __name__ == "__main__":
    main()
