"""Who says what in the sample lesson, what the board shows, and where nobody speaks.

This part is pure: it knows words and order, not sound. `sample/make_lesson.py` gives every step its time.
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A person in the room; `voice` is a flite voice, pitch in Hz (None keeps the voice's own)."""

    name: str
    role: str
    voice: str
    pitch_hz: int | None = None
    stretch: float = 1.0
    level_db: float = 0.0


SPEAKERS: dict[str, Speaker] = {
    "teacher_a": Speaker(name="Mr Brown", role="teacher", voice="rms", stretch=1.0),
    "teacher_b": Speaker(name="Mrs Green", role="teacher", voice="slt", stretch=1.0),
    "pupil_1": Speaker(name="Sam", role="pupil", voice="awb", level_db=-6.5),
    "pupil_2": Speaker(name="Anna", role="pupil", voice="kal16", pitch_hz=150, level_db=-7.5),
    "pupil_3": Speaker(name="Jack", role="pupil", voice="kal16", pitch_hz=100, level_db=-8.5),
}


@dataclass(frozen=True, slots=True)
class Topic:
    """A part of the lesson starts with the next step."""

    title: str


@dataclass(frozen=True, slots=True)
class Board:
    """The board changes here; `scene` names what the picture shows from now on."""

    scene: str
    what: str


