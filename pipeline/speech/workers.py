"""Work spread over cores: child processes that end when asked, and when their parent is gone."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Generic, TypeVar, cast

from models.errors import ToolFailed

Task = TypeVar("Task")
Result = TypeVar("Result")

_NICE = 5
_LOOK_UP_EVERY_S = 0.5


@dataclass(slots=True, kw_only=True)
class _Worker(Generic[Task]):
    body: BaseProcess
    connection: Connection
    index: int | None = None


def count_cores(threads: int) -> int:
    """How many workers to start: `threads`, or with 0 as many as this machine lets us use."""
    if threads > 0:
        return threads
    usable = getattr(os, "sched_getaffinity", None)
    return max(1, len(usable(0)) if usable else os.cpu_count() or 1)


def spread(
    make: Callable[[], Callable[[Task], Result]],
    tasks: Sequence[Task],
    *,
    count: int,
    tick: Callable[[], None],
) -> Iterator[tuple[int, Result]]:
    """The results of the tasks with their indexes, as they come in, from `count` processes.

    `make` is called once in each process and gives what turns a task into a result; it must be importable. `tick` is
    called at least twice a second; whatever it raises ends the processes at once, as does leaving the loop.
    Raises ToolFailed when a process dies.
    """
    workers: list[_Worker[Task]] = []
    waiting = list(enumerate(tasks))[::-1]
    try:
        for _ in range(min(count, len(tasks))):
            workers.append(_start(make))
            _send(workers[-1], waiting)
        while busy := {each.connection: each for each in workers if each.index is not None}:
            for ready in wait(list(busy), timeout=_LOOK_UP_EVERY_S):
                worker = busy[ready]  # type: ignore[index]
                index, result = worker.index, cast("Result", _receive(worker))
                _send(worker, waiting)
                assert index is not None  # noqa: S101  only workers with a task are asked
                yield index, result
            tick()
    finally:
        for each in workers:
            each.body.kill()
        for each in workers:
            each.body.join()
            each.body.close()
            each.connection.close()


def _start(make: Callable[[], Callable[[Task], Result]]) -> _Worker[Task]:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    body = context.Process(target=_work, args=(make, theirs), daemon=True)
    body.start()
    theirs.close()
    return _Worker(body=body, connection=ours)


def _send(worker: _Worker[Task], waiting: list[tuple[int, Task]]) -> None:
    worker.index = None
    if waiting:
        worker.index, task = waiting.pop()
        worker.connection.send(task)


def _receive(worker: _Worker[Task]) -> object:
    try:
        found: object = worker.connection.recv()
    except (EOFError, OSError) as error:
        raise ToolFailed("a recognising process ended early") from error
    return found


def _work(make: Callable[[], Callable[[Task], Result]], connection: Connection) -> None:
    """What a process does: answer tasks until the pipe closes."""
    os.nice(_NICE)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    answer = make()
    while True:
        try:
            connection.send(answer(connection.recv()))
        except (EOFError, BrokenPipeError):
            return


def _end_with_the_parent() -> None:
    """Without this a process in the middle of a stretch would live on after its parent was killed."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
