"""Every route of our own, in one table. What is not here is Streamlit's or does not exist."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from models.errors import NotFound
from pipeline.bootstrap import Services
from review.routes import comments, health, lessons, media, recordings, sign_in
from review.routes.answers import error_response
from review.routes.calls import build_route

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

API = (*lessons.ROUTES, *recordings.ROUTES, *comments.ROUTES)
"""The JSON routes."""


def build_routes(services: Services) -> list[BaseRoute]:
    """The routes for `st.App`; they come before Streamlit's own."""
    return [
        *health.build_routes(services),
        *sign_in.build_routes(services),
        *media.build_routes(services),
        *(build_route(services, each) for each in API),
        *(Route(f"{place}{{rest:path}}", _not_found, methods=_METHODS) for place in ("/api/", "/m/")),
    ]


async def _not_found(_request: Request) -> Response:
    """What lies under our own addresses and is none of the above; Streamlit would answer it with its page."""
    return error_response(NotFound())
