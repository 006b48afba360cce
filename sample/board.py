"""What stands on the board in every scene of the sample lesson, drawn as if written by hand with chalk."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 680, 372
SCALE = 2
SLATE = (44, 74, 70)
CHALK = (240, 240, 228)
SOFT = (170, 190, 180)
YELLOW = (246, 211, 121)
RED = (232, 112, 96)
GREEN = (150, 214, 160)
BLUE = (146, 196, 232)
SIGNS = "÷×"

Ink = tuple[int, int, int]
Pen = ImageDraw.ImageDraw
Item = Callable[[Pen, float], None]

# Scenes of one page build on each other: each adds to what the scenes before it wrote.
PAGES: tuple[tuple[str, ...], ...] = (
    ("blank",),
    ("welcome", "half", "quarters", "question"),
    ("counters", "groups", "three_groups", "rule"),
    ("tasks", "task_2", "task_3"),
    ("answers", "answer_1", "answer_2", "corrected"),
    ("closing",),
)
STEPS_OF_WRITING = 24


@lru_cache(maxsize=96)
def draw_board(scene: str, step: int) -> Image.Image:
    """The board when `step` of 24 of this scene's writing is done."""
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), SLATE)
    page = next(page for page in PAGES if scene in page)
    for earlier in page[: page.index(scene)]:
        # The counters leave their row when they are put into groups.
        _write(image, [item for item in SCENES[earlier] if item is not IN_A_ROW], 1.0)
    _write(image, SCENES[scene], step / STEPS_OF_WRITING)
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _write(image: Image.Image, items: Sequence[Item], done: float) -> None:
    """Show the part of a scene's writing that is done, from left to right, one item after another."""
    for number, item in enumerate(items):
        share = min(max(done * len(items) - number, 0.0), 1.0)
        if share <= 0.0:
            continue
        layer = Image.new("RGBA", image.size, (*SLATE, 0))
        item(ImageDraw.Draw(layer), share)
        box = layer.getbbox()
        if box is None:
            continue
        left, top, right, bottom = box
        seen = 1.0 if item is INTO_GROUPS else share
        cut = (left, top, left + max(1, round((right - left) * seen)), bottom)
        image.paste(layer.crop(cut), cut[:2], layer.crop(cut))


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=size * SCALE)


def _at(*values: float) -> list[float]:
    return [value * SCALE for value in values]


def _text(words: str, left: int, top: int, size: int, ink: Ink) -> Item:
    def draw(pen: Pen, _: float) -> None:
        x = float(left * SCALE)
        for piece in re.split("([÷×])", words):
            if piece and piece in SIGNS:
                half = size * 0.2 * SCALE
                _draw_sign(pen, piece, (x + half * 1.3, (top + size * 0.62) * SCALE, half), ink)
                x += half * 2.6
            else:
                pen.text((x, top * SCALE), piece, font=_font(size), fill=ink)
                x += pen.textlength(piece, font=_font(size))

    return draw


def _draw_sign(pen: Pen, sign: str, place: tuple[float, float, float], ink: Ink) -> None:
    """The signs that the font lacks: divided by, and times; `place` is the middle's x and y and half the width."""
    centre, middle, half = place
    dot = SCALE * 2.2
    if sign == "×":
        for slope in (-1, 1):
            ends = (centre - half * 0.8, middle - slope * half * 0.8, centre + half * 0.8, middle + slope * half * 0.8)
            pen.line(ends, fill=ink, width=2 * SCALE)
        return
    pen.line((centre - half, middle, centre + half, middle), fill=ink, width=2 * SCALE)
    for y in (middle - half, middle + half):
        pen.ellipse((centre - dot, y - dot, centre + dot, y + dot), fill=ink)


def _title(words: str) -> Item:
    return _text(words, 40, 24, 34, CHALK)


def _rule_line(pen: Pen, _: float) -> None:
    pen.line(_at(40, 72, 640, 72), fill=SOFT, width=2 * SCALE)


def _fraction(parts: tuple[int, int], middle: int, centre: int, size: int, ink: Ink) -> Item:
    top, bottom = parts

    def draw(pen: Pen, _: float) -> None:
        pen.text((middle * SCALE, (centre - 3) * SCALE), str(top), font=_font(size), fill=ink, anchor="mb")
        pen.line(_at(middle - size * 0.5, centre, middle + size * 0.5, centre), fill=ink, width=2 * SCALE)
        pen.text((middle * SCALE, (centre + 4) * SCALE), str(bottom), font=_font(size), fill=ink, anchor="mt")

    return draw


def _bar(parts: int, *, top: int, ink: Ink) -> Item:
    def draw(pen: Pen, _: float) -> None:
        width = 600 / parts
        for number in range(parts):
            left = 40 + number * width
            pen.rectangle(_at(left, top, left + width, top + 76), fill=_mix(ink, 0.22), outline=ink, width=3 * SCALE)
            _fraction((1, parts), round(left + width / 2), top + 37, 24, CHALK)(pen, 1.0)

    return draw


def _mix(ink: Ink, share: float) -> Ink:
    red, green, blue = (round(dark + (bright - dark) * share) for dark, bright in zip(SLATE, ink, strict=True))
    return red, green, blue


