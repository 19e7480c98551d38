"""A whole plate, flat and clean-lit: the number in its country's dress."""

from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from ..glyphs.faces import LETTERED, Faces
from ..glyphs.scripts import load_scripts, script_of
from .art import draw_art, grade_ground
from .bands import draw_country_band, draw_edge_extras
from .colours import LUMA, pick_colours
from .emblems import draw_emblem, draw_figure
from .formats import THREE_LINE_SHARE, Formats, PlateText, region_of
from .frames import cover_edges, put_in_holder
from .furniture import (
    draw_badge,
    draw_bolts,
    draw_border,
    draw_dirt,
    draw_edge_sticker,
    draw_obstacle,
    draw_stickers,
    draw_words,
    pick_figure_colour,
)
from .layout import letter_plate
from .lettering import Line, Sign, pick_style
from .sheet import Sheet


class Plate(NamedTuple):
    """uint8 RGB [H, W, 3], about 140..300 px wide, and what is to be read on it.

    `pitch` is the distance of characters as a share of the width, `contrast` that of ink and ground in grey levels.
    `signs` are the characters of the text with their boxes; `has_unread`: there are signs of a script that is not read.
    """

    picture: np.ndarray
    text: str
    lines: int
    region: str
    pitch: float = 0.1
    contrast: float = 150.0
    signs: tuple[Sign, ...] = ()
    has_unread: bool = False


UNEXPLAINED_SHARE = 0.35
ART_SHARE, GRADED_ART_SHARE = 0.06, 0.6
BADGE_SHARE, AMERICAN_BADGE_SHARE = 0.05, 0.25  # American special plates carry the badge of a cause or a club
TALL_BADGE_SHARE, GAP_FIGURE_SHARE = 0.2, 0.15  # of American plates: as high as the number at its end; in a gap of it


class PlateRenderer:
    """Renders random plates of all formats; the same generator gives the same plates."""

    def __init__(self, fonts: Path, dies: int = 240, three_lines: float = THREE_LINE_SHARE):
        self.faces = Faces(fonts, dies)
        self.formats = Formats(three_lines=three_lines)
        self.scripts = load_scripts(LETTERED / "scripts")
        self.shapes: dict[str, set[str]] = {}

    def render(self, rng: np.random.Generator, lines: int | None = None) -> Plate:
        """One plate; `lines` asks for one to three."""
        said = self._write(rng, lines)
        sheet = self._prepare(said, rng)
        letters = said.form.get("letter_height", 1.0) if rng.random() < 0.8 else 1.0
        twins = "" if self._follows_syntax(said) else said.text
        style = pick_style(self.faces.pick(rng, said.form["code"], twins), rng, letters, sheet.signs)
        line = letter_plate(sheet, said.lines, said.form, style, rng)
        picture, (right, down) = _finish(sheet, said.form, line, rng)
        signs = tuple(Sign(s.sign, s.x0 + right, s.y0 + down, s.x1 + right, s.y1 + down) for s in line.signs)
        has_unread = any("~" in text for text in said.lines)
        contrast = float(abs((sheet.ground - np.float64(sheet.ink)) @ LUMA))
        region = region_of(said.form["code"])
        picture = np.clip(picture, 0, 255).astype(np.uint8)
        pitch = line.pitch / picture.shape[1]
        return Plate(picture, line.text, len(said.lines), region, pitch, contrast, signs, has_unread)

    def _write(self, rng: np.random.Generator, lines: int | None) -> PlateText:
        """A number that fits; those whose O, 0, I or 1 no pattern explains are mostly written anew."""
        while True:
            said = self.formats.write(rng)
            if not 2 <= len(said.text) <= 10 or (lines is not None and len(said.lines) != lines):
                continue
            if not set("O0I1") & set(said.text) or self._follows_syntax(said) or rng.random() < UNEXPLAINED_SHARE:
                return said

    def _follows_syntax(self, said: PlateText) -> bool:
        """Whether letters and digits stand as in one of the form's patterns, so that O and 0 are told by place."""
        code = said.form["code"]
        if code not in self.shapes:
            patterns = said.form["one"] + said.form.get("two", [])
            self.shapes[code] = {_shape(pattern.partition("*")[0], "D") for pattern in patterns}
        return _shape("|".join(said.lines), "0123456789") in self.shapes[code]

    def _prepare(self, said: PlateText, rng: np.random.Generator) -> Sheet:
        form, lines = said.form, len(said.lines)
        aspects = form["aspect"] if lines == 1 else form["two_aspect"]
        aspect = aspects[int(rng.integers(len(aspects)))] * rng.uniform(0.92, 1.08)
        if lines == 1 and rng.random() < 0.1:
            aspect = rng.uniform(2.0, 5.2)  # display plates, cropped plates, wrong aspect of a camera
        if lines == 2 and rng.random() < 0.1:
            aspect = rng.uniform(0.9, 2.3)
        if lines == 3:
            aspect = rng.uniform(0.75, 1.6)
        width = int(rng.integers(200, 300) if lines == 1 else rng.integers(140, 200))
        colours = pick_colours(rng, form["colours"])
        sheet = Sheet(width, int(width / aspect), colours.ground, colours.ink, lines, self.faces.pick_small(rng))
        sheet.signs = self.scripts.get(script_of(form["code"]))
        grade_ground(sheet, colours, rng)
        if colours.art or rng.random() < (GRADED_ART_SHARE if colours.grades else ART_SHARE):
            draw_art(sheet, rng)
        is_american = "us" in form.get("extras", ())
        draw_country_band(sheet, form, rng)
        draw_edge_extras(sheet, form, rng)
        if rng.random() < (AMERICAN_BADGE_SHARE if is_american and lines == 1 else BADGE_SHARE):
            draw_edge_sticker(sheet, rng, 0.3 if is_american else 0.2)
        if lines == 1 or not is_american:
            draw_words(sheet, form, rng)
        if is_american and lines == 1 and rng.random() < TALL_BADGE_SHARE:
            draw_badge(sheet, rng)
        return sheet


