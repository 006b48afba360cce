"""My account: who I am here, in which pairings, and the way out."""

from __future__ import annotations

import streamlit as st

from models.ids import PersonId
from models.people import Pairing, PairingState
from pipeline.bootstrap import now
from review import words
from review.documents import joined
from review.routes.doors import SIGN_OUT
from review.ui import session
from review.ui.looks import plain, shown_date


def show() -> None:
    """The page /account."""
    viewer = session.require_signed_in().viewer
    with session.services().database.view() as unit:
        pairings = unit.people.list_pairings(viewer)
    st.set_page_config(page_title=f"{words.ACCOUNT} · {words.PRODUCT}")
    st.title(words.ACCOUNT)
    st.markdown(plain(words.ACCOUNT_LEAD.format(name=viewer.name)))
    session.link_button(words.SIGN_OUT, SIGN_OUT)
    st.subheader(words.YOUR_PAIRINGS)
    with st.container(key="pairings"):
        open_ones = [each for each in pairings if each.state(now()) is not PairingState.CLOSED]
        if not open_ones:
            st.markdown(words.NO_PAIRINGS)
        for each in open_ones:
            st.markdown(f"- {plain(pairing_sentence(each, viewer.person_id))}")


def pairing_sentence(pairing: Pairing, person_id: PersonId) -> str:
    """`You are a mentor, with Mia Novak (mentee), until 30 June 2027.`"""
    own = next((each.role for each in pairing.members if each.person.id == person_id), None)
    others = [
        f"{each.person.name} ({words.ROLES[each.role]})" for each in pairing.members if each.person.id != person_id
    ]
    sentence = words.PAIRING_LINE.format(role=words.ROLES[own] if own else "", names=joined(others))
    if pairing.until_at is not None:
        ended = pairing.state(now()) is PairingState.READ_ONLY
        ending = words.PAIRING_ENDED if ended else words.PAIRING_UNTIL
        sentence += ending.format(day=shown_date(pairing.until_at.date()))
    return f"{sentence}."
