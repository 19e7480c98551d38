"""Bands, strips and boxes at a plate's edges; each takes its room from the text area."""

import cv2
import numpy as np

from .colours import pick_colour
from .emblems import draw_emblem, draw_script
from .sheet import Sheet
from .words import pick_dealer

OVALS = "D F GB I E PL NL RO CZ A IRL S P H SK LT BG HR UA TR".split()
EU_BLUE = (10, 50, 155)
PALE = (245.0, 245.0, 245.0)
GOLD = (240.0, 220.0, 40.0)


def draw_country_band(sheet: Sheet, form: dict, rng: np.random.Generator) -> None:
    """The blue band of Europe, left, sometimes also right (France, Italy, Albania)."""
    kind = form.get("band")
    if kind is None and rng.random() > 0.04:
        return
    if kind == "eu-half" and rng.random() < 0.55:
        return
    if kind == "eu" and rng.random() < 0.2:  # older plates carry none
        return
    both = kind == "eu-both" and rng.random() < 0.7
    oval = form.get("oval") or OVALS[int(rng.integers(len(OVALS)))]
    colour = np.array(EU_BLUE) + rng.normal(0, 18, 3) if rng.random() < 0.88 else np.array(pick_colour(rng))
    full = sheet.height if sheet.lines == 1 else sheet.height * 0.5
    width = full * rng.uniform(0.28, 0.45)
    tall = sheet.height if sheet.lines == 1 or rng.random() < 0.4 else sheet.height * rng.uniform(0.4, 0.6)
    sheet.fill(0, 0, width, tall, colour)
    _draw_band_sign(sheet, width, tall, kind, rng)
    if rng.random() < 0.85:
        sheet.print_small(oval, (width * 0.12, tall * 0.6, width * 0.9, tall * 0.98), PALE, rng)
    sheet.left = width + sheet.width * 0.015
    if both:
        _draw_right_band(sheet, colour, width, tall, rng)


def _draw_band_sign(sheet: Sheet, width: float, tall: float, kind: str | None, rng) -> None:
    """The ring of stars, or a flag where a country shows its own."""
    centre, radius = (width / 2, tall * 0.33), max(2.0, width * 0.3)
    if rng.random() < (0.45 if kind == "eu-half" else 0.1):
        colours = [pick_colour(rng) for _ in range(3)]
        upright = rng.random() < 0.4
        for index in range(3):
            low, high = (index / 3 - 0.5) * 2 * radius, ((index + 1) / 3 - 0.5) * 2 * radius
            x0, x1 = (low, high) if upright else (-radius, radius)
            y0, y1 = (-radius * 0.7, radius * 0.7) if upright else (low * 0.7, high * 0.7)
            sheet.fill(centre[0] + x0, centre[1] + y0, centre[0] + x1, centre[1] + y1, colours[index])
        return
    if radius < 6:
        cv2.circle(sheet.picture, (int(centre[0]), int(centre[1])), int(radius), GOLD, 1)
        return
    for angle in np.linspace(0, 2 * np.pi, 13)[:-1]:
        star = int(centre[0] + radius * np.cos(angle)), int(centre[1] + radius * np.sin(angle))
        cv2.circle(sheet.picture, star, max(1, int(radius * 0.14)), GOLD, -1, cv2.LINE_AA)


def _draw_right_band(sheet: Sheet, colour, width: float, tall: float, rng) -> None:
    """The right band with its department or year, which must not be read."""
    low = sheet.height - tall if rng.random() < 0.5 else 0
    sheet.fill(sheet.width - width, low, sheet.width, low + tall, colour)
    left, right = sheet.width - width * 0.9, sheet.width - width * 0.1
    if rng.random() < 0.7:
        draw_emblem(sheet.picture, sheet.width - width / 2, low + tall * 0.3, width * 0.7, rng)
    if rng.random() < 0.85:
        area = left, low + tall * 0.6, right, low + tall * 0.97
        sheet.print_small(f"{int(rng.integers(1, 99)):02d}", area, PALE, rng)
    sheet.right = sheet.width - width - sheet.width * 0.01


