"""What is refused before a house is opened."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from pmosync import settings, wiring
from pmosync.cli import opened
from pmosync.compute.cuts import Schedule
from pmosync.errors import ConfigError

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SHEET = ["workbooks:", "  main:", "    connector: google_sheets", "    spreadsheet: 1AbC"]
FILE = ["workbooks:", "  main:", "    connector: xlsx", "    path: a.xlsx"]


def faults(folder: Path, *lines: str) -> tuple[str, ...]:
    """The lines of what is at fault in a settings file of these lines."""
    file = folder / "pmosync.yaml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    try:
        house = wiring.open_house(settings.load(file), lambda: NOW, threading.Event())
    except ConfigError as error:
        return error.problems
    house.store.close()
    return ()


def of(problems: tuple[str, ...], key: str) -> list[str]:
    """The lines on one key of the workbook."""
    return [line for line in problems if f"workbooks.main.{key}" in line]


def test_restricted_items_are_shown_to_a_declared_audience_alone(tmp_path: Path) -> None:
    """A spreadsheet may be shared with anyone: whoever lets it show restricted items says who may see it."""
    (told,) = of(faults(tmp_path, *SHEET, "    sees_restricted: true"), "sees_restricted")
    assert "pmosync.yaml:5" in told
    assert "add `audience:`" in told
    for more in (["    sees_restricted: true", "    audience: [acme.example]"], ["    sees_restricted: false"]):
        assert not of(faults(tmp_path, *SHEET, *more), "sees_restricted")


@pytest.mark.parametrize("audience", ["[acme.example]", "[]"])
def test_an_audience_that_nobody_can_compare_is_refused(tmp_path: Path, audience: str) -> None:
    """A file tells nothing of who reads it: an audience for it would promise what nobody keeps."""
    (told,) = faults(tmp_path, *FILE, f"    audience: {audience}")
    assert "pmosync.yaml:5 (workbooks.main.audience)" in told
    assert "take it out" in told


def test_of_a_file_the_operator_says_who_reads_it(tmp_path: Path) -> None:
    """Whoever may open the folder may read the file, so ``sees_restricted`` alone is the operator's word."""
    assert faults(tmp_path, *FILE, "    sees_restricted: true") == ()


TEAM = ["connections:", "  team:", "    connector: google_sheets", "    spreadsheet: 1AbC", "    tabs:"]


def test_tabs_of_a_spreadsheet_are_named_by_their_keys_or_sections(tmp_path: Path) -> None:
    """A tab goes by the key that the mapping has for it or by its section of the settings; another word is told on its
    own line with the names that there are.
    """
    told = faults(tmp_path, *TEAM, "      milestones: Q4 计划", "      calender: Tage", "      risks: RiskTable")
    (line,) = [one for one in told if "team.tabs" in one]
    assert "pmosync.yaml:7 (connections.team.tabs.calender): there is no such input tab" in line
    for name in ("projects", "milestones", "milestone_inputs", "calendar_days"):
        assert f" {name}" in line


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["      milestones: A", "      milestone_inputs: B"], "milestones and milestone_inputs are the same tab"),
        (["      risks: ' '"], "risks needs the title of a sheet"),
        (["      risks: 2026"], "pmosync.yaml:6 (connections.team.tabs.risks): write text"),
    ],
)
def test_a_tab_has_one_name_that_says_something(tmp_path: Path, given: list[str], says: str) -> None:
    """Which of two names counts must not be a matter of their order, and no name is none."""
    (line,) = [one for one in faults(tmp_path, *TEAM, *given) if "team.tabs" in one]
    assert says in line


@pytest.mark.parametrize(("key", "value"), [("tabs", "{risks: Risks}"), ("ask_drive_first", "true")])
def test_what_our_own_workbook_does_not_take(tmp_path: Path, key: str, value: str) -> None:
    """Its tabs are made by us and found by themselves, whatever people call them; what is typed there counts at once."""
    (line,) = of(faults(tmp_path, *SHEET, f"    {key}: {value}"), key)
    assert "pmosync.yaml:5" in line
    assert "take it out" in line
    assert not of(faults(tmp_path, *SHEET, "    tabs: {}", "    ask_drive_first: false"), key)


