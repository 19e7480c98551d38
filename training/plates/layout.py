"""Where the characters stand on a sheet."""

import string

import numpy as np

from .formats import MAX_CHARACTERS
from .lettering import Line, Style, draw_line
from .sheet import Sheet

STACKED_SHARE, AMERICAN_STACKED_SHARE, OTHER_STACKED_SHARE = 0.3, 0.08, 0.02  # of forms with such a series, of any state, of the rest
MIDDLE_SHARE = 0.2  # of stacks: between two groups of the number
SEAL_SHARE, AMERICAN_SEAL_SHARE = 0.12, 0.3  # of numbers in groups: a seal or a figure stands between them
STACK_WIDTH = 0.05, 0.12  # of the plate
STACKED_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no pattern would tell O and I from 0 and 1
GAPS = " -·#"


def letter_plate(sheet: Sheet, lines: list[str], form: dict, style: Style, rng: np.random.Generator) -> Line:
    """Draws one to three lines; the places and characters of all, and the narrowest pitch. Stacked signs belong to the text."""
    seals = AMERICAN_SEAL_SHARE if "us" in form.get("extras", ()) else SEAL_SHARE
    lines = [_vary_separators(line, seals, rng) for line in lines]
    if len(lines) == 3:
        return _letter_three_lines(sheet, lines, style, rng)
    if len(lines) == 2:
        return _letter_two_lines(sheet, lines, form, style, rng)
    if sheet.box is not None and " " in lines[0]:
        return _letter_with_box(sheet, lines[0], sheet.box, style, rng)
    return _letter_one_line(sheet, lines[0], form, style, rng)


def _vary_separators(line: str, seals: float, rng: np.random.Generator) -> str:
    """Dashes become gaps, dots or seals now and then."""
    chance = rng.random()
    if chance < 0.12:
        return line.replace("-", " ")
    if chance < 0.2:
        return line.replace("-", "·")
    if chance < 0.2 + seals:
        return line.replace("-", "#").replace(" ", "#", 1)
    return line


def _letter_one_line(sheet: Sheet, line: str, form: dict, style: Style, rng) -> Line:
    room = sheet.bottom - sheet.top
    height = room * rng.uniform(0.72, 1)
    top = (sheet.top + sheet.bottom - height) / 2
    rows = top, top + height
    if rng.random() >= _stacked_share(form):
        return _letter_between(sheet, line, rows, style, rng)
    spare = MAX_CHARACTERS - sum(sign.isalnum() for sign in line)
    gaps = [place for place, sign in enumerate(line) if sign in GAPS and 0 < place < len(line) - 1]
    if gaps and spare >= 2 and rng.random() < MIDDLE_SHARE:
        return _letter_around_stack(sheet, line, gaps[int(rng.integers(len(gaps)))], rows, style, rng)
    chance = rng.random()
    at_left, at_right = (True, True) if chance < 0.15 and spare >= 4 else (chance < 0.45, chance >= 0.45)
    before = _stack_at_end(sheet, True, rows, spare // (1 + at_right), style, rng) if at_left else NO_LINE
    after = _stack_at_end(sheet, False, rows, spare // (1 + at_left), style, rng) if at_right else NO_LINE
    return _join(before, _letter_between(sheet, line, rows, style, rng), after)


def _stacked_share(form: dict) -> float:
    extras = form.get("extras", ())
    return STACKED_SHARE if "stacked" in extras else AMERICAN_STACKED_SHARE if "us" in extras else OTHER_STACKED_SHARE


def _letter_between(sheet: Sheet, line: str, rows: tuple[float, float], style: Style, rng) -> Line:
    middle = (sheet.left + sheet.right) / 2
    reach = (sheet.right - sheet.left) * (1 - rng.random() ** 2 * 0.14) / 2
    return draw_line(sheet.mask, line, (middle - reach, rows[0], middle + reach, rows[1]), style, rng)


def _stack_at_end(sheet: Sheet, at_left: bool, rows: tuple[float, float], most: int, style: Style, rng) -> Line:
    """Small letters or digits one above the other at an end, as many as the text has room for."""
    width = sheet.width * rng.uniform(*STACK_WIDTH)
    x = sheet.left + 2 if at_left else sheet.right - width - 2
    stack = _draw_stack(sheet, (x, rows[0], x + width, rows[1]), most, style, rng)
    if stack.signs and at_left:
        sheet.left += width + sheet.width * 0.02
    elif stack.signs:
        sheet.right -= width + sheet.width * 0.02
    return stack


def _draw_stack(sheet: Sheet, area, most: int, style: Style, rng) -> Line:
    x0, top, x1, bottom = area
    count = min(most, 2 if rng.random() < 0.88 else 3)
    if count < 2:
        return NO_LINE
    signs = string.digits if rng.random() < 0.3 else STACKED_LETTERS
    step = (bottom - top) / count
    lines = []
    for index in range(count):
        place = x0, top + index * step + step * 0.06, x1, top + (index + 1) * step - step * 0.06
        lines.append(draw_line(sheet.mask, signs[int(rng.integers(len(signs)))], place, style, rng))
    return _join(*lines)


def _letter_around_stack(sheet: Sheet, line: str, gap: int, rows: tuple[float, float], style: Style, rng) -> Line:
    """The stack stands in a gap of the number; both groups get room by their signs."""
    before, after = line[:gap], line[gap + 1 :]
    width = sheet.width * rng.uniform(*STACK_WIDTH)
    space = sheet.width * 0.02
    room = sheet.right - sheet.left - width - 2 * space
    x = sheet.left + room * len(before) / (len(before) + len(after)) + space
    first = draw_line(sheet.mask, before, (sheet.left, rows[0], x - space, rows[1]), style, rng)
    stack = _draw_stack(sheet, (x, rows[0], x + width, rows[1]), 2, style, rng)
    return _join(first, stack, draw_line(sheet.mask, after, (x + width + space, rows[0], sheet.right, rows[1]), style, rng))


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


def _letter_three_lines(sheet: Sheet, lines: list[str], style: Style, rng) -> Line:
    """Rows of nearly equal height, each centred in the width."""
    edges = np.cumsum([0.0, *rng.uniform(0.8, 1.2, 3)])
    edges = sheet.top + edges / edges[-1] * (sheet.bottom - sheet.top)
    gap = sheet.height * rng.uniform(0.01, 0.04)
    rows = []
    for line, top, bottom in zip(lines, edges, edges[1:]):
        inset = sheet.width * rng.uniform(0, 0.15) * (rng.random() < 0.5)
        rows.append(draw_line(sheet.mask, line, (sheet.left + inset, top + gap, sheet.right - inset, bottom - gap), style, rng))
    return _join(*rows)


NO_LINE = Line([], 0.0, [])


def _join(*lines: Line) -> Line:
    """All places and characters, and the narrowest pitch; a line of script alone has none."""
    pitches = [line.pitch for line in lines if line.pitch > 0]
    return Line(sum((line.places for line in lines), []), min(pitches, default=0.0), sum((line.signs for line in lines), []))
