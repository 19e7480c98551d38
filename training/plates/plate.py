"""A whole plate, flat and clean-lit: the number in its country's dress."""

from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from ..glyphs.faces import Faces
from .bands import draw_country_band, draw_edge_extras
from .colours import pick_colours
from .emblems import draw_emblem
from .formats import Formats, PlateText, region_of
from .furniture import (
    draw_bolts,
    draw_border,
    draw_dirt,
    draw_graphics,
    draw_stickers,
    draw_words,
    put_in_holder,
)
from .lettering import draw_line, pick_style
from .sheet import Sheet


class Plate(NamedTuple):
    """uint8 RGB [H, W, 3], about 140..300 px wide, and what is to be read on it."""

    picture: np.ndarray
    text: str
    lines: int
    region: str


class PlateRenderer:
    """Renders random plates of all formats; the same generator gives the same plates."""

    def __init__(self, fonts: Path, dies: int = 240):
        self.faces = Faces(fonts, dies)
        self.formats = Formats()

    def render(self, rng: np.random.Generator, lines: int | None = None) -> Plate:
        """One plate; `lines` asks for one or two."""
        said = self.formats.write(rng)
        while not 2 <= len(said.text) <= 10 or (lines is not None and len(said.lines) != lines):
            said = self.formats.write(rng)
        sheet = self._prepare(said, rng)
        emblems = self._letter(sheet, said, rng)
        picture = _finish(sheet, said.form, emblems, rng)
        return Plate(np.clip(picture, 0, 255).astype(np.uint8), said.text, len(said.lines), region_of(said.form["code"]))

    def _prepare(self, said: PlateText, rng: np.random.Generator) -> Sheet:
        form, lines = said.form, len(said.lines)
        aspects = form["aspect"] if lines == 1 else form["two_aspect"]
        aspect = aspects[int(rng.integers(len(aspects)))] * rng.uniform(0.92, 1.08)
        if lines == 1 and rng.random() < 0.12:
            aspect = rng.uniform(2.0, 4.7)  # display plates, cropped plates, wrong aspect of a camera
        width = int(rng.integers(200, 300) if lines == 1 else rng.integers(140, 200))
        ground, ink, art = pick_colours(rng, form["colours"])
        sheet = Sheet(width, int(width / aspect), ground, ink, lines)
        if art or rng.random() < 0.08:
            draw_graphics(sheet, ground, rng)
        draw_country_band(sheet, form, rng)
        draw_edge_extras(sheet, form, rng)
        if lines == 1 or "us" not in form.get("extras", ()):
            draw_words(sheet, form, rng)
        return sheet

    def _letter(self, sheet: Sheet, said: PlateText, rng: np.random.Generator) -> list[tuple]:
        style = pick_style(self.faces.pick(rng), rng)
        lines = [_vary_separators(line, rng) for line in said.lines]
        if len(lines) == 1:
            return _letter_one_line(sheet, lines[0], said.form, style, rng)
        return _letter_two_lines(sheet, lines, said.form, style, rng)


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


def _letter_one_line(sheet: Sheet, line: str, form: dict, style, rng) -> list[tuple]:
    room = sheet.bottom - sheet.top
    height = room * rng.uniform(0.72, 1)
    top = (sheet.top + sheet.bottom - height) / 2
    if "stacked" in form.get("extras", ()) and rng.random() < 0.12:
        top_half = (sheet.left + 2, top, sheet.left + sheet.width * 0.09, top + height * 0.45)
        low_half = (top_half[0], top + height * 0.55, top_half[2], top + height)
        for area in (top_half, low_half):  # small stacked letters belong to the plate's type
            draw_line(sheet.mask, chr(65 + int(rng.integers(26))), area, style, rng)
        sheet.left += sheet.width * 0.09 + 4
    middle = (sheet.left + sheet.right) / 2
    reach = (sheet.right - sheet.left) * (1 - rng.random() ** 2 * 0.14) / 2
    return draw_line(sheet.mask, line, (middle - reach, top, middle + reach, top + height), style, rng)


def _letter_two_lines(sheet: Sheet, lines: list[str], form: dict, style, rng) -> list[tuple]:
    upper, lower = lines
    if rng.random() < 0.3:  # seals beside the first line
        upper = ("#" if rng.random() < 0.3 else "") + upper + ("#" if rng.random() < 0.6 else "")
    share = rng.uniform(0.26, 0.36) if "japan" in form.get("extras", ()) else rng.uniform(0.38, 0.56)
    middle = sheet.top + (sheet.bottom - sheet.top) * share
    gap = sheet.height * rng.uniform(0.01, 0.04)
    inset_left, inset_right = rng.uniform(0, 0.15, 2) * (rng.random(2) < 0.4) * sheet.width
    upper_area = sheet.left + inset_left, sheet.top, sheet.right - inset_right, middle - gap
    lower_left = sheet.left if rng.random() < 0.5 else sheet.width * 0.03
    emblems = draw_line(sheet.mask, upper, upper_area, style, rng)
    return emblems + draw_line(sheet.mask, lower, (lower_left, middle + gap, sheet.right, sheet.bottom), style, rng)


def _finish(sheet: Sheet, form: dict, emblems: list[tuple], rng) -> np.ndarray:
    for x, y, size in emblems:
        if rng.random() < 0.85:
            draw_emblem(sheet.picture, x, y, size * rng.uniform(0.75, 1.15), rng)
    if rng.random() < (0.5 if "emblem" in form.get("extras", ()) else 0.25):
        _draw_free_emblem(sheet, rng)
    _ink(sheet, rng)
    if rng.random() < 0.55:
        draw_border(sheet, rng)
    if rng.random() < 0.5:
        draw_bolts(sheet, rng)
    if "us" in form.get("extras", ()):
        draw_stickers(sheet, rng)
    if rng.random() < 0.22:
        draw_dirt(sheet, rng)
    return put_in_holder(sheet.picture, rng) if rng.random() < 0.25 else sheet.picture


def _draw_free_emblem(sheet: Sheet, rng: np.random.Generator) -> None:
    """An emblem where no character is."""
    for _ in range(6):
        size = sheet.height * rng.uniform(0.12, 0.45)
        x, y = rng.uniform(size / 2, sheet.width - size / 2), rng.uniform(size / 2, sheet.height - size / 2)
        around = sheet.mask[int(y - size / 2) : int(y + size / 2) + 1, int(x - size / 2) : int(x + size / 2) + 1]
        if around.size and around.max() < 0.05:
            draw_emblem(sheet.picture, x, y, size, rng)
            return


def _ink(sheet: Sheet, rng: np.random.Generator) -> None:
    """Paints the characters, sometimes embossed by a shifted light edge."""
    if rng.random() < 0.45:
        shift = np.float32([[1, 0, rng.uniform(-1.5, 1.5)], [0, 1, rng.uniform(-1.5, 1.5)]])
        edge = cv2.warpAffine(sheet.mask, shift, (sheet.width, sheet.height)) - sheet.mask
        sheet.picture += (edge * rng.uniform(15, 70))[..., None]
    cover = sheet.mask[..., None]
    sheet.picture[:] = sheet.picture * (1 - cover) + cover * np.float32(sheet.ink)
