"""Words, stickers, borders, bolts and dirt."""

import string

import cv2
import numpy as np

from .colours import pick_colour, pick_named
from .emblems import draw_emblem, draw_figure
from .sheet import Sheet
from .words import pick, pick_dealer, pick_words

STICKERS = "08 12 JAN APR 23 99 2009 OCT DEC 31 MAR 17 06 FEB 20 15 A 7 AUG".split()
NAMED_SHARE = 0.75  # of words in the colours that a state prints its name in
BADGE_WIDTH = 0.05, 0.2  # of the plate: what stands beside the number of American special plates
INK_SHARE = 0.5  # of figures: as dark as the number
HINTS = "DV VET DIS FD EMT POW FF NG TRL TRK COM RV MC TX GA FAM CLB HS XX".split()
HIGH, FLAT_HIGH = (0.14, 0.26), (0.12, 0.18)  # of the plate: words above the number


def draw_words(sheet: Sheet, form: dict, rng: np.random.Generator) -> None:
    """A state's name above and its slogan below, or other small words."""
    extras = form.get("extras", ())
    is_us = "us" in extras
    flat = sheet.width / sheet.height > 3.8
    above = 0.88 if is_us else 0.8 if "city-strip" in extras else 0.55 if "words-top" in extras else 0.04
    below = 0.7 if is_us else 0.45 if "words-bottom" in extras else 0.07
    words = form.get("words")
    low, high = FLAT_HIGH if flat else HIGH
    if sheet.top < sheet.height * 0.15 and rng.random() < above:
        height = sheet.height * rng.uniform(low, high)
        said = words[0] if is_us and words and rng.random() > 0.25 else pick_words(rng, words)
        _print_words(sheet, said, 0.03, height, form, rng)
        sheet.top = sheet.height * 0.04 + height
    if sheet.bottom > sheet.height * 0.85 and rng.random() < below:
        height = sheet.height * rng.uniform(0.08, high - 0.06)
        said = pick_words(rng, words) if words else pick_dealer(rng)
        _print_words(sheet, said, 0.97 - height / sheet.height, height, form, rng)
        sheet.bottom = sheet.height * 0.96 - height


def _print_words(sheet: Sheet, words: str, top: float, height: float, form: dict, rng) -> None:
    if rng.random() < 0.2:
        words = words.title()
    colour = sheet.ink if rng.random() < 0.5 else rng.integers(0, 200, 3).astype(float).tolist()
    if "name_colours" in form and rng.random() < NAMED_SHARE:
        colour = pick_named(rng, form["name_colours"])
    start = sheet.height * top
    inset = rng.uniform(0.05, 0.3)
    area = sheet.width * inset, start, sheet.width * (1 - inset), start + height
    sheet.print_small(words, area, colour, rng)


def draw_stickers(sheet: Sheet, rng: np.random.Generator) -> None:
    """Month and year stickers in the corners."""
    for x, y in ((0.08, 0.1), (0.92, 0.1), (0.08, 0.9), (0.92, 0.9)):
        if rng.random() < 0.28:
            half = sheet.width * rng.uniform(0.035, 0.065)
            cx, cy = sheet.width * x, sheet.height * y
            sheet.fill(cx - half, cy - half * 0.7, cx + half, cy + half * 0.7, pick_colour(rng))
            area = cx - half * 0.8, cy - half * 0.5, cx + half * 0.8, cy + half * 0.6
            sheet.print_small(pick(rng, STICKERS), area, pick_colour(rng), rng)


def draw_edge_sticker(sheet: Sheet, rng: np.random.Generator, most: float = 0.2) -> None:
    """A badge, a flag or a torn sticker at an end of the number, up to a share of the width; some are lettered."""
    size = sheet.height * rng.uniform(0.3, 0.7)
    if size * 1.2 > sheet.width * most:
        return
    if rng.random() < 0.6:
        x = size * rng.uniform(0.55, 0.7)
        sheet.left = max(sheet.left, x + size * 0.6)
    else:
        x = sheet.width - size * rng.uniform(0.55, 0.7)
        sheet.right = min(sheet.right, x - size * 0.6)
    y = sheet.height * rng.uniform(0.35, 0.65)
    draw_emblem(sheet.picture, x, y, size, rng)
    if rng.random() < 0.35:
        half = size * rng.uniform(0.25, 0.5)
        initials = "".join(pick(rng, string.ascii_uppercase) for _ in range(int(rng.integers(1, 4))))
        sheet.print_small(initials, (x - half, y - half * 0.7, x + half, y + half * 0.7), pick_colour(rng), rng)


def draw_badge(sheet: Sheet, rng: np.random.Generator) -> None:
    """A picture as high as the number at one of its ends, or printed letters one below the other: none belongs to the number."""
    width = sheet.width * rng.uniform(*BADGE_WIDTH)
    high = (sheet.bottom - sheet.top) * rng.uniform(0.5, 1.0)
    at_left = rng.random() < 0.6
    x = sheet.left + width / 2 if at_left else sheet.right - width / 2
    y = (sheet.top + sheet.bottom) / 2
    if at_left:
        sheet.left += width + sheet.width * 0.01
    else:
        sheet.right -= width + sheet.width * 0.01
    if rng.random() < 0.6:
        draw_figure(sheet.picture, x, y, (width, high), pick_figure_colour(sheet, rng), rng)
    if rng.random() < 0.5:
        _print_hint(sheet, (x - width / 2, y - high / 2, x + width / 2, y + high / 2), rng)


