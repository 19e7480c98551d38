"""The sets and the licence wall between those that train and those that measure."""

import hashlib
import json
from pathlib import Path
from typing import NamedTuple


class PictureSet(NamedTuple):
    """A folder of the data root with its licence; `trains` is the licence wall."""

    name: str
    licence: str
    trains: bool


_TRAIN = [
    ("det-openlpr", "Apache-2.0"),
    ("det-ro-dashcam", "MIT"),
    ("det-ocr-cn-easypr", "Apache-2.0"),
    ("det-cn-ccpd64-corners", "MIT"),
    ("det-openimages", "CC-BY-2.0 photos, CC-BY-4.0 boxes"),
    ("det-kaggle-cars", "CC0-1.0"),
    ("det-id-makassar", "Public domain"),
    ("det-in-punjab", "CC-BY-4.0"),
    ("ocr-world", "Apache-2.0 and MIT photos, own labels"),
    ("ocr-openimages", "CC-BY-2.0 photos, own labels"),
    ("ocr-kaggle-cars", "CC0-1.0 photos, own labels"),
    ("ocr-id-makassar", "Public domain photos, own labels"),
    ("ocr-in-punjab", "CC-BY-4.0 photos, own labels"),
    ("ocr-cn-lprnet", "Apache-2.0"),
    ("veh-highway-id", "CC-BY-4.0"),
    ("corrections", "your own, by alpr export training"),
]
_MEASURE = [
    ("det-ocr-french", "none stated"),
    ("det-egypt-motorcycle", "unclear"),
    ("ocr-us-states", "AGPL-3.0"),
    ("ocr-br", "AGPL-3.0"),
    ("ocr-eu-twoline", "AGPL-3.0"),
    ("ocr-ar", "GPL-3.0"),
]
SETS = {
    name: PictureSet(name, licence, trains)
    for rows, trains in ((_TRAIN, True), (_MEASURE, False))
    for name, licence in rows
}


def read_labels(root: Path, name: str) -> list[dict]:
    """The rows of a set's labels.jsonl, each with its folder under `folder`."""
    folder = Path(root) / name
    lines = (folder / "labels.jsonl").read_text().splitlines()
    return [{**json.loads(line), "folder": str(folder)} for line in lines if line]


def labels_sha256(root: Path, name: str) -> str:
    """The hash that pins which rows trained a model."""
    return hashlib.sha256((Path(root) / name / "labels.jsonl").read_bytes()).hexdigest()


def require_train(name: str) -> None:
    """Refuses sets beyond the licence wall."""
    if not SETS[name].trains:
        raise ValueError(f"{name} is measure-only ({SETS[name].licence}): it must not train a model")