def draw_edge_extras(sheet: Sheet, form: dict, rng: np.random.Generator) -> None:
    """What the country's plates carry at their edges, each with some probability."""
    for extra in form.get("extras", ()):
        draw = EDGE_EXTRAS.get(extra)
        if draw is not None and rng.random() < 0.7:
            draw(sheet, form, rng)


def _green_band(sheet, form, rng) -> None:
    """Pakistan: a green band with a seal at the left."""
    width = sheet.width * rng.uniform(0.1, 0.2)
    sheet.fill(0, 0, width, sheet.height, (10, rng.integers(70, 140), 50))
    draw_emblem(sheet.picture, width / 2, sheet.height * rng.uniform(0.2, 0.6), width * 0.7, rng)
    sheet.left = width + 2


def _blue_band(sheet, form, rng) -> None:
    """A narrow coloured band with a code, as in Israel, Norway, Cuba, Iran."""
    width = sheet.width * rng.uniform(0.05, 0.1)
    sheet.fill(0, 0, width, sheet.height, np.array((20, 60, 170)) + rng.normal(0, 15, 3))
    word = form.get("words", [form["code"].upper()])[0]
    sheet.print_small(word, (1, sheet.height * 0.6, width, sheet.height * 0.95), PALE, rng)
    sheet.left = width + 3


def _ind_band(sheet, form, rng) -> None:
    """India's high-security plate: a small blue IND and a hologram at the left."""
    width = sheet.width * rng.uniform(0.05, 0.09)
    half = sheet.height * 0.5
    draw_emblem(sheet.picture, width * 0.6, half * 0.7, width * 0.8, rng)
    sheet.print_small("IND", (1, half, width, half * 1.5), (40.0, 60.0, 170.0), rng)
    sheet.left = width + 2


