"""Renders the golden pictures: plates, and a scene with two plates. No photograph."""

from pathlib import Path

import cv2
import numpy as np

from ..nets.reader import CROP_HEIGHT, CROP_WIDTH
from ..photo.warp import quad_of_box
from ..plates.plate import PlateRenderer

SEED = 12
SCENE = 640, 384
SMALL = 160, 96
PLACES = ((90, 110, 150), (400, 220, 90))  # x, y, width of the plates in the scene


def render_golden(task: str, folder: Path, fonts: Path) -> None:
    """Writes input.png (detect) or input_0.png and input_1.png, one and two lines (read)."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    renderer = PlateRenderer(fonts)
    plates = [renderer.render(rng, lines).picture for lines in (1, 2)]
    if task != "read":
        scene = _draw_scene(rng, plates)
        _write(folder / "input.png", scene if task == "detect" else cv2.resize(scene, SMALL, interpolation=cv2.INTER_AREA))
        return
    for index, plate in enumerate(plates):
        crop = cv2.resize(plate, (CROP_WIDTH, CROP_HEIGHT), interpolation=cv2.INTER_AREA)
        _write(folder / f"input_{index}.png", crop)


def _draw_scene(rng: np.random.Generator, plates: list[np.ndarray]) -> np.ndarray:
    clouds = rng.integers(40, 110, (12, 20, 3)).astype(np.uint8)
    scene = cv2.resize(clouds, SCENE, interpolation=cv2.INTER_CUBIC)
    for plate, (x, y, width) in zip(plates, PLACES):
        height = plate.shape[0] * width // plate.shape[1]
        cv2.rectangle(scene, (x - 30, y - 25), (x + width + 30, y + height + 30), (28, 28, 32), -1)
        quad = np.float32([[x, y], [x + width, y + 8], [x + width - 2, y + height + 8], [x - 2, y + height]])
        source = quad_of_box((0, 0, plate.shape[1], plate.shape[0]))
        transform = cv2.getPerspectiveTransform(source, quad)
        smooth = cv2.GaussianBlur(plate, (0, 0), 0.5)
        cv2.warpPerspective(smooth, transform, SCENE, dst=scene, borderMode=cv2.BORDER_TRANSPARENT)
    return np.clip(scene + rng.normal(0, 4, scene.shape), 0, 255).astype(np.uint8)


def _write(path: Path, picture: np.ndarray) -> None:
    cv2.imwrite(str(path), picture[:, :, ::-1])
