"""The environment: ``CHATDESK_…`` variables, or the same in a ``.env`` file, nested with ``__``.

Each consumer has a section of its own. An adapter's section, ``CHATDESK_<PLATFORM>__…``, is described by the
adapter's package, so that this file knows no platform.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, Self, cast

import pydantic_settings
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    create_model,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from chatdesk.contract.ports import AdapterPackage
from chatdesk.contract.vocabulary import Platform
from chatdesk.errors import SettingsError

PREFIX = "CHATDESK_"
ADAPTERS = "chatdesk.adapters"
"""The entry-point group under which adapters are found."""

Packages = Mapping[Platform, AdapterPackage]


class LogFormat(StrEnum):
    AUTO = "auto"
    """Console on a terminal, JSON elsewhere."""
    CONSOLE = "console"
    JSON = "json"


class LogLevel(StrEnum):
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class HttpSettings(BaseModel):
    """Served where a platform calls us over HTTP (Slack without Socket Mode), or where a port is given."""

    model_config = ConfigDict(frozen=True)

    host: str = "127.0.0.1"
    port: int | None = Field(default=None, ge=0, le=65535)
    """Without one, 8080 where a platform needs it, and none else. 0 takes any free port."""
    public_url: str | None = Field(default=None, pattern=r"^https?://\S+$")
    """How the world reaches us; goes into Slack's manifest in HTTP mode."""


class LogSettings(BaseModel):
    model_config = ConfigDict(frozen=True)

    format: LogFormat = LogFormat.AUTO
    level: LogLevel = LogLevel.INFO


class FilesSettings(BaseModel):
    """Where attachments are kept besides the data directory. S3's usual variables (AWS_…) count as well."""

    model_config = ConfigDict(frozen=True)

    url: str | None = Field(default=None, pattern=r"^(s3|gs|az|file)://\S+$")
    """Such as s3://bucket/folder, or file:///mnt/shared; without one, the data directory alone."""
    endpoint: str | None = Field(default=None, pattern=r"^https?://\S+$")
    """Of S3-compatible storage that is not Amazon's."""
    region: str | None = None
    access_key: SecretStr | None = None
    secret_key: SecretStr | None = None


class TracingSettings(BaseModel):
    """Where OpenTelemetry traces go; needs the extra ``tracing``."""

    model_config = ConfigDict(frozen=True)

    endpoint: str | None = Field(default=None, pattern=r"^https?://\S+$")
    """An OTLP/HTTP address, such as http://localhost:4318/v1/traces. Without one nothing is traced."""
    sample: float = Field(default=1.0, ge=0, le=1)
    """The share of events that is traced."""


class WebhooksSettings(BaseModel):
    """For the programs that desk.yaml lets rules call."""

    model_config = ConfigDict(frozen=True)

    secret: SecretStr | None = Field(default=None, min_length=16)
    """Signs what they are told; without it nothing is sent."""


class AssistantSettings(BaseModel):
    """A language model that staff may ask, at an OpenAI-compatible address. Without one nothing is asked."""

    model_config = ConfigDict(frozen=True)

    url: str | None = Field(default=None, pattern=r"^https?://\S+$")
    """The base address, such as http://127.0.0.1:11434/v1."""
    key: SecretStr | None = None
    model: str | None = None
    timeout: float = Field(default=60.0, ge=1, le=240)
    """Seconds that an answer may take."""

    @model_validator(mode="after")
    def _have_a_model(self) -> Self:
        if self.url and not self.model:
            raise ValueError("an address alone asks nothing: give model, too")
        return self


