"""The demo: four people, one pairing, one lesson, really processed, and the reviewer opened on it."""

from __future__ import annotations

import json
import secrets
import shutil
import sys
import threading
import time
import urllib.request
import webbrowser
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import click

from models.access import Viewer
from models.errors import FileMissing, MachineError, RunFailed
from models.ids import PersonId
from models.lesson import Recording
from models.people import PairingRole
from models.run import Run, RunState
from models.settings import Settings
from models.timing import format_clock
from pipeline import workflow
from pipeline.bootstrap import Services, now, open_services, read_settings
from pipeline.commands import serving
from pipeline.commands.output import StepBars, json_option, write_json
from pipeline.intake import store_original
from pipeline.probe import run_probe
from storage.media import sha256_of
from storage.passwords import hash_password

_SAMPLE = Path(__file__).resolve().parents[2] / "sample" / "lesson.mp4"
_SAMPLE_TITLE = "Fractions of a set"
_WORDS = [
    "amber",
    "birch",
    "cedar",
    "clover",
    "coral",
    "ember",
    "fern",
    "hazel",
    "heron",
    "lark",
    "linen",
    "maple",
    "marble",
    "olive",
    "otter",
    "pebble",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    part: str
    name: str
    email: str


_MENTEE = _Part(part="mentee", name="Mia Novak", email="mia@demo.example")
_MENTOR = _Part(part="mentor", name="Daniel Okafor", email="daniel@demo.example")
_COORDINATOR = _Part(part="coordinator", name="Ruth Lindqvist", email="ruth@demo.example")
_OUTSIDER = _Part(part="teacher outside the pairing", name="Omar Haddad", email="omar@demo.example")
_PARTS = (_MENTEE, _MENTOR, _COORDINATOR, _OUTSIDER)


@click.command()
@click.option("--recording", type=click.Path(path_type=Path), help="Your own recording [default: the sample lesson].")
@click.option("--headless", is_flag=True, help="Stop after the processing and print the summary.")
@json_option
def demo(recording: Path | None, headless: bool, as_json: bool) -> None:
    """Process a lesson and open the reviewer on it, with four people to sign in as.

    Everything lies in the folder demo of the data folder; run again, it is used again and nothing is lost.
    """
    settings = read_settings()
    settings = replace(settings, data_dir=settings.data_dir / "demo")
    source = recording or _SAMPLE
    if not source.is_file():
        raise FileMissing(str(source))
    services = open_services(settings, migrate=True)
    workflow.migrate_engine(settings)
    people = _add_people(services)
    with services.database.unit() as unit:
        mentee = unit.people.viewer(people[_MENTEE.part], at=now())
    kept = _take_in(services, source, mentee, people, title=source.stem if recording else _SAMPLE_TITLE)
    run = _run(services, mentee, kept)
    summary = _summary(services, mentee, kept, run)
    services.database.close()
    if as_json:
        write_json(summary)
    else:
        _print(summary)
    sys.stdout.flush()
    if not headless:
        threading.Thread(target=_open_browser, args=(settings.resolved_public_url,), daemon=True).start()
        serving.run_server(settings)


def _open_browser(address: str) -> None:
    """Show the reviewer as soon as it answers, where this machine has a desktop; elsewhere the address is printed."""
    if sys.platform.startswith("linux") and not (shutil.which("xdg-open") and sys.stdout.isatty()):
        return
    for _ in range(100):
        time.sleep(0.3)
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2):  # noqa: S310  our own address
                webbrowser.open(address)
                return
        except OSError:
            continue


def _add_people(services: Services) -> dict[str, PersonId]:
    """The four people with their programme and pairing; found again by their addresses."""
    with services.database.unit() as unit:
        found = {each.part: unit.people.find_person_by_email(each.email) for each in _PARTS}
    if all(found.values()):
        return {part: person.id for part, person in found.items() if person}
    passwords = {each.email: _password() for each in _PARTS}
    _write_passwords(services.settings, passwords)
    at = now()
    with services.database.unit() as unit:
        ids = {
            each.part: unit.people.add_person(
                email=each.email, name=each.name, password_hash=hash_password(passwords[each.email]), at=at
            ).id
            for each in _PARTS
        }
        programme = unit.people.add_programme(name="Demo programme")
        unit.people.add_coordinator(programme.id, ids[_COORDINATOR.part])
        unit.people.add_pairing(
            programme_id=programme.id,
            members={ids[_MENTEE.part]: PairingRole.MENTEE, ids[_MENTOR.part]: PairingRole.MENTOR},
            from_at=at,
            until_at=at + timedelta(days=365),
            levels_on=True,
        )
    return ids


def _password() -> str:
    return "-".join([*(secrets.choice(_WORDS) for _ in range(3)), str(secrets.randbelow(9000) + 1000)])


