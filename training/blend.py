"""Blends two checkpoints of one run's path, weight by weight.

Between the weights a run began with and those it ended with often lies a network better
than both: it keeps what the first knew well. The share is chosen on held-out photographs.

Examples:
  python -m training.blend training/work/detector-0.1.0.pt training/work/detector/last.pt \\
      --share 0.7 --output training/work/detector/blend.pt
"""

import argparse
from pathlib import Path

import torch


def blend(first: dict, second: dict, share: float) -> dict:
    """(1 - share) of the first and share of the second; counters, and layers the first lacked, are the second's."""
    return {
        name: torch.lerp(first[name], value, share) if name in first and value.dtype.is_floating_point else value
        for name, value in second.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("first", type=Path, help="checkpoint the run began with")
    parser.add_argument("second", type=Path, help="checkpoint the run ended with")
    parser.add_argument("--share", type=float, default=0.7, help="of the second (default: 0.7)")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    saved = [torch.load(path, map_location="cpu", weights_only=True) for path in (options.first, options.second)]
    weights = blend(saved[0]["weights"], saved[1]["weights"], options.share)
    origin = {key: saved[1][key] for key in ("step", "samples", "core_seconds")}
    torch.save({"weights": weights, **origin}, options.output)


if __name__ == "__main__":
    main()
