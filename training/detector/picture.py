"""Training pictures for the detector: photographs, mosaics, pasted plates."""

from typing import NamedTuple

import cv2
import numpy as np

from ..data.scenes import Scene, read_scene
from ..photo.degrade import compress
from ..photo.warp import quad_of_box
from .geometry import place_close_up, place_scene
from .lettering import paste_lettering
from .paste import paste_plates, replace_plate

LONGEST_KEPT = 960  # px: photographs are kept in memory at most this large
MOSAIC_SHARE = 0.4
LEAST_VISIBLE, LEAST_SEEN = 0.6, 0.05  # shares of a plate inside the view
LEAST_WIDTH = 9.0  # px: smaller plates are neither asked for nor punished
LEAST_SEEN_VEHICLE, LEAST_VEHICLE = 0.4, 14.0  # share and px: the same for vehicles
STEEP = 0.15  # rad: a vehicle's box says little when the picture is turned further
MOST_COVERED = 0.35  # of a vehicle by a pasted plate
REPLACED_SHARE, LETTERING_SHARE = 0.15, 0.3
CLOSE_UP_SHARE, CLOSE_UP_REPLACED_SHARE = 0.1, 0.6  # photographs are seldom sharp enough to fill a picture with a plate


class Target(NamedTuple):
    """A plate to be found: its quad [4, 2] in px and the trust in its corners."""

    quad: np.ndarray
    trust: float

    @property
    def box(self) -> np.ndarray:
        return np.concatenate([self.quad.min(0), self.quad.max(0)])


class TrainingPicture(NamedTuple):
    """uint8 RGB; plates and the pixels of no opinion on plates; vehicles (box, class index) and the pixels of none on them."""

    pixels: np.ndarray
    ignored: np.ndarray
    targets: list[Target]
    ignored_vehicles: np.ndarray
    vehicles: list[tuple]


class PictureSource:
    """Endless training pictures from weighted sets of scenes."""

    def __init__(self, sets: dict[str, list[Scene]], shares: dict[str, float], renderer, size, paste_share: float):
        self.sets, self.renderer, self.size = sets, renderer, size
        self.paste_share = paste_share
        self.names = list(shares)
        self.chances = np.array([shares[name] for name in self.names])
        self.chances = self.chances / self.chances.sum()
        self.photos: dict[str, tuple[np.ndarray, float]] = {}

    def draw(self, rng: np.random.Generator) -> TrainingPicture:
        width, height = self.size
        picture = TrainingPicture(
            np.full((height, width, 3), 114, np.uint8),
            np.zeros((height, width), bool),
            [],
            np.zeros((height, width), bool),
            [],
        )
        if rng.random() < CLOSE_UP_SHARE:
            self._place_close_up(picture, rng)
            return picture._replace(pixels=vary_light(rng, picture.pixels))
        for view in _views(rng, width, height):
            self._place(picture, view, rng)
        for index, target in enumerate(picture.targets):
            if target.trust > 0 and rng.random() < REPLACED_SHARE:
                quad = replace_plate(rng, picture.pixels, target.quad, self.renderer)
                picture.targets[index] = target if quad is None else Target(quad, 1.0)
        if rng.random() < LETTERING_SHARE:
            paste_lettering(rng, picture.pixels, [t.box for t in picture.targets], self.renderer.faces)
        if rng.random() < self.paste_share or (not picture.targets and rng.random() < 0.5):
            pasted = paste_plates(rng, picture, self.renderer, [t.box for t in picture.targets])
            picture.targets.extend(Target(quad, 1.0) for quad in pasted)
            _forget_covered(picture, pasted)
        return picture._replace(pixels=vary_light(rng, picture.pixels))

    def _pick_scene(self, rng: np.random.Generator) -> Scene:
        name = self.names[rng.choice(len(self.names), p=self.chances)]
        return self.sets[name][int(rng.integers(len(self.sets[name])))]

    def _place_close_up(self, picture: TrainingPicture, rng: np.random.Generator) -> None:
        """A photograph cut close around one plate, often with a rendered plate in its place."""
        scene = self._pick_scene(rng)
        while not scene.plates:
            scene = self._pick_scene(rng)
        photo, photo_scale = self._photo(scene)
        place, filled = place_close_up(rng, scene, photo_scale, photo.shape[1::-1], self.size)
        self._put(picture, (0, 0, *filled), scene, place, rng)
        for index, target in enumerate(picture.targets):
            if rng.random() < CLOSE_UP_REPLACED_SHARE:
                view = picture.pixels[: filled[1], : filled[0]]
                quad = replace_plate(rng, view, target.quad, self.renderer, close=True)
                picture.targets[index] = target if quad is None else Target(quad, 1.0)

    def _place(self, picture: TrainingPicture, view, rng: np.random.Generator) -> None:
        scene = self._pick_scene(rng)
        photo, photo_scale = self._photo(scene)
        self._put(picture, view, scene, place_scene(rng, scene, photo_scale, photo.shape[1::-1], view[2:]), rng)

    def _put(self, picture: TrainingPicture, view, scene: Scene, place, rng: np.random.Generator) -> None:
        x0, y0, width, height = view
        photo, photo_scale = self._photo(scene)
        if place.scale < 0.6:
            photo = cv2.blur(photo, (round(0.8 / place.scale),) * 2)
        border = 114.0 if rng.random() < 0.5 else float(rng.integers(256))
        picture.pixels[y0 : y0 + height, x0 : x0 + width] = cv2.warpAffine(
            photo,
            np.float32(np.c_[place.matrix, place.shift]),
            (width, height),
            borderValue=(border,) * 3,
            borderMode=cv2.BORDER_CONSTANT if rng.random() < 0.7 else cv2.BORDER_REPLICATE,
        )
        self._add_plates(picture, view, scene, place, photo_scale)
        self._add_vehicles(picture, view, scene, place, photo_scale)

    def _add_plates(self, picture: TrainingPicture, view, scene: Scene, place, photo_scale: float) -> None:
        x0, y0, width, height = view
        ignored = picture.ignored[y0 : y0 + height, x0 : x0 + width]
        for box in scene.ignored:
            _mark(ignored, _box_of(place.map(quad_of_box(box) * photo_scale)))
        for plate in scene.plates:
            quad = place.map_quad(plate.quad * photo_scale)
            seen = _seen_share(_box_of(quad), width, height)
            if seen < LEAST_SEEN:
                continue
            if seen < LEAST_VISIBLE or np.ptp(quad[:, 0]) < LEAST_WIDTH:
                _mark(ignored, _box_of(quad))
            else:
                _mark(ignored, _box_of(quad), False)
                picture.targets.append(Target(quad + np.float32([x0, y0]), plate.trust))

    def _add_vehicles(self, picture: TrainingPicture, view, scene: Scene, place, photo_scale: float) -> None:
        x0, y0, width, height = view
        ignored = picture.ignored_vehicles[y0 : y0 + height, x0 : x0 + width]
        for box in scene.ignored_vehicles:
            _mark(ignored, _box_of(place.map(quad_of_box(box) * photo_scale)))
        for known, kind in scene.vehicles:
            box = _box_of(place.map(quad_of_box(known) * photo_scale))
            shown = box.clip(0, [width, height, width, height])
            seen = _seen_share(box, width, height)
            small = (shown[2:] - shown[:2]).min() < LEAST_VEHICLE
            if seen < LEAST_SEEN_VEHICLE or small or abs(place.angle) > STEEP or kind == 0:
                _mark(ignored, box)
            else:
                picture.vehicles.append((shown + np.float32([x0, y0, x0, y0]), kind))

    def _photo(self, scene: Scene) -> tuple[np.ndarray, float]:
        if scene.path not in self.photos:
            photo = read_scene(scene)
            scale = min(1.0, LONGEST_KEPT / max(photo.shape[:2]))
            if scale < 1:
                photo = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
            self.photos[scene.path] = photo, scale
        return self.photos[scene.path]


