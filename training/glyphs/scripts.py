"""Signs of scripts that the reader must pass over, as ink pictures of one height."""

import re
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

HEIGHT = 48  # px
SIGNS = {
    "cjk": list("京津冀黒湘新青甘川宁品川横浜足立練馬名古屋大阪神戸群長野潟多摩八王子水戸熊谷和泉札幌仙台福岡広島領警使学") + list(
        "あいうえかきくけこさすせそたちつてとなにぬねのはひふほまみむめもやゆよらりるれろわ"
    ),
    "korean": list("가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주하허호배아바사자") + ["서울", "경기", "부산", "대구"],
    "arabic": list("٠١٢٣٤٥٦٧٨٩أبحدرسصطعقكلمنهوى") + ["دبي", "قطر", "مصر", "الكويت", "السعودية", "عمان", "البحرين", "تونس", "الأردن"],
    "thai": list("กขคฆงจฉชซญฎฐณดตถทธนบปผพภมยรลวศสหฬอฮ") + ["กรุงเทพ", "ชลบุรี", "ภูเก็ต", "เชียงใหม่"],
}
CODES = {
    "cjk": "jp cn tw hk",
    "korean": "kr kp",
    "arabic": "ae qa kw sa bh om jo ir iq eg ma dz tn ly sy lb ye sd",
    "thai": "th la kh",
}
_SCRIPT_OF = {code: script for script, codes in CODES.items() for code in codes.split()}


def script_of(code: str) -> str:
    """The script of a form's country, or nothing."""
    return _SCRIPT_OF.get(code, "")


def load_scripts(folder: Path) -> dict[str, list[np.ndarray]]:
    """float32 [48, width] of 0..1 for each sign of each script whose <script>.ttf lies in the folder."""
    return {
        name: [sign for sign in (_draw(path, text) for text in SIGNS[name]) if sign is not None]
        for name in SIGNS
        if (path := Path(folder) / f"{name}.ttf").exists()
    }


def _draw(path: Path, text: str) -> np.ndarray | None:
    font = ImageFont.truetype(str(path), HEIGHT)
    sheet = Image.new("L", (HEIGHT * (2 + 2 * len(text)), HEIGHT * 3))
    ImageDraw.Draw(sheet).text((HEIGHT, HEIGHT), text, 255, font=font)
    pixels = np.array(sheet)
    rows, columns = np.where(pixels.max(1) > 60)[0], np.where(pixels.max(0) > 60)[0]
    if not len(rows) or re.fullmatch(r"\s*", text):
        return None
    inked = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return inked.astype(np.float32) / 255
