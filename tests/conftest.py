"""What holds for every test: which outside parts are here, a closed network, and no error in the log."""

from __future__ import annotations

import ipaddress
import logging
import os
import signal
import socket
from collections.abc import Iterator, Sequence

import pytest

from tests.lesson import ProcessedLesson, processed_lesson
from tests.servers.parts import PARTS, REQUIRE_VARIABLE, Part, kept_environment, missing_parts, refusal
from tests.servers.postgres import Postgres, running_postgres
from tests.servers.s3 import S3, running_s3

__all__ = ["ProcessedLesson", "processed_lesson"]

_MISSING = pytest.StashKey[Sequence[Part]]()
_SKIPPED = "needs a part: "


# Outside parts ----------------------------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """Forget this machine's settings, close the network, and stop in good order."""
    for name in set(os.environ) - set(kept_environment(os.environ)):
        del os.environ[name]
    missing: Sequence[Part] = missing_parts()
    config.stash[_MISSING] = missing
    _close_network()
    # A run that is told to stop still stops the servers that it started.
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("told to stop", returncode=143))


def pytest_sessionstart(session: pytest.Session) -> None:
    """End the run at once where a part that is required is not here."""
    reason = refusal(os.environ.get(REQUIRE_VARIABLE, ""), session.config.stash[_MISSING])
    if reason is not None:
        pytest.exit(reason, returncode=1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what needs a part that is not here."""
    for part in config.stash[_MISSING]:
        for item in items:
            if item.get_closest_marker(part.marker):
                item.add_marker(pytest.mark.skip(reason=_SKIPPED + part.name))


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """The last lines of a run name what was not tested for want of a part, and what installs it."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is None:
        return
    reasons = {str(report.longrepr) for report in terminal.stats.get("skipped", [])}
    for part in PARTS:
        if any(f"{_SKIPPED}{part.name}" in reason for reason in reasons):
            terminal.write_line(f"Not tested: {part.line}", yellow=True)


# The network ------------------------------------------------------------------------------------------------------


class NetworkClosed(OSError):
    """A test reached for another machine."""


def is_on_this_machine(family: int, address: object) -> bool:
    """Whether connecting there stays on this machine."""
    if family not in {socket.AF_INET, socket.AF_INET6}:
        return True
    host = str(address[0]) if isinstance(address, tuple) else ""
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"


def _close_network() -> None:
    class LoopbackSocket(socket.socket):
        """A socket that reaches this machine only."""

        def connect(self, address: object) -> None:
            self._check(address)
            super().connect(address)  # type: ignore[arg-type]

        def connect_ex(self, address: object) -> int:
            self._check(address)
            return super().connect_ex(address)  # type: ignore[arg-type]

        def _check(self, address: object) -> None:
            if not is_on_this_machine(self.family, address):
                raise NetworkClosed(f"tests stay on this machine: {address}")

    socket.socket = LoopbackSocket  # type: ignore[misc]


# The log ----------------------------------------------------------------------------------------------------------


class _Errors(logging.Handler):
    """Collects what is logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(f"{record.name}: {record.getMessage()}")


@pytest.fixture
def errors_allowed() -> None:
    """Asked for by a test in which something fails on purpose and is logged as an error."""


@pytest.fixture(autouse=True)
def _no_error_is_logged(request: pytest.FixtureRequest) -> Iterator[None]:
    collected = _Errors()
    logging.getLogger().addHandler(collected)
    yield
    logging.getLogger().removeHandler(collected)
    if collected.messages and "errors_allowed" not in request.fixturenames:
        pytest.fail(f"logged as errors: {collected.messages}", pytrace=False)


# Servers ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """A PostgreSQL server of this run's own, for tests marked `postgres`."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3]:
    """An S3 server of this run's own, or the one that the environment names, for tests marked `s3`."""
    with running_s3() as server:
        yield server