def _place_counter(number: int, grouped: float) -> tuple[float, float]:
    """Where a counter lies on its way from the row (0) into its group of three (1)."""
    row_x = 64 + number * 50.2
    group, inside = divmod(number, 3)
    group_x = 40 + group * 153 + 70 + (inside - 1) * 38
    return row_x + (group_x - row_x) * grouped, 150.0


def _counters(grouped: float) -> Item:
    def draw(pen: Pen, share: float) -> None:
        for number in range(12):
            x, y = _place_counter(number, grouped * share)
            pen.ellipse(_at(x - 16, y - 16, x + 16, y + 16), fill=RED, outline=(250, 200, 190), width=2 * SCALE)

    return draw


def _group(number: int) -> Item:
    def draw(pen: Pen, _: float) -> None:
        left = 40 + number * 153
        pen.rounded_rectangle(_at(left, 118, left + 141, 182), radius=16 * SCALE, outline=SOFT, width=2 * SCALE)

    return draw


def _ring(pen: Pen, _: float) -> None:
    pen.rounded_rectangle(_at(34, 108, 493, 192), radius=26 * SCALE, outline=YELLOW, width=4 * SCALE)


def _task(number: int, words: str, top: int) -> Item:
    def draw(pen: Pen, _: float) -> None:
        pen.ellipse(_at(40, top, 80, top + 40), outline=YELLOW, width=3 * SCALE)
        middle = (60 * SCALE, (top + 20) * SCALE)
        pen.text(middle, str(number), font=_font(24), fill=YELLOW, anchor="mm")
        pen.text((96 * SCALE, (top + 20) * SCALE), words, font=_font(29), fill=CHALK, anchor="lm")

    return draw


def _sum(top: int, bottom: int, words: str, centre: int) -> Item:
    def draw(pen: Pen, _: float) -> None:
        _fraction((top, bottom), 62, centre, 30, CHALK)(pen, 1.0)
        pen.text((96 * SCALE, centre * SCALE), words, font=_font(36), fill=CHALK, anchor="lm")

    return draw


def _tick(left: int, middle: int) -> Item:
    def draw(pen: Pen, _: float) -> None:
        points = _at(left, middle, left + 11, middle + 13, left + 34, middle - 17)
        pen.line(points, fill=GREEN, width=5 * SCALE, joint="curve")

    return draw


def _strike(pen: Pen, _: float) -> None:
    pen.line(_at(236, 270, 314, 242), fill=RED, width=5 * SCALE)


def _clock(pen: Pen, _: float) -> None:
    pen.ellipse(_at(560, 100, 632, 172), outline=CHALK, width=3 * SCALE)
    pen.line([*_at(596, 136, 596, 108)], fill=CHALK, width=3 * SCALE)
    pen.pieslice(_at(566, 106, 626, 166), -90, -60, fill=_mix(YELLOW, 0.6))
    pen.text((596 * SCALE, 180 * SCALE), "5 minutes", font=_font(20), fill=SOFT, anchor="mt")


IN_A_ROW = _counters(0.0)
INTO_GROUPS = _counters(1.0)
SCENES: dict[str, tuple[Item, ...]] = {
    "blank": (),
    "welcome": (_title("Halves and quarters"), _rule_line),
    "half": (_bar(2, top=92, ink=YELLOW),),
    "quarters": (_bar(4, top=182, ink=BLUE),),
    "question": (
        _text("How can we find a fraction of a", 40, 276, 29, YELLOW),
        _text("group of things?", 40, 314, 29, YELLOW),
    ),
    "counters": (_title("Three quarters of twelve"), _rule_line, IN_A_ROW),
    "groups": (INTO_GROUPS, *(_group(number) for number in range(4))),
    "three_groups": (_ring, _text("3, 6, 9", 40, 228, 30, GREEN)),
    "rule": (
        _text("12 ÷ 4 = 3", 40, 272, 30, CHALK),
        _text("3 × 3 = 9", 40, 314, 30, CHALK),
        _fraction((3, 4), 300, 306, 25, YELLOW),
        _text("of 12 = 9", 330, 288, 34, YELLOW),
    ),
    "tasks": (_title("Work in pairs"), _rule_line, _clock, _task(1, "Take a card out of the bag", 96)),
    "task_2": (_task(2, "Read it to your partner", 164), _text("and draw a picture", 96, 208, 29, CHALK)),
    "task_3": (_task(3, "Change places", 272),),
    "answers": (_title("Answers"), _rule_line, _sum(2, 3, "of 15  =", 136), _sum(3, 4, "of 8  =", 254)),
    "answer_1": (_text("10", 244, 115, 40, GREEN), _tick(312, 138)),
    "answer_2": (_text("2", 244, 233, 40, CHALK), _text("?", 284, 233, 40, YELLOW)),
    "corrected": (
        _strike,
        _text("6", 338, 233, 40, GREEN),
        _tick(376, 256),
        _text("8 ÷ 4 = 2", 478, 216, 29, CHALK),
        _text("2 × 3 = 6", 478, 258, 29, CHALK),
    ),
    "closing": (
        _title("Today we learned to"),
        _rule_line,
        _task(1, "divide by the bottom number", 96),
        _task(2, "multiply by the top number", 176),
        _task(3, "check the answer", 256),
    ),
}
