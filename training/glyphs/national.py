"""Which die stamps which country's plates, as rules that a random die must follow.

Proportions from the published drawings: FE-Schrift 47.5 × 75 mm with strokes of 11 mm; Charles Wright
50 × 79 mm with 14 mm; GOST R 50577 digits 76 mm, letters 58 mm. The others are drawn by look.
"""

DIES_EACH = 8

FE = {
    "ends": "flat", "width": (0.58, 0.66), "half": (0.066, 0.08), "radius": (0.42, 0.55), "zero": "notched", "o": "oval", "one": "flag",
    "i": "serif", "three": "flat", "four": "closed", "six": "straight", "seven": "straight", "d": "sharp", "w": "splayed",
    "g": "barred", "v": "pointed", "a": "peaked", "m_dip": [0.5, 0.6], "five": "upright",
}  # fmt: skip
CHARLES_WRIGHT = {
    "ends": "flat", "width": (0.58, 0.66), "half": (0.078, 0.095), "radius": (0.35, 0.5), "zero": "plain", "o": "same", "one": "bar",
    "i": "plain", "three": "round", "four": "closed", "six": "hooked", "seven": "straight", "v": "pointed", "y": "forked",
    "w": "splayed", "m_dip": [0.5, 0.6], "wide": (1.0, 1.2), "a": "peaked", "g": "barred", "d": "sharp",
}  # fmt: skip
DIN = {
    "ends": "flat", "width": (0.5, 0.62), "half": (0.062, 0.08), "radius": (0.4, 0.55), "zero": "plain", "one": "flag", "i": "plain",
    "three": "round", "four": "closed", "seven": "straight", "v": "pointed", "w": "splayed", "a": "peaked", "d": "sharp",
}  # fmt: skip
US_FLAT = {
    "width": (0.42, 0.54), "half": (0.055, 0.078), "radius": (0.3, 0.5), "zero": "plain", "o": "same", "i": "serif",
    "wide": (1.0, 1.15), "m_dip": [0.5, 0.6, 0.75], "d": "sharp",
}  # fmt: skip
US_ROUND = {
    "ends": "round", "width": (0.44, 0.56), "half": (0.05, 0.068), "radius": (0.42, 0.55), "o": "oval", "i": "serif", "one": "foot",
    "wide": (1.0, 1.25), "v": "blunt",
}  # fmt: skip
GOST = {
    "width": (0.54, 0.64), "half": (0.062, 0.078), "radius": (0.42, 0.55), "zero": "plain", "o": "same", "one": "flag",
    "four": "closed", "three": "round", "seven": "straight", "y": "forked", "d": "sharp", "wide": (1.1, 1.3),
}  # fmt: skip
INDIA = {
    "width": (0.46, 0.58), "half": (0.055, 0.075), "radius": (0.35, 0.5), "zero": "plain", "o": "same", "one": "flag",
    "i": "serif", "four": "closed", "seven": "straight",
}  # fmt: skip
INDONESIA = {
    "ends": "round", "width": (0.4, 0.5), "half": (0.045, 0.065), "radius": (0.3, 0.5), "zero": "plain", "o": "same", "one": "flag",
    "i": "plain", "four": "closed", "w": "splayed", "wide": (1.0, 1.15),
}  # fmt: skip
JAPAN = {
    "ends": "flat", "width": (0.5, 0.62), "half": (0.06, 0.08), "radius": (0.45, 0.55), "zero": "plain", "one": "bar", "four": "closed",
    "three": "round", "seven": "hooked",
}  # fmt: skip
CHINA = {
    "ends": "flat", "width": (0.46, 0.54), "half": (0.055, 0.07), "radius": (0.3, 0.5), "zero": "plain", "o": "same", "one": "corner",
    "i": "serif", "four": "closed", "seven": "straight", "wide": (1.0, 1.0),
}  # fmt: skip
NETHERLANDS = {
    "width": (0.52, 0.62), "half": (0.065, 0.085), "radius": (0.3, 0.5), "zero": "plain", "one": "flag", "j": "plain",
    "four": "closed", "three": "flat",
}  # fmt: skip

NATIONAL_DIES = {
    "fe": FE, "charles-wright": CHARLES_WRIGHT, "din": DIN, "us-flat": US_FLAT, "us-round": US_ROUND, "gost": GOST,
    "india": INDIA, "indonesia": INDONESIA, "japan": JAPAN, "china": CHINA, "netherlands": NETHERLANDS,
}  # fmt: skip
STAMPED = {
    "fe": "de ba br-mercosul ar-mercosur uy py za cy il mt al mk me lk-new rw zm bw eg uz",
    "charles-wright": "gb nir br sg hk my ke ug tz zw au nz mo gh",
    "din": "at fr it es pt be lu ie dk se no fi pl cz sk hu ro bg gr hr si rs lt lv ee is tr md ch ge am az ma dz tn jo",
    "gost": "ru kz by ua kg tj mn",
    "india": "in pk lk np bd",
    "indonesia": "id th vn kh ph",
    "japan": "jp kr tw",
    "china": "cn",
    "netherlands": "nl",
}
PAINTED = set("pk in bd lk np ng ke ug gh id my ph th eg iq za us-ca gb".split())
_DIE_OF = {code: die for die, codes in STAMPED.items() for code in codes.split()}


def die_of(code: str) -> str:
    """The name of a form's die, or nothing. States and provinces of America share two."""
    if code.startswith(("us-", "ca-")) or code in ("mx", "pr"):
        return "us-flat" if sum(map(ord, code)) % 3 else "us-round"
    return _DIE_OF.get(code, "")
