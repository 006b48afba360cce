"""Who may see which rows, as SQL: the permission table of `models/access.py` turned into WHERE clauses."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, or_, true

from models.access import Action, Machine, Relation, Viewer, relations_allowed
from models.people import PairingState
from storage.tables import comment, lesson, lesson_grant, lesson_teacher, pairing, pairing_member, programme_coordinator


def lesson_visible(viewer: Viewer | Machine, action: Action) -> ColumnElement[bool]:
    """Rows of `lesson` with which the viewer may do this; no row where the table allows no relation."""
    if isinstance(viewer, Machine):
        return true()
    return or_(false(), *(relation_holds(viewer, each) for each in sorted(relations_allowed(action))))


def relation_holds(viewer: Viewer, relation: Relation) -> ColumnElement[bool]:
    """Rows of `lesson` to which the viewer stands in this relation, as things are at `viewer.at`."""
    match relation:
        case Relation.TEACHER:
            return exists().where(
                lesson_teacher.c.lesson_id == lesson.c.id, lesson_teacher.c.person_id == viewer.person_id
            )
        case Relation.COORDINATOR:
            return exists().where(
                programme_coordinator.c.programme_id == lesson.c.programme_id,
                programme_coordinator.c.person_id == viewer.person_id,
            )
        case Relation.PARTNER_ACTIVE:
            return _partner(viewer, PairingState.ACTIVE)
        case Relation.PARTNER_READ_ONLY:
            return _partner(viewer, PairingState.READ_ONLY)


def _partner(viewer: Viewer, state: PairingState) -> ColumnElement[bool]:
    # One level of EXISTS on purpose: SQLAlchemy ties a table to the query directly around it only, and a second level
    # would mean "has a grant for any lesson".
    return exists().where(
        lesson_grant.c.lesson_id == lesson.c.id,
        grant_live(viewer),
        lesson_grant.c.pairing_id == pairing.c.id,
        pairing_open(viewer, state),
    )


def grant_live(viewer: Viewer) -> ColumnElement[bool]:
    """Rows of `lesson_grant` that hold at `viewer.at`."""
    at = viewer.at
    return and_(
        lesson_grant.c.withdrawn_at.is_(None),
        lesson_grant.c.from_at <= at,
        or_(lesson_grant.c.until_at.is_(None), lesson_grant.c.until_at > at),
    )


def pairing_open(viewer: Viewer, *states: PairingState) -> ColumnElement[bool]:
    """Rows of `pairing` that the viewer is a member of and that are in one of these states at `viewer.at`."""
    at = viewer.at
    open_clauses = {
        PairingState.ACTIVE: and_(pairing.c.from_at <= at, or_(pairing.c.until_at.is_(None), pairing.c.until_at > at)),
        PairingState.READ_ONLY: and_(
            pairing.c.from_at <= at,
            pairing.c.until_at <= at,
            pairing.c.closes_at.is_not(None),
            pairing.c.closes_at > at,
        ),
    }
    member = exists().where(pairing_member.c.pairing_id == pairing.c.id, pairing_member.c.person_id == viewer.person_id)
    return and_(member, or_(false(), *(open_clauses[each] for each in states if each in open_clauses)))


def comment_visible(viewer: Viewer) -> ColumnElement[bool]:
    """Rows of `comment`, joined with their lesson, that the viewer may read: of her own open pairings, or her notes."""
    mine = and_(comment.c.pairing_id.is_(None), comment.c.author_id == viewer.person_id)
    ours = exists().where(
        pairing.c.id == comment.c.pairing_id, pairing_open(viewer, PairingState.ACTIVE, PairingState.READ_ONLY)
    )
    return and_(lesson_visible(viewer, Action.COMMENT_READ), or_(mine, ours))
