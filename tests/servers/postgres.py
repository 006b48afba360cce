"""A throw-away PostgreSQL server on a free port of this machine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from tests.servers.parts import find_postgres

PATIENCE_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    """A running server that trusts everybody on this machine."""

    port: int

    def create_database(self) -> str:
        """A new, empty database; its name."""
        name = f"t{uuid4().hex}"
        self._run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database and end who is still connected to it."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def url(self, name: str) -> str:
        """The database's address, as a person would write it into the settings."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """The server, for as long as this lasts. It is fast and forgetful: nothing is flushed to the disk."""
    programs = find_postgres()
    assert programs is not None
    # The server refuses to run as root, and pytest's own folders are closed to other accounts.
    account = "nobody" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="debrief-postgres-"))
    if account:
        shutil.chown(folder, account)
    cluster, port = folder / "cluster", free_port()
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    made: list[str | Path] = [
        programs / "initdb",
        "-D",
        cluster,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-sync",
    ]
    options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off", "port": str(port)}
    settings = [f"--{name}={value}" for name, value in options.items()]
    started: list[str | Path] = [programs / "postgres", "-D", cluster, *settings]
    server: subprocess.Popen[bytes] | None = None
    try:
        subprocess.run(made, check=True, capture_output=True, user=account, env=environment, cwd=folder)
        log = folder / "log"
        with log.open("wb") as output:
            server = subprocess.Popen(
                started, stdout=output, stderr=subprocess.STDOUT, user=account, env=environment, cwd=folder
            )
        _wait(server, port, log)
        yield Postgres(port=port)
    finally:
        if server is not None:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait(10)
        shutil.rmtree(folder)


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres").close()
            return
        except psycopg.OperationalError:
            assert server.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, "PostgreSQL does not answer"
            time.sleep(0.05)
