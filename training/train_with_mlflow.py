"""Trains, exports and measures a network, and tells MLflow all of it.

What comes after -- goes to the training command. Repeat the command to go on from the checkpoint.

Examples:
  python -m training.train_with_mlflow read --mlflow http://127.0.0.1:5000 --version 0.6.0 -- --core-minutes 50
  python -m training.train_with_mlflow detect --mlflow http://127.0.0.1:5000 --version 0.6.0 --name plates6 -- --large
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from .render import DATA, WORK
from .report import make_table
from .track import open_tracker

TRAIN = {"read": "train_reader", "detect": "train_detector"}
NAMES = {"read": "reader", "detect": "detector"}


def train_with_mlflow(options: argparse.Namespace) -> Path:
    """Returns the model folder, which `alpr models register` takes."""
    name = options.name or NAMES[options.task]
    work = options.work / name
    models, about = work / "models", work / "about"
    folder = models / f"alpr-{options.task}"
    about.mkdir(parents=True, exist_ok=True)
    given = ["--init", str(options.init)] if options.init else []
    data = ["--data", str(options.data)]
    training = ["--name", name, "--work", str(options.work), *data, *given, *options.training]
    _run(TRAIN[options.task], *training, "--mlflow", options.mlflow)
    command = f"python -m training.{TRAIN[options.task]} {' '.join([*given, *options.training])}"
    start = [*given, "--init-name", options.init.stem] if options.init else []
    exported = ["--checkpoint", str(work / "last.pt"), "--version", options.version, "--models", str(models)]
    _run("export", options.task, *exported, *start, *data, "--trained-with", command)
    _run("evaluate", options.task, "--model", str(folder), "--held-out-only", "--write", *data)
    manifest = json.loads((folder / "model.json").read_text())
    (about / "held-out.md").write_text(make_table(manifest) + "\n")
    (about / "held-out.json").write_text(json.dumps(manifest["metrics"], indent=1) + "\n")
    if options.task == "read":
        _run("draw_failures", "--model", str(folder / "model.onnx"), "--out", str(about / "failures.jpg"), *data)
    tracker = open_tracker(options.mlflow, name, work)
    tracker.figures({f"held out/{row['set']}/{row['metric']}": row["value"] for row in manifest["metrics"]}, 0)
    tracker.file(about, "about")
    tracker.file(folder, "model")
    tracker.end()
    return folder


def _run(module: str, *words: str) -> None:
    subprocess.run([sys.executable, "-m", f"training.{module}", *words], check=True)


def parse(words: list[str]) -> argparse.Namespace:
    """The options; those after -- are the training command's own."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("task", choices=["read", "detect"])
    parser.add_argument("--mlflow", required=True, metavar="URL", help="address of the MLflow server")
    parser.add_argument("--version", required=True, help="of the model, e.g. 0.6.0")
    parser.add_argument("--name", help="folder of the checkpoint (default: reader or detector)")
    parser.add_argument("--init", type=Path, help="weights to start from (default: random)")
    parser.add_argument("--data", type=Path, default=DATA, help="data root (default: ../shared/data)")
    parser.add_argument("--work", type=Path, default=WORK, help="default: training/work")
    end = words.index("--") if "--" in words else len(words)
    options = parser.parse_args(words[:end])
    options.training = words[end + 1 :]
    return options


def main() -> None:
    folder = train_with_mlflow(parse(sys.argv[1:]))
    print(f"npx alpr models register {folder}")


if __name__ == "__main__":
    main()
