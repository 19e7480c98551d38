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
    o_form = d.choose("o", same=0.68, square=0.16, oval=0.16)  # two of the three differ from the zero
    g_form = d.choose("g", barred=0.55, both=0.25, spurred=0.2)
    if g_form == "spurred":
        bar = d.line((d.centre, d.middle), (right, d.middle), (right, bottom + d.half))
        g = [d.curve(*arch, (right, d.middle)), bar]
    elif g_form == "barred":
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
        "O": [_o(d, o_form, whole)],
        "Q": [whole, d.line(*tails[d.rng.integers(3)])],
        "C": [d.curve(*arch, (right, bottom - d.terminal))],
        "G": g,
        "D": [_d(d)],
        "B": [upper_b, d.ring(left, d.waist, right, bottom, sharp=(0, 3))],
        "S": [d.curve(*s_path, (right, bottom), (left, bottom), (left, bottom - d.terminal))],
        "U": [d.curve((left, top), (left, bottom), (right, bottom), (right, top))],
        "J": j + ([d.line((d.centre, top), (right, top))] if d.choose("j", plain=0.75, topped=0.25) == "topped" else []),
        "P": [_bowl(d, d.waist * 1.1)],
        "R": [_bowl(d, d.waist * 1.08), _leg(d)],
    }


def _o(d, form: str, whole: Stroke) -> Stroke:
    if form == "same":
        return whole
    if form == "square":
        return d.ring(d.left, d.top, d.right, d.bottom, d.radius * 0.6)
    reach = d.width * 0.06
    return d.ring(d.left - reach, d.top, d.right + reach, d.bottom, d.width)


def _d(d) -> Stroke:
    if d.choose("d", sharp=0.8, soft=0.2) == "sharp":
        return d.ring(d.left, d.top, d.right, d.bottom, sharp=(0, 3))
    cut = d.width * 0.1  # corners that make it like an O
    path = (d.left + cut, d.top), (d.right, d.top), (d.right, d.bottom), (d.left + cut, d.bottom)
    return d.loop(*path, (d.left, d.bottom - cut), (d.left, d.top + cut), sharp=(0, 3, 4, 5))


def _bowl(d, height: float) -> Stroke:
    path = (d.left, height), (d.right, height), (d.right, d.top), (d.left, d.top), (d.left, d.bottom)
    return d.curve(*path, sharp=(0, 3, 4))


def _leg(d) -> Stroke:
    start = d.centre, d.waist * 1.08
    if d.choose("r", leaning=0.6, upright=0.4) == "leaning":
        return d.line(start, (d.right, d.bottom))
    return d.curve(start, (d.right, d.waist * 1.15), (d.right, d.bottom))


def _straight(d) -> dict[str, list[Stroke]]:
    left, right, top, bottom = d.left, d.right, d.top, d.bottom
    arm = d.line((left, d.waist), (d.width * d.rng.uniform(0.65, 0.95), d.waist))
    i = [d.line((d.centre, top), (d.centre, bottom))]
    if d.choose("i", plain=0.55, serif=0.45) == "serif":
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
    if d.choose("a", peaked=0.6, shouldered=0.4) == "peaked":
        peak = d.line((left, bottom), (d.centre, top), (right, bottom))
        a = [peak, d.line((d.width * 0.22, CAP_HEIGHT * 0.68), (d.width * 0.78, CAP_HEIGHT * 0.68))]
    else:  # flat top with shoulders
        shoulder, flat = CAP_HEIGHT * 0.3, d.width * 0.08
        path = (left, bottom), (left, shoulder), (d.centre - flat, top), (d.centre + flat, top)
        peak = d.curve(*path, (right, shoulder), (right, bottom), radius=d.width * 0.15)
        a = [peak, d.line((left, CAP_HEIGHT * 0.62), (right, CAP_HEIGHT * 0.62))]
    stem = d.line((left, top), (left, bottom))
    if d.choose("k", split=0.6, met=0.4) == "split":
        arms = [
            d.line((right, top), (left, CAP_HEIGHT * 0.58)),
            d.line((d.width * 0.25, CAP_HEIGHT * 0.46), (right, bottom)),
        ]
    else:
        arms = [d.line((right, top), (left + d.width * 0.12, d.middle), (right, bottom))]
    if d.choose("y", forked=0.75, cupped=0.25) == "forked":
        fork = d.line((left, top), (d.centre, d.middle), (right, top))
    else:
        fork = d.curve((left, top), (left, d.middle), (right, d.middle), (right, top))
    return {
        "A": a,
        "K": [stem, *arms],
        "N": [d.line((left, bottom), (left, top), (right, bottom), (right, top))],
        "V": [_v(d)],
        "X": [d.line((left, top), (right, bottom)), d.line((right, top), (left, bottom))],
        "Y": [fork, d.line((d.centre, d.middle), (d.centre, bottom))],
        "Z": [d.line((left, top), (right, top), (left, bottom), (right, bottom))],
    }


def _v(d) -> Stroke:
    form = d.choose("v", pointed=0.7, blunt=0.15, bellied=0.15)
    if form == "pointed":
        return d.line((d.left, d.top), (d.centre, d.bottom), (d.right, d.top))
    if form == "blunt":
        flat = d.width * 0.09
        return d.line((d.left, d.top), (d.centre - flat, d.bottom), (d.centre + flat, d.bottom), (d.right, d.top))
    path = (d.left, d.top), (d.left, d.middle), (d.centre, d.bottom), (d.right, d.middle), (d.right, d.top)
    return d.curve(*path, radius=d.width * 0.2, sharp=(2,))


def _wide(d) -> dict[str, list[Stroke]]:
    """M and W: wide or squeezed, with a deep or a shallow middle."""
    width = d.width * d.rng.uniform(*d.rules.get("wide", (1.0, 1.35)))
    left, right, top, bottom = d.half, width - d.half, d.top, d.bottom
    dip = CAP_HEIGHT * d.rng.choice(d.rules.get("m_dip", [0.35, 0.5, 0.6, 0.75, 0.95]))
    rise = CAP_HEIGHT * d.rng.choice([0.05, 0.3, 0.4, 0.5, 0.6]) + d.half
    if d.choose("w", splayed=0.7, upright=0.3) == "splayed":
        w = d.line((left, top), (width * 0.27, bottom), (width / 2, rise), (width * 0.73, bottom), (right, top))
    else:
        w = d.line((left, top), (left, bottom), (width / 2, rise), (right, bottom), (right, top))
    return {"M": [d.line((left, bottom), (left, top), (width / 2, dip), (right, top), (right, bottom))], "W": [w]}
