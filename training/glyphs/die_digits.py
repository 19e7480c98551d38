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
    form = d.choose("zero", plain=0.72, slashed=0.12, narrow=0.1, notched=0.06)
    if form == "narrow":  # an O is wider
        inset = d.width * 0.09
        return [d.ring(d.left + inset, d.top, d.right - inset, d.bottom)]
    if form == "notched":  # slit at the upper right, as in Germany
        path = (d.right, d.top + CAP_HEIGHT * 0.2), (d.right, d.bottom), (d.left, d.bottom), (d.left, d.top)
        return [d.curve(*path, (d.right - d.half, d.top), (d.right - d.half, d.top + CAP_HEIGHT * 0.12))]
    strokes = [d.ring(d.left, d.top, d.right, d.bottom)]
    if form == "slashed":  # as in Austria once and in some states
        inset = 2 * d.half
        strokes.append(d.line((d.left + inset, d.bottom - 1.5 * inset), (d.right - inset, d.top + 1.5 * inset)))
    return strokes


def _one(d) -> list[Stroke]:
    stem = (d.centre, d.top), (d.centre, d.bottom)
    flag = d.centre - d.width * 0.27, d.top + CAP_HEIGHT * d.rng.uniform(0.1, 0.22)
    form = d.choose("one", bar=0.2, flag=0.35, foot=0.25, corner=0.2)
    if form == "bar":
        return [d.line(*stem)]
    if form == "flag":
        return [d.line(flag, *stem)]
    if form == "foot":
        foot = d.line((d.centre - d.width * 0.3, d.bottom), (d.centre + d.width * 0.3, d.bottom))
        return [d.line(flag, *stem), foot]
    return [d.line((d.centre - d.width * 0.25, d.top), *stem)]


def _two(d) -> list[Stroke]:
    start = [(d.left, d.top + CAP_HEIGHT * 0.2), (d.left, d.top), (d.right, d.top)]
    foot = [(d.left, d.bottom), (d.right, d.bottom)]
    if d.choose("two", swept=0.5, stepped=0.5) == "swept":
        return [d.curve(*start, (d.right, d.middle * 0.95), *foot, sharp=(4,))]
    neck = [(d.right, d.middle), (d.left, d.middle + CAP_HEIGHT * 0.12)]
    return [d.curve(*start, *neck, *foot, sharp=(5,))]


def _three(d) -> list[Stroke]:
    hook = CAP_HEIGHT * 0.18
    lower_end = (d.right, d.bottom), (d.left, d.bottom), (d.left, d.bottom - hook)
    if d.choose("three", round=0.7, flat=0.3) == "round":
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
    form = d.choose("four", closed=0.55, open=0.3, square=0.15)
    if form == "closed":
        stem = d.width * 0.62
        return [d.line((stem, d.bottom), (stem, d.top), (d.left, bar), (d.right, bar))]
    if form == "square":  # two upright legs
        stem = d.right - d.width * 0.1
        return [d.line((d.left, d.top), (d.left, d.middle), (d.right, d.middle)), d.line((stem, d.top), (stem, d.bottom))]
    stem = d.width * 0.68
    return [
        d.line((d.width * 0.45, d.top), (d.left, bar), (d.right, bar)),
        d.line((stem, d.middle), (stem, d.bottom)),
    ]


def _five(d) -> list[Stroke]:
    lower = [(d.right, d.waist), (d.right, d.bottom), (d.left, d.bottom), (d.left, d.bottom - CAP_HEIGHT * 0.18)]
    if d.choose("five", upright=0.6, leaning=0.4) == "upright":
        return [d.curve((d.right, d.top), (d.left, d.top), (d.left, d.waist), *lower, sharp=(1, 2))]
    shoulder = [(d.left + d.width * 0.06, d.top), (d.left, d.waist + CAP_HEIGHT * 0.04)]
    rise = (d.centre, d.waist - CAP_HEIGHT * 0.03)
    return [d.curve((d.right, d.top), *shoulder, rise, *lower, sharp=(1, 2))]


def _six(d) -> list[Stroke]:
    bowl = d.ring(d.left, d.waist, d.right, d.bottom)
    form = d.choose("six", straight=0.35, hooked=0.5, blunt=0.15)
    if form == "straight":
        return [bowl, d.curve((d.left, d.bottom - CAP_HEIGHT * 0.3), (d.left, d.middle), (d.width * 0.68, d.top))]
    if form == "blunt":  # the neck ends over the bowl without turning down
        return [bowl, d.curve((d.left, d.bottom - CAP_HEIGHT * 0.25), (d.left, d.top), (d.right, d.top))]
    hook = (d.right, d.top), (d.right, d.top + CAP_HEIGHT * 0.18)
    return [bowl, d.curve((d.left, d.bottom - CAP_HEIGHT * 0.25), (d.left, d.top), *hook)]


def _seven(d) -> list[Stroke]:
    form = d.choose("seven", straight=0.5, bent=0.38, hooked=0.12)
    if form == "bent":
        fall = (d.right, d.top + CAP_HEIGHT * 0.15), (d.centre, d.middle), (d.centre * 0.9, d.bottom)
        return [d.curve((d.left, d.top), (d.right, d.top), *fall)]
    start = [(d.left, d.top + CAP_HEIGHT * 0.14)] if form == "hooked" else []
    return [d.line(*start, (d.left, d.top), (d.right, d.top), (d.width * 0.35, d.bottom))]


def _eight(d) -> list[Stroke]:
    upper = d.ring(d.left + d.waist_inset, d.top, d.right - d.waist_inset, d.waist)
    return [upper, d.ring(d.left, d.waist, d.right, d.bottom)]
