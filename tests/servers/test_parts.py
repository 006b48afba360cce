"""What is missing on a machine is skipped and named, or ends the run; and no test reaches out or hides an error."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import NetworkClosed, is_on_this_machine
from tests.servers.parts import PARTS, kept_environment, refusal

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = """
import logging, os
import pytest

@pytest.mark.browser
def test_in_a_browser(): pass

@pytest.mark.s3
def test_on_s3(): pass

def test_passes(): assert not [name for name in os.environ if name == "DEBRIEF_PORT"]

def test_hides_an_error(): logging.getLogger("debrief").error("it broke")

def test_expects_an_error(errors_allowed): logging.getLogger("debrief").error("it broke")

def test_reaches_out():
    import socket
    socket.create_connection(("192.0.2.1", 80), timeout=1)
"""


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "test_sample.py"
    path.write_text(SAMPLE)
    return path


def run(path: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The tests' own rules over a file, on a machine without Chromium and without programs."""
    bare = {**os.environ, "PATH": str(path.parent), "CHROMIUM": "/nowhere/chromium", "DEBRIEF_PORT": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, "-c", "pyproject.toml", *options, path],
        cwd=ROOT,
        env={**bare, "DEBRIEF_TEST_S3_ENDPOINT": "", "DEBRIEF_TEST_REQUIRE": "", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_missing_is_skipped_and_named_in_the_last_lines(sample: Path) -> None:
    ended = run(sample, "-k", "browser or s3 or passes")
    assert ended.returncode == 0, ended.stdout
    assert "1 passed, 2 skipped" in ended.stdout
    assert ended.stdout.splitlines()[-2:] == [
        "Not tested: chromium is not on this machine; install it with: apt-get install -y chromium",
        f"Not tested: {PARTS[-1].line}",
    ]
    assert "apt-get install -y --no-install-recommends radosgw ceph-mon ceph-osd curl" in PARTS[-1].line


def test_nothing_is_named_where_nothing_was_skipped(sample: Path) -> None:
    ended = run(sample, "-k", "passes")
    assert ended.returncode == 0, ended.stdout
    assert "Not tested" not in ended.stdout


@pytest.mark.parametrize("required", ["all", "s3", "postgres, s3"])
def test_a_part_that_is_required_ends_the_run_at_once(sample: Path, required: str) -> None:
    ended = run(sample, DEBRIEF_TEST_REQUIRE=required)
    assert ended.returncode == 1
    assert "s3 is not on this machine; install it with: apt-get install" in ended.stdout + ended.stderr
    assert "passed" not in ended.stdout


def test_an_error_in_the_log_and_a_reach_for_another_machine_fail_a_test(sample: Path) -> None:
    ended = run(sample, "-m", "not browser and not s3", "-rA")
    assert ended.returncode == 1
    lines = ended.stdout.splitlines()
    outcomes = {line.split("::")[1].split(" ")[0]: line.split(" ")[0] for line in lines if "::" in line}
    assert outcomes == {
        "test_passes": "PASSED",
        "test_hides_an_error": "ERROR",
        "test_expects_an_error": "PASSED",
        "test_reaches_out": "FAILED",
    }
    assert "debrief: it broke" in ended.stdout


def test_a_refusal_names_each_missing_part_that_is_required() -> None:
    chromium, postgres, s3 = PARTS
    assert refusal("", PARTS) is None
    assert refusal("all", ()) is None
    assert refusal("postgres", [chromium, s3]) is None
    assert refusal(" s3 ,chromium", PARTS) == f"{chromium.line}\n{s3.line}"
    assert refusal("all", [postgres]) == postgres.line
    assert refusal("all,ghost", ()) == "DEBRIEF_TEST_REQUIRE names no part of the tests: ghost"


def test_this_machines_settings_are_forgotten() -> None:
    given = {"DEBRIEF_PORT": "1", "DEBRIEF_TEST_DATA": "x", "PATH": "/bin"}
    assert kept_environment(given) == {"DEBRIEF_TEST_DATA": "x", "PATH": "/bin"}
    assert not [name for name in os.environ if name.startswith("DEBRIEF_") and not name.startswith("DEBRIEF_TEST_")]


@pytest.mark.parametrize("host", ["192.0.2.1", "8.8.8.8", "0.0.0.1", "example.org", "127.0.0.1.example.org", ""])
def test_the_network_is_closed(host: str) -> None:
    assert not is_on_this_machine(socket.AF_INET, (host, 80))
    with socket.socket() as one, pytest.raises(NetworkClosed):
        one.connect((host, 80))
    with socket.socket() as one, pytest.raises(NetworkClosed):
        one.connect_ex((host, 80))


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        for host in ("127.0.0.1", "localhost"):
            socket.create_connection((host, server.getsockname()[1]), timeout=5).close()
    assert is_on_this_machine(socket.AF_INET6, ("::1", 80, 0, 0))
    assert is_on_this_machine(socket.AF_UNIX, "/run/socket")
    assert not is_on_this_machine(socket.AF_INET6, ("2001:db8::1", 80, 0, 0))


def test_a_library_does_not_get_round_it() -> None:
    with pytest.raises(urllib.error.URLError) as refused:
        urllib.request.urlopen("http://192.0.2.1/", timeout=1)
    assert isinstance(refused.value.reason, NetworkClosed)
