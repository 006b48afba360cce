"""The people of the sample lesson: two teachers from the front, pupils from behind, each a small picture."""

from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw

SCALE = 4
TEACHER_SIZE = (240, 500)
PUPIL_SIZE = (190, 230)
MOUTHS = 3
INK = (62, 54, 58)
BUN = 5  # this pupil wears the hair up

Colour = tuple[int, int, int]
Pen = ImageDraw.ImageDraw


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """The colours of a person; `long_hair` chooses the cut."""

    skin: Colour
    hair: Colour
    top: Colour
    under: Colour
    legs: Colour
    long_hair: bool


TEACHERS = {
    "teacher_a": Looks(
        skin=(238, 198, 168),
        hair=(104, 74, 54),
        top=(86, 122, 158),
        under=(242, 242, 238),
        legs=(70, 76, 92),
        long_hair=False,
    ),
    "teacher_b": Looks(
        skin=(190, 134, 100),
        hair=(52, 40, 42),
        top=(210, 152, 84),
        under=(246, 240, 228),
        legs=(92, 74, 96),
        long_hair=True,
    ),
}

PUPILS = (
    Looks(skin=(236, 196, 166), hair=(150, 104, 62), top=(120, 158, 140), under=INK, legs=INK, long_hair=False),
    Looks(skin=(150, 104, 78), hair=(46, 38, 40), top=(196, 120, 112), under=INK, legs=INK, long_hair=True),
    Looks(skin=(240, 204, 176), hair=(196, 148, 84), top=(132, 128, 176), under=INK, legs=INK, long_hair=True),
    Looks(skin=(222, 176, 142), hair=(78, 58, 48), top=(214, 176, 104), under=INK, legs=INK, long_hair=False),
    Looks(skin=(172, 122, 90), hair=(40, 36, 40), top=(104, 150, 178), under=INK, legs=INK, long_hair=False),
    Looks(skin=(238, 200, 172), hair=(128, 66, 48), top=(160, 172, 122), under=INK, legs=INK, long_hair=True),
)


@lru_cache(maxsize=64)
def draw_teacher(who: str, pose: str, mouth: int, blink: bool) -> Image.Image:
    """A teacher; `pose` is `rest`, `talk` or `point` (towards the middle of the room), mouth 0 (shut) to 2."""
    image, pen = _start(TEACHER_SIZE)
    looks = TEACHERS[who]
    if looks.long_hair:
        pen.rounded_rectangle(_at(74, 44, 166, 150), radius=42 * SCALE, fill=looks.hair)
    _draw_legs(pen, looks)
    _draw_arm(pen, looks, -1, "rest")
    _draw_body(pen, looks)
    _draw_arm(pen, looks, 1, pose)
    _draw_head(pen, looks, mouth, blink=blink)
    small = image.resize(TEACHER_SIZE, Image.Resampling.LANCZOS)
    # Drawn as the one on the left, who points to the right; the other one is mirrored.
    return small if who == "teacher_a" else small.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


@lru_cache(maxsize=32)
def draw_pupil(number: int, hand_up: bool, lean: int) -> Image.Image:
    """A pupil from behind; `lean` moves the head by as many pixels to the side."""
    image, pen = _start(PUPIL_SIZE)
    looks = PUPILS[number]
    if hand_up:
        pen.line(_at(150, 190, 164, 120, 156, 70), fill=_darken(looks.top), width=30 * SCALE, joint="curve")
        pen.ellipse(_at(140, 36, 172, 72), fill=looks.skin)
        pen.rounded_rectangle(_at(151, 22, 160, 52), radius=4 * SCALE, fill=looks.skin)
    pen.rounded_rectangle(_at(20, 136, 170, 330), radius=54 * SCALE, fill=looks.top)
    pen.rounded_rectangle(_at(80 + lean / 2, 112, 110 + lean / 2, 150), radius=10 * SCALE, fill=_darken(looks.skin))
    pen.arc(_at(68, 122, 122, 156), 10, 170, fill=_darken(looks.top), width=5 * SCALE)
    x = 95 + lean
    pen.ellipse(_at(x - 50, 72, x - 34, 100), fill=looks.skin)
    pen.ellipse(_at(x + 34, 72, x + 50, 100), fill=looks.skin)
    pen.ellipse(_at(x - 44, 32, x + 44, 128), fill=looks.skin)
    if looks.long_hair:
        low = 112 if number == BUN else 150
        pen.rounded_rectangle(_at(x - 47, 26, x + 47, low), radius=43 * SCALE, fill=looks.hair)
        pen.arc(_at(x - 30, 40, x + 30, 140), 200, 250, fill=_lighten(looks.hair), width=3 * SCALE)
        if number == BUN:
            pen.ellipse(_at(x - 22, 2, x + 22, 44), fill=looks.hair)
            pen.arc(_at(x - 20, 12, x + 20, 46), 20, 160, fill=_darken(looks.hair), width=3 * SCALE)
    else:
        pen.pieslice(_at(x - 46, 24, x + 46, 124), 168, 372, fill=looks.hair)
        pen.rounded_rectangle(_at(x - 42, 60, x + 42, 106), radius=24 * SCALE, fill=looks.hair)
        pen.arc(_at(x - 30, 38, x + 30, 120), 200, 250, fill=_lighten(looks.hair), width=3 * SCALE)
    return image.resize(PUPIL_SIZE, Image.Resampling.LANCZOS)


