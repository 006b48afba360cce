"""The rubric: criteria by category, their look-fors, and levels that only count where a pair turns them on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A rating of a criterion; `code` is stable, `title` is shown."""

    code: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A row of the rubric. `indicators` are signs one can observe; they are never scored."""

    code: str
    category: str
    title: str
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """The instrument a programme uses. `id` and `version` together name it for ever: tags point at them."""

    id: str
    version: str
    title: str
    licence: str
    attribution: str
    levels: tuple[Level, ...]
    criteria: tuple[Criterion, ...]

    def find_criterion(self, code: str) -> Criterion | None:
        """The criterion with that code, None if there is none."""
        return next((each for each in self.criteria if each.code == code), None)

    def find_level(self, code: str) -> Level | None:
        """The level with that code, None if there is none."""
        return next((each for each in self.levels if each.code == code), None)