def _right_box(sheet, form, rng) -> None:
    """Russia and its neighbours: a ruled box at the right; the digits in it are text."""
    x = int(sheet.width * rng.uniform(0.74, 0.79))
    sheet.box = x
    cv2.line(sheet.picture, (x, 0), (x, sheet.height), sheet.ink, max(1, sheet.height // 40))
    if rng.random() < 0.7:
        area = sheet.width * 0.8, sheet.height * 0.72, sheet.width * 0.9, sheet.height * 0.95
        sheet.print_small("RUS", area, sheet.ink, rng)
        draw_emblem(sheet.picture, sheet.width * 0.94, sheet.height * 0.83, sheet.height * 0.2, rng)


def _left_flag(sheet, form, rng) -> None:
    width = sheet.width * rng.uniform(0.07, 0.11)
    middle = sheet.height / 2
    for index in range(3):
        top = middle - width / 2 + index * width / 3
        sheet.fill(width * 0.1, top, width * 0.9, top + width / 3, pick_colour(rng))
    sheet.print_small(form["code"].upper(), (0, middle + width * 0.5, width, middle + width), sheet.ink, rng)
    sheet.left = width + 3


def _right_date(sheet, form, rng) -> None:
    """Portugal: a yellow band at the right with year over month."""
    width = sheet.height * rng.uniform(0.25, 0.38)
    sheet.fill(sheet.width - width, 0, sheet.width, sheet.height, (240, 200, 30))
    for y in (0.1, 0.5):
        area = sheet.width - width, sheet.height * y, sheet.width, sheet.height * (y + 0.4)
        sheet.print_small(f"{int(rng.integers(1, 99)):02d}", area, (20.0, 20.0, 20.0), rng)
    sheet.right = sheet.width - width - 2


def _date_below(sheet, form, rng) -> None:
    """Indonesia: the expiry month and year below the number, small but text-like."""
    height = sheet.height * rng.uniform(0.17, 0.28)
    middle = sheet.width * (rng.uniform(0.42, 0.58) if rng.random() < 0.55 else rng.uniform(0.7, 0.84))
    month, year = int(rng.integers(1, 13)), int(rng.integers(0, 100))
    sign = ("·", ".", " ", "-")[int(rng.integers(4))]
    words = f"{month:02d}{sign}{year:02d}".replace("·", ".")
    reach = sheet.width * rng.uniform(0.1, 0.2)
    area = middle - reach, sheet.height * 0.97 - height, middle + reach, sheet.height * 0.97
    sheet.print_small(words, area, sheet.ink, rng)
    sheet.top, sheet.bottom = sheet.height * 0.07, sheet.height * 0.97 - height
    if rng.random() < 0.25:  # a maker's or dealer's name on the holder's lower lip
        sheet.print_small(pick_dealer(rng), (2, sheet.height * 0.9, sheet.width * 0.5, sheet.height), PALE, rng)


def _blue_strip(sheet, form, rng) -> None:
    """Mercosul and Egypt: a strip on top with the country's name and flag."""
    height = sheet.height * rng.uniform(0.2, 0.3)
    sheet.fill(0, 0, sheet.width, height, np.array((10, 40, 145)) + rng.normal(0, 14, 3))
    word = form.get("words", [""])[0]
    sheet.print_small(word, (sheet.width * 0.25, 1, sheet.width * 0.75, height), PALE, rng)
    draw_emblem(sheet.picture, sheet.width * 0.93, height / 2, height * 0.7, rng)
    if rng.random() < 0.6:
        draw_emblem(sheet.picture, sheet.width * 0.07, height / 2, height * 0.7, rng)
    sheet.top = height + sheet.height * 0.02
    if form["code"] in ("br-mercosul", "ar-mercosur", "uy", "py") and rng.random() < 0.6:
        _draw_code_square(sheet, height, form["code"][:2].upper(), rng)


def _draw_code_square(sheet: Sheet, top: float, country: str, rng) -> None:
    """Mercosul: a small square code below the strip and the country's letters in the corner."""
    size = max(4, int(sheet.height * rng.uniform(0.13, 0.2)))
    grid = (rng.random((7, 7)) < 0.5).astype(np.float32)
    cover = cv2.resize(grid, (size, size), interpolation=cv2.INTER_NEAREST)
    sheet.paint(cover, (20.0, 20.0, 20.0), int(sheet.width * 0.02), int(top + sheet.height * 0.04))
    area = sheet.width * 0.01, sheet.height * 0.74, sheet.width * 0.075, sheet.height * 0.96
    sheet.print_small(country, area, (20.0, 20.0, 20.0), rng)
    sheet.left = max(sheet.left, sheet.width * rng.uniform(0.07, 0.09))


def _foreign(side: str):
    """Script beside, above or below the number."""

    def draw(sheet, form, rng) -> None:
        ink = np.zeros_like(sheet.mask)
        width, height = sheet.width, sheet.height
        if side in ("top", "bottom"):
            band = height * rng.uniform(0.2, 0.35)
            top = height * 0.05 if side == "top" else height * 0.96 - band
            for index in range(int(rng.integers(2, 6))):
                x = width * 0.12 + index * band * 1.1
                if x + band < width * 0.95:
                    draw_script(ink, (x, top, band, band * 0.9), rng, sheet.signs)
            sheet.top = top + band if side == "top" else sheet.top
            sheet.bottom = top if side == "bottom" else sheet.bottom
        else:
            reach = width * rng.uniform(0.12, 0.2)
            x = width * 0.02 if side == "left" else width * 0.98 - reach
            for y in (0.12, 0.52):
                draw_script(ink, (x, height * y, reach, height * 0.36), rng, sheet.signs)
            sheet.left = x + reach if side == "left" else sheet.left
            sheet.right = x if side == "right" else sheet.right
        sheet.paint(np.minimum(ink, 1), sheet.ink)

    return draw


EDGE_EXTRAS = {
    "green-band": _green_band,
    "blue-band": _blue_band,
    "ind-band": _ind_band,
    "right-box": _right_box,
    "left-flag": _left_flag,
    "right-date": _right_date,
    "date-below": _date_below,
    "blue-strip": _blue_strip,
    "foreign-top": _foreign("top"),
    "foreign-bottom": _foreign("bottom"),
    "foreign-left": _foreign("left"),
    "foreign-right": _foreign("right"),
}
