"""Brings the open lettering of self-made and older plates from the npm registry.

Dealers, painters and some provinces letter plates with serif, slab, rounded and
condensed faces that no die has; Asia's carry script beside the number. All are under the SIL Open Font License 1.1
(Roboto Slab, Kosugi Maru: Apache-2.0); they draw pictures for training and are not shipped.

Example:
  python -m training.take_fonts
"""

import argparse
import io
import subprocess
import tarfile
import tempfile
from pathlib import Path

from fontTools.ttLib import TTFont

from .render import WORK

VERSION = "5"
FACES = {
    "roboto-slab": ("400-normal", "700-normal"),
    "arvo": ("700-normal",),
    "pt-serif": ("700-normal", "700-italic"),
    "courier-prime": ("700-normal",),
    "teko": ("500-normal",),
    "rajdhani": ("700-normal",),
    "varela-round": ("400-normal",),
    "antonio": ("700-normal",),
    "baloo-2": ("600-normal",),
    "libre-franklin": ("600-normal", "700-italic"),
    "share-tech-mono": ("400-normal",),
    "saira-condensed": ("600-normal",),
    "alfa-slab-one": ("400-normal",),
    "oswald": ("500-normal",),
}

SCRIPTS = {
    "kosugi-maru": ("cjk", "japanese-400-normal"),
    "do-hyeon": ("korean", "korean-400-normal"),
    "noto-kufi-arabic": ("arabic", "arabic-700-normal"),
    "noto-sans-thai": ("thai", "thai-700-normal"),
}


def take_face(name: str, files: dict[str, Path]) -> None:
    """Unpacks files of one @fontsource package, by their style, as .ttf."""
    with tempfile.TemporaryDirectory() as place:
        packing = ["npm", "pack", "--silent", f"@fontsource/{name}@{VERSION}"]
        packed = subprocess.run(packing, cwd=place, check=True, capture_output=True, text=True).stdout.split()[-1]
        with tarfile.open(Path(place) / packed) as archive:
            for style, path in files.items():
                member = archive.extractfile(f"package/files/{name}-{style}.woff")
                font = TTFont(io.BytesIO(member.read()))
                font.flavor = None
                font.save(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=WORK, help="default: training/work")
    options = parser.parse_args()
    folder = options.work / "fonts"
    scripts = folder / "scripts"
    scripts.mkdir(parents=True, exist_ok=True)
    for name, styles in FACES.items():
        take_face(name, {f"latin-{style}": folder / f"{name}-{style}.ttf" for style in styles})
        print(f"{name}: {', '.join(styles)}", flush=True)
    for name, (script, style) in SCRIPTS.items():
        take_face(name, {style: scripts / f"{script}.ttf"})
        print(f"{name}: {script}", flush=True)


if __name__ == "__main__":
    main()
