"""Training pictures for the vehicle network: photographs at every size, mirrored, in other light, at night."""

from typing import NamedTuple

import cv2
import numpy as np

from ..data.scenes import Scene, read_scene
from ..detector.picture import vary_light

LONGEST_KEPT = 640  # px: photographs are kept in memory at most this large
LEAST_SEEN, LEAST_SIDE = 0.35, 7.0  # share and px: less of a vehicle is neither asked for nor punished
ZOOM = 0.55, 1.9  # of the scale at which the whole photograph fits
SHARED = 0.3, 0.7  # of the picture's sides: where four pictures meet
STRETCH, NIGHT_SHARE, BLACK = 0.08, 0.12, 12


class Photo(NamedTuple):
    """uint8 RGB without black margins; vehicles [n, 5] of box and class 0 to 3 or -1 (unknown); boxes [m, 4] of no opinion."""

    pixels: np.ndarray
    vehicles: np.ndarray
    ignored: np.ndarray


class VehiclePictures:
    """Endless training pictures from weighted sets of scenes, which stay in memory once they are read."""

    def __init__(self, sets: dict[str, list[Scene]], shares: dict[str, float]):
        self.sets, self.names = sets, list(shares)
        self.photos: dict[str, Photo] = {}
        self.chances = np.array(list(shares.values())) / sum(shares.values())

    def draw(self, rng: np.random.Generator, size: tuple[int, int]) -> Photo:
        """A picture of `size` (width, height) with the vehicles in it."""
        scenes = self.sets[self.names[rng.choice(len(self.names), p=self.chances)]]
        scene = scenes[int(rng.integers(len(scenes)))]
        if scene.path not in self.photos:
            self.photos[scene.path] = _load(scene)
        photo = self.photos[scene.path]
        matrix = _place(rng, photo.pixels.shape[1::-1], size)
        smooth = cv2.blur(photo.pixels, (2, 2)) if abs(matrix[0, 0]) < 0.6 else photo.pixels
        fill = 114.0 if rng.random() < 0.7 else float(rng.integers(256))
        pixels = cv2.warpAffine(smooth, matrix, size, borderValue=(fill,) * 3)
        pixels = vary_light(rng, pixels)
        if rng.random() < NIGHT_SHARE:
            pixels = _darken(rng, pixels)
        boxes, seen = _map_boxes(photo.vehicles[:, :4], matrix, size)
        others, shown = _map_boxes(photo.ignored, matrix, size)
        clear = (seen >= LEAST_SEEN) & ((boxes[:, 2:] - boxes[:, :2]).min(1, initial=np.inf) >= LEAST_SIDE)
        vehicles = np.c_[boxes, photo.vehicles[:, 4]][clear]
        return Photo(pixels, vehicles, np.concatenate([boxes[~clear & (seen > 0)], others[shown > 0]]))

    def draw_four(self, rng: np.random.Generator, size: tuple[int, int]) -> Photo:
        """Four pictures that share the place of one, as in YOLOX's mosaic: smaller vehicles, cut ones, other neighbours."""
        across, down = (int(side * rng.uniform(*SHARED)) for side in size)
        pixels, vehicles, ignored = np.empty((size[1], size[0], 3), np.uint8), [], []
        for x0, x1 in ((0, across), (across, size[0])):
            for y0, y1 in ((0, down), (down, size[1])):
                part = self.draw(rng, (x1 - x0, y1 - y0))
                pixels[y0:y1, x0:x1] = part.pixels
                vehicles.append(part.vehicles + np.float32([x0, y0, x0, y0, 0]))
                ignored.append(part.ignored + np.float32([x0, y0, x0, y0]))
        return Photo(pixels, np.concatenate(vehicles), np.concatenate(ignored))


def _load(scene: Scene) -> Photo:
    pixels = read_scene(scene)
    named = np.float32([[*box, kind - 1] for box, kind in scene.vehicles]).reshape(-1, 5)
    ignored = np.float32(scene.ignored_vehicles).reshape(-1, 4)
    bright = pixels.max(2) > BLACK
    rows, columns = np.flatnonzero(bright.mean(1) > 0.05), np.flatnonzero(bright.mean(0) > 0.05)
    if len(rows) and len(columns):
        x, y = columns[0], rows[0]
        pixels = pixels[y : rows[-1] + 1, x : columns[-1] + 1]
        named[:, :4] -= [x, y, x, y]
        ignored -= [x, y, x, y]
    scale = min(1.0, LONGEST_KEPT / max(pixels.shape[:2]))
    if scale < 1:
        pixels = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        named[:, :4] *= scale
        ignored *= scale
    return Photo(np.ascontiguousarray(pixels), named, ignored)


def _place(rng: np.random.Generator, photo: tuple[int, int], size: tuple[int, int]) -> np.ndarray:
    """An affine matrix [2, 3] from the photograph to the picture: zoomed, stretched, mirrored, moved."""
    fitting = min(size[0] / photo[0], size[1] / photo[1])
    scale = fitting * np.exp(rng.uniform(*np.log(ZOOM)))
    stretch = np.exp(rng.normal(0, STRETCH))
    scales = np.array([scale * stretch, scale / stretch])
    free = np.array(size) - scales * photo
    shift = free * rng.uniform(0, 1, 2)  # inside if it is smaller than the picture, filling it if larger
    if rng.random() < 0.5:
        return np.float32([[-scales[0], 0, shift[0] + scales[0] * photo[0]], [0, scales[1], shift[1]]])
    return np.float32([[scales[0], 0, shift[0]], [0, scales[1], shift[1]]])


def _map_boxes(boxes: np.ndarray, matrix: np.ndarray, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Boxes [n, 4] clipped to the picture, and the share of each that it shows."""
    ends = boxes.reshape(-1, 2, 2) * matrix[:, :2].diagonal() + matrix[:, 2]
    mapped = np.concatenate([ends.min(1), ends.max(1)], 1)
    shown = mapped.clip(0, [*size, *size])
    area = (mapped[:, 2:] - mapped[:, :2]).prod(1).clip(min=1e-6)
    return np.float32(shown), (shown[:, 2:] - shown[:, :2]).prod(1) / area


def _darken(rng: np.random.Generator, pixels: np.ndarray) -> np.ndarray:
    """Little light, noise of a gained sensor, and sometimes grey as under infrared lamps."""
    light = 255 * (pixels / 255.0) ** rng.uniform(1.3, 2.6) * rng.uniform(0.15, 0.6)
    if rng.random() < 0.4:
        light = np.repeat(light.mean(2, keepdims=True), 3, 2)
    light += rng.standard_normal(light.shape, dtype=np.float32) * rng.uniform(1, 9)
    return np.clip(light, 0, 255).astype(np.uint8)
