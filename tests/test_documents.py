"""What the documents say of scopes, permissions, settings and commands is what the code uses."""

from __future__ import annotations

import re
from pathlib import Path

import discord
import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML

from adapters.discord.permissions import IN_EVERY_CHANNEL, shown
from chatdesk.cli import build
from chatdesk.configuration.document import document, sections_of
from chatdesk.configuration.file import DeskFile
from chatdesk.domain.metrics import Metric
from chatdesk.domain.tally import Tally
from chatdesk.metrics import Metrics
from chatdesk.settings import Settings, installed_adapters

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_names_exactly_the_slack_scopes_of_the_manifest() -> None:
    manifest = YAML(typ="safe").load((ROOT / "manifest.yaml").read_text(encoding="utf-8"))
    sentence = README.partition("exactly these bot scopes:")[2].partition("What each is for")[0]
    assert re.findall(r"`([^`]+)`", sentence) == manifest["oauth_config"]["scopes"]["bot"]


def test_the_readme_invites_the_discord_bot_with_exactly_its_permissions() -> None:
    permissions = discord.Permissions(**dict.fromkeys(IN_EVERY_CHANNEL, True))
    assert f"&permissions={permissions.value}`" in README
    sentence = re.sub(r"\s+", " ", README.partition("the permissions are ")[2].partition(".")[0])
    named = {name.casefold().removesuffix("s") for name in re.split(r", | and ", sentence)}
    assert named == {shown(name).casefold().removesuffix("s") for name in IN_EVERY_CHANNEL}


def test_the_readme_names_every_command() -> None:
    named = README.replace("` · `", " chatdesk ")
    for command in build().registered_commands:
        assert command.callback is not None
        assert f"chatdesk {command.name or command.callback.__name__}" in named


def test_every_variable_is_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    own = {name.upper(): field.annotation for name, field in Settings.model_fields.items()}
    sections: dict[str, type[BaseModel]] = {
        name: kind for name, kind in own.items() if isinstance(kind, type) and issubclass(kind, BaseModel)
    }
    sections |= {platform.upper(): package.settings for platform, package in installed_adapters().items()}
    names = [name for name in own if name not in ("ADAPTERS", *sections)]
    for section, model in sections.items():
        names += [f"{section}__{name.upper()}" for name in model.model_fields]
    assert [name for name in names if f"CHATDESK_{name}=" not in example] == []


def test_the_configuration_is_described_as_the_settings_describe_themselves() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert text == document(), "say `make documents`"


def test_every_setting_of_desk_yaml_is_described() -> None:
    prose = (ROOT / "chatdesk" / "configuration" / "document.md").read_text(encoding="utf-8")
    sections = sections_of(DeskFile)
    assert [one.__name__ for one in sections if f"<!-- settings: {one.__name__} -->" not in prose] == []
    assert [
        f"{section.__name__}.{name}"
        for section in sections
        for name, field in section.model_fields.items()
        if not field.description
    ] == []


def test_examples_of_desk_yaml_are_understood() -> None:
    """Together with what a file must have and an example leaves out."""
    prose = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```yaml\n(.+?)^```", prose, flags=re.MULTILINE | re.DOTALL)
    assert len(examples) > 10
    for example in examples:
        said = {"desk": "acme", "teams": {"support": {}}} | YAML(typ="safe").load(example)
        said["teams"] = {key: {"home": "slack:#here"} | team for key, team in said["teams"].items()}
        DeskFile.model_validate(said)


def test_every_metric_is_described() -> None:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    ours = {metric.name for metric in Metrics().registry.collect() if metric.name.startswith("chatdesk_")}
    assert [name for name in ours if f"`{name}`" not in text and f"`{name}_total`" not in text] == []


def test_every_metric_of_reports_is_defined() -> None:
    rows = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8").partition("## Each metric")[2]
    defined = dict(re.findall(r"^\| `([a-z_]+)` \| (.+?) \|", rows.partition("##")[0], flags=re.MULTILINE))
    assert set(defined) == set(Metric)
    for figure in Tally().figures():
        ending = figure.name.removeprefix(figure.metric)
        parts = re.findall(r"_(?:business_)?(?:median|p90)$", ending)
        for part in [ending.removesuffix("".join(parts)), *parts]:
            assert not part or f"`{part}`" in defined[figure.metric], f"{figure.name} is not described"


def test_documents_link_to_what_is_there() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("page", ["walk.md", "architecture.md"])
def test_documents_name_files_that_are_there(page: str) -> None:
    named = re.findall(r"`([a-z_/]+\.py)`", (ROOT / "docs" / page).read_text(encoding="utf-8"))
    assert named
    assert [
        name for name in named if not any((ROOT / top / name).is_file() for top in ("", "chatdesk"))
    ] == []
