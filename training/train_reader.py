"""Trains the reader on rendered and photographed plates.

Repeat the command to go on from the checkpoint. Without --init it starts from
random weights: then give it three hours, and --real 0 for the first one.

Examples:
  python -m training.train_reader --core-minutes 50 --init training/work/reader-0.1.0.pt
  python -m training.train_reader --core-minutes 1 --name smoke --batch 16
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from .data.crops import load_training_crops
from .data.sets import labels_sha256
from .learn.precision import autocast
from .learn.run import Run, Schedule
from .measure.kinds import render_kinds, score_kind
from .measure.reading import held_out_crops, read_crops, score_readings
from .nets.reader import Reader, ReaderGraph
from .package.onnx_file import IO
from .plates.formats import load_regions
from .reader.batches import ReaderBatches, RenderedCrops
from .reader.loss import ReaderLoss, reader_loss
from .reader.photographed import PhotographedCrops
from .render import DATA, WORK
from .track import Tracker, open_tracker

REPORT_EVERY = 100  # steps
CHECKED_KINDS, CHECKED_EACH = ("whole", "cut by an edge", "covered", "three lines", "stacked"), 60


def train(options: argparse.Namespace) -> None:
    """Trains until the core minutes are spent."""
    schedule = Schedule(
        options.rate,
        options.core_minutes * 60,
        options.decay,
        slow="trunk.",
        slow_share=options.trunk_share,
        slow_after=options.heads_first * 60,
        stretch=options.stretch_minutes * 60,
    )
    crops = load_training_crops(options.data)
    held_out = held_out_crops(options.data)
    kinds = render_kinds(options.data, CHECKED_EACH, CHECKED_KINDS)
    run = Run(Reader(len(load_regions())), schedule, options.work / options.name / "last.pt")
    if not run.resume():
        _begin(run, options)
    tracker = open_tracker(options.mlflow, options.name, options.work / options.name)
    tracker.parameters(vars(options))
    tracker.data({name: labels_sha256(options.data, name) for name in sorted({crop.source for crop in crops})})
    print(f"{len(crops)} photographed crops, {run.core_seconds:.0f} core seconds so far", flush=True)
    batches = ReaderBatches(
        RenderedCrops(options.work / options.rendered), PhotographedCrops(crops), options.real, options.seed + run.step
    )
    losses, next_check = [], run.core_seconds + options.check_minutes * 60
    run.net.train()
    while not run.is_over:
        run.thaw()
        pixels, truth = batches.draw(options.batch)
        with autocast():
            outputs = run.net(pixels)
        loss = reader_loss(outputs, truth)
        run.learn(loss.total, options.batch)
        losses.append(loss[1:])
        if run.step % REPORT_EVERY == 0:
            _report(run, np.mean(losses[-REPORT_EVERY:], 0), tracker)
        if run.core_seconds > next_check:
            run.save()
            _check(run, held_out, kinds, tracker)
            next_check = run.core_seconds + options.check_minutes * 60
    run.save()
    if not run.interrupted:
        _check(run, held_out, kinds, tracker)
    tracker.end()


def _begin(run: Run, options: argparse.Namespace) -> None:
    if options.init:
        run.start_from(options.init)
    elif options.trunk:
        trunk = torch.load(options.trunk, map_location="cpu", weights_only=True)["weights"]
        run.net.trunk.load_state_dict(trunk)
        run.average.trunk.load_state_dict(trunk)


def _report(run: Run, losses: np.ndarray, tracker: Tracker) -> None:
    named = dict(zip(ReaderLoss._fields[1:], losses))
    print(
        f"step {run.step} samples {run.samples} core {run.core_seconds:.0f} s rate {run.rate:.1e} "
        + " ".join(f"{name} {value:.3f}" for name, value in named.items()),
        flush=True,
    )
    tracker.figures({**{f"loss/{name}": value for name, value in named.items()}, "rate": run.rate}, run.step)


def _check(run: Run, held_out: dict, kinds: dict, tracker: Tracker) -> None:
    """Of the averaged weights: exact match on texts held out; what is read of rendered kinds, and said to be whole."""
    graph = ReaderGraph(run.average).eval()

    def read(pictures: np.ndarray):
        with torch.no_grad():
            return tuple(output.numpy() for output in graph(torch.from_numpy(pictures)))

    found, exact = {}, {}
    for name, crops in held_out.items():
        scores = score_readings(*read_crops(read, crops), [crop.text for crop in crops])
        found[name] = f"{scores['exact'] * 100:.1f} of {len(crops)}"
        exact[f"exact/{name}"] = scores["exact"]
    for kind, shown in kinds.items():
        scores = score_kind(lambda pictures: dict(zip(IO["read"]["outputs"], read(pictures))), shown, 1.0)
        found[kind] = f"{scores['exact, what is left'] * 100:.0f}, whole {scores['said to be whole'] * 100:.0f}"
        exact[f"exact/rendered {kind}"] = scores["exact, what is left"]
    print(f"core {run.core_seconds:.0f} s: {json.dumps(found)}", flush=True)
    tracker.figures(exact, run.step)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA, help="data root (default: ../shared/data)")
    parser.add_argument("--work", type=Path, default=WORK, help="default: training/work")
    parser.add_argument("--name", default="reader", help="folder of the checkpoint (default: reader)")
    parser.add_argument("--init", type=Path, help="weights to start from (default: random)")
    parser.add_argument("--trunk", type=Path, help="pretrained trunk (python -m training.take_pretrained)")
    parser.add_argument("--trunk-share", type=float, default=0.35, help="of the rate, for the trunk (default: 0.35)")
    parser.add_argument("--heads-first", type=float, default=0, help="core minutes before the trunk learns too")
    parser.add_argument("--rendered", default="rendered2", help="folder of rendered chunks (default: rendered2)")
    parser.add_argument("--core-minutes", type=float, default=180, help="default: 180")
    parser.add_argument("--stretch-minutes", type=float, default=float("inf"), help="core minutes of this call (default: all)")
    parser.add_argument("--decay", type=float, default=0.6, help="last share with falling rate (default: 0.6)")
    parser.add_argument("--rate", type=float, default=1.2e-3, help="learning rate (default: 1.2e-3)")
    parser.add_argument("--real", type=float, default=0.4, help="share of photographs (default: 0.4)")
    parser.add_argument("--batch", type=int, default=64, help="default: 64")
    parser.add_argument("--check-minutes", type=float, default=6, help="core minutes between checks")
    parser.add_argument("--seed", type=int, default=0, help="default: 0")
    parser.add_argument("--mlflow", metavar="URL", help="tell this MLflow server of the run (default: nobody)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    train(options)


if __name__ == "__main__":
    main()
