"""Trains the detector on photographs, mosaics and plates pasted by perspective.

Repeat the command to go on from the checkpoint. Without --init it starts from
random weights: then give it two hours.

Examples:
  python -m training.train_detector --core-minutes 40 --init training/work/detector-0.1.0.pt
  python -m training.train_detector --core-minutes 8 --vehicles-only --rate 2e-3 --init training/work/detector/last.pt
  python -m training.train_detector --core-minutes 1 --name smoke --sheet pictures.png
"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import torch

from .data.found import add_found, load_found
from .data.scenes import VEHICLE_SCENES, load_training_scenes, load_vehicle_scenes
from .data.sets import labels_sha256
from .detector.loss import Losses, detector_loss
from .detector.picture import PictureSource
from .detector.targets import Maps, VehicleMaps, make_maps, make_vehicle_maps
from .learn.precision import autocast
from .learn.run import Run, Schedule
from .measure.finding import find_in_scenes, score_found, validation_scenes
from .measure.vehicles import held_out_vehicles, score_vehicles
from .nets.detector import Detector, DetectorGraph
from .plates.plate import PlateRenderer
from .render import DATA, WORK
from .track import Tracker, open_tracker

SIZE = 384, 288  # px of a training picture; the product looks at 640x384
LARGE_SIZES = [(384, 288), (512, 384), (640, 480)]  # px: a near bus fills most of what the product looks at, a far plate little
REPORT_EVERY = 100  # steps
SAVE_EVERY = 200  # core seconds
CHECKED_AT = 0.6  # score
SHARES = {
    "det-openlpr": 0.33,
    "det-ro-dashcam": 0.10,
    "det-ocr-cn-easypr": 0.07,
    "det-cn-ccpd64-corners": 0.03,
    "det-openimages": 0.15,
    "det-kaggle-cars": 0.10,
    "det-in-punjab": 0.03,
    "det-id-makassar": 0.04,
    "veh-highway-id": 0.22,
}


SHARES_FOR_VEHICLES = {**SHARES, "det-openlpr": 0.25, "det-openimages": 0.2, "veh-highway-id": 0.7}


def open_pictures(options: argparse.Namespace) -> PictureSource:
    """All training scenes with what the teachers found on them."""
    sets = load_training_scenes(options.data)
    sets[VEHICLE_SCENES] = [scene for scene in load_vehicle_scenes(options.data) if scene.split == "train"]
    found = load_found(options.work)
    sets = {name: add_found(scenes, found, options.data) for name, scenes in sets.items()}
    print({name: len(scenes) for name, scenes in sets.items()}, flush=True)
    shares = SHARES_FOR_VEHICLES if options.vehicles_only else SHARES
    return PictureSource(sets, shares, PlateRenderer(options.data / "fonts"), SIZE, options.paste)


def draw_batch(source: PictureSource, rng: np.random.Generator, size: int):
    """Pixels [n, 3, 288, 384] and stacked target maps of plates and vehicles."""
    pictures = [source.draw(rng) for _ in range(size)]
    pixels = torch.from_numpy(np.stack([p.pixels for p in pictures])).permute(0, 3, 1, 2).float()
    maps = Maps(*_stack(map(make_maps, pictures)))
    vehicles = VehicleMaps(*_stack(map(make_vehicle_maps, pictures)))
    return pixels.contiguous(memory_format=torch.channels_last), maps, vehicles


def _stack(rows):
    return (torch.from_numpy(np.stack(part)) for part in zip(*rows))


def train(options: argparse.Namespace) -> None:
    """Trains until the core minutes are spent."""
    stretch = options.stretch_minutes * 60
    schedule = Schedule(options.rate, options.core_minutes * 60, options.decay, clip=10.0, averaging=0.998, stretch=stretch)
    run = Run(Detector(), schedule, options.work / options.name / "last.pt")
    if not run.resume() and options.init:
        run.start_from(options.init)
        if options.vehicles_only:
            for net in (run.net, run.average):
                net.begin_vehicles()
    source = open_pictures(options)
    tracker = open_tracker(options.mlflow, options.name, options.work / options.name)
    tracker.parameters(vars(options))
    tracker.data({name: labels_sha256(options.data, name) for name in SHARES})
    rng = np.random.default_rng(options.seed + run.step)
    validation = {} if options.vehicles_only else validation_scenes(options.data)
    roadside = held_out_vehicles(options.data) if options.vehicles_only else []
    losses, next_check = [], run.core_seconds + options.check_minutes * 60
    next_save = run.core_seconds + SAVE_EVERY
    run.net.train()
    if options.vehicles_only:
        run.net.freeze_plates()
    while not run.is_over:
        source.size, batch = _choose_size(options, rng)
        pixels, maps, vehicles = draw_batch(source, rng, batch)
        with autocast():
            raw = run.net(pixels, options.vehicles_apart)
        loss = detector_loss(raw, maps, vehicles, not options.vehicles_only)
        run.learn(loss.total, batch)
        losses.append([float(part) for part in loss[1:]])
        if run.step % REPORT_EVERY == 0:
            _report(run, np.mean(losses[-REPORT_EVERY:], 0), tracker)
        if run.core_seconds > next_save:
            run.save()
            next_save = run.core_seconds + SAVE_EVERY
        if options.check_minutes and run.core_seconds > next_check:
            _check(run, validation, roadside, tracker)
            next_check = run.core_seconds + options.check_minutes * 60
    run.save()
    if options.check_minutes and not run.interrupted:
        _check(run, validation, roadside, tracker)
    tracker.end()


def _choose_size(options: argparse.Namespace, rng: np.random.Generator) -> tuple[tuple[int, int], int]:
    """Size of the pictures of a batch, and how many of them cost about as much as a batch of small ones."""
    if not (options.vehicles_only or options.large):
        return SIZE, options.batch
    width, height = size = LARGE_SIZES[int(rng.integers(len(LARGE_SIZES)))]
    return size, max(2, round(options.batch * SIZE[0] * SIZE[1] / (width * height)))


def _report(run: Run, losses: np.ndarray, tracker: Tracker) -> None:
    print(
        f"step {run.step} samples {run.samples} core {run.core_seconds:.0f} s rate {run.rate:.1e} "
        f"heat {losses[0]:.3f} box {losses[1]:.3f} corners {losses[2]:.4f} "
        f"vehicles {losses[3]:.3f} {losses[4]:.3f}",
        flush=True,
    )
    named = {f"loss/{name}": value for name, value in zip(Losses._fields[1:], losses)}
    tracker.figures({**named, "rate": run.rate}, run.step)


def _check(run: Run, validation: dict, roadside: list, tracker: Tracker) -> None:
    """AP50, recall and precision of the averaged weights on held-out photographs, of plates or of vehicles."""
    graph = DetectorGraph(run.average).eval()

    def find(picture: np.ndarray) -> np.ndarray:
        with torch.no_grad(), autocast():
            return graph(torch.from_numpy(picture)).float().numpy()

    found, figures = {}, {}
    for name, scenes in validation.items():
        scores = score_found(find_in_scenes(find, scenes), CHECKED_AT)
        figures |= {f"{key}/{name}": scores[key] for key in ("AP50", "recall", "precision")}
        found[name] = [round(scores[key] * 100, 1) for key in ("AP50", "recall", "precision")]
    if roadside:
        figures = {f"vehicles/{name}": float(share) for name, share in score_vehicles(find, roadside).items()}
        found = {name.removeprefix("vehicles/"): round(share * 100, 1) for name, share in figures.items()}
    print(f"core {run.core_seconds:.0f} s: {json.dumps(found)}", flush=True)
    tracker.figures(figures, run.step)


def draw_sheet(source: PictureSource, path: Path) -> None:
    """Twelve training pictures with their targets (green: trusted corners) and ignored cells."""
    rng = np.random.default_rng(0)
    pictures = []
    for _ in range(12):
        picture = source.draw(rng)
        shown = picture.pixels.copy()
        shown[picture.ignored] //= 2
        for target in picture.targets:
            colour = (0, 255, 0) if target.trust else (255, 160, 0)
            cv2.polylines(shown, [np.int32(target.quad)], True, colour, 1)
        shown[picture.ignored_vehicles, 0] = 200
        for box, kind in picture.vehicles:
            x0, y0, x1, y1 = map(int, box)
            cv2.rectangle(shown, (x0, y0), (x1 - 1, y1 - 1), (0, 160, 255), 1)
            cv2.putText(shown, "?ctbm"[kind], (x0 + 3, y0 + 14), 0, 0.5, (0, 160, 255), 1)
        pictures.append(shown)
    rows = [np.hstack(pictures[start : start + 4]) for start in range(0, 12, 4)]
    cv2.imwrite(str(path), np.vstack(rows)[:, :, ::-1])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA, help="data root (default: ../shared/data)")
    parser.add_argument("--work", type=Path, default=WORK, help="default: training/work")
    parser.add_argument("--name", default="detector", help="folder of the checkpoint (default: detector)")
    parser.add_argument("--init", type=Path, help="weights to start from (default: random)")
    parser.add_argument("--core-minutes", type=float, default=120, help="default: 120")
    parser.add_argument("--stretch-minutes", type=float, default=float("inf"), help="core minutes of this call (default: all)")
    parser.add_argument("--decay", type=float, default=0.5, help="last share with falling rate (default: 0.5)")
    parser.add_argument("--rate", type=float, default=1.2e-3, help="learning rate (default: 1.2e-3)")
    parser.add_argument("--paste", type=float, default=0.35, help="share with pasted plates (default: 0.35)")
    parser.add_argument("--vehicles-only", action="store_true", help="leave all that finds plates as it is")
    parser.add_argument("--vehicles-apart", action="store_true", help="what vehicles learn does not reach the plates' layers")
    parser.add_argument("--large", action="store_true", help="pictures up to the product's size, as --vehicles-only has")
    parser.add_argument("--batch", type=int, default=10, help="default: 10")
    parser.add_argument("--check-minutes", type=float, default=8, help="core minutes between checks (default: 8; 0: none)")
    parser.add_argument("--seed", type=int, default=5, help="default: 5")
    parser.add_argument("--sheet", type=Path, help="draw training pictures into this file and stop")
    parser.add_argument("--mlflow", metavar="URL", help="tell this MLflow server of the run (default: nobody)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(options.seed)
    if options.sheet:
        draw_sheet(open_pictures(options), options.sheet)
        return
    train(options)


if __name__ == "__main__":
    main()
