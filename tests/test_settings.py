from __future__ import annotations

from pathlib import Path

import pytest

from adapters.slack.settings import SlackSettings
from chatdesk.contract.ports import Adapter, Clock
from chatdesk.contract.vocabulary import Platform
from chatdesk.errors import SettingsError
from chatdesk.settings import LogFormat, Packages, Settings, load_settings, unknown_variables
from tests.command_line import without_variables

SLACK = Platform("slack")


class SlackPackage:
    """A package as adapters offer it, of which only the section is of interest here."""

    settings = SlackSettings

    def enabled(self, settings: SlackSettings) -> bool:
        return settings.bot_token is not None

    def build(self, settings: SlackSettings, clock: Clock) -> Adapter:
        raise NotImplementedError


PACKAGES: Packages = {SLACK: SlackPackage()}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    without_variables(monkeypatch)
    monkeypatch.chdir(tmp_path)


def test_nothing_given_is_a_desk_in_this_folder_with_every_platform_off() -> None:
    settings = load_settings(PACKAGES)
    assert settings.database == "sqlite:///data/chatdesk.sqlite3"
    assert settings.desk_file == Path("desk.yaml")
    assert not PACKAGES[SLACK].enabled(settings.adapters[SLACK])


def test_variables_reach_their_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATDESK_DATA_DIR", "/srv/chatdesk")
    monkeypatch.setenv("CHATDESK_HTTP__PORT", "9000")
    monkeypatch.setenv("CHATDESK_LOG__FORMAT", "json")
    monkeypatch.setenv("CHATDESK_SLACK__BOT_TOKEN", "xoxb-secret-token")
    monkeypatch.setenv("CHATDESK_SLACK__APP_TOKEN", "xapp-secret-token")
    settings = load_settings(PACKAGES)
    assert settings.database == "sqlite:////srv/chatdesk/chatdesk.sqlite3"
    assert settings.http.port == 9000
    assert settings.log.format is LogFormat.JSON
    assert PACKAGES[SLACK].enabled(settings.adapters[SLACK])
    assert set(settings.secrets()) == {"xoxb-secret-token", "xapp-secret-token"}
    assert "secret-token" not in repr(settings)


def test_a_file_gives_what_the_environment_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("CHATDESK_HTTP__PORT=1\nCHATDESK_DESK_FILE=desks\nOTHER=x\n")
    monkeypatch.setenv("CHATDESK_HTTP__PORT", "2")
    settings = load_settings(PACKAGES)
    assert (settings.http.port, settings.desk_file) == (2, Path("desks"))


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        (
            {"CHATDESK_SLACK__BOT_TOKEN": "xoxb-secret-token"},
            "CHATDESK_SLACK__…: a bot token alone receives nothing: give CHATDESK_SLACK__APP_TOKEN "
            "(Socket Mode) or CHATDESK_SLACK__SIGNING_SECRET (HTTP)",
        ),
        (
            {"CHATDESK_HTTP__PORT": "http"},
            'CHATDESK_HTTP__PORT: "http" is not allowed: input should be a valid integer, '
            "unable to parse string as an integer",
        ),
        (
            {"CHATDESK_LOG__LEVEL": "loud"},
            'CHATDESK_LOG__LEVEL: "loud" is not allowed; allowed are debug, info, warning or error',
        ),
        (
            {"CHATDESK_DATABASE_URL": "mysql://localhost/x"},
            "CHATDESK_DATABASE_URL: begins with mysql://; allowed are sqlite:/// and postgresql+psycopg://",
        ),
        (
            {"CHATDESK_DATABASE_URL": "data.db"},
            "CHATDESK_DATABASE_URL: is no address of a database, such as sqlite:///data/chatdesk.sqlite3",
        ),
        (
            {"CHATDESK_SLACK": "xoxb-secret-token"},
            "CHATDESK_SLACK: is a section; its variables are CHATDESK_SLACK__…",
        ),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], problem: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings(PACKAGES)
    assert caught.value.problems == (problem,)
    assert "secret-token" not in str(caught.value)


def test_a_database_password_is_not_shown() -> None:
    settings = Settings(database_url="postgresql+psycopg://desk:hunter22@localhost/desk")
    assert settings.database_shown == "postgresql+psycopg://desk:***@localhost/desk"
    assert list(settings.secrets()) == ["hunter22"]


def test_a_misspelt_variable_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHATDESK_SLACK__BOTTOKEN", "x")
    monkeypatch.setenv("CHATDESK_SLACK__BOT_TOKEN", "x")
    monkeypatch.setenv("CHATDESK_DATA_DIR", "x")
    assert unknown_variables(PACKAGES) == ("CHATDESK_SLACK__BOTTOKEN",)
