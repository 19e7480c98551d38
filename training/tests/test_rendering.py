"""Plates as they are rendered: what is said of them must be on them."""

import json
import tempfile
import unittest
from pathlib import Path

import cv2
import numpy as np

from training.glyphs.die import make_die_face
from training.glyphs.faces import tells_apart
from training.glyphs.field import CAP_HEIGHT, PADDING
from training.glyphs.national import NATIONAL_DIES, STAMPED, die_of
from training.glyphs.scripts import load_scripts
from training.photo.camera import CAMERAS, Harm, take_picture
from training.photo.view import _place, can_be_read, is_whole
from training.plates.art import grade_ground
from training.plates.colours import GROUNDS, pick_colours
from training.plates.formats import FORMATS_FILE
from training.plates.frames import cover_edges
from training.plates.furniture import draw_badge
from training.plates.layout import letter_plate
from training.plates.lettering import Sign, Style, draw_line
from training.plates.negatives import draw_negative
from training.plates.plate import Plate
from training.plates.sheet import Sheet

SIGNS = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def make_plate(pitch: float, contrast: float) -> Plate:
    return Plate(np.zeros((50, 200, 3), np.uint8), "AB123", 1, "de", pitch, contrast)


class Dies(unittest.TestCase):
    def test_every_die_has_all_signs_as_high_as_a_capital(self):
        for name, rules in NATIONAL_DIES.items():
            face = make_die_face(7, rules)
            self.assertEqual(set(face), SIGNS, name)
            for sign, field in face.items():
                self.assertEqual(field.shape[0], CAP_HEIGHT + 2 * PADDING, (name, sign))
                inked = np.where((field > 0).any(1))[0]
                if sign not in "QJ":
                    self.assertLess(abs(inked[0] - PADDING), 4, (name, sign))

    def test_britains_die_has_one_shape_for_o_and_zero_and_germanys_two(self):
        for seed in range(5):
            self.assertFalse(tells_apart(make_die_face(seed, NATIONAL_DIES["charles-wright"]), "0", "O"))
            self.assertFalse(tells_apart(make_die_face(seed, NATIONAL_DIES["charles-wright"]), "1", "I"))
            self.assertTrue(tells_apart(make_die_face(seed, NATIONAL_DIES["fe"]), "0", "O"))
            self.assertTrue(tells_apart(make_die_face(seed, NATIONAL_DIES["fe"]), "1", "I"))

    def test_a_code_has_one_die(self):
        codes = " ".join(STAMPED.values()).split()
        self.assertEqual(len(codes), len(set(codes)))
        self.assertEqual(die_of("gb"), "charles-wright")
        self.assertIn(die_of("us-tx"), NATIONAL_DIES)

    def test_scripts_are_left_out_where_no_font_was_brought(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(load_scripts(Path(folder)), {})


class Badges(unittest.TestCase):
    def test_a_badge_takes_its_place_beside_the_number_and_is_no_ink_of_it(self):
        rng = np.random.default_rng(3)
        for _ in range(50):
            sheet = Sheet(240, 120, np.array([230.0] * 3), np.array([20.0] * 3), 1)
            before, room = sheet.picture.copy(), sheet.right - sheet.left
            draw_badge(sheet, rng)
            self.assertLess(sheet.right - sheet.left, room - 0.05 * sheet.width)
            self.assertGreater(sheet.right - sheet.left, 0.7 * sheet.width)
            self.assertEqual(sheet.mask.max(), 0)
            number = np.s_[:, int(sheet.left) + 2 : int(sheet.right) - 1]
            self.assertEqual(np.abs(sheet.picture[number] - before[number]).max(), 0)


class Grounds(unittest.TestCase):
    def test_every_colour_of_the_formats_is_known(self):
        for form in json.loads(FORMATS_FILE.read_text()):
            for name in form["colours"]:
                ground, ink = name.split("/")
                for part in [*ground.replace("|", ">").split(">"), ink, *form.get("name_colours", [])]:
                    self.assertIn(part, {*GROUNDS, "art", ""}, (form["code"], name))

    def test_a_plate_changes_from_its_first_ground_to_its_last_and_keeps_its_strips(self):
        rng = np.random.default_rng(4)
        colours = next(found for found in iter(lambda: pick_colours(rng, ["blue|red>white>yellow|/black"]), None) if found.grades)
        sheet = Sheet(200, 100, colours.ground, colours.ink, 1)
        grade_ground(sheet, colours, rng)
        for row, name in ((2, "blue"), (52, "white"), (97, "yellow")):
            near = min(("blue", "red", "white", "yellow"), key=lambda other: np.abs(sheet.picture[row, 100] - GROUNDS[other]).sum())
            self.assertEqual(near, name)


class Lettering(unittest.TestCase):
    def setUp(self):
        self.style = Style(make_die_face(3), 0.0, 8.0, True, 1.2)

    def test_a_line_stays_in_its_area_and_tells_its_pitch(self):
        mask = np.zeros((60, 240), np.float32)
        line = draw_line(mask, "ABC 123", (20, 10, 220, 50), self.style, np.random.default_rng(0))
        rows, columns = np.where(mask > 0.5)
        self.assertGreaterEqual(rows.min(), 8)
        self.assertLessEqual(rows.max(), 52)
        self.assertGreaterEqual(columns.min(), 18)
        self.assertLessEqual(columns.max(), 222)
        self.assertEqual([place[0] for place in line.places], [" "])
        self.assertAlmostEqual(line.pitch * 7, columns.max() - columns.min(), delta=line.pitch)

    def test_small_letters_stand_on_the_line_of_the_digits(self):
        style = self.style._replace(letters=0.75)
        mask = np.zeros((64, 200), np.float32)
        draw_line(mask, "H8", (10, 4, 190, 60), style, np.random.default_rng(0))
        count, _, boxes, _ = cv2.connectedComponentsWithStats((mask > 0.5).astype(np.uint8))
        self.assertEqual(count, 3)
        (small, big) = sorted(boxes[1:], key=lambda box: box[cv2.CC_STAT_LEFT])
        self.assertAlmostEqual(small[cv2.CC_STAT_HEIGHT] / big[cv2.CC_STAT_HEIGHT], 0.75, delta=0.07)
        bottoms = [box[cv2.CC_STAT_TOP] + box[cv2.CC_STAT_HEIGHT] for box in (small, big)]
        self.assertLessEqual(abs(bottoms[0] - bottoms[1]), 2)

    def test_a_line_of_script_alone_does_not_hide_the_pitch_of_the_number(self):
        sheet = Sheet(180, 100, np.full(3, 222.0), np.zeros(3), 2)
        line = letter_plate(sheet, ["~~", "12-3456"], {"code": "bd"}, self.style, np.random.default_rng(0))
        self.assertGreater(line.pitch, 10)

    def test_a_frame_never_reaches_the_number(self):
        rng = np.random.default_rng(1)
        for _ in range(30):
            sheet = Sheet(200, 100, np.full(3, 222.0), np.zeros(3), 1)
            sheet.top, sheet.bottom = 22, 80
            cover_edges(sheet, rng)
            self.assertTrue((sheet.picture[29:80, 20:180] == 222).all())


class Pictures(unittest.TestCase):
    def test_blur_of_half_a_character_and_noise_above_the_ink_cannot_be_read(self):
        picture = np.zeros((40, 120, 3), np.uint8)
        picture[:, ::2] = 200
        sharp, blurred, grainy = Harm(0.5, 2.0, 1.0), Harm(6.0, 2.0, 1.0), Harm(0.5, 160.0, 1.0)
        plate = make_plate(pitch=0.1, contrast=180)
        self.assertTrue(can_be_read(plate, 120, sharp, picture))
        self.assertFalse(can_be_read(plate, 120, blurred, picture))
        self.assertFalse(can_be_read(plate, 120, grainy, picture))
        self.assertFalse(can_be_read(plate, 120, sharp, np.full_like(picture, 255)))

    def test_a_number_burnt_out_on_one_side_is_not_whole(self):
        scene = np.zeros((40, 120, 3), np.uint8)
        scene[:, ::4] = 200
        burnt = scene.copy()
        burnt[:, :40] = 255
        self.assertTrue(is_whole(scene, scene // 2))
        self.assertFalse(is_whole(scene, burnt))

    def test_the_boxes_of_characters_lie_on_their_ink_however_the_plate_is_turned(self):
        rng = np.random.default_rng(3)
        plate = Plate(np.full((60, 240, 3), 255, np.uint8), "A", 1, "de", signs=(Sign("A", 100, 20, 130, 50),))
        plate.picture[20:50, 100:130] = 0
        for _ in range(60):
            _, scene, boxes = _place(rng, plate, None, CAMERAS[0][1])
            height, width = scene.shape[:2]
            x, y = ((boxes[0, 0] + boxes[0, 2]) / 2, (boxes[0, 1] + boxes[0, 3]) / 2)
            self.assertTrue(0 < x < width and 0 < y < height)
            self.assertLess(scene[int(y), int(x)].mean(), 110)

    def test_the_kinds_of_cameras_add_up_and_keep_the_size(self):
        self.assertAlmostEqual(sum(share for share, _ in CAMERAS), 1)
        rng = np.random.default_rng(0)
        scene = rng.integers(0, 256, (31, 97, 3), dtype=np.uint8)
        for _, camera in CAMERAS:
            picture, harm = take_picture(rng, scene, camera)
            self.assertEqual((picture.shape, picture.dtype), (scene.shape, np.uint8))
            self.assertGreater(harm.blur, 0)

    def test_crops_without_plates_are_pictures_of_any_size(self):
        rng = np.random.default_rng(2)
        background = rng.integers(0, 256, (200, 300, 3), dtype=np.uint8)
        for _ in range(25):
            picture = draw_negative(rng, background)
            self.assertEqual(picture.dtype, np.uint8)
            self.assertTrue(60 <= picture.shape[1] < 240)


if __name__ == "__main__":
    unittest.main()
