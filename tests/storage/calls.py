"""What a person does with comments, in one unit each."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

from models.errors import Conflict, NotFound
from models.feedback import Comment, CommentDraft, CommentKind, Tag
from models.ids import CommentId
from storage.database import Database
from tests.builders import World

TAG = Tag(rubric_id="starter", rubric_version="1", criterion="move.pause", level="seen")
OTHER_TAG = Tag(rubric_id="starter", rubric_version="1", criterion="move.ask")


def listed(database: Database, world: World, part: str, *, after: int = 0) -> list[str]:
    """The texts that the person reads, in their order."""
    with database.view() as unit:
        found, _ = unit.feedback.list_comments(world.viewer(unit, part), world.lesson, after=after)
    return [each.body for each in found]


def newest(database: Database, world: World) -> int:
    with database.view() as unit:
        return unit.feedback.list_comments(world.viewer(unit, "mia"), world.lesson)[1]


def add(database: Database, world: World, part: str, draft: CommentDraft, *, at: datetime | None = None) -> Comment:
    with database.unit() as unit:
        return unit.feedback.add_comment(world.viewer(unit, part), draft, at=at or world.at)


def edit(
    database: Database, world: World, part: str, comment_id: CommentId, body: str, *, revision: int = 1
) -> Comment:
    with database.unit() as unit:
        return unit.feedback.edit_comment(
            world.viewer(unit, part),
            comment_id,
            body=body,
            kind=CommentKind.QUESTION,
            tags=(OTHER_TAG,),
            revision=revision,
            at=world.at,
        )


def at_once(calls: list[Callable[[], object]]) -> list[object]:
    """The outcomes, values or errors, of calls that start together."""
    barrier = Barrier(len(calls))

    def wait_and_call(call: Callable[[], object]) -> object:
        barrier.wait(10)
        try:
            return call()
        except (Conflict, NotFound) as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(wait_and_call, calls))
