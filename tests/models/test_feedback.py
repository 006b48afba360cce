import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import BadIdentifier, InvalidComment, TextTooLong
from models.feedback import LONGEST_COMMENT, checked_body
from models.ids import parse_comment_id


@given(st.text(max_size=200))
def test_a_body_is_kept_as_written_but_for_outer_blanks_and_line_ends(text: str) -> None:
    try:
        body = checked_body(text)
    except InvalidComment:
        assert not text.replace("\x00", "").strip()
        return
    assert body == checked_body(body)
    assert "\r" not in body
    assert "\x00" not in body


def test_markup_and_other_scripts_stay_text() -> None:
    for text in ("<script>alert(1)</script>", "שלום עולם", "👩🏽‍🏫 good question"):
        assert checked_body(text) == text


def test_long_text_is_refused_with_its_length() -> None:
    with pytest.raises(TextTooLong, match="20001 of at most 20000"):
        checked_body("x" * (LONGEST_COMMENT + 1))


@pytest.mark.parametrize("text", ["", "1", "../../etc/passwd", "g" * 36, "123e4567-e89b-12d3-a456-42661417400"])
def test_an_id_that_is_no_uuid_is_refused(text: str) -> None:
    with pytest.raises(BadIdentifier):
        parse_comment_id(text)


def test_an_id_is_kept_in_lower_case() -> None:
    assert parse_comment_id(" 123E4567-E89B-12D3-A456-426614174000 ") == "123e4567-e89b-12d3-a456-426614174000"
