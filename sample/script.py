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
    why: str = "a teacher waits for an answer"


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
    Topic("Opening: halves and quarters"),
    Board("welcome", "the title of the lesson"),
    Quiet(900, "before the lesson"),
    _a("Good morning, everyone.", "Please sit down and look at the board."),
    _b("Good morning.", "Last week we cut paper into halves and quarters."),
    Board("half", "a strip of paper cut into two halves"),
    _b("Here is a long piece of paper.", "I cut the paper once, in the middle."),
    _b("How many equal parts can we see?"),
    Wait(3400),
    _sam("There are two equal parts."),
    _b("Yes, and each part is one half of the paper."),
    Board("quarters", "the strip cut again, into four quarters"),
    _b("I cut the paper again.", "What name do these parts have?"),
    Wait(3200),
    _anna("They are quarters, because there are four equal parts."),
    _b("Well done, that is a very clear answer."),
    _a("And two quarters are just as long as one half."),
    Board("question", "today's question"),
    _b("Here is a question for today.", "How can we find a fraction of a group of things?"),
    _b("Mr Brown is going to show you."),
    HandOver("teacher_b", "teacher_a"),
)

EXPLANATION: tuple[Step, ...] = (
    Board("blank", "the board is cleaned"),
    Quiet(3000, "the board is cleaned"),
    Topic("Explanation: three quarters of twelve"),
    Board("counters", "twelve counters in a row"),
    _a("Look, I have a set of red counters on the board."),
    _a("Let us count the counters together.", "There are twelve counters."),
    _a("I want to find three quarters of twelve.", "What should I do first?"),
    Wait(3600),
    _jack("You divide the counters into four groups."),
    _a("Good thinking.", "The bottom number is four, so we need four equal groups."),
    Board("groups", "the counters divided into four groups of three"),
    _a("Twelve divided by four is three.", "In each group there are three counters."),
    _a("So one group is one quarter of twelve."),
    _a("The top number is three.", "How many groups do we take?"),
    Wait(3300),
    _sam("We take three groups."),
    _a("That is right, we take three groups."),
    Board("three_groups", "three of the four groups ringed"),
    _a("Let us count the counters in the three groups.", "Three, six, nine."),
    _a("So three quarters of twelve counters is nine counters."),
    Board("rule", "the two steps as sums, and the result"),
    _b("May I say that again in other words?"),
    _b("First you divide by the bottom number.", "And then you multiply by the top number."),
    _a("That is very helpful.", "Now, Mrs Green will tell you what happens next."),
    HandOver("teacher_a", "teacher_b"),
)

PAIR_WORK: tuple[Step, ...] = (
    Board("blank", "the board is cleaned"),
    Quiet(3200, "the board is cleaned"),
    Topic("Work in pairs"),
    Board("tasks", "a list of tasks for the pairs"),
    _b("Now you will work with a partner.", "Turn your chair and sit beside your partner."),
    _b("On your table there is a paper bag with some cards.", "Take one card out of the bag."),
    Board("task_2", "the second task"),
    _b("Read the card to your partner, and draw a picture with your pencil."),
    Board("task_3", "the third task"),
    _b("After that, change places with your partner."),
    _b("You have five minutes.", "Please talk to your partner in a quiet voice."),
    _b("Does everyone know what to do?"),
    Wait(3000),
    _b("Good.", "You can open the bags and start."),
    Walk("teacher_a", "tables"),
    Walk("teacher_b", "tables"),
    Quiet(6500, "pairs start to work"),
    _anna("I will read the card, and you can draw."),
    _sam("All right, give me the pencil."),
    Quiet(4200, "pairs draw"),
    _a("What does your card say?"),
    Wait(3100),
    _anna("We need two thirds of fifteen."),
    _a("What picture will you draw?"),
    _sam("I will draw three boxes on the paper."),
    _a("I like the way you listen to your partner.", "Draw the boxes, and I will come back to your table."),
    Quiet(7500, "pairs work quietly"),
    _jack("I think my picture is wrong."),
    _b("Show your partner, and read the card again, slowly."),
    Quiet(5200, "pairs work quietly"),
    _b("There is one minute left.", "Please finish your picture."),
    Quiet(6000, "pairs finish"),
    _b("Please put the pencils down.", "Put the cards back in the bag."),
    Walk("teacher_a", "front"),
    Walk("teacher_b", "front"),
    _b("I saw that every pair worked well.", "Mr Brown, would you like to go on?"),
    HandOver("teacher_b", "teacher_a"),
)

REVIEW: tuple[Step, ...] = (
    Board("blank", "the board is cleaned"),
    Quiet(3400, "everyone looks at the front"),
    Topic("Review: answers and a mistake"),
    Board("answers", "two questions with room for answers"),
    _a("Let us compare our answers.", "Who wants to give the first answer?"),
    Wait(3200),
    _anna("The answer is ten."),
    Board("answer_1", "the first answer"),
    _a("That is correct.", "How did you find the answer?"),
    _anna("One third is five, and two times five is ten."),
    _a("That was a very good reason."),
    Board("answer_2", "the second answer, with a mistake"),
    _a("Here is another answer that I saw.", "Somebody wrote that three quarters of eight is two."),
    _a("Is this answer correct, or is there a mistake?"),
    Wait(4000),
    _jack("It is a mistake.", "It is only one quarter of eight."),
    _a("I am very happy that you found that mistake.", "Mrs Green, why do people make this mistake?"),
    HandOver("teacher_a", "teacher_b"),
    _b("They often stop after the first step.", "They forget about the second step."),
    _b("What is the correct answer?"),
    Wait(3500),
    _sam("We take three groups of two.", "I think that six is the right answer."),
    Board("corrected", "the mistake corrected"),
    _b("Exactly, the correct answer is six.", "Mistakes can help us to learn."),
    Board("closing", "what we learned today"),
    _b("What do you know now that you did not know yesterday?"),
    Wait(3800),
    _anna("Now I know how to check my answer."),
    _a("That is a great answer.", "It is always good to check an answer."),
    _b("Next time we will find fractions of bigger numbers.", "Thank you for your work, and see you tomorrow."),
    Quiet(1800, "the lesson is over"),
)

STEPS: tuple[Step, ...] = OPENING + EXPLANATION + PAIR_WORK + REVIEW


def list_sentences() -> Iterator[tuple[str, str]]:
    """Every sentence with who says it, in order."""
    for step in STEPS:
        if isinstance(step, Say):
            for sentence in step.sentences:
                yield step.speaker, sentence
