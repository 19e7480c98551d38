"""The ten digits of a die, as lists of strokes."""

import numpy as np

from .field import CAP_HEIGHT
from .strokes import Stroke


def draw_digits(die) -> dict[str, list[Stroke]]:
    """Each digit in one of the forms that plates use, chosen by the die."""
    six = _six(die)
    turned = [Stroke(np.float32([die.width, CAP_HEIGHT]) - s.points, s.closed) for s in six]
    return {
        "0": _zero(die),
        "1": _one(die),
        "2": _two(die),
        "3": _three(die),
        "4": _four(die),
        "5": _five(die),
        "6": six,
        "7": _seven(die),
        "8": _eight(die),
        "9": turned,
    }


def _zero(d) -> list[Stroke]:
    strokes = [d.ring(d.left, d.top, d.right, d.bottom)]
    if d.chance(0.12):  # slashed, as in AT and some US states
        inset = 2 * d.half
        strokes.append(d.line((d.left + inset, d.bottom - 1.5 * inset), (d.right - inset, d.top + 1.5 * inset)))
    return strokes


def _one(d) -> list[Stroke]:
    stem = (d.centre, d.top), (d.centre, d.bottom)
    flag = d.centre - d.width * 0.27, d.top + CAP_HEIGHT * 0.165
    form = d.rng.integers(4)
    if form == 0:
        return [d.line(*stem)]
    if form == 1:
        return [d.line(flag, *stem)]
    if form == 2:
        foot = d.line((d.centre - d.width * 0.3, d.bottom), (d.centre + d.width * 0.3, d.bottom))
        return [d.line(flag, *stem), foot]
    return [d.line((d.centre - d.width * 0.25, d.top), *stem)]


def _two(d) -> list[Stroke]:
    start = [(d.left, d.top + CAP_HEIGHT * 0.2), (d.left, d.top), (d.right, d.top)]
    foot = [(d.left, d.bottom), (d.right, d.bottom)]
    if d.chance(0.5):
        return [d.curve(*start, (d.right, d.middle * 0.95), *foot, sharp=(4,))]
    neck = [(d.right, d.middle), (d.left, d.middle + CAP_HEIGHT * 0.12)]
    return [d.curve(*start, *neck, *foot, sharp=(5,))]


def _three(d) -> list[Stroke]:
    hook = CAP_HEIGHT * 0.18
    lower_end = (d.right, d.bottom), (d.left, d.bottom), (d.left, d.bottom - hook)
    if d.chance(0.7):
        nose = d.centre - d.width * 0.1, d.waist
        upper = d.curve((d.left, d.top + hook), (d.left, d.top), (d.right, d.top), (d.right, d.waist), nose)
        return [upper, d.curve(nose, (d.right, d.waist), *lower_end)]
    nose = d.centre, d.waist * 0.85
    return [
        d.line((d.left, d.top), (d.right, d.top), nose),
        d.curve(nose, (d.right, d.waist * 0.95), *lower_end),
    ]


def _four(d) -> list[Stroke]:
    bar = d.bottom - CAP_HEIGHT * d.rng.uniform(0.2, 0.3)
    if d.chance(0.6):  # closed
        stem = d.width * 0.62
        return [d.line((stem, d.bottom), (stem, d.top), (d.left, bar), (d.right, bar))]
    stem = d.width * 0.68
    return [
        d.line((d.width * 0.45, d.top), (d.left, bar), (d.right, bar)),
        d.line((stem, d.middle), (stem, d.bottom)),
    ]


def _five(d) -> list[Stroke]:
    lower = [(d.right, d.waist), (d.right, d.bottom), (d.left, d.bottom), (d.left, d.bottom - CAP_HEIGHT * 0.18)]
    if d.chance(0.6):
        return [d.curve((d.right, d.top), (d.left, d.top), (d.left, d.waist), *lower, sharp=(1, 2))]
    shoulder = [(d.left + d.width * 0.06, d.top), (d.left, d.waist + CAP_HEIGHT * 0.04)]
    rise = (d.centre, d.waist - CAP_HEIGHT * 0.03)
    return [d.curve((d.right, d.top), *shoulder, rise, *lower, sharp=(1, 2))]


def _six(d) -> list[Stroke]:
    bowl = d.ring(d.left, d.waist, d.right, d.bottom)
    if d.chance(0.4):  # straight neck
        return [bowl, d.curve((d.left, d.bottom - CAP_HEIGHT * 0.3), (d.left, d.middle), (d.width * 0.68, d.top))]
    hook = (d.right, d.top), (d.right, d.top + CAP_HEIGHT * 0.18)
    return [bowl, d.curve((d.left, d.bottom - CAP_HEIGHT * 0.25), (d.left, d.top), *hook)]


def _seven(d) -> list[Stroke]:
    if d.chance(0.6):
        return [d.line((d.left, d.top), (d.right, d.top), (d.width * 0.35, d.bottom))]
    fall = (d.right, d.top + CAP_HEIGHT * 0.15), (d.centre, d.middle), (d.centre * 0.9, d.bottom)
    return [d.curve((d.left, d.top), (d.right, d.top), *fall)]


def _eight(d) -> list[Stroke]:
    upper = d.ring(d.left + d.waist_inset, d.top, d.right - d.waist_inset, d.waist)
    return [upper, d.ring(d.left, d.waist, d.right, d.bottom)]