def _start(size: tuple[int, int]) -> tuple[Image.Image, Pen]:
    # A transparent ground in the outline's tone, so that smoothed edges don't get a dark rim.
    image = Image.new("RGBA", (size[0] * SCALE, size[1] * SCALE), (150, 140, 130, 0))
    return image, ImageDraw.Draw(image)


def _at(*values: float) -> list[float]:
    return [value * SCALE for value in values]


def _darken(colour: Colour, share: float = 0.86) -> Colour:
    red, green, blue = (round(value * share) for value in colour)
    return red, green, blue


def _lighten(colour: Colour) -> Colour:
    red, green, blue = (round(value + (255 - value) * 0.22) for value in colour)
    return red, green, blue


def _draw_legs(pen: Pen, looks: Looks) -> None:
    if looks.long_hair:
        pen.polygon(_at(84, 300, 156, 300, 170, 420, 70, 420), fill=looks.legs)
        for x in (92, 130):
            pen.rectangle(_at(x, 420, x + 18, 474), fill=_darken(looks.skin))
    else:
        for x in (84, 123):
            pen.rounded_rectangle(_at(x, 290, x + 33, 480), radius=8 * SCALE, fill=looks.legs)
    for x in (78, 124):
        pen.rounded_rectangle(_at(x, 470, x + 40, 490), radius=9 * SCALE, fill=INK)


def _draw_body(pen: Pen, looks: Looks) -> None:
    pen.rounded_rectangle(_at(70, 150, 170, 320), radius=34 * SCALE, fill=looks.top)
    pen.rectangle(_at(76, 240, 164, 318), fill=looks.top)
    pen.polygon(_at(103, 150, 137, 150, 120, 196), fill=looks.under)
    pen.rounded_rectangle(_at(106, 122, 134, 164), radius=12 * SCALE, fill=_darken(looks.skin))
    if looks.long_hair:
        pen.polygon(_at(103, 160, 137, 160, 131, 320, 109, 320), fill=looks.under)
        pen.ellipse(_at(106, 128, 134, 168), fill=_darken(looks.skin))
    else:
        for side in (-1, 1):
            pen.polygon(_at(120, 178, 120 + side * 19, 148, 120 + side * 26, 166), fill=_lighten(looks.top))
        pen.polygon(_at(115, 174, 125, 174, 129, 236, 120, 248, 111, 236), fill=(178, 92, 84))


def _draw_arm(pen: Pen, looks: Looks, side: int, pose: str) -> None:
    """One arm from the shoulder over the elbow to the hand; side 1 is the one nearer to the board."""
    paths = {
        "rest": ((82, 176), (66, 246), (72, 306)),
        "talk": ((82, 176), (58, 240), (98, 262)),
        "point": ((84, 178), (44, 196), (14, 140)),
    }
    points = [(120 + side * (120 - x), y) for x, y in paths[pose]]
    shoulder, elbow, hand = points
    pen.line(_at(*shoulder, *elbow, *hand), fill=_darken(looks.top, 0.9), width=25 * SCALE, joint="curve")
    for x, y in (shoulder, elbow):
        pen.ellipse(_at(x - 12.5, y - 12.5, x + 12.5, y + 12.5), fill=_darken(looks.top, 0.9))
    x, y = hand
    pen.ellipse(_at(x - 13, y - 13, x + 13, y + 13), fill=looks.skin)


def _draw_head(pen: Pen, looks: Looks, mouth: int, *, blink: bool) -> None:
    for side in () if looks.long_hair else (-1, 1):
        x = 120 + side * 40
        pen.ellipse(_at(x - 8, 82, x + 8, 106), fill=_darken(looks.skin, 0.93))
    pen.rounded_rectangle(_at(80, 42, 160, 144), radius=39 * SCALE, fill=looks.skin)
    if looks.long_hair:
        pen.pieslice(_at(76, 30, 164, 126), 180, 360, fill=looks.hair)
        pen.chord(_at(84, 54, 156, 118), 0, 180, fill=looks.skin)
        pen.polygon(_at(98, 86, 156, 86, 150, 66, 134, 60), fill=looks.skin)
        for side in (-1, 1):
            x = 120 + side * 40
            pen.rounded_rectangle(_at(x - 7, 74, x + 7, 146), radius=7 * SCALE, fill=looks.hair)
    else:
        pen.pieslice(_at(78, 32, 162, 116), 178, 362, fill=looks.hair)
        pen.rounded_rectangle(_at(86, 66, 154, 92), radius=12 * SCALE, fill=looks.skin)
    for x in (104, 138):
        if blink:
            pen.line(_at(x - 5, 96, x + 5, 96), fill=INK, width=2 * SCALE)
        else:
            pen.ellipse(_at(x - 4, 91, x + 4, 101), fill=INK)
        pen.arc(_at(x - 9, 79, x + 9, 93), 205, 335, fill=_darken(looks.hair, 0.8), width=3 * SCALE)
    pen.arc(_at(116, 98, 128, 112), 30, 150, fill=_darken(looks.skin, 0.78), width=2 * SCALE)
    lip = (158, 82, 78)
    if mouth == 0:
        pen.arc(_at(108, 108, 134, 128), 25, 155, fill=lip, width=3 * SCALE)
    else:
        pen.ellipse(_at(112, 119 - mouth, 130, 122 + 4 * mouth), fill=lip)
