"""The outside parts that some tests need: whether they are here, and the line that installs them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

REQUIRE_VARIABLE = "DEBRIEF_TEST_REQUIRE"
"""Names the parts without which a run of the tests fails at once: `all`, or some of them with commas between."""

S3_VARIABLE = "DEBRIEF_TEST_S3_"
"""With ENDPOINT, ACCESS_KEY, SECRET_KEY and REGION behind it: an S3 server that runs already."""

_CEPH = ("radosgw", "radosgw-admin", "ceph-mon", "ceph-osd", "ceph", "curl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something that pip does not install. Tests with the marker need it."""

    name: str
    marker: str
    install: str
    is_here: Callable[[], bool]

    @property
    def line(self) -> str:
        """What to tell a person who lacks it."""
        return f"{self.name} is not on this machine; install it with: {self.install}"


def find_chromium() -> Path | None:
    """The browser: the one that CHROMIUM names, else the usual place."""
    path = Path(os.environ.get("CHROMIUM") or "/usr/bin/chromium")
    return path if os.access(path, os.X_OK) else None


def find_postgres() -> Path | None:
    """The folder with the PostgreSQL server's programs, the newest where there are several."""
    packaged = Path("/usr/lib/postgresql").glob("*/bin")
    on_path = [Path(each).resolve().parent for each in [shutil.which("initdb")] if each]
    folders = [*on_path, *sorted(packaged, key=lambda each: -_number(each.parent.name))]
    return next((each for each in folders if (each / "initdb").exists() and (each / "postgres").exists()), None)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def has_s3() -> bool:
    """Whether an S3 server is given, or can be started here."""
    return bool(os.environ.get(f"{S3_VARIABLE}ENDPOINT")) or all(shutil.which(each) for each in _CEPH)


PARTS = (
    Part(
        name="chromium",
        marker="browser",
        install="apt-get install -y chromium",
        is_here=lambda: find_chromium() is not None,
    ),
    Part(
        name="postgres",
        marker="postgres",
        install="apt-get install -y postgresql",
        is_here=lambda: find_postgres() is not None,
    ),
    Part(
        name="s3",
        marker="s3",
        install="apt-get install -y --no-install-recommends radosgw ceph-mon ceph-osd curl",
        is_here=has_s3,
    ),
)


def missing_parts() -> tuple[Part, ...]:
    """The parts that are not here."""
    return tuple(each for each in PARTS if not each.is_here())


def refusal(required: str, missing: Sequence[Part]) -> str | None:
    """Why a run that requires these parts can't begin, None if it can."""
    wanted = {each.strip() for each in required.split(",") if each.strip()}
    unknown = sorted(wanted - {"all", *(each.name for each in PARTS)})
    if unknown:
        return f"{REQUIRE_VARIABLE} names no part of the tests: {', '.join(unknown)}"
    lacking = [each.line for each in missing if "all" in wanted or each.name in wanted]
    return "\n".join(lacking) or None


def kept_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without this machine's own settings of Debrief, which no test may see."""
    return {
        name: value
        for name, value in environment.items()
        if not name.startswith("DEBRIEF_") or name.startswith("DEBRIEF_TEST_")
    }