class Settings(BaseModel):
    """Everything the environment decides. Construct it directly in tests; ``load_settings`` for a process."""

    model_config = ConfigDict(frozen=True)

    data_dir: Path = Path("data")
    database_url: str | None = None
    desk_file: Path = Path("desk.yaml")
    replica: str | None = Field(default=None, max_length=60)
    """A name that no other process on this database has and that this one keeps when it begins again."""
    http: HttpSettings = HttpSettings()
    files: FilesSettings = FilesSettings()
    log: LogSettings = LogSettings()
    tracing: TracingSettings = TracingSettings()
    webhooks: WebhooksSettings = WebhooksSettings()
    assistant: AssistantSettings = AssistantSettings()
    adapters: Mapping[Platform, Any] = Field(default_factory=dict)
    """Each adapter's own section, by platform."""

    @field_validator("database_url")
    @classmethod
    def _is_a_database_we_know(cls, value: str | None) -> str | None:
        if not value:
            return None
        try:
            driver = make_url(value).drivername
        except ArgumentError:
            raise ValueError("is no address of a database, such as sqlite:///data/chatdesk.sqlite3") from None
        if driver not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
            raise ValueError(f"begins with {driver}://; allowed are sqlite:/// and postgresql+psycopg://")
        return value

    @property
    def database(self) -> str:
        """The database's address, with its password."""
        return self.database_url or f"sqlite:///{self.data_dir / 'chatdesk.sqlite3'}"

    @property
    def database_shown(self) -> str:
        """The database's address as it may be printed."""
        return make_url(self.database).render_as_string(hide_password=True)

    def secrets(self) -> Iterator[str]:
        """Every secret value, for logs to leave out."""
        password = make_url(self.database).password
        if password:
            yield password
        for section in (self.files, self.webhooks, self.assistant, *self.adapters.values()):
            yield from (
                value.get_secret_value() for value in dict(section).values() if isinstance(value, SecretStr)
            )


class _Environment(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", env_ignore_empty=True, extra="ignore"
    )


def installed_adapters() -> Packages:
    """The adapter packages of this installation, by platform."""
    found = sorted(entry_points(group=ADAPTERS), key=lambda entry: entry.name)
    return {Platform(entry.name): cast("AdapterPackage", entry.load()) for entry in found}


def load_settings(packages: Packages, env_file: Path | None = Path(".env")) -> Settings:
    """Raises SettingsError with one line for each wrong or missing variable."""
    own = {
        name: (field.annotation, field) for name, field in Settings.model_fields.items() if name != "adapters"
    }
    sections = {
        str(platform): (package.settings, Field(default_factory=package.settings))
        for platform, package in packages.items()
    }
    fields: dict[str, Any] = {**own, **sections}
    environment = create_model("Environment", __base__=_Environment, **fields)
    environment.model_config["env_file"] = env_file
    try:
        read = environment()
        return Settings(
            **{name: getattr(read, name) for name in own},
            adapters={platform: getattr(read, platform) for platform in packages},
        )
    except ValidationError as error:
        raise SettingsError(*dict.fromkeys(_problem(detail, packages) for detail in error.errors())) from None
    except pydantic_settings.SettingsError as error:
        section = re.search(r'field "(\w+)"', str(error))
        name = f"{PREFIX}{section[1].upper()}" if section else PREFIX
        raise SettingsError(f"{name}: is a section; its variables are {name}__…") from None


def unknown_variables(packages: Packages) -> tuple[str, ...]:
    """Variables that begin as ours do and that nothing reads, such as misspelt ones."""
    own = {name.upper(): field.annotation for name, field in Settings.model_fields.items()}
    sections: dict[str, type[BaseModel]] = {
        name: kind for name, kind in own.items() if isinstance(kind, type) and issubclass(kind, BaseModel)
    }
    sections |= {platform.upper(): package.settings for platform, package in packages.items()}
    known = set(own) - {"ADAPTERS", *sections}
    for section, model in sections.items():
        known |= {f"{section}__{name.upper()}" for name in model.model_fields}
    ours = sorted(name for name in os.environ if name.upper().startswith(PREFIX))
    return tuple(name for name in ours if name.upper().removeprefix(PREFIX) not in known | _FOR_TESTS)


_FOR_TESTS = {"REFERENCE_DIR"}


def _problem(detail: ErrorDetails, packages: Packages) -> str:
    location = [str(step) for step in detail["loc"]]
    section = packages.get(Platform(location[0]))
    name = PREFIX + "__".join(location).upper()
    text = _complaint(detail)
    if section is not None:
        for field in section.settings.model_fields:
            text = re.sub(rf"\b{field}\b", f"{PREFIX}{location[0].upper()}__{field.upper()}", text)
        name = f"{name}__…" if len(location) == 1 else name
    return f"{name}: {text}"


def _complaint(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    match detail["type"]:
        case "value_error":
            return str(context["error"])
        case "missing":
            return "is missing"
        case "enum":
            return (
                f'"{detail["input"]}" is not allowed; allowed are {context["expected"].replace(chr(39), "")}'
            )
        case "string_pattern_mismatch":
            return f'"{detail["input"]}" is not allowed; it must look like {context["pattern"]}'
    return f'"{detail["input"]}" is not allowed: {detail["msg"][0].lower()}{detail["msg"][1:]}'
