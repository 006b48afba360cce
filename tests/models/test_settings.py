from dataclasses import fields
from pathlib import Path

import pytest

from models.errors import BadSetting
from models.settings import EngineChoice, Settings, from_environment, parse, to_environment


def test_values_take_the_kinds_of_their_fields() -> None:
    settings = parse({"port": "9000", "data_dir": "/srv/debrief", "asr_engine": "Whisper"})
    assert settings.port == 9000
    assert settings.data_dir == Path("/srv/debrief")
    assert settings.asr_engine is EngineChoice.WHISPER


@pytest.mark.parametrize(
    "values",
    [{"colour": "blue"}, {"port": "many"}, {"port": 0}, {"asr_engine": "ears"}, {"clip_longest_seconds": 30}],
)
def test_a_value_that_cannot_be_stops_the_start(values: dict[str, object]) -> None:
    with pytest.raises(BadSetting):
        parse(values)


def test_the_environment_is_read_by_its_prefix_and_other_variables_are_passed_over() -> None:
    found = from_environment(
        {"DEBRIEF_PORT": "9000", "PORT": "1", "DEBRIEF_TEST_REQUIRE": "all", "DEBRIEF_CONFIG": "x"}
    )
    assert found == {"port": "9000"}


def test_settings_survive_the_environment_of_a_child() -> None:
    settings = parse({"port": 9000, "data_dir": "/srv/debrief", "asr_weights": "small"})
    assert parse(from_environment(to_environment(settings))) == settings


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    assert "hush" not in repr(parse({"s3_secret_key": "hush", "s3_access_key": "hush"}))


def test_what_is_not_set_lies_in_the_data_folder() -> None:
    settings = parse({"data_dir": "/srv/debrief"})
    assert settings.resolved_database_url == "sqlite:////srv/debrief/debrief.sqlite"
    assert settings.resolved_engine_url == "sqlite:////srv/debrief/runs.sqlite"
    assert settings.resolved_media_store == "/srv/debrief/media"
    assert (
        parse({"database_url": "postgresql+psycopg://host/name"}).resolved_engine_url
        == "postgresql+psycopg://host/name"
    )


def test_the_address_people_type_has_no_slash_at_its_end() -> None:
    assert Settings().resolved_public_url == "http://localhost:8501"
    assert parse({"public_url": "https://debrief.example/"}).resolved_public_url == "https://debrief.example"


def test_every_setting_has_a_plain_kind() -> None:
    assert all(isinstance(getattr(Settings(), each.name), str | int | Path) for each in fields(Settings))