@pytest.mark.parametrize(
    ("workbook", "same", "other"),
    [
        (
            ["google_sheets", "spreadsheet: 1AbC", "service_account_file: key.json"],
            "spreadsheet: https://docs.google.com/spreadsheets/d/1AbC/edit",
            "spreadsheet: 1Team",
        ),
        (["xlsx", "path: a.xlsx"], "path: ./x/../a.xlsx", "path: team.xlsx"),
    ],
)
def test_a_workbook_is_no_connection_beside_itself(tmp_path: Path, workbook: list[str], same: str, other: str) -> None:
    """However its address is written: the line of the connection, the workbook's name and what to do."""
    system, given, *more = workbook
    (tmp_path / "x").mkdir()
    (tmp_path / "key.json").write_text("{}", encoding="utf-8")
    (tmp_path / "key.json").chmod(0o600)

    def told(target: str) -> list[str]:
        entries = [("workbooks", "main", given), ("connections", "team", target)]
        lines = [
            line
            for section, name, leads in entries
            for line in (
                f"{section}:",
                f"  {name}:",
                *(f"    {each}" for each in (f"connector: {system}", leads, *more)),
            )
        ]
        return [line for line in faults(tmp_path, *lines) if "is the workbook" in line]

    (line,) = told(same)
    assert f"pmosync.yaml:{5 + len(more) + 1} (connections.team)" in line
    assert "workbook main" in line
    assert "take the connection out" in line
    assert told(other) == []


REPORT = ["workbooks:", "  main:", "    connector: html", "    path: a.html"]


def test_nobody_types_into_what_is_never_read(tmp_path: Path) -> None:
    """A report takes no input: the first workbook that does not deny it would be the one, so it must."""
    (told,) = faults(tmp_path, *REPORT)
    assert "pmosync.yaml:2 (workbooks.main)" in told
    assert "set `inputs: false`" in told
    assert faults(tmp_path, *REPORT, "    inputs: false") == ()
    assert faults(tmp_path, *FILE, "  report:", *REPORT[2:]) == ()


@pytest.mark.parametrize(
    ("name", "made"), [("then.html", "HtmlSink"), ("then.HTM", "HtmlSink"), ("then.xlsx", "XlsxSink")]
)
def test_a_file_is_written_by_its_ending(tmp_path: Path, name: str, made: str) -> None:
    """``pmosync workbook --output`` makes a report where the name is that of one, else a workbook."""
    assert type(wiring.file_sink(tmp_path / name, lambda: NOW)).__name__ == made
    with pytest.raises(ConfigError, match=r"must end in \.xlsx"):
        wiring.file_sink(tmp_path / "then.pdf", lambda: NOW)


def test_the_committee_meets_in_the_workbooks_zone(tmp_path: Path) -> None:
    """The day and the hour of the settings, in the zone in which the workbook tells its instants."""
    file = tmp_path / "pmosync.yaml"
    lines = (*FILE, "time_zone: Europe/Berlin", 'committee: {day: thu, time: "14:30"}')
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    house = wiring.open_house(settings.load(file), lambda: NOW, threading.Event())
    assert house.schedule == Schedule(3, time(14, 30), "Europe/Berlin")
    house.store.close()


def test_faults_of_rows_are_told_with_those_of_settings(tmp_path: Path) -> None:
    """One run tells a row's misspelt column too, whether the settings or only a connection is at fault, by their lines."""
    rows = ("projects:", "  - {code: PAY, contorl: key}", "connections:", "  jira: {connector: jira}")
    assert _lines(faults(tmp_path, *rows)) == [2, 4]
    file = tmp_path / "pmosync.yaml"
    file.write_text("\n".join((*rows, "sync: {heartbeet: 5}")), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        opened.configured(file)
    assert _lines(caught.value.problems) == [2, 4, 5]


def _lines(told: Iterable[str]) -> list[int]:
    return [int(each.partition(" ")[0].rpartition(":")[2]) for each in told]
