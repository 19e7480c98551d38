"""A training that names no MLflow tells nobody and needs nothing."""

import sys
import tempfile
import unittest
from pathlib import Path

from training.track import _plain, open_tracker
from training.train_with_mlflow import parse


class Track(unittest.TestCase):
    def test_without_an_address_nothing_is_imported_or_kept(self):
        with tempfile.TemporaryDirectory() as folder:
            tracker = open_tracker(None, "reader", Path(folder))
            tracker.parameters({"rate": 1e-3})
            tracker.figures({"loss": 1.0}, 100)
            tracker.file(Path(folder), "model")
            tracker.end()
            self.assertEqual(list(Path(folder).iterdir()), [])
        self.assertNotIn("mlflow", sys.modules)

    def test_names_have_only_what_mlflow_takes(self):
        self.assertEqual(_plain("exact/ocr-world (held-out texts), 1"), "exact/ocr-world held-out texts 1")

    def test_words_after_two_dashes_go_to_the_training_command(self):
        options = parse("read --mlflow http://localhost:5000 --version 1.2.3 -- --core-minutes 3 --batch 16".split())
        self.assertEqual((options.task, options.version), ("read", "1.2.3"))
        self.assertEqual(options.training, ["--core-minutes", "3", "--batch", "16"])


if __name__ == "__main__":
    unittest.main()
