"""The web process as it is really started: it serves, it stops when asked, and it says why when it can't start."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streamlit import config

from models.settings import Settings, to_environment
from pipeline.bootstrap import open_services
from review.ui.server import streamlit_config

APP = Path(__file__).resolve().parents[2] / "app.py"
PATIENCE_S = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def started(settings: Settings) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, str(APP)],
        env=os.environ | to_environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def ask(port: int, path: str) -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}


def test_the_process_serves_and_stops_when_asked(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, port=free_port())
    open_services(settings, migrate=True).database.close()
    with started(settings) as process:
        for _ in range(PATIENCE_S * 10):
            try:
                status, headers = ask(settings.port, "/health")
                break
            except ConnectionRefusedError:
                assert process.poll() is None, process.communicate()[0]
                time.sleep(0.1)
        assert (status, headers.get("server")) == (200, None)
        assert ask(settings.port, "/")[0] == 303
        assert ask(settings.port, "/_stcore/health")[0] == 200
        assert ask(settings.port, "/_stcore/metrics")[0] == 404
        process.terminate()
        printed, _ = process.communicate(timeout=PATIENCE_S)
    assert printed == ""


def test_an_outdated_database_is_told_in_a_sentence(tmp_path: Path) -> None:
    with started(Settings(data_dir=tmp_path, port=free_port())) as process:
        printed, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 2
    assert printed == "The database is of another version: run `debrief migrate`.\n"


def test_streamlit_knows_every_option_that_it_is_given() -> None:
    assert [name for name in streamlit_config(Settings()) if name not in config._config_options_template] == []