def _views(rng, width: int, height: int) -> list[tuple[int, int, int, int]]:
    if rng.random() >= MOSAIC_SHARE:
        return [(0, 0, width, height)]
    x, y = int(width * rng.uniform(0.35, 0.65)), int(height * rng.uniform(0.35, 0.65))
    return [(0, 0, x, y), (x, 0, width - x, y), (0, y, x, height - y), (x, y, width - x, height - y)]


def _box_of(quad: np.ndarray) -> np.ndarray:
    return np.concatenate([quad.min(0), quad.max(0)])


def _seen_share(box: np.ndarray, width: int, height: int) -> float:
    inside = np.array([max(box[0], 0), max(box[1], 0), min(box[2], width), min(box[3], height)])
    shown = np.maximum(inside[2:] - inside[:2], 0).prod()
    return float(shown / max(1e-6, (box[2:] - box[:2]).prod()))


def _mark(ignored: np.ndarray, box: np.ndarray, value: bool = True) -> None:
    x0, y0 = np.maximum(box[:2], 0).astype(int)
    x1, y1 = np.maximum(box[2:] + 1, 0).astype(int)
    ignored[y0:y1, x0:x1] = value


def _forget_covered(picture: TrainingPicture, pasted: list[np.ndarray]) -> None:
    """Vehicles that hide behind a large pasted plate are no longer asked for."""
    for box, kind in list(picture.vehicles):
        for quad in pasted:
            shared = np.minimum(box[2:], quad.max(0)) - np.maximum(box[:2], quad.min(0))
            if shared.clip(min=0).prod() > MOST_COVERED * (box[2:] - box[:2]).prod():
                _mark(picture.ignored_vehicles, box)
                picture.vehicles[:] = [row for row in picture.vehicles if row[0] is not box]
                break


def vary_light(rng: np.random.Generator, pixels: np.ndarray) -> np.ndarray:
    """Contrast, brightness, colour, grey, blur, noise, JPEG on the whole picture."""
    light = pixels.astype(np.float32)
    if rng.random() < 0.7:
        light = (light - 128) * rng.uniform(0.6, 1.3) + 128 + rng.normal(0, 22)
    if rng.random() < 0.3:
        light *= rng.uniform(0.25, 0.8)
    if rng.random() < 0.4:
        light *= (1 + rng.normal(0, 0.12, 3)).astype(np.float32)
    if rng.random() < 0.15:
        light = np.repeat(light.mean(2, keepdims=True), 3, 2)
    if rng.random() < 0.2:
        light = cv2.GaussianBlur(light, (0, 0), rng.uniform(0.4, 1.2))
    if rng.random() < 0.25:
        light += rng.standard_normal((*light.shape[:2], 1), dtype=np.float32) * rng.exponential(8)
    pixels = np.clip(light, 0, 255).astype(np.uint8)
    return compress(rng, pixels) if rng.random() < 0.15 else pixels
