"""What the documents say is so: commands, settings, rules, examples."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest
from pydantic import BaseModel

from pmosync import plugins, settings
from pmosync.cli.main import COMMANDS, group
from pmosync.compute.policy import COLOUR_RULES, Policy
from pmosync.mapping import input_tabs

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
CONFIG = ROOT / "config" / "pmosync.example.yaml"


def text(*path: str) -> str:
    """A document."""
    return ROOT.joinpath(*path).read_text(encoding="utf-8")


def command(name: str) -> click.Command:
    """A command as click knows it."""
    found = group.get_command(click.Context(group), name)
    assert found is not None
    return found


def lines_of(document: Path) -> Iterator[str]:
    """Every command line that a document or the example mentions, in code spans and code blocks."""
    words = document.read_text(encoding="utf-8")
    blocks = re.findall(r"^```\w*\n(.*?)^```", words, re.MULTILINE | re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", words, flags=re.MULTILINE | re.DOTALL))
    for line in [*spans, *(line for block in blocks for line in block.splitlines())]:
        found = re.match(
            r"^(?:\$ |\S*cd \S+ && |.*/bin/)?(?:\S*/)?pmosync +([a-z][^#>|]*(?:\|\w+)*[^#>|]*)", line.strip()
        )
        if found and "…" not in line:
            yield found[1].replace("[", "").replace("]", "").strip()


def test_every_command_has_a_section_with_all_its_options() -> None:
    """A command that is not in docs/commands.md does not exist for a reader."""
    sections = {part.split("`", 1)[0]: part for part in text("docs", "commands.md").split("\n## `pmosync ")[1:]}
    for name in COMMANDS:
        shown = sections[name]
        found = command(name)
        parts = found.commands.values() if isinstance(found, click.Group) else (found,)
        options = [
            max(option.opts, key=len) for part in parts for option in part.params if isinstance(option, click.Option)
        ]
        assert [option for option in options if option not in shown and option not in ("--config", "--help")] == [], (
            name
        )
        assert "```console\n$ pmosync " in shown, name


@pytest.mark.parametrize("document", [*DOCUMENTS, CONFIG], ids=lambda path: path.name)
def test_every_command_line_in_a_document_parses(document: Path) -> None:
    """What a reader copies is a command with options that exist."""
    for line in lines_of(document):
        name, *arguments = shlex.split(line)
        assert name in COMMANDS, f"{document.name}: pmosync {line}"
        found = command(name)
        if isinstance(found, click.Group) and arguments:
            found = found.commands[arguments.pop(0)]
        needs = isinstance(found, click.Group) or any(
            one.required for one in found.params if isinstance(one, click.Option)
        )
        named = not arguments and needs
        if "--help" in arguments or named:
            continue
        needed = sum(1 for one in found.params if isinstance(one, click.Argument) and one.required)
        alone = [word for word in arguments if not word.startswith("-")]
        given = arguments if alone or not needed else [*arguments, *["X"] * needed]
        try:
            found.make_context(name, [word.replace("N", "1") if word == "N" else word for word in given])
        except click.UsageError as error:
            pytest.fail(f"{document.name}: pmosync {line}: {error.message}")


def models() -> Mapping[str, type[BaseModel]]:
    """Every settings model: ours and the installed connectors'."""
    ours: dict[str, type[BaseModel]] = {
        "settings": settings.Settings,
        "connection": settings.ConnectionSettings,
        "workbook": settings.WorkbookSettings,
        "sync": settings.SyncSettings,
        "transport": settings.TransportSettings,
    }
    theirs = {
        plugin.name: plugin.connector.settings()
        for plugin in plugins.installed().values()
        if plugin.connector is not None
    }
    return {**ours, **theirs}


def test_every_setting_is_explained() -> None:
    """A key that docs/settings.md does not name cannot be found by the operator."""
    told = text("docs", "settings.md")
    for name, model in models().items():
        for key in model.model_fields:
            if f"{key}_file" in model.model_fields:
                continue
            assert f"`{key}`" in told, f"{name}.{key}"


def test_every_key_of_a_row_is_listed() -> None:
    """``docs/settings.md`` lists the keys of the plan's rows with the headers that mean the same."""
    told = text("docs", "settings.md")
    missing = [
        (tab.key, column.key)
        for tab in input_tabs()
        for column in tab.columns
        if f"`{column.key}` ({column.labels['en']}, {column.labels['zh-CN']})" not in told
    ]
    assert missing == []


def test_every_rule_is_explained() -> None:
    """``policy:`` takes any rule of docs/rules.md by its name."""
    told = text("docs", "rules.md")
    assert [rule for rule in Policy.__struct_fields__ if not re.search(rf"\b{rule}\b", told)] == []


def test_the_colour_table_in_the_document_is_the_one_in_force(tmp_path: Path) -> None:
    """Who copies the table of docs/rules.md into the settings changes nothing yet."""
    (block,) = re.findall(
        r"^```yaml\n(policy:\n  colours:\n.*?)^```", text("docs", "rules.md"), re.MULTILINE | re.DOTALL
    )
    file = tmp_path / "pmosync.yaml"
    file.write_text(block, encoding="utf-8")
    configuration, faults = settings.read(file)
    assert [fault for fault in faults if "policy" in fault] == []
    assert configuration.policy.colours == COLOUR_RULES


def test_links_between_documents_lead_somewhere() -> None:
    """No document points at a file that is not there."""
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#\s]+)", document.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (document.parent / target).exists(), f"{document.name} → {target}"


def test_the_example_settings_load(tmp_path: Path) -> None:
    """The file that everybody copies has no fault, once its secret files are there."""
    file = tmp_path / "pmosync.yaml"
    file.write_text(CONFIG.read_text(encoding="utf-8"), encoding="utf-8")
    loaded = settings.load(file)
    for section in ("connections", "workbooks"):
        for name, entry in getattr(loaded.settings, section).items():
            given: dict[str, Any] = dict(entry.model_extra or {})
            for key in [key for key in given if key.endswith("_file")]:
                secret = tmp_path / str(given[key])
                secret.parent.mkdir(exist_ok=True)
                secret.touch(mode=0o600)
                secret.write_text("x", encoding="utf-8")
            connector = plugins.connector(entry.connector, plugins.named([entry.connector]), "the example")
            settings.options(loaded, (section, name), given, connector.settings())
