"""Trains the vehicle network on roadside photographs, and on others with what its first weights see on them.

Repeat the command to go on from the checkpoint.

Examples:
  python -m training.find_unlabelled --vehicles-only
  python -m training.train_vehicles --core-minutes 60 --init training/work/vehicles-coco.pt
"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import torch

from .data.found import load_found
from .learn.precision import autocast
from .learn.run import Run, Schedule
from .measure.vehicles import score_vehicles
from .nets.vehicles import Vehicles, find_rows
from .render import DATA, WORK
from .vehicles.batches import Batch, draw_batch
from .vehicles.loss import VehicleLosses, vehicle_loss
from .vehicles.pictures import VehiclePictures
from .vehicles.scenes import SHARES, load_watched, open_scenes

CHECKED_AT = 320  # px of the long side
REPORT_EVERY, SAVE_EVERY = 20, 30  # steps, core seconds


def train(options: argparse.Namespace) -> None:
    """Trains until the core minutes are spent."""
    schedule = Schedule(
        options.rate, options.core_minutes * 60, options.decay, warm_up_steps=50, clip=10.0, averaging=0.998,
        stretch=options.stretch_minutes * 60,
    )
    run = Run(Vehicles(), schedule, options.work / options.name / "last.pt")
    if not run.resume() and options.init:
        run.start_from(options.init)
    if not options.whole:
        run.net.freeze_fine()
    rng = np.random.default_rng(options.seed + run.step)
    source = VehiclePictures(open_scenes(options.data, load_found(options.work)), SHARES)
    watched = load_watched(options.data)
    losses = []
    next_check, next_save = run.core_seconds + options.check_minutes * 60, run.core_seconds + SAVE_EVERY
    while not run.is_over:
        loss = learn(run, draw_batch(source, rng, options.batch))
        losses.append([float(part) for part in loss[1:]])
        if run.step % REPORT_EVERY == 0:
            box, there, name = np.mean(losses[-REPORT_EVERY:], 0)
            print(f"step {run.step} samples {run.samples} core {run.core_seconds:.0f} s rate {run.rate:.1e} "
                  f"box {box:.3f} there {there:.3f} name {name:.3f}", flush=True)
        if run.core_seconds > next_save:
            run.save()
            next_save = run.core_seconds + SAVE_EVERY
        if options.check_minutes and run.core_seconds > next_check:
            check(run, watched)
            next_check = run.core_seconds + options.check_minutes * 60
    run.save()
    if options.check_minutes and not run.interrupted:
        check(run, watched)


def learn(run: Run, batch: Batch) -> VehicleLosses:
    with autocast():
        raw = run.net(batch.pixels)
    loss = vehicle_loss(raw, batch.size, batch.vehicles, batch.ignored)
    run.learn(loss.total, len(batch.vehicles))
    return loss


def check(run: Run, watched: list) -> None:
    """Prints AP50 of the averaged weights on roadside photographs that are left out."""
    scores = score_vehicles(lambda pictures: find_rows(run.average, pictures), watched, CHECKED_AT)
    print(f"core {run.core_seconds:.0f} s: {json.dumps({name: round(100 * float(share), 1) for name, share in scores.items()})}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="data root (default: ../shared/data)")
    parser.add_argument("--work", type=Path, default=WORK, help="default: training/work")
    parser.add_argument("--name", default="vehicles", help="folder of the checkpoint (default: vehicles)")
    parser.add_argument("--init", type=Path, help="weights to start from (default: random)")
    parser.add_argument("--core-minutes", type=float, default=60, help="default: 60")
    parser.add_argument("--stretch-minutes", type=float, default=float("inf"), help="core minutes of this call (default: all)")
    parser.add_argument("--decay", type=float, default=0.7, help="last share with falling rate (default: 0.7)")
    parser.add_argument("--rate", type=float, default=1e-3, help="learning rate (default: 1e-3)")
    parser.add_argument("--whole", action="store_true", help="the finest layers learn, too")
    parser.add_argument("--batch", type=int, default=8, help="pictures of 416x256 (default: 8)")
    parser.add_argument("--check-minutes", type=float, default=4, help="core minutes between checks (default: 4; 0: none)")
    parser.add_argument("--seed", type=int, default=7, help="default: 7")
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(options.seed)
    train(options)


if __name__ == "__main__":
    main()
