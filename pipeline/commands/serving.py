"""Commands that stay: the web process with its worker beside it, and a worker alone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess  # the two processes started here are our own
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import click

from models.errors import BadSetting, MachineError
from models.settings import Settings, to_environment
from pipeline import workflow
from pipeline.bootstrap import open_services, read_settings
from pipeline.commands.output import json_option, write_json

_ROOT = Path(__file__).resolve().parents[2]
_STOP_WITHIN_S = 10.0


@click.command()
@click.option("--address", help="The address to listen on [default: this machine only, 127.0.0.1].")
@click.option("--port", type=int, help="The port to listen on [default: 8501].")
@json_option
def serve(address: str | None, port: int | None, as_json: bool) -> None:
    """Serve the reviewer and process recordings beside it: one web process and one worker, until Ctrl-C."""
    settings = read_settings()
    settings = replace(settings, address=address or settings.address, port=port or settings.port)
    if as_json:
        write_json({"address": settings.resolved_public_url})
    else:
        click.echo(f"Debrief is at {settings.resolved_public_url}  (Ctrl-C stops it)")
    sys.stdout.flush()
    run_server(settings)


@click.command()
def worker() -> None:
    """Process recordings from the queue until Ctrl-C; give each worker of a district its own DEBRIEF_WORKER_ID."""
    services = open_services(read_settings(), migrate=True)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    workflow.run_worker(services, stop)


COMMANDS = (serve, worker)


def run_server(settings: Settings) -> None:
    """Start the web process and the worker, keep both running, end both when this one ends.

    The worker is started again when it dies; when the web process dies, everything ends. Raises MachineError then.
    """
    _check_port(settings)
    services = open_services(settings, migrate=True)
    services.database.close()
    workflow.migrate_engine(settings)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    web, hand = start_web(settings), start_worker(settings)
    try:
        while not stop.wait(0.5):
            if web.poll() is not None:
                raise MachineError(f"the web process ended with code {web.returncode}")
            if hand.poll() is not None:
                time.sleep(1.0)
                hand = start_worker(settings)
    finally:
        end(hand)
        end(web)


def _check_port(settings: Settings) -> None:
    """Raises BadSetting when another program listens there: better said before anything is started."""
    family = socket.AF_INET6 if ":" in settings.address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.address, settings.port))
        except OSError as error:
            taken = f"can't listen on {settings.address}, port {settings.port}: {error.strerror}"
            raise BadSetting(f"{taken}; choose another with DEBRIEF_PORT") from error


def start_web(settings: Settings) -> subprocess.Popen[bytes]:
    """Start the web process with these settings."""
    return _start([str(_ROOT / "app.py")], settings)


def start_worker(settings: Settings) -> subprocess.Popen[bytes]:
    """Start a worker process with these settings."""
    return _start(["-m", "pipeline.commands", "worker"], settings)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to stop, and make it after some seconds."""
    process.terminate()
    try:
        process.wait(_STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _start(arguments: list[str], settings: Settings) -> subprocess.Popen[bytes]:
    paths = [str(_ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    environment = {
        **os.environ,
        **to_environment(settings),
        "PYTHONPATH": os.pathsep.join(dict.fromkeys(each for each in paths if each)),
    }
    return subprocess.Popen([sys.executable, *arguments], env=environment)
