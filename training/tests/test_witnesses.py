"""What trains the witnesses is what they are given in the shipped file."""

import unittest
from pathlib import Path

import numpy as np
import torch

from training.nets.reader import Reader
from training.package.onnx_file import open_session
from training.plates.formats import load_regions
from training.reader.batches import encode_labels
from training.recover import recover
from training.train_witnesses import Memory, Seen, open_eyes

READER = Path("models/alpr-read/model.onnx")


class WitnessesTest(unittest.TestCase):
    def test_answer_as_the_file_does(self):
        pixels = torch.from_numpy(np.random.default_rng(3).integers(0, 256, (3, 3, 64, 128), dtype=np.uint8)).float()
        net = Reader(len(load_regions())).eval()
        recover(net, READER)
        seen = open_eyes(READER)(pixels)
        with torch.no_grad():
            found = [logits.sigmoid().numpy() for logits in net.witness(seen.key, seen.value, seen.middle)]
        plates = pixels.permute(0, 2, 3, 1).to(torch.uint8).contiguous().numpy()
        expected = open_session(READER).run(["whole", "unread"], {"plates": plates})
        np.testing.assert_allclose(found, expected, atol=1e-4)

    def test_memory_keeps_the_last_crops_with_their_labels(self):
        memory = Memory(4)
        for start in (0, 2, 4):
            numbers = torch.arange(start, start + 2).float()
            truth = encode_labels([{"text": str(int(number)), "whole": True} for number in numbers], ["de"])
            memory.keep(Seen(*(numbers[:, None, None] for _ in Seen._fields)), truth)
        seen, truth = memory.draw(np.random.default_rng(0), 50)
        self.assertEqual(sorted(set(seen.key.flatten().tolist())), [2, 3, 4, 5])
        self.assertEqual((truth.classes[:, 0] - 1).tolist(), seen.key.flatten().tolist())


if __name__ == "__main__":
    unittest.main()
