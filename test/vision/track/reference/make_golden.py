"""Writes golden.json: what the authors' ByteTrack answers to made-up sequences.

Usage: python make_golden.py PATH_OF_A_BYTETRACK_CHECKOUT > golden.json

Runs the original implementation (github.com/ifzhang/ByteTrack, MIT, not part
of this repository) with numpy, scipy and lap. Two of its imports are replaced:
torch is not needed for arrays, and cython_bbox, which adds one pixel to each
side, by the plain intersection over union that the paper speaks of.
"""

import json
import sys
import types
from types import SimpleNamespace

import numpy as np


def plain_ious(a, b):
    a, b = a[:, None], b[None]
    shared = (np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2])).clip(0).prod(-1)
    area = lambda box: (box[..., 2:] - box[..., :2]).prod(-1)
    return shared / (area(a) + area(b) - shared)


def load_tracker(checkout):
    np.float = float
    for name in ("torch", "torch.nn", "torch.nn.functional", "cv2"):
        sys.modules[name] = types.ModuleType(name)
    sys.modules["torch"].nn = sys.modules["torch.nn"]
    sys.modules["torch.nn"].functional = sys.modules["torch.nn.functional"]
    sys.modules["cython_bbox"] = SimpleNamespace(bbox_overlaps=plain_ious)
    sys.path.insert(0, checkout)
    from yolox.tracker.basetrack import BaseTrack
    from yolox.tracker.byte_tracker import BYTETracker

    return BaseTrack, BYTETracker


def simulate(seed, objects, frames, *, jitter, miss, weak, false):
    """Boxes that cross a 1280 × 720 picture, with gaps, weak scores and false boxes."""
    rng = np.random.default_rng(seed)
    paths = []
    for index in range(objects):
        start = rng.uniform((50, 100), (1230, 620))
        target = (1280 - start[0], rng.uniform(100, 620))
        born = 0 if index < objects / 2 else int(rng.integers(0, frames // 3))
        dies = frames if index % 3 else int(rng.integers(frames // 2, frames))
        width, height = rng.uniform(60, 160), rng.uniform(50, 120)
        gap = int(rng.integers(born + 5, max(born + 6, dies - 8)))
        paths.append((start, np.array(target), born, dies, width, height, gap, int(rng.integers(2, 9))))
    rows = []
    for frame in range(frames):
        row = []
        for start, target, born, dies, width, height, gap, length in paths:
            if not born <= frame < dies or gap <= frame < gap + length or rng.random() < miss:
                continue
            x, y = start + (target - start) * frame / frames + rng.normal(0, jitter, 2)
            w, h = np.array((width, height)) * (1 + frame / frames / 2) + rng.normal(0, jitter, 2)
            score = rng.uniform(0.15, 0.45) if rng.random() < weak else rng.uniform(0.55, 0.98)
            row.append([x - w / 2, y - h / 2, x + w / 2, y + h / 2, score])
        for _ in range(rng.poisson(false)):
            x, y = rng.uniform((0, 0), (1200, 640))
            row.append([x, y, x + rng.uniform(30, 90), y + rng.uniform(20, 60), rng.uniform(0.12, 0.75)])
        rows.append([[round(float(value), 3) for value in box] for box in row])
    return rows


SEQUENCES = {
    "two cross": dict(seed=1, objects=2, frames=60, jitter=1.0, miss=0.0, weak=0.1, false=0.0),
    "eight cross with gaps": dict(seed=2, objects=8, frames=90, jitter=1.5, miss=0.05, weak=0.2, false=0.3),
    "crowd with long gaps": dict(seed=3, objects=25, frames=80, jitter=2.0, miss=0.12, weak=0.25, false=1.0),
    "nothing, then a few": dict(seed=4, objects=4, frames=70, jitter=3.0, miss=0.35, weak=0.4, false=0.5),
}


def main():
    BaseTrack, BYTETracker = load_tracker(sys.argv[1])
    golden = []
    for name, settings in SEQUENCES.items():
        frames = simulate(**settings)
        if name.startswith("nothing"):
            frames = [[]] * 3 + frames
        BaseTrack._count = 0
        tracker = BYTETracker(SimpleNamespace(track_thresh=0.5, track_buffer=30, match_thresh=0.8, mot20=False), 30)
        answers = []
        for boxes in frames:
            array = np.array(boxes, float).reshape(-1, 5)
            seen = tracker.update(array.copy(), (720, 1280), (720, 1280))
            answers.append(sorted([int(t.track_id), *(round(float(v), 3) for v in t.tlbr)] for t in seen))
        golden.append({"name": name, "frames": frames, "tracks": answers})
    json.dump({"computed_by": "ifzhang/ByteTrack d1bf019, MIT; numpy, scipy, lap", "sequences": golden}, sys.stdout)


if __name__ == "__main__":
    main()
