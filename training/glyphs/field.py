"""The common form of a character shape.

A glyph is a float32 signed distance field [88, width + 24] in pixels, positive
inside the stroke. One field gives every weight and stretch of the character.
"""

import numpy as np

CAP_HEIGHT = 64  # px of a capital letter in a field
PADDING = 12  # px around it, so that bold strokes and blur have room

Face = dict[str, np.ndarray]


def advance(glyph: np.ndarray) -> int:
    """The width of the character itself, without padding."""
    return glyph.shape[1] - 2 * PADDING
