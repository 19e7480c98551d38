"""Pictures for Polygraphy's calibration of int8. Needs Pillow and numpy.

PICTURES is a folder: of whole pictures for a detector, of plates cut out for a reader. SHAPE and TYPE are those of the input NAME.
"""

import os
from pathlib import Path

import numpy as np
from PIL import Image


def load_data():
    name, height, width = os.environ["NAME"], *map(int, os.environ["SIZE"].split("x"))
    for path in sorted(Path(os.environ["PICTURES"]).iterdir()):
        if path.suffix.lower() in (".jpg", ".jpeg", ".png"):
            picture = Image.open(path).convert("RGB").resize((width, height))
            yield {name: np.asarray(picture, dtype=np.uint8)[None]}
