"""The house's rules that no linter knows: layers, sizes, names, scoped reads, and words that docs must hold."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import importlib.metadata
import inspect
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest

import models
from models import access, errors
from models.settings import Settings, parse

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("models", "storage", "pipeline", "review")
LONGEST_FILE = 400
LONGEST_FUNCTION = 50

READS_WITHOUT_A_VIEWER = {
    "storage/people.py:find_sign_in": "signing in: there is no viewer yet",
    "storage/people.py:find_person_by_email": "setting up people from the command line, which shows nobody anything",
    "storage/sessions.py:find": "signing in: it is what makes the viewer",
}
"""The only reads that take no viewer, each with its reason."""


def sources(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "node_modules" not in path.parts and "migrations" not in path.parts]


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


# Scoped reads -----------------------------------------------------------------------------------------------------


def unscoped_reads(tree: ast.Module, where: str) -> list[str]:
    """The public methods of a repository that read rows and take no viewer, neither a person nor the machine."""
    found = []
    for owner in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        for node in owner.body:
            if not isinstance(node, ast.FunctionDef) or not re.match(
                r"(get|find|list|is|count|search)(_|$)", node.name
            ):
                continue
            first = node.args.args[1] if len(node.args.args) > 1 else None
            annotation = ast.unparse(first.annotation) if first and first.annotation else ""
            proofs = set(re.split(r"\s*\|\s*", annotation))
            if not proofs <= {"Viewer", "Machine"} and f"{where}:{node.name}" not in READS_WITHOUT_A_VIEWER:
                found.append(f"{where}:{node.name}")
    return found


REPOSITORIES = ("people", "sessions", "lessons", "runs", "transcripts", "clips", "feedback")


@pytest.mark.parametrize("name", REPOSITORIES)
def test_every_read_of_a_repository_takes_a_viewer(name: str) -> None:
    path = ROOT / "storage" / f"{name}.py"
    assert unscoped_reads(tree_of(path), name_of(path)) == []


def test_the_search_for_unscoped_reads_finds_a_bad_sample() -> None:
    sample = "class Bad:\n    def list_comments(self, lesson_id: str) -> None: ...\n    def get(self, viewer: Viewer) -> None: ..."
    assert unscoped_reads(ast.parse(sample), "bad.py") == ["bad.py:list_comments"]


def test_only_one_function_makes_a_viewer_and_only_the_composition_root_a_machine() -> None:
    makers: dict[str, set[str]] = {"Viewer": set(), "Machine": set()}
    for path in sources(*FOLDERS):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in makers:
                makers[node.func.id].add(name_of(path))
    assert makers == {"Viewer": {"storage/people.py"}, "Machine": {"pipeline/bootstrap.py"}}


# One place for each outside thing ---------------------------------------------------------------------------------


def test_there_is_one_commit() -> None:
    places = [name_of(path) for path in sources(*FOLDERS) if re.search(r"\.commit\(", path.read_text(encoding="utf-8"))]
    assert places == ["storage/database.py"]


@pytest.mark.parametrize(
    ("module", "places"),
    [
        ("dbos", {"pipeline/workflow.py"}),
        ("subprocess", {"pipeline/ffmpeg.py", "pipeline/commands/serving.py"}),
        ("faster_whisper", {"pipeline/speech/whisper.py", "pipeline/speech/voice.py", "pipeline/speech/weights.py"}),
        ("streamlit", {"app.py", "review/ui/"}),
    ],
)
def test_an_outside_part_is_known_in_its_place_only(module: str, places: set[str]) -> None:
    users = {
        name_of(path)
        for path in [*sources(*FOLDERS), ROOT / "app.py"]
        if any(each == module or each.startswith(f"{module}.") for each in imported(tree_of(path)))
    }
    assert all(
        any(user == place or (place.endswith("/") and user.startswith(place)) for place in places) for user in users
    ), users


def test_the_environment_is_read_at_the_composition_root_only() -> None:
    users = {name_of(path) for path in sources(*FOLDERS) if "os.environ" in path.read_text(encoding="utf-8")}
    # The serving command passes the environment on to the two processes that it starts.
    assert users <= {"pipeline/bootstrap.py", "pipeline/commands/serving.py", "pipeline/ffmpeg.py"}


def test_app_imports_from_the_layers_below_only() -> None:
    outside = {"__future__", "streamlit"} | set(FOLDERS)
    standard = set(importlib.import_module("sys").stdlib_module_names)
    tops = {each.split(".")[0] for each in imported(tree_of(ROOT / "app.py"))}
    assert tops - standard <= outside | {"starlette", "anyio"}


def test_no_installed_distribution_owns_our_folders() -> None:
    owners = importlib.metadata.packages_distributions()
    assert {name: owners[name] for name in FOLDERS if name in owners and owners[name] != ["debrief"]} == {}


# Values -----------------------------------------------------------------------------------------------------------


def model_classes() -> list[type]:
    modules = [importlib.import_module(f"models.{each.name}") for each in pkgutil.iter_modules(models.__path__)]
    return [
        each
        for module in modules
        for each in vars(module).values()
        if inspect.isclass(each) and each.__module__ == module.__name__
    ]


@pytest.mark.parametrize(
    "value", [each for each in model_classes() if dataclasses.is_dataclass(each)], ids=lambda each: each.__name__
)
def test_a_value_is_frozen_slotted_and_keyword_only(value: type) -> None:
    parameters = value.__dataclass_params__  # type: ignore[attr-defined]
    assert parameters.frozen
    assert "__slots__" in vars(value)
    assert all(each.kw_only for each in dataclasses.fields(value))


@pytest.mark.parametrize("value", model_classes(), ids=lambda each: each.__name__)
def test_a_value_says_what_it_is(value: type) -> None:
    text = inspect.getdoc(value) or ""
    assert text
    assert not text.startswith(f"{value.__name__}(")


@pytest.mark.parametrize(
    "value", [each for each in model_classes() if issubclass(each, errors.DebriefError)], ids=lambda each: each.__name__
)
def test_an_error_has_a_sentence_for_a_person(value: type[errors.DebriefError]) -> None:
    assert value.__doc__
    assert value().message.endswith(".")


def test_actions_stand_in_the_order_of_the_alphabet_and_are_all_allowed_to_somebody() -> None:
    values = [each.value for each in access.Action]
    assert values == sorted(values)
    assert all(access.relations_allowed(each) for each in access.Action)


# Sizes and names --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sources(*FOLDERS, "tests", "bench", "sample"), ids=name_of)
def test_a_file_and_its_functions_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE
    long = [
        each.name for each in functions(tree_of(path)) if (each.end_lineno or 0) - each.lineno + 1 > LONGEST_FUNCTION
    ]
    assert long == []


UNUSED_NAMES = re.compile(r"(^|_)(manager|helper|util|utils|data|info|handle)(_|$)")
ALLOWED_NAMES = {"data_dir", "data"}  # a setting of that name; what Streamlit calls a component's argument


@pytest.mark.parametrize("path", sources(*FOLDERS), ids=name_of)
def test_names_say_what_a_thing_is(path: Path) -> None:
    tree = tree_of(path)
    names = {each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.ClassDef)}
    assert not UNUSED_NAMES.search(path.stem)
    assert [name for name in names if UNUSED_NAMES.search(name) and name not in ALLOWED_NAMES] == []


# Documents --------------------------------------------------------------------------------------------------------


def test_every_entity_stands_in_the_glossary() -> None:
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    entities = [each.__name__ for each in model_classes() if dataclasses.is_dataclass(each) or issubclass(each, Enum)]
    assert [each for each in entities if f"`{each}`" not in glossary] == []


def test_every_command_stands_in_the_readme() -> None:
    from pipeline.commands.main import cli

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in cli.commands if f"debrief {name}" not in text] == []


def test_the_sample_of_the_settings_lists_every_field_with_its_default() -> None:
    values = tomllib.loads((ROOT / "debrief.example.toml").read_text(encoding="utf-8"))
    assert list(values) == [each.name for each in dataclasses.fields(Settings)]
    assert parse(values) == Settings()
