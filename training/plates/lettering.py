"""Sets a line of plate text into a rectangle as an ink mask."""

from typing import NamedTuple

import cv2
import numpy as np

from ..glyphs.field import CAP_HEIGHT, Face, advance
from .emblems import draw_script
from .stamp import stamp_glyph

SPACE, DASH, EMBLEM, SCRIPT = 0.32, 0.30, 0.62, 0.75  # widths in capital heights
RAISED = 0.55  # height of small raised characters
LEAST_STRETCH = 0.42
LEAST_WEIGHT, MOST_WEIGHT = -1.8, 3.0  # px: thinner than this the lightest faces vanish, bolder the counters close


class Style(NamedTuple):
    """How a plate is lettered: weight in field px, gap in field px, one pitch or not, the height of letters to
    digits, and the signs of foreign script."""

    face: Face
    weight: float
    gap: float
    fixed_pitch: bool
    most_stretch: float
    space: float = SPACE
    letters: float = 1.0
    signs: list | None = None


class Item(NamedTuple):
    """A sign with its width in field px, its height relative to a capital, and whether it stands on the line."""

    sign: str
    width: float
    height: float
    stands: bool


class Sign(NamedTuple):
    """A character that is read, and the box around it, px."""

    sign: str
    x0: float
    y0: float
    x1: float
    y1: float


class Line(NamedTuple):
    """A line as set: places (kind, x, y, size) of emblems and gaps, the px from character to character, the characters."""

    places: list[tuple]
    pitch: float
    signs: list[Sign]

    @property
    def text(self) -> str:
        return "".join(sign.sign for sign in self.signs)


def pick_style(face: Face, rng: np.random.Generator, letters: float = 1.0, signs: list | None = None) -> Style:
    """A random lettering in a face."""
    return Style(
        face,
        weight=float(np.clip(rng.normal(0.2, 1.3), LEAST_WEIGHT, MOST_WEIGHT)),
        gap=rng.uniform(3, 17) if rng.random() < 0.85 else rng.uniform(1, 28),
        fixed_pitch=rng.random() < 0.25,
        most_stretch=rng.uniform(1.0, 1.7),
        space=SPACE * rng.uniform(0.5, 2.2),
        letters=letters,
        signs=signs,
    )


def draw_line(mask: np.ndarray, text: str, area, style: Style, rng: np.random.Generator) -> Line:
    """Draws text into mask within area (x0, y0, x1, y1)."""
    x0, y0, x1, y1 = (float(v) for v in area)
    width, height = x1 - x0, y1 - y0
    if width < 6 or height < 5:
        return Line([], 0.0, [])
    items = _measure(text, style)
    total = sum(item.width for item in items) + style.gap * max(0, len(items) - 1)
    scale_y = height / CAP_HEIGHT
    scale_x = min(width / total, scale_y * style.most_stretch)
    scale_y = min(scale_y, scale_x / LEAST_STRETCH)
    cap = CAP_HEIGHT * scale_y
    left = x0 + (width - total * scale_x) * (0.5 if rng.random() < 0.8 else rng.random())
    top = y0 + (height - cap) / 2
    places, signs = [], []
    for item in items:
        span = item.width * scale_x
        if item.sign in style.face:
            signs.append(_set(mask, item, style, (left, top), (scale_x, scale_y)))
        elif item.sign in "# ":
            places.append((item.sign, left + span / 2, top + cap / 2, min(span, cap * 0.8)))
        elif item.sign == "~":
            draw_script(mask, (left, top, span, cap), rng, style.signs)
        elif item.sign in "-·":
            _draw_separator(mask, item.sign, (left, top, span, cap), rng)
        left += span + style.gap * scale_x
    widths = [item.width for item in items if item.sign in style.face]
    return Line(places, (float(np.mean(widths)) + style.gap) * scale_x if widths else 0.0, signs)


def _measure(text: str, style: Style) -> list[Item]:
    pitch = max(advance(glyph) for sign, glyph in style.face.items() if sign not in "MW")
    fixed = {" ": style.space, "-": DASH, "·": DASH * 0.7, "#": EMBLEM, "~": SCRIPT}
    items, height, stands = [], 1.0, True
    for sign in text:
        if sign == "^":
            height, stands = RAISED, False
        elif sign in fixed:
            items.append(Item(sign, fixed[sign] * CAP_HEIGHT, height, stands))
        else:
            tall = height * (style.letters if sign.isalpha() else 1.0)
            width = advance(style.face[sign])
            items.append(Item(sign, max(width, pitch) if style.fixed_pitch else width * tall, tall, stands))
    return items


def _set(mask, item: Item, style: Style, origin, scale) -> Sign:
    """One character, centred in its pitch; small letters stand on the line, raised ones hang from above."""
    field = style.face[item.sign]
    scale_x, scale_y = scale[0] * item.height, scale[1] * item.height
    inset = (item.width * scale[0] - advance(field) * scale_x) / 2
    drop = CAP_HEIGHT * (scale[1] - scale_y) if item.stands else 0.0
    left, top = origin[0] + inset, origin[1] + drop
    stamp_glyph(mask, field, (left, top), (scale_x, scale_y), style.weight)
    return Sign(item.sign, left, top, left + advance(field) * scale_x, top + CAP_HEIGHT * scale_y)


def _draw_separator(mask, sign: str, place, rng) -> None:
    left, top, span, cap = place
    if sign == "-":
        thick = rng.uniform(0.035, 0.07)
        a = int(left + span * 0.15), int(top + cap * (0.5 - thick))
        b = int(left + span * 0.85), int(top + cap * (0.5 + thick))
        cv2.rectangle(mask, a, b, 1.0, -1)
    else:
        centre = int(left + span / 2), int(top + cap * rng.uniform(0.45, 0.85))
        cv2.circle(mask, centre, max(1, int(0.09 * cap)), 1.0, -1, cv2.LINE_AA)
