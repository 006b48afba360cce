"""Whether this process, its database and its store are there. Nothing private, and open to everybody."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.bootstrap import Services
from review.routes import html
from review.routes.answers import json_response, log_fault


def build_routes(services: Services) -> list[Route]:
    """GET /health: 200 when all is well, else 503; and the product's icon."""

    async def health(_request: Request) -> Response:
        found = await run_in_threadpool(_look, services)
        well = all(found.values())
        document = {
            "status": "ok" if well else "trouble",
            **{name: "ok" if is_ok else "trouble" for name, is_ok in found.items()},
        }
        response = json_response(document, status=200 if well else 503)
        response.headers["Cache-Control"] = "no-store"
        return response

    async def icon(_request: Request) -> Response:
        return Response(html.ICON, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})

    return [
        Route("/health", health, methods=["GET"], name="health"),
        Route("/favicon.ico", icon, methods=["GET"], name="icon"),
        Route("/favicon.png", icon, methods=["GET"], name="icon as Streamlit asks for it"),
    ]


def _look(services: Services) -> dict[str, bool]:
    return {
        "database": _answers(services.database.is_current),
        "store": _answers(lambda: services.store.list_keys(limit=1) is not None),
    }


def _answers(question: Callable[[], bool]) -> bool:
    try:
        return question()
    except Exception as error:  # noqa: BLE001  any failure at all means: not well
        log_fault(error)
        return False
