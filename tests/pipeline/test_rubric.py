"""The rubric's file: our own starter set, and what a school's file may and may not be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from models.errors import BadRubric
from pipeline.rubric import parse_rubric, read_rubric

GOOD: dict[str, object] = {
    "id": "school",
    "version": "2026",
    "title": "Our own",
    "levels": [{"code": "a", "title": "Begun"}],
    "criteria": [{"code": "3b", "category": "Talk", "title": "Questions", "indicators": ["One."]}],
}


def test_the_starter_set_has_the_promised_shape() -> None:
    rubric = read_rubric(None)
    by_category: dict[str, list[int]] = {}
    for each in rubric.criteria:
        by_category.setdefault(each.category, []).append(len(each.indicators))
    assert [each for each in by_category.values() if each == [3, 3, 3]] == [[3, 3, 3]] * 5  # four, and the three lanes
    assert by_category["Talk moves"] == [1] * 8
    assert [each.title.lower() for each in rubric.levels] == ["not yet seen", "emerging", "steady", "signature"]
    assert rubric.licence == "CC0-1.0"


def test_the_starter_sets_codes_are_words_of_our_own_and_no_numbering() -> None:
    assert all(re.fullmatch(r"[a-z]+\.[a-z-]+", each.code) for each in read_rubric(None).criteria)


def test_a_school_brings_its_own_file(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(
        'id = "ours"\nversion = "1"\ntitle = "Ours"\n[[criteria]]\ncode = "1a"\ncategory = "C"\ntitle = "T"\n',
        encoding="utf-8",
    )
    rubric = read_rubric(path)
    assert (rubric.id, rubric.levels, rubric.criteria[0].indicators) == ("ours", (), ())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"criteria": []}, "it has no criteria"),
        ({"criteria": "many"}, "criteria must be a list of tables"),
        ({"criteria": [{"code": "x", "category": "C"}]}, "number 1 of criteria has no title"),
        ({"criteria": [{"code": "x", "category": "C", "title": "T", "score": 1}]}, "unknown key 'score'"),
        ({"criteria": [{"code": "x", "category": "C", "title": "T"}] * 2}, "the criterion 'x' is there twice"),
        ({"criteria": [{"code": "x", "category": "C", "title": "T", "indicators": "one"}]}, "must be a list of texts"),
        ({"criteria": [{"code": "<b>", "category": "C", "title": "T"}]}, "letters, digits, dots and dashes only"),
        ({"levels": [{"code": "a", "title": "A"}, {"code": "a", "title": "B"}]}, "the level 'a' is there twice"),
        ({"title": "T" * 500}, "longer than 400 characters"),
        ({"id": ""}, "the file has no id"),
        ({"domains": []}, "the file has an unknown key 'domains'"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_the_place(change: dict[str, object], words: str) -> None:
    assert parse_rubric(GOOD).find_criterion("3b")
    with pytest.raises(BadRubric, match=re.escape(words)):
        parse_rubric({**GOOD, **change})


@pytest.mark.parametrize(("content", "words"), [(b"id = ", "not valid TOML"), (b"\xff\xfe", "not valid TOML")])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    with pytest.raises(BadRubric, match=words):
        read_rubric(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadRubric, match=r"gone\.toml is not there"):
        read_rubric(tmp_path / "gone.toml")
