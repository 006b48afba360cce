import pytest

from models.access import TABLE, Action, Relation, decide, relations_allowed

CONTENT = {Action.CLIP_READ, Action.COMMENT_READ, Action.COMMENT_WRITE, Action.MEDIA_READ, Action.TRANSCRIPT_READ}


@pytest.mark.parametrize("action", Action)
def test_an_outsider_may_do_nothing(action: Action) -> None:
    assert not decide(frozenset(), action)


def test_a_coordinator_sees_the_state_and_no_content() -> None:
    assert TABLE[Relation.COORDINATOR] == {Action.LESSON_STATUS}


def test_after_a_pairing_ended_nothing_can_be_written() -> None:
    assert TABLE[Relation.PARTNER_READ_ONLY] == TABLE[Relation.PARTNER_ACTIVE] - {Action.COMMENT_WRITE}


def test_sharing_and_processing_are_the_teachers_own() -> None:
    assert relations_allowed(Action.LESSON_SHARE) == {Relation.TEACHER}
    assert relations_allowed(Action.RUN_CONTROL) == {Relation.TEACHER}


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("relation", Relation)
def test_more_relations_never_allow_less(relation: Relation, action: Action) -> None:
    if decide(frozenset({relation}), action):
        assert decide(frozenset(Relation), action)


def test_content_is_open_to_teachers_and_partners_only() -> None:
    assert all(Relation.COORDINATOR not in relations_allowed(each) for each in CONTENT)
