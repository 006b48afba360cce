"""What the picture shows over time: the board or slide changes, the camera is moved or covered, the picture stands still.

The picture is divided into cells. A cell whose look has settled after it changed, and stays settled, is a change of the
board or slide; a person who walks by changes cells only for a while.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from models.clip import Event, EventKind
from models.errors import DamagedMedia

Picture = NDArray[np.uint8]
Cells = NDArray[np.float64]
Flags = NDArray[np.bool_]

_CELL = 20
_MOVED_LEVELS = 14
_OTHER_LEVELS = 24
_BLACK_LEVEL = 18
_FLAT_SPREAD = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class VisionOptions:
    """How much has to change, for how long.

    `settled_ms` is how long a cell must keep its new look, `shaded_ms` how soon it may return to the old one and count
    as somebody standing in front, `together_ms` how close changes of cells belong together. `cell_share` is the share
    of a cell's points that must differ, `busy_share` the share of time in which a cell moves that makes it no board.
    `solid_share` and `at_once_ms` tell a body from strokes and from a slide.
    """

    settled_ms: int = 3_000
    shaded_ms: int = 25_000
    together_ms: int = 4_000
    cell_share: float = 0.02
    busy_share: float = 0.25
    solid_share: float = 0.4
    at_once_ms: int = 1_000
    least_cells: int = 2
    dark_ms: int = 2_000
    still_ms: int = 15_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """One frame: when, its grey picture, how it differs from the one before."""

    at_ms: int
    grey: Picture
    moved: Cells
    brightness: float
    spread: float
    most_moved: int


def find_events(frames: Path, *, options: VisionOptions | None = None) -> tuple[Event, ...]:
    """What happens in the picture, in order of time, from the low-rate frames. Raises DamagedMedia for an unreadable file."""
    chosen = options or VisionOptions()
    board = _BoardWatch(chosen)
    dark = _Stretches(EventKind.BLACK, chosen.dark_ms)
    covered = _Stretches(EventKind.CAMERA_COVERED, chosen.dark_ms)
    still = _Stretches(EventKind.FROZEN, chosen.still_ms)
    lively = 0
    count = 0
    at_ms = 0
    for look in _looks(frames):
        at_ms = look.at_ms
        black = look.brightness < _BLACK_LEVEL and look.spread < _FLAT_SPREAD
        flat = look.spread < _FLAT_SPREAD and not black
        dark.add(at_ms, holds=black)
        covered.add(at_ms, holds=flat)
        still.add(at_ms, holds=count > 0 and look.most_moved <= 2 and not black and not flat)
        if not black and not flat:
            board.add(look)
        lively += look.most_moved > _MOVED_LEVELS
        count += 1
    # Slides stand still by nature; only a camera's picture, which never quite does, can freeze.
    frozen = still.events(at_ms) if lively > 0.5 * count else ()
    found = [*dark.events(at_ms), *covered.events(at_ms), *frozen, *board.events()]
    return tuple(sorted(found, key=lambda each: (each.start_ms, each.kind)))


def _looks(frames: Path) -> Iterator[_Look]:
    video = cv2.VideoCapture(str(frames))
    try:
        if not video.isOpened():
            raise DamagedMedia
        before: Picture | None = None
        while True:
            there, picture = video.read()
            if not there:
                return
            # OpenCV tells the position of the frame that was read last.
            at_ms = round(video.get(cv2.CAP_PROP_POS_MSEC))
            grey = _grey(picture)
            change = cv2.absdiff(grey, grey if before is None else before)
            yield _Look(
                at_ms=at_ms,
                grey=grey,
                moved=_per_cell(change > _MOVED_LEVELS),
                brightness=float(grey.mean()),
                spread=float(grey.std()),
                most_moved=int(change.max()),
            )
            before = grey
    finally:
        video.release()


def _grey(picture: cv2.typing.MatLike) -> Picture:
    height, width = picture.shape[:2]
    size = (max(1, width // _CELL) * _CELL, max(1, height // _CELL) * _CELL)
    grey = cv2.cvtColor(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.GaussianBlur(grey, (3, 3), 0), dtype=np.uint8)


def _per_cell(points: NDArray[np.generic]) -> Cells:
    """The mean over each cell of a picture of points."""
    rows, columns = points.shape[0] // _CELL, points.shape[1] // _CELL
    cells: Cells = points.reshape(rows, _CELL, columns, _CELL).mean(axis=(1, 3))
    return cells


class _Stretches:
    """Stretches of time over which something holds, those that last long enough."""

    def __init__(self, kind: EventKind, least_ms: int) -> None:
        self._kind = kind
        self._least_ms = least_ms
        self._since: int | None = None
        self._found: list[Event] = []

    def add(self, at_ms: int, *, holds: bool) -> None:
        """Whether it holds at this position."""
        if holds and self._since is None:
            self._since = at_ms
        elif not holds:
            self._close(at_ms)

    def _close(self, at_ms: int) -> None:
        if self._since is not None and at_ms - self._since >= self._least_ms:
            self._found.append(Event(kind=self._kind, start_ms=self._since, end_ms=at_ms))
        self._since = None

    def events(self, end_ms: int) -> tuple[Event, ...]:
        """All stretches; one that lasts to the end ends at `end_ms`."""
        self._close(end_ms)
        return tuple(self._found)


@dataclass(slots=True)
class _Change:
    """Cells that settled into another look at about the same time, each with the share of its points that differ."""

    start_ms: int
    end_ms: int
    cells: dict[tuple[int, int], float] = field(default_factory=dict)

    def drawn(self, options: VisionOptions) -> int:
        """How many cells belong to a board or slide.

        Strokes leave most of a cell as it was. A body fills cells, and takes its time; a slide fills them at once.
        """
        if self.end_ms - self.start_ms <= options.at_once_ms:
            return len(self.cells)
        solid = {cell for cell, share in self.cells.items() if share > options.solid_share}
        body = {(row + down, column + right) for row, column in solid for down in (-1, 0, 1) for right in (-1, 0, 1)}
        return len(self.cells.keys() - body)


class _BoardWatch:
    """Finds cells that settle into another look."""

    def __init__(self, options: VisionOptions) -> None:
        self._options = options
        self._settled: Picture | None = None
        self._earlier: Picture | None = None
        self._earlier_at: NDArray[np.int64] = np.zeros((0, 0), dtype=np.int64)
        self._left_at = self._earlier_at
        self._quiet_since = self._earlier_at
        self._busy: Cells = np.zeros((0, 0))
        self._last_ms = 0
        self._changes: list[_Change] = []

    def add(self, look: _Look) -> None:
        """One more frame."""
        if self._settled is None or self._earlier is None or self._settled.shape != look.grey.shape:
            self._begin(look)
            return
        chosen = self._options
        moving = look.moved > chosen.cell_share / 2
        fade = min(1.0, (look.at_ms - self._last_ms) / 60_000)
        self._busy += fade * (moving - self._busy)
        self._last_ms = look.at_ms
        first_moves = moving & (self._left_at < 0)
        self._left_at[first_moves] = look.at_ms
        self._quiet_since[moving] = look.at_ms
        rested = look.at_ms - self._quiet_since >= chosen.settled_ms
        # The light of the whole room may change; what counts is what changes against the rest.
        drift = int(np.median(look.grey.astype(np.int16) - self._settled.astype(np.int16)))
        shares = _per_cell(_differs(look.grey, self._settled, drift))
        other = shares > chosen.cell_share
        back = _per_cell(_differs(look.grey, self._earlier, drift)) <= chosen.cell_share
        back &= look.at_ms - self._earlier_at <= chosen.shaded_ms
        self._settle(look, rested & other & ~back & (self._busy < chosen.busy_share), shares)
        self._restore(look, rested & other & back)
        self._left_at[rested] = -1

    def _begin(self, look: _Look) -> None:
        self._settled, self._earlier = look.grey.copy(), look.grey.copy()
        self._earlier_at = np.full(look.moved.shape, -(10**9), dtype=np.int64)
        self._left_at = np.full(look.moved.shape, -1, dtype=np.int64)
        self._quiet_since = np.full(look.moved.shape, look.at_ms, dtype=np.int64)
        self._busy = np.zeros(look.moved.shape)
        self._last_ms = look.at_ms

    def _settle(self, look: _Look, cells: Flags, shares: Cells) -> None:
        if self._settled is None or self._earlier is None or not cells.any():
            return
        points = np.kron(cells, np.ones((_CELL, _CELL), dtype=bool))
        self._earlier[points] = self._settled[points]
        self._settled[points] = look.grey[points]
        self._earlier_at[cells] = look.at_ms
        for row, column in np.argwhere(cells).tolist():
            began = int(self._left_at[row, column])
            self._note(began if began >= 0 else look.at_ms - self._options.settled_ms, (row, column), shares)

    def _restore(self, look: _Look, cells: Flags) -> None:
        """Somebody stood in front: the change that was noted is none."""
        if self._settled is None or not cells.any():
            return
        points = np.kron(cells, np.ones((_CELL, _CELL), dtype=bool))
        self._settled[points] = look.grey[points]
        for row, column in np.argwhere(cells).tolist():
            for change in reversed(self._changes):
                if (row, column) in change.cells:
                    del change.cells[row, column]
                    break

    def _note(self, at_ms: int, cell: tuple[int, int], shares: Cells) -> None:
        near = next(
            (each for each in reversed(self._changes) if abs(each.start_ms - at_ms) <= self._options.together_ms), None
        )
        if near is None:
            near = _Change(start_ms=at_ms, end_ms=at_ms)
            self._changes.append(near)
        near.start_ms, near.end_ms = min(near.start_ms, at_ms), max(near.end_ms, at_ms)
        near.cells[cell] = max(near.cells.get(cell, 0.0), float(shares[cell]))

    def events(self) -> tuple[Event, ...]:
        """The changes that enough cells took part in."""
        total = max(1, self._busy.size)
        drawn = [(each, each.drawn(self._options)) for each in sorted(self._changes, key=lambda each: each.start_ms)]
        return tuple(
            Event(
                kind=EventKind.BOARD_CHANGE,
                start_ms=each.start_ms,
                end_ms=each.end_ms,
                strength=round(min(1.0, 5 * count / total), 3),
            )
            for each, count in drawn
            if count >= self._options.least_cells
        )


def _differs(picture: Picture, other: Picture, drift: int) -> Flags:
    difference = picture.astype(np.int16) - other.astype(np.int16) - drift
    flags: Flags = np.abs(difference) > _OTHER_LEVELS
    return flags