def pick_figure_colour(sheet: Sheet, rng: np.random.Generator):
    return sheet.ink if rng.random() < INK_SHARE else pick_colour(rng)


def _print_hint(sheet: Sheet, area, rng: np.random.Generator) -> None:
    """Two to four rows, each a letter of a word or a word of its own, printed, not stamped."""
    x0, y0, x1, y1 = area
    word = pick(rng, HINTS) if rng.random() < 0.5 else "".join(pick(rng, string.ascii_uppercase) for _ in range(int(rng.integers(2, 5))))
    rows = list(word) if rng.random() < 0.7 else [pick_dealer(rng) for _ in range(int(rng.integers(2, 4)))]
    step = (y1 - y0) / len(rows)
    for row, said in enumerate(rows):
        sheet.print_small(said, (x0, y0 + row * step, x1, y0 + (row + 0.95) * step), pick_colour(rng), rng)


def draw_border(sheet: Sheet, rng: np.random.Generator) -> None:
    """A painted line around the number, single or double, or a pressed rim."""
    inset = int(rng.integers(0, max(1, sheet.height // 25) + 1))
    thick = int(rng.integers(1, max(2, sheet.height // 30) + 1))
    far = sheet.width - 1 - inset, sheet.height - 1 - inset
    if rng.random() < 0.3:  # pressed: a light and a dark line
        step = rng.uniform(15, 60)
        for shift, tone in ((0, sheet.ground + step), (thick, sheet.ground - step)):
            a, b = (inset + shift, inset + shift), (far[0] - shift, far[1] - shift)
            cv2.rectangle(sheet.picture, a, b, np.clip(tone, 0, 255).tolist(), thick, cv2.LINE_AA)
        return
    cv2.rectangle(sheet.picture, (inset, inset), far, sheet.ink, thick, cv2.LINE_AA)
    if rng.random() < 0.12:
        step = 2 * thick + 1
        a, b = (inset + step, inset + step), (far[0] - step, far[1] - step)
        cv2.rectangle(sheet.picture, a, b, sheet.ink, 1, cv2.LINE_AA)


def draw_bolts(sheet: Sheet, gaps: list[tuple], rng: np.random.Generator) -> None:
    """Screws in the corners, at the ends, or in the gaps between the groups of characters."""
    rows = (0.1, 0.9) if sheet.width / sheet.height < 2.6 else (0.5,)
    places = [(sheet.width * x, sheet.height * y) for x in pick(rng, BOLT_COLUMNS) for y in rows]
    if gaps and rng.random() < 0.45:
        level = rng.uniform(-0.5, 0.5)
        places = [(x, y + size * level) for _, x, y, size in gaps]
    radius = max(1.0, sheet.height * rng.uniform(0.015, 0.045))
    for x, y in places:
        if rng.random() < 0.8:
            _draw_bolt(sheet, (int(x), int(y)), radius * rng.uniform(0.8, 1.25), rng)


BOLT_COLUMNS = ((0.2, 0.8), (0.15, 0.85), (0.05, 0.95), (0.3, 0.7), (0.02, 0.98))


def _draw_bolt(sheet: Sheet, centre, radius: float, rng) -> None:
    grey = rng.integers(20, 240) + rng.normal(0, 10, 3) + np.array([25, 0, -20]) * (rng.random() < 0.3)  # some rust
    if radius > 2 and rng.random() < 0.5:
        cv2.circle(sheet.picture, centre, int(radius * 1.4), (grey * 0.4).tolist(), -1, cv2.LINE_AA)
    cv2.circle(sheet.picture, centre, max(1, int(radius)), np.clip(grey, 0, 255).tolist(), -1, cv2.LINE_AA)


def draw_dirt(sheet: Sheet, rng: np.random.Generator) -> None:
    """Dust and mud, in spots or clouds."""
    height, width = sheet.mask.shape
    grain = int(rng.integers(5, 30))
    grid = rng.random((max(2, height // grain), max(2, width // grain)), dtype=np.float32)
    noise = cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.4:  # splashed up from below
        noise += np.linspace(-0.4, 0.3, height, dtype=np.float32)[:, None]
    cover = np.float32(np.clip((noise - rng.uniform(0.5, 0.9)) * rng.uniform(0.8, 4), 0, rng.uniform(0.15, 0.7)))
    sheet.paint(cover, rng.integers(30, 160, 3))


def draw_obstacle(sheet: Sheet, rng: np.random.Generator) -> None:
    """A tow ball, a bolt's cap or a cable before the plate's lower edge; characters stay readable."""
    tone = [float(rng.integers(10, 90))] * 3 if rng.random() < 0.7 else pick_colour(rng)
    reach = (sheet.height - sheet.bottom) + (sheet.bottom - sheet.top) * rng.uniform(0.05, 0.22)
    x = int(sheet.width * rng.uniform(0.1, 0.9))
    if rng.random() < 0.7:
        radius = int(sheet.height * rng.uniform(0.1, 0.3))
        cv2.circle(sheet.picture, (x, int(sheet.height - reach + radius)), radius, tone, -1, cv2.LINE_AA)
        return
    ends = (int(x - sheet.width * 0.3), sheet.height), (x, int(sheet.height - reach)), (int(x + sheet.width * 0.2), sheet.height)
    cv2.polylines(sheet.picture, [np.int32(ends)], False, tone, int(rng.integers(1, 4)), cv2.LINE_AA)