def _passwords_path(settings: Settings) -> Path:
    return settings.data_dir / "sign-in.json"


def _write_passwords(settings: Settings, passwords: dict[str, str]) -> None:
    """The demo's passwords are kept readable for their owner, so that a second run can print them again."""
    path = _passwords_path(settings)
    path.touch(mode=0o600)
    path.write_text(json.dumps(passwords, indent=1), encoding="utf-8")


def _take_in(services: Services, source: Path, mentee: Viewer, people: dict[str, PersonId], *, title: str) -> Recording:
    """The recording as a lesson of both teachers, open to their pairing; the same file is taken in once."""
    sha256 = sha256_of(source)
    with services.database.unit() as unit:
        found = unit.lessons.find_recording_by_sha256(services.machine, sha256)
    if found is not None:
        return found
    run_probe(source)
    at = now()
    with services.database.unit() as unit:
        pairing = unit.people.list_pairings(mentee)[0]
        lesson = unit.lessons.add_lesson(
            programme_id=pairing.programme_id,
            title=title,
            teacher_ids=(people[_MENTEE.part], people[_MENTOR.part]),
            subject="Mathematics" if title == _SAMPLE_TITLE else "",
            grade="Grade 4" if title == _SAMPLE_TITLE else "",
            taught_on=at.date(),
            at=at,
        )
        unit.lessons.share(mentee, lesson.id, pairing.id, at=at)
    return store_original(services, source, lesson_id=lesson.id, uploaded_by=mentee.person_id)


def _run(services: Services, viewer: Viewer, recording: Recording) -> Run:
    """The recording's newest run, done; processed now with bars where it was not. Raises what it failed with."""
    with services.database.unit() as unit:
        run = unit.runs.find_newest_run(services.machine, recording.id)
    if run is None:
        run = workflow.enqueue(services, recording.id)
    elif run.state in {RunState.FAILED, RunState.CANCELLED}:
        run = workflow.retry(services, viewer, recording.id)
    finished = run if run.state is RunState.DONE else _watch(services, run)
    if finished.state is not RunState.DONE:
        raise RunFailed(finished.error_message or "")
    return finished


def _watch(services: Services, run: Run) -> Run:
    """Let a worker do the run, show its bars, and return it as it ended. Raises MachineError when the worker dies."""
    bars = StepBars()
    hand = serving.start_worker(services.settings)
    try:
        with bars.shown():
            while run.state in {RunState.WAITING, RunState.RUNNING}:
                if hand.poll() is not None:
                    raise MachineError("the worker ended early")
                time.sleep(0.3)
                with services.database.view() as unit:
                    run = unit.runs.get_run(services.machine, run.id)
                for each in run.steps:
                    if each.state is not RunState.WAITING:
                        bars.show(each.name, 1.0 if each.state is RunState.DONE else each.share)
    finally:
        serving.end(hand)
    return run


def _summary(services: Services, viewer: Viewer, recording: Recording, run: Run) -> dict[str, object]:
    with services.database.unit() as unit:
        lesson = unit.lessons.get_lesson(viewer, recording.lesson_id)
        kept = unit.lessons.get_recording(viewer, recording.id)
        spoken = unit.transcripts.get_newest(viewer, recording.id).transcript
        clips = unit.clips.list_clips(viewer, recording.id)
    url = services.settings.resolved_public_url
    passwords = json.loads(_passwords_path(services.settings).read_text(encoding="utf-8"))
    return {
        "lesson": {
            "id": lesson.id,
            "title": lesson.title,
            "duration_ms": kept.media.duration_ms if kept.media else None,
            "engine": spoken.engine.value,
            "draft": spoken.draft,
            "words": sum(len(each.text.split()) for each in spoken.segments),
            "clips": [{"start_ms": each.start_ms, "title": each.title} for each in clips],
            "state": run.state.value,
        },
        "address": url,
        "sign_in": [
            {
                "as": each.part,
                "name": each.name,
                "email": each.email,
                "password": passwords[each.email],
                "url": f"{url}/sign-in?email={each.email}",
            }
            for each in _PARTS
        ],
    }


def _print(summary: dict[str, object]) -> None:
    lesson = summary["lesson"]
    people = summary["sign_in"]
    assert isinstance(lesson, dict)  # noqa: S101  built a few lines above
    assert isinstance(people, list)  # noqa: S101
    draft = " (a draft, made offline)" if lesson["draft"] else ""
    click.echo(f"\n{lesson['title']}, {format_clock(lesson['duration_ms'] or 0)}: {lesson['words']} words{draft}")
    for clip in lesson["clips"]:
        click.echo(f"  {format_clock(clip['start_ms']):>7}  {clip['title']}")
    click.echo(f"\nThe reviewer: {summary['address']}\nSign in as")
    for each in people:
        click.echo(f"  {each['as']:<28} {each['name']:<15} {each['url']}   password: {each['password']}")
