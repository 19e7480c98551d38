"""The twenty-six letters of a die, as lists of strokes."""

from .field import CAP_HEIGHT
from .strokes import Stroke


def draw_letters(die) -> dict[str, list[Stroke]]:
    """Each letter in one of the forms that plates use, chosen by the die."""
    return {**_round(die), **_straight(die), **_diagonal(die), **_wide(die)}


def _round(d) -> dict[str, list[Stroke]]:
    left, right, top, bottom = d.left, d.right, d.top, d.bottom
    arch = (right, top + d.terminal), (right, top), (left, top), (left, bottom), (right, bottom)
    whole = d.ring(left, top, right, bottom)
    square = d.chance(0.25)  # an O that differs from the zero
    if d.chance(0.7):
        g = [d.curve(*arch, (right, d.middle), (d.centre, d.middle), sharp=(5,))]
    else:
        g = [d.curve(*arch, (right, d.middle)), d.line((d.centre, d.middle), (right + d.half * 0.6, d.middle))]
    tails = [
        ((d.centre, CAP_HEIGHT * 0.68), (right + d.half * 0.6, bottom + d.half * 0.4)),
        ((d.width * 0.65, CAP_HEIGHT * 0.8), (d.width * 0.95, CAP_HEIGHT * 1.06)),
        ((d.centre, CAP_HEIGHT * 0.75), (d.centre + d.width * 0.25, bottom + d.half)),
    ]
    upper_b = d.ring(left, top, right - d.waist_inset, d.waist, sharp=(0, 3))
    s_path = (right, top + d.terminal), (right, top), (left, top), (left, d.waist), (right, d.waist)
    j = [d.curve((right, top), (right, bottom), (left, bottom), (left, bottom - CAP_HEIGHT * 0.25))]
    return {
        "O": [d.ring(left, top, right, bottom, d.radius * 0.6) if square else whole],
        "Q": [whole, d.line(*tails[d.rng.integers(3)])],
        "C": [d.curve(*arch, (right, bottom - d.terminal))],
        "G": g,
        "D": [d.ring(left, top, right, bottom, sharp=(0, 3))],
        "B": [upper_b, d.ring(left, d.waist, right, bottom, sharp=(0, 3))],
        "S": [d.curve(*s_path, (right, bottom), (left, bottom), (left, bottom - d.terminal))],
        "U": [d.curve((left, top), (left, bottom), (right, bottom), (right, top))],
        "J": j + ([d.line((d.centre, top), (right, top))] if d.chance(0.25) else []),
        "P": [_bowl(d, d.waist * 1.1)],
        "R": [_bowl(d, d.waist * 1.08), _leg(d)],
    }


def _bowl(d, height: float) -> Stroke:
    path = (d.left, height), (d.right, height), (d.right, d.top), (d.left, d.top), (d.left, d.bottom)
    return d.curve(*path, sharp=(0, 3, 4))


def _leg(d) -> Stroke:
    start = d.centre, d.waist * 1.08
    if d.chance(0.6):
        return d.line(start, (d.right, d.bottom))
    return d.curve(start, (d.right, d.waist * 1.15), (d.right, d.bottom))


def _straight(d) -> dict[str, list[Stroke]]:
    left, right, top, bottom = d.left, d.right, d.top, d.bottom
    arm = d.line((left, d.waist), (d.width * d.rng.uniform(0.65, 0.95), d.waist))
    i = [d.line((d.centre, top), (d.centre, bottom))]
    if d.serif_i:
        reach = d.width * 0.3
        i += [d.line((d.centre - reach, y), (d.centre + reach, y)) for y in (top, bottom)]
    return {
        "E": [d.line((right, top), (left, top), (left, bottom), (right, bottom)), arm],
        "F": [d.line((right, top), (left, top), (left, bottom)), arm],
        "H": [d.line((x, top), (x, bottom)) for x in (left, right)] + [d.line((left, d.waist), (right, d.waist))],
        "I": i,
        "L": [d.line((left, top), (left, bottom), (right, bottom))],
        "T": [d.line((d.half, top), (d.width - d.half, top)), d.line((d.centre, top), (d.centre, bottom))],
    }


def _diagonal(d) -> dict[str, list[Stroke]]:
    left, right, top, bottom = d.left, d.right, d.top, d.bottom
    if d.chance(0.6):
        peak = d.line((left, bottom), (d.centre, top), (right, bottom))
        a = [peak, d.line((d.width * 0.22, CAP_HEIGHT * 0.68), (d.width * 0.78, CAP_HEIGHT * 0.68))]
    else:  # flat top with shoulders
        shoulder, flat = CAP_HEIGHT * 0.3, d.width * 0.08
        path = (left, bottom), (left, shoulder), (d.centre - flat, top), (d.centre + flat, top)
        peak = d.curve(*path, (right, shoulder), (right, bottom), radius=d.width * 0.15)
        a = [peak, d.line((left, CAP_HEIGHT * 0.62), (right, CAP_HEIGHT * 0.62))]
    stem = d.line((left, top), (left, bottom))
    if d.chance(0.6):
        arms = [
            d.line((right, top), (left, CAP_HEIGHT * 0.58)),
            d.line((d.width * 0.25, CAP_HEIGHT * 0.46), (right, bottom)),
        ]
    else:
        arms = [d.line((right, top), (left + d.width * 0.12, d.middle), (right, bottom))]
    if d.chance(0.75):
        fork = d.line((left, top), (d.centre, d.middle), (right, top))
    else:
        fork = d.curve((left, top), (left, d.middle), (right, d.middle), (right, top))
    return {
        "A": a,
        "K": [stem, *arms],
        "N": [d.line((left, bottom), (left, top), (right, bottom), (right, top))],
        "V": [d.line((left, top), (d.centre, bottom), (right, top))],
        "X": [d.line((left, top), (right, bottom)), d.line((right, top), (left, bottom))],
        "Y": [fork, d.line((d.centre, d.middle), (d.centre, bottom))],
        "Z": [d.line((left, top), (right, top), (left, bottom), (right, bottom))],
    }


def _wide(d) -> dict[str, list[Stroke]]:
    """M and W: wide or squeezed, with a deep or a shallow middle."""
    width = d.width * d.rng.uniform(1.0, 1.35)
    left, right, top, bottom = d.half, width - d.half, d.top, d.bottom
    dip = CAP_HEIGHT * d.rng.choice([0.35, 0.5, 0.6, 0.75, 0.95])
    rise = CAP_HEIGHT * d.rng.choice([0.05, 0.3, 0.4, 0.5, 0.6]) + d.half
    if d.chance(0.7):
        w = d.line((left, top), (width * 0.27, bottom), (width / 2, rise), (width * 0.73, bottom), (right, top))
    else:
        w = d.line((left, top), (left, bottom), (width / 2, rise), (right, bottom), (right, top))
    return {"M": [d.line((left, bottom), (left, top), (width / 2, dip), (right, top), (right, bottom))], "W": [w]}
