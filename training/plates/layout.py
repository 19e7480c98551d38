"""Where the characters stand on a sheet."""

import string

import numpy as np

from .lettering import Line, Style, draw_line
from .sheet import Sheet

STACKED_SHARE, AMERICAN_STACKED_SHARE = 0.35, 0.2  # of forms that have a series with stacked signs, and of special plates of any state


def letter_plate(sheet: Sheet, lines: list[str], form: dict, style: Style, rng: np.random.Generator) -> Line:
    """Draws one or two lines; the places of both, and the narrower pitch."""
    lines = [_vary_separators(line, rng) for line in lines]
    if len(lines) == 2:
        return _letter_two_lines(sheet, lines, form, style, rng)
    if sheet.box is not None and " " in lines[0]:
        return _letter_with_box(sheet, lines[0], sheet.box, style, rng)
    return _letter_one_line(sheet, lines[0], form, style, rng)


def _vary_separators(line: str, rng: np.random.Generator) -> str:
    """Dashes become gaps, dots or seals now and then."""
    chance = rng.random()
    if chance < 0.12:
        return line.replace("-", " ")
    if chance < 0.2:
        return line.replace("-", "·")
    if chance < 0.32:
        return line.replace("-", "#").replace(" ", "#", 1)
    return line


def _letter_one_line(sheet: Sheet, line: str, form: dict, style: Style, rng) -> Line:
    room = sheet.bottom - sheet.top
    height = room * rng.uniform(0.72, 1)
    top = (sheet.top + sheet.bottom - height) / 2
    extras = form.get("extras", ())
    if rng.random() < (STACKED_SHARE if "stacked" in extras else AMERICAN_STACKED_SHARE if "us" in extras else 0):
        _stack_small_signs(sheet, top, height, style, rng)
    middle = (sheet.left + sheet.right) / 2
    reach = (sheet.right - sheet.left) * (1 - rng.random() ** 2 * 0.14) / 2
    return draw_line(sheet.mask, line, (middle - reach, top, middle + reach, top + height), style, rng)


def _stack_small_signs(sheet: Sheet, top: float, height: float, style: Style, rng) -> None:
    """Small letters or digits one above the other at an end, now and then at both: the plate's type or county, not read."""
    chance = rng.random()
    for at_left in (True, False) if chance < 0.15 else (chance < 0.65,):
        _stack_at_end(sheet, at_left, (top, height), style, rng)


def _stack_at_end(sheet: Sheet, at_left: bool, rows: tuple[float, float], style: Style, rng) -> None:
    top, height = rows
    width = sheet.width * rng.uniform(0.045, 0.1)
    x = sheet.left + 2 if at_left else sheet.right - width - 2
    count = 2 if rng.random() < 0.85 else 3
    signs = string.digits if rng.random() < 0.2 else string.ascii_uppercase
    step = height / count
    for index in range(count):
        area = x, top + index * step + step * 0.06, x + width, top + (index + 1) * step - step * 0.06
        draw_line(sheet.mask, signs[int(rng.integers(len(signs)))], area, style, rng)
    if at_left:
        sheet.left += width + sheet.width * 0.02
    else:
        sheet.right -= width + sheet.width * 0.02


def _letter_with_box(sheet: Sheet, line: str, box: float, style: Style, rng) -> Line:
    """The last group stands smaller in the ruled box at the right, RUS or a flag below it."""
    number, region = line.rsplit(" ", 1)
    height = (sheet.bottom - sheet.top) * rng.uniform(0.85, 1)
    top = (sheet.top + sheet.bottom - height) / 2
    main = draw_line(sheet.mask, number, (sheet.left, top, box - sheet.width * 0.01, top + height), style, rng)
    area = box + sheet.width * 0.012, sheet.height * 0.08, sheet.width * 0.975, sheet.height * rng.uniform(0.62, 0.7)
    small = draw_line(sheet.mask, region, area, style, rng)
    return _join(main, small)


def _letter_two_lines(sheet: Sheet, lines: list[str], form: dict, style: Style, rng) -> Line:
    upper, lower = lines
    if rng.random() < 0.3:  # seals beside the first line
        upper = ("#" if rng.random() < 0.3 else "") + upper + ("#" if rng.random() < 0.6 else "")
    share = rng.uniform(0.26, 0.36) if "japan" in form.get("extras", ()) else rng.uniform(0.4, 0.55)
    middle = sheet.top + (sheet.bottom - sheet.top) * share
    gap = sheet.height * rng.uniform(0.01, 0.05)
    inset_left, inset_right = rng.uniform(0, 0.2, 2) * (rng.random(2) < 0.4) * sheet.width
    upper_area = sheet.left + inset_left, sheet.top, sheet.right - inset_right, middle - gap
    lower_left = sheet.left if rng.random() < 0.5 else sheet.width * 0.03
    first = draw_line(sheet.mask, upper, upper_area, style, rng)
    second = draw_line(sheet.mask, lower, (lower_left, middle + gap, sheet.right, sheet.bottom), style, rng)
    return _join(first, second)


def _join(one: Line, other: Line) -> Line:
    """Both lines' places, and the narrower pitch; a line of script alone has none."""
    pitches = [line.pitch for line in (one, other) if line.pitch > 0]
    return Line(one.places + other.places, min(pitches, default=0.0))