@dataclass(frozen=True, slots=True)
class Say:
    """Sentences of one speaker, one after another."""

    speaker: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """A teacher waits for an answer to the sentence before."""

    ms: int


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nobody speaks: a change of parts, or pupils at work."""

    ms: int
    why: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """One teacher hands the class to the other, who speaks next."""

    giver: str
    taker: str


@dataclass(frozen=True, slots=True)
class Walk:
    """A teacher goes to another place: `front` or `tables`."""

    who: str
    to: str


Step = Topic | Board | Say | Wait | Quiet | HandOver | Walk


def _a(*sentences: str) -> Say:
    return Say("teacher_a", sentences)


def _b(*sentences: str) -> Say:
    return Say("teacher_b", sentences)


def _sam(*sentences: str) -> Say:
    return Say("pupil_1", sentences)


def _anna(*sentences: str) -> Say:
    return Say("pupil_2", sentences)


def _jack(*sentences: str) -> Say:
    return Say("pupil_3", sentences)


OPENING: tuple[Step, ...] = (
    Quiet(900, "before the lesson"),
    Topic("Opening: halves and quarters"),
    _a("Good morning, everyone.", "Please sit down and look at the board."),
    _b("Good morning.", "Last week we folded paper to make halves and quarters."),
    Board("half", "a bar folded into two halves"),
    _a("Here is one long piece of paper.", "I fold the paper once, in the middle."),
    _a("How many equal parts can you see now?"),
    Wait(3400),
    _sam("Two equal parts."),
    _a("Yes, two equal parts.", "Each part is one half of the paper."),
    Board("quarters", "the bar folded again into four quarters"),
    _a("Now I fold the paper again.", "What do we call these smaller parts?"),
    Wait(3200),
    _anna("They are quarters, because there are four equal parts."),
    _a("Well done, that is a very clear answer.", "Four quarters make one whole piece of paper."),
    _a("And two quarters are the same as one half."),
    Board("question", "today's question"),
    _a("Today we have a new question.", "Can you find a fraction of a whole group of things?"),
    _a("Mrs Green will show you how."),
    HandOver("teacher_a", "teacher_b"),
)

EXPLANATION: tuple[Step, ...] = (
    Quiet(3000, "the board is cleaned"),
    Topic("Explanation: three quarters of twelve"),
    Board("counters", "twelve counters in a row"),
    _b("Thank you.", "Look, I have a set of red counters on the board."),
    _b("Let us count the counters together.", "There are twelve counters in this set."),
    _b("I want to find three quarters of twelve.", "What should I do first?"),
    Wait(3600),
    _jack("You divide the counters into four groups."),
    _b("Good thinking.", "The bottom number is four, so we divide the set into four equal groups."),
    Board("groups", "the counters divided into four groups of three"),
    _b("Twelve divided by four is three.", "So there are three counters in each group."),
    _b("One group is one quarter of twelve.", "A quarter of twelve counters is three counters."),
    _b("The top number is also three.", "So how many groups do we take?"),
    Wait(3300),
    _sam("We take three groups."),
    _b("That is right, we take three groups."),
    Board("three_groups", "three of the four groups ringed"),
    _b("Three, six, nine.", "Count the counters in the three groups."),
    _b("So three quarters of twelve is nine."),
    Board("rule", "divide by the bottom number, then multiply by the top number"),
    _a("May I say that again in other words?"),
    _a("First we divide by the bottom number.", "Then we multiply by the top number."),
    _b("Thank you, that is very helpful.", "Now Mr Brown will tell you what happens next."),
    HandOver("teacher_b", "teacher_a"),
)

PAIR_WORK: tuple[Step, ...] = (
    Quiet(3200, "the board is cleaned"),
    Topic("Work in pairs"),
    Board("tasks", "a list of tasks for the pairs"),
    _a("Now you will work with a partner.", "Turn your chair and sit beside your partner."),
    _a("On your table there is a paper bag with some cards.", "Take one card out of the bag."),
    Board("task_2", "the second task"),
    _a("Read the card to your partner, and draw a picture with your pencil."),
    Board("task_3", "the third task"),
    _a("Then change places, so your partner can take the next card."),
    _a("You have five minutes.", "Please talk with quiet voices."),
    _a("Does everyone know what to do?"),
    Wait(3000),
    _a("Good.", "You may open your bags and start."),
    Walk("teacher_a", "tables"),
    Walk("teacher_b", "tables"),
    Quiet(6500, "pairs start to work"),
    _anna("I will read the card, and you can draw."),
    _sam("All right, give me the pencil."),
    Quiet(4200, "pairs draw"),
    _b("What does your card say?"),
    Wait(3100),
    _anna("Our card says, two thirds of fifteen."),
    _b("And what are you going to draw?"),
    _sam("I will draw three boxes on the paper."),
    _b("I like the way you listen to your partner.", "Draw the boxes, and I will come back to your table."),
    Quiet(7500, "pairs work quietly"),
    _jack("I think my picture is wrong."),
    _a("Show your partner, and read the card again, slowly."),
    Quiet(5200, "pairs work quietly"),
    _a("You have one more minute.", "Please finish your picture."),
    Quiet(6000, "pairs finish"),
    _a("Please put your pencils down, and put the cards back in the bag."),
    Walk("teacher_a", "front"),
    Walk("teacher_b", "front"),
    _a("Thank you, you worked very well with your partner.", "Mrs Green, would you like to go on?"),
    HandOver("teacher_a", "teacher_b"),
)

REVIEW: tuple[Step, ...] = (
    Quiet(3400, "everyone looks at the front"),
    Topic("Review: answers and a mistake"),
    Board("answers", "three questions with room for answers"),
    _b("Let us compare our answers.", "Who can give the first answer?"),
    Wait(3200),
    _anna("Two thirds of fifteen is ten."),
    Board("answer_1", "the first answer"),
    _b("Ten is correct.", "How did you get that answer?"),
    _anna("One third is five, and two times five is ten."),
    _b("That was a very good reason."),
    Board("answer_2", "the second answer, with a mistake"),
    _b("Here is another answer that I saw.", "It says that three quarters of eight is two."),
    _b("Is this answer correct, or is there a mistake?"),
    Wait(4000),
    _jack("It is a mistake.", "Two is only one quarter of eight."),
    _b("I am happy that you found the mistake.", "Mr Brown, why do people make this mistake?"),
    HandOver("teacher_b", "teacher_a"),
    _a("They stop too early.", "They forget the second step."),
    _a("How can we correct the mistake?"),
    Wait(3500),
    _sam("Two times three is six, so the answer is six."),
    Board("corrected", "the mistake corrected"),
    _a("Exactly, the correct answer is six.", "A mistake can help us to learn."),
    Board("closing", "what we learned today"),
    _a("Before we finish, think about today.", "What did you learn that you did not know before?"),
    Wait(3800),
    _anna("I learned to check my answer."),
    _b("That is a great answer.", "Always check your answer before you finish."),
    _a("Next time we will find fractions of bigger numbers.", "Thank you, everyone, and see you tomorrow."),
    Quiet(1800, "the lesson is over"),
)

STEPS: tuple[Step, ...] = OPENING + EXPLANATION + PAIR_WORK + REVIEW


def list_sentences() -> Iterator[tuple[str, str]]:
    """Every sentence with who says it, in order."""
    for step in STEPS:
        if isinstance(step, Say):
            for sentence in step.sentences:
                yield step.speaker, sentence
