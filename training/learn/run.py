"""One training run: optimiser, learning rate, averaged weights, checkpoint, clock.

A run is measured in seconds of one core, so that it means the same on a busy
machine; it stops when they are spent and goes on from its checkpoint if repeated.
"""

import copy
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

LEAST_RATE = 0.01  # of the full learning rate, at the end of the decay


@dataclass(frozen=True)
class Schedule:
    """Warm-up steps, full rate, then a linear fall over the last part of the core seconds."""

    rate: float
    core_seconds: float
    decay_share: float
    warm_up_steps: int = 300
    weight_decay: float = 0.03
    clip: float = 5.0
    averaging: float = 0.999
    slow: str = ""  # parameters whose names begin so learn at slow_share of the rate
    slow_share: float = 1.0
    slow_after: float = 0.0  # core seconds before they learn at all
    only: str = ""  # parameters whose names lack this stay as they are, to the bit
    stretch: float = float("inf")  # core seconds of one call; the rate follows core_seconds


class Run:
    """A network in training and the average of its weights, which is what is kept."""

    def __init__(self, net: nn.Module, schedule: Schedule, checkpoint: Path):
        self.net = net.to(memory_format=torch.channels_last)
        self.schedule, self.checkpoint = schedule, checkpoint
        groups = _group_parameters(net, schedule)
        self.optimiser = torch.optim.AdamW(groups, schedule.rate, betas=(0.9, 0.98))
        self.average = copy.deepcopy(net).eval()
        self.step = self.samples = 0
        self._spent_before, self._start = 0.0, time.process_time()
        self.interrupted = False
        signal.signal(signal.SIGTERM, self._interrupt)

    def _interrupt(self, *_) -> None:
        """SIGTERM ends the run after the present step, with its checkpoint."""
        self.interrupted = True

    def start_from(self, weights: Path) -> None:
        """Begins with another run's averaged weights and a fresh optimiser; layers it lacked start random, layers only it had are left."""
        saved = torch.load(weights, map_location="cpu", weights_only=True)["weights"]
        present = self.net.state_dict()
        left = [name for name in saved if name not in present]
        if len(left) == len(saved):
            raise ValueError(f"Expected weights of this network, got others: {weights} has {left[0]}")
        if left:
            print(f"{len(left)} of {len(saved)} tensors of {weights} are left, such as {left[0]}", flush=True)
        saved = {**present, **{name: value for name, value in saved.items() if name in present}}
        self.net.load_state_dict(saved)
        self.average.load_state_dict(saved)

    def resume(self) -> bool:
        """Goes on from the checkpoint if there is one."""
        if not self.checkpoint.exists():
            return False
        saved = torch.load(self.checkpoint, map_location="cpu", weights_only=True)
        self.net.load_state_dict(saved["net"])
        self.average.load_state_dict(saved["weights"])
        self.optimiser.load_state_dict(saved["optimiser"])
        self.step, self.samples = saved["step"], saved["samples"]
        self._spent_before = saved["core_seconds"]
        return True

    @property
    def core_seconds(self) -> float:
        return self._spent_before + time.process_time() - self._start

    @property
    def is_over(self) -> bool:
        spent = self.core_seconds - self._spent_before
        return self.interrupted or spent >= self.schedule.stretch or self.core_seconds >= self.schedule.core_seconds

    def learn(self, loss: torch.Tensor, samples: int) -> None:
        """One step of the optimiser and of the average."""
        self.rate = self._rate_now()
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * (self.schedule.slow_share if group["slow"] else 1)
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), self.schedule.clip)
        self.optimiser.step()
        self.step += 1
        self.samples += samples
        self._update_average()

    def thaw(self) -> None:
        """Keeps the slow part still at the beginning, while what is new learns to use it."""
        waits = self.core_seconds < self.schedule.slow_after
        for group in self.optimiser.param_groups:
            for parameter in group["params"]:
                parameter.requires_grad_(not (waits and group["slow"]))

    def _rate_now(self) -> float:
        warm = min(1.0, (self.step + 1) / self.schedule.warm_up_steps)
        span = max(1e-9, self.schedule.decay_share * self.schedule.core_seconds)
        left = min(1.0, max(0.0, (self.schedule.core_seconds - self.core_seconds) / span))
        return self.schedule.rate * warm * (LEAST_RATE + (1 - LEAST_RATE) * left)

    @torch.no_grad()
    def _update_average(self) -> None:
        keep = min(self.schedule.averaging, (1 + self.step) / (10 + self.step))
        pairs = zip(self.average.state_dict().values(), self.net.state_dict().values())
        for mean, value in pairs:
            if mean.dtype.is_floating_point:
                mean.lerp_(value, 1 - keep)
            else:
                mean.copy_(value)

    def save(self) -> None:
        """Writes the checkpoint so that a crash never leaves half of one."""
        self.checkpoint.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.checkpoint.with_suffix(".part")
        torch.save(
            {
                "weights": self.average.state_dict(),
                "net": self.net.state_dict(),
                "optimiser": self.optimiser.state_dict(),
                "step": self.step,
                "samples": self.samples,
                "core_seconds": self.core_seconds,
            },
            unfinished,
        )
        os.replace(unfinished, self.checkpoint)


def _group_parameters(net: nn.Module, schedule: Schedule) -> list[dict]:
    """Matrices decay, vectors do not; slow parameters stand apart, and those that do not learn are left out."""
    groups, learning = [], {}
    for name, parameter in net.named_parameters():
        if schedule.only in name:
            learning[name] = parameter
        else:
            parameter.requires_grad_(False)
    for slow in (False, True):
        chosen = [p for name, p in learning.items() if slow == bool(schedule.slow and name.startswith(schedule.slow))]
        matrices, vectors = [p for p in chosen if p.ndim > 1], [p for p in chosen if p.ndim <= 1]
        if chosen:
            groups.append({"params": matrices, "weight_decay": schedule.weight_decay, "slow": slow})
            groups.append({"params": vectors, "weight_decay": 0.0, "slow": slow})
    return groups
