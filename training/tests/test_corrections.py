"""What `alpr export training` writes is a set that training loads. test/review/ holds that it writes this very file."""

import hashlib
import json
import shutil
import tempfile
import unittest
from pathlib import Path

import numpy as np

from training.data import crops, sets
from training.data.split import is_text_held_out

FIXTURE = Path(__file__).parent / "corrections"


class Corrections(unittest.TestCase):
    def test_a_row_is_a_crop_with_its_corners(self):
        (crop,) = crops.load_crops(FIXTURE.parent, "corrections")
        self.assertEqual((crop.text, crop.lines, crop.region), ("AB12CDE", 1, "gb"))
        plate = crops.rectify_crop(crop)
        self.assertEqual(plate.shape, (64, 128, 3))
        # The corners lie on the white plate: cut there, little of the dark surroundings is left at the edges.
        edges = np.concatenate([plate[6, 8:-8], plate[-7, 8:-8], plate[8:-8, 5], plate[8:-8, -6]])
        self.assertGreater(np.median(edges), 200)

    def test_its_hashes_pin_the_rows_and_the_pictures(self):
        written = json.loads((FIXTURE / "set.json").read_text())
        self.assertEqual(written["labels_sha256"], sets.labels_sha256(FIXTURE.parent, written["set"]))
        rows = sets.read_labels(FIXTURE.parent, written["set"])
        self.assertEqual(len(rows), written["rows"])
        for row in rows:
            picture = (FIXTURE / row["file"]).read_bytes()
            self.assertEqual(row["sha256"], hashlib.sha256(picture).hexdigest())
        sets.require_train(written["set"])

    def test_own_corrections_train_where_they_are_there(self):
        with tempfile.TemporaryDirectory() as root:
            known, crops.TRAIN_CROPS[:] = list(crops.TRAIN_CROPS), []
            try:
                self.assertEqual(crops.load_training_crops(Path(root)), [])
                shutil.copytree(FIXTURE, Path(root) / "corrections")
                texts = [crop.text for crop in crops.load_training_crops(Path(root))]
            finally:
                crops.TRAIN_CROPS[:] = known
        self.assertEqual(texts, [] if is_text_held_out("AB12CDE") else ["AB12CDE"])


if __name__ == "__main__":
    unittest.main()
