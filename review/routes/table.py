"""Every route of our own, in one table. What is not here is Streamlit's or does not exist."""

from __future__ import annotations

from starlette.routing import BaseRoute

from pipeline.bootstrap import Services
from review.routes import comments, health, lessons, media, recordings, sign_in
from review.routes.calls import build_route

API = (*lessons.ROUTES, *recordings.ROUTES, *comments.ROUTES)
"""The JSON routes."""


def build_routes(services: Services) -> list[BaseRoute]:
    """The routes for `st.App`; they come before Streamlit's own."""
    return [
        *health.build_routes(services),
        *sign_in.build_routes(services),
        *media.build_routes(services),
        *(build_route(services, each) for each in API),
    ]
