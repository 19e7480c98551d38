"""Sets a line of plate text into a rectangle as an ink mask."""

from typing import NamedTuple

import cv2
import numpy as np

from ..glyphs.field import CAP_HEIGHT, PADDING, Face, advance
from .emblems import draw_script

SPACE, DASH, EMBLEM, SCRIPT = 0.32, 0.30, 0.62, 0.75  # widths in capital heights
RAISED = 0.55  # height of small raised characters
LEAST_STRETCH = 0.42
LEAST_WEIGHT = -1.8  # px: thinner than this the lightest faces vanish


class Style(NamedTuple):
    """How a plate is lettered: weight in field px, gap in field px, one pitch or not."""

    face: Face
    weight: float
    gap: float
    fixed_pitch: bool
    most_stretch: float


class Item(NamedTuple):
    """A sign with its width in field px and its height relative to a capital."""

    sign: str
    width: float
    height: float


def pick_style(face: Face, rng: np.random.Generator) -> Style:
    return Style(
        face,
        weight=max(LEAST_WEIGHT, rng.normal(0.3, 1.6)),
        gap=rng.uniform(3, 17),
        fixed_pitch=rng.random() < 0.25,
        most_stretch=rng.uniform(1.0, 1.7),
    )


def draw_line(mask: np.ndarray, text: str, area, style: Style, rng: np.random.Generator) -> list[tuple]:
    """Draws text into mask within area (x0, y0, x1, y1); returns emblem places (x, y, size)."""
    x0, y0, x1, y1 = (float(v) for v in area)
    width, height = x1 - x0, y1 - y0
    if width < 6 or height < 5:
        return []
    items = _measure(text, style)
    total = sum(item.width for item in items) + style.gap * max(0, len(items) - 1)
    scale_y = height / CAP_HEIGHT
    scale_x = min(width / total, scale_y * style.most_stretch)
    scale_y = min(scale_y, scale_x / LEAST_STRETCH)
    cap = CAP_HEIGHT * scale_y
    left = x0 + (width - total * scale_x) * (0.5 if rng.random() < 0.8 else rng.random())
    top = y0 + (height - cap) / 2
    emblems = []
    for item in items:
        span = item.width * scale_x
        if item.sign in style.face:
            _stamp(mask, item, style, (left, top), (scale_x, scale_y))
        elif item.sign == "#":
            emblems.append((left + span / 2, top + cap / 2, min(span, cap * 0.8)))
        elif item.sign == "~":
            draw_script(mask, left, top, span, cap, rng)
        elif item.sign in "-·":
            _draw_separator(mask, item.sign, (left, top, span, cap), rng)
        left += span + style.gap * scale_x
    return emblems


def _measure(text: str, style: Style) -> list[Item]:
    pitch = max(advance(glyph) for sign, glyph in style.face.items() if sign not in "MW")
    fixed = {" ": SPACE, "-": DASH, "·": DASH * 0.7, "#": EMBLEM, "~": SCRIPT}
    items, height = [], 1.0
    for sign in text:
        if sign == "^":
            height = RAISED
        elif sign in fixed:
            items.append(Item(sign, fixed[sign] * CAP_HEIGHT, height))
        else:
            width = advance(style.face[sign])
            items.append(Item(sign, max(width, pitch) if style.fixed_pitch else width * height, height))
    return items


def _stamp(mask, item: Item, style: Style, origin, scale) -> None:
    """Resizes a distance field to its place and turns it into coverage."""
    field = style.face[item.sign]
    scale_x, scale_y = scale[0] * item.height, scale[1] * item.height
    inset = (item.width * scale[0] - advance(field) * scale_x) / 2  # centred in a fixed pitch
    width = max(2, round(field.shape[1] * scale_x))
    height = max(2, round(field.shape[0] * scale_y))
    shrink = cv2.INTER_AREA if scale_y < 1 else cv2.INTER_LINEAR
    resized = cv2.resize(field, (width, height), interpolation=shrink)
    ink = np.clip((resized + style.weight) * min(scale_x, scale_y) + 0.5, 0, 1)
    x = round(origin[0] + inset - PADDING * scale_x)
    y = round(origin[1] - PADDING * scale_y)
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + width, mask.shape[1]), min(y + height, mask.shape[0])
    if right > left and bottom > top:
        place = mask[top:bottom, left:right]
        np.maximum(place, ink[top - y : bottom - y, left - x : right - x], out=place)


def _draw_separator(mask, sign: str, place, rng) -> None:
    left, top, span, cap = place
    if sign == "-":
        a = int(left + span * 0.15), int(top + cap * 0.45)
        b = int(left + span * 0.85), int(top + cap * 0.55)
        cv2.rectangle(mask, a, b, 1.0, -1)
    else:
        centre = int(left + span / 2), int(top + cap * rng.uniform(0.45, 0.85))
        cv2.circle(mask, centre, max(1, int(0.09 * cap)), 1.0, -1, cv2.LINE_AA)