def _shape(written: str, digits: str) -> str:
    """A pattern or a number as D for digits and L for everything else that is read."""
    return "".join("D" if sign in digits or sign.isdigit() else "L" for sign in written if sign.isalnum())


def _finish(sheet: Sheet, form: dict, line: Line, rng) -> tuple[np.ndarray, tuple[int, int]]:
    """The picture, and by how much a holder around the sheet moved it."""
    is_us = "us" in form.get("extras", ())
    for kind, x, y, size in line.places:
        if is_us and rng.random() < (0.5 if kind == "#" else GAP_FIGURE_SHARE):
            tall = (sheet.bottom - sheet.top) * rng.uniform(0.3, 0.9)
            draw_figure(sheet.picture, x, y, (size * rng.uniform(0.8, 1.2), tall), pick_figure_colour(sheet, rng), rng)
        elif kind == "#" and rng.random() < 0.85:
            draw_emblem(sheet.picture, x, y, size * rng.uniform(0.75, 1.15), rng)
    if rng.random() < (0.5 if "emblem" in form.get("extras", ()) else 0.2):
        _draw_free_emblem(sheet, rng)
    _ink(sheet, rng)
    if rng.random() < 0.55:
        draw_border(sheet, rng)
    if rng.random() < 0.5:
        draw_bolts(sheet, [place for place in line.places if place[0] == " "], rng)
    if is_us:
        draw_stickers(sheet, rng)
    if rng.random() < 0.15:
        draw_dirt(sheet, rng)
    if rng.random() < 0.04:
        draw_obstacle(sheet, rng)
    if rng.random() < (0.3 if is_us else 0.06):
        cover_edges(sheet, rng)
    return put_in_holder(sheet, rng) if rng.random() < 0.25 else (sheet.picture, (0, 0))


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
    """Paints the characters, sometimes pressed: a light and a dark edge, or worn off in places."""
    if rng.random() < 0.5:
        dx, dy = rng.uniform(-1.5, 1.5), rng.uniform(-1.8, 1.8)
        shape = sheet.width, sheet.height
        lit = cv2.warpAffine(sheet.mask, np.float32([[1, 0, dx], [0, 1, dy]]), shape)
        dark = cv2.warpAffine(sheet.mask, np.float32([[1, 0, -dx], [0, 1, -dy]]), shape)
        edge = (lit - dark) * np.float32(rng.uniform(10, 60))
        sheet.picture += cv2.merge((edge, edge, edge))
    cover = sheet.mask
    if rng.random() < 0.06:
        grid = rng.random((5, 12), dtype=np.float32)
        worn = cv2.resize(grid, (sheet.width, sheet.height), interpolation=cv2.INTER_CUBIC)
        cover = np.float32(cover * np.clip(1 - (worn - 0.6) * rng.uniform(0.5, 2), 0.25, 1))
    sheet.paint(cover, sheet.ink)
