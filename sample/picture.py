"""One frame of the sample lesson: the room, the board and who does what at a moment."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw

from sample.board import HEIGHT as BOARD_HEIGHT
from sample.board import STEPS_OF_WRITING, draw_board
from sample.board import WIDTH as BOARD_WIDTH
from sample.figures import TEACHERS, draw_pupil, draw_teacher
from sample.timeline import Moment, Timeline

WIDTH, HEIGHT = 1280, 720
SCALE = 2
BOARD_AT = (300, 56)
WRITING_MS = 2000
WALK_MS = 1800
STEP_MS = 80
PUPIL_TOP = 512
PUPIL_X = (196, 356, 516, 676, 836, 996)
SEATS = {"pupil_1": 3, "pupil_2": 2, "pupil_3": 4}
PLACES = {
    "teacher_a": {"front": (34, 150), "tables": (128, 178)},
    "teacher_b": {"front": (1006, 150), "tables": (912, 178)},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Teacher:
    """A teacher at a moment: what `draw_teacher` needs, and where the picture goes."""

    who: str
    x: int
    y: int
    pose: str
    mouth: int
    blink: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """Everything that differs from frame to frame; equal values give equal frames."""

    scene: str
    step: int
    teachers: tuple[Teacher, ...]
    hand_up: int | None
    nod: int
    in_pairs: bool


def describe_frame(timeline: Timeline, at_ms: int, loudness: float) -> Moving:
    """What is to be seen at a moment; `loudness` 0 to 1 opens the speaker's mouth."""
    starts = [said.start_ms for said in timeline.utterances]
    number = bisect_right(starts, at_ms) - 1
    said = timeline.utterances[number] if number >= 0 else None
    speaker = said.speaker if said is not None and at_ms < said.end_ms else ""
    boards = [board for board in timeline.boards if board.at_ms <= at_ms]
    board = boards[-1]
    step = min(STEPS_OF_WRITING, (at_ms - board.at_ms) * STEPS_OF_WRITING // WRITING_MS)
    in_pairs = timeline.walks[0].at_ms <= at_ms < timeline.walks[-1].at_ms
    seat = SEATS.get(speaker)
    return Moving(
        scene=board.detail,
        step=STEPS_OF_WRITING if at_ms >= board.at_ms + WRITING_MS else step,
        teachers=tuple(
            _describe_teacher(
                timeline, who, at_ms, loudness if who == speaker else -1.0, writing=step < STEPS_OF_WRITING
            )
            for who in TEACHERS
        ),
        hand_up=None if in_pairs else seat,
        nod=-1 if seat is None else seat * 10 + (at_ms // 320) % 3,
        in_pairs=in_pairs,
    )


def _describe_teacher(timeline: Timeline, who: str, at_ms: int, loudness: float, *, writing: bool) -> Teacher:
    x, y = _find_place([walk for walk in timeline.walks if walk.what == who], who, at_ms)
    pose = "rest"
    if loudness >= 0:
        pose = "point" if writing else ("talk", "rest", "talk", "point")[(at_ms // 1600) % 4]
    phase = 0 if who == "teacher_a" else 1700
    return Teacher(
        who=who,
        x=x,
        y=y,
        pose=pose,
        mouth=0 if loudness < 0.12 else 1 if loudness < 0.5 else 2,
        blink=(at_ms + phase) % 3900 < 2 * STEP_MS,
    )


def _find_place(walks: list[Moment], who: str, at_ms: int) -> tuple[int, int]:
    here = PLACES[who]["front"]
    for walk in walks:
        if walk.at_ms > at_ms:
            break
        share = min(1.0, (at_ms - walk.at_ms) / WALK_MS)
        smooth = share * share * (3 - 2 * share)
        there = PLACES[who][walk.detail]
        here = (
            round(here[0] + (there[0] - here[0]) * smooth),
            round(here[1] + (there[1] - here[1]) * smooth) - (at_ms // STEP_MS % 4 == 1 and share < 1) * 2,
        )
    return here


def draw_frame(moving: Moving) -> Image.Image:
    """The frame of 1280x720 pixels for what is to be seen."""
    image = _draw_room().copy()
    image.paste(draw_board(moving.scene, moving.step), BOARD_AT)
    for teacher in moving.teachers:
        sprite = draw_teacher(teacher.who, teacher.pose, teacher.mouth, teacher.blink)
        image.paste(sprite, (teacher.x, teacher.y), sprite)
    image.paste(_draw_desks(), (0, 0), _draw_desks())
    for number, left in enumerate(PUPIL_X):
        lean = (14 if number % 2 == 0 else -14) if moving.in_pairs else 0
        nods = moving.nod % 10 if moving.nod // 10 == number and moving.nod >= 0 else 0
        sprite = draw_pupil(number, moving.hand_up == number, lean)
        image.paste(sprite, (left - 50, PUPIL_TOP - (0, 3, 1)[nods]), sprite)
    return image


@lru_cache(maxsize=1)
def _draw_room() -> Image.Image:
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), (237, 231, 219))
    pen = ImageDraw.Draw(image)
    pen.rectangle(_at(0, 470, WIDTH, 600), fill=(221, 212, 196))
    pen.rectangle(_at(0, 464, WIDTH, 472), fill=(201, 190, 170))
    pen.rectangle(_at(0, 600, WIDTH, HEIGHT), fill=(196, 172, 142))
    pen.rectangle(_at(0, 592, WIDTH, 602), fill=(180, 160, 134))
    left, top = BOARD_AT
    frame = _at(left - 14, top - 14, left + BOARD_WIDTH + 14, top + BOARD_HEIGHT + 14)
    pen.rounded_rectangle([value + 6 for value in frame], radius=10 * SCALE, fill=(216, 207, 192))
    pen.rounded_rectangle(frame, radius=10 * SCALE, fill=(176, 136, 96))
    tray = _at(left + 40, top + BOARD_HEIGHT + 12, left + BOARD_WIDTH - 40, top + BOARD_HEIGHT + 22)
    pen.rounded_rectangle(tray, radius=4 * SCALE, fill=(150, 114, 80))
    for offset, colour in ((90, (246, 246, 240)), (130, (246, 211, 121)), (170, (232, 152, 140))):
        chalk = _at(left + offset, top + BOARD_HEIGHT + 6, left + offset + 26, top + BOARD_HEIGHT + 12)
        pen.rounded_rectangle(chalk, radius=3 * SCALE, fill=colour)
    _draw_wall_clock(pen)
    _draw_poster(pen)
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _draw_wall_clock(pen: ImageDraw.ImageDraw) -> None:
    pen.ellipse(_at(112, 44, 192, 124), fill=(252, 250, 245), outline=(150, 140, 130), width=5 * SCALE)
    pen.line(_at(152, 84, 152, 58), fill=(80, 72, 74), width=3 * SCALE)
    pen.line(_at(152, 84, 134, 92), fill=(80, 72, 74), width=4 * SCALE)
    pen.ellipse(_at(148, 80, 156, 88), fill=(80, 72, 74))


def _draw_poster(pen: ImageDraw.ImageDraw) -> None:
    pen.rounded_rectangle(_at(1082, 40, 1180, 138), radius=6 * SCALE, fill=(252, 250, 245))
    pen.ellipse(_at(1096, 54, 1166, 124), fill=(214, 226, 220))
    pen.pieslice(_at(1096, 54, 1166, 124), -90, 180, fill=(132, 172, 160))
    pen.line(_at(1131, 54, 1131, 124), fill=(252, 250, 245), width=2 * SCALE)
    pen.line(_at(1096, 89, 1166, 89), fill=(252, 250, 245), width=2 * SCALE)


@lru_cache(maxsize=1)
def _draw_desks() -> Image.Image:
    image = Image.new("RGBA", (WIDTH * SCALE, HEIGHT * SCALE), (186, 150, 112, 0))
    pen = ImageDraw.Draw(image)
    for left in (PUPIL_X[0], PUPIL_X[2], PUPIL_X[4]):
        pen.rounded_rectangle(_at(left - 40, 610, left + 290, 632), radius=6 * SCALE, fill=(206, 170, 128))
        pen.rectangle(_at(left - 30, 630, left + 280, 720), fill=(182, 146, 108))
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _at(*values: float) -> list[float]:
    return [value * SCALE for value in values]
