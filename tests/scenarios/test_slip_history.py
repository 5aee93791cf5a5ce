"""Six weeks of a project that slips, lived over the emulators: what was said each week is said again later, and every move
can be asked for.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import holidays
import openpyxl
import pytest
import yaml
from msgspec import Struct, structs
from tests.scenarios.desk import Told, command

from pmosync.cli import opened, said, workbook
from pmosync.compute import calendars
from pmosync.dashboard.build import build
from pmosync.emulation.events import (
    Event,
    ItemCreated,
    ItemDated,
    ItemMoves,
    MilestoneDated,
    MilestoneOpens,
    PersonJoins,
    ProjectOpens,
    Stage,
)
from pmosync.sheet import Table
from pmosync.testing.rig import Rig

pytestmark = pytest.mark.timeout(300)

START = datetime(2026, 3, 2, 2, tzinfo=UTC)
"""Ten on a Monday morning in Shanghai; the syncs of the story are a week apart."""
WEEKS = 6
OF_RUNS = frozenset({"runs"})
"""The tab that tells of other runs too."""


def week(number: int, hours: float = 0) -> datetime:
    """The sync of a week, or so many hours from it."""
    return START + timedelta(weeks=number, hours=hours)


HAPPENINGS: Mapping[int, Sequence[Event]] = {
    0: (
        PersonJoins(at=week(0, -9), key="li.na", name="李娜", email="li.na@example.com"),
        ProjectOpens(at=week(0, -9), system="jira", key="PAY", name="Payments"),
        MilestoneOpens(
            at=week(0, -8), system="jira", key="E1", project="PAY", title="Gateway", form="epic", due=date(2026, 4, 10)
        ),
        MilestoneOpens(
            at=week(0, -8), system="jira", key="V1", project="PAY", title="Live", form="version", due=date(2026, 4, 17)
        ),
        *(
            ItemCreated(
                at=week(0, -7), system="jira", key=f"PAY-{number}", project="PAY", title=f"Item {number}",
                milestone="V1", assignee="li.na", due=date(2026, 4, 8), by="li.na",
            )
            for number in range(11, 17)
        ),
    ),
    1: (MilestoneDated(at=week(1, -20), key="E1", due=date(2026, 4, 20), by="li.na"),),
    2: (
        ItemCreated(
            at=week(2, -5), system="jira", key="PAY-20", project="PAY", title="One more", milestone="V1",
            assignee="li.na", due=date(2026, 4, 28), by="li.na",
        ),
        ItemMoves(at=week(2, -4), key="PAY-11", to=Stage.DONE, by="li.na"),
    ),
    3: (ItemDated(at=week(3, -6), key="PAY-20", due=date(2026, 5, 6), by="li.na"),),
    4: (MilestoneDated(at=week(4, -30), key="V1", due=date(2026, 5, 15), by="li.na"),),
    5: (ItemMoves(at=week(5, -3), key="PAY-12", to=Stage.DONE, by="li.na"),),
}  # fmt: skip

PLAN: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "projects": [{"code": "PAY", "name": "Payments", "control": "key", "committed_on": date(2026, 2, 2)}],
    "milestone_inputs": [
        {"code": "PAY-M01", "project": "PAY", "level": "committee", "type": "final", "name": "Live"},
        {"code": "PAY-M02", "project": "PAY", "level": "committee", "name": "Gateway"},
    ],
    "bindings": [
        {"code": "PAY", "system": "jira", "what": "project", "which": "PAY"},
        {"code": "PAY-M01", "system": "jira", "what": "version", "which": "Live"},
        {"code": "PAY-M02", "system": "jira", "what": "epic", "which": "Gateway"},
    ],
    "decisions": [
        {
            "number": "D-7", "day": date(2026, 3, 24), "type": "re-baseline", "codes": "PAY-M01",
            "new_date": date(2026, 4, 30), "reason": "partner is late",
        }
    ],
}  # fmt: skip


LATER: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "calendar": [
        {"kind": "holiday", "first": date(2026, 3, 9), "last": date(2026, 3, 20)},
        {"kind": "freeze", "first": date(2026, 5, 1), "last": date(2026, 5, 31)},
    ]
}
POLICY = {"key": {"amber": 30, "red": 40}, "ledger_move": 1, "rollup_share": 0.1}
"""What is changed after the last week: days off in the past, a freeze window, tolerances and shares."""
HOLIDAY = week(5).date()
"""The story's last Monday is Qingming, on which nobody reports."""


class Lived(Struct, frozen=True):
    """The settings file, and the tables that each week's sync published."""

    config: Path
    published: tuple[tuple[Table, ...], ...]


def tables(config: Path, as_of: date | None = None, rig: Rig | None = None) -> tuple[Table, ...]:
    """The workbook of a day as tables; with ``rig`` of what its last sync published."""
    with opened.records(config) as records:
        moment = said.run(records, as_of)
        given = workbook.content(records, moment, None, "en", restricted=False)
        if rig is not None and rig.assessment is not None:
            given = structs.replace(given, assessment=rig.assessment)
    return build(given)


ANNOUNCED = date(2026, 3, 27)
"""A day off in China of which only a later release of the holidays' library knows."""


@contextmanager
def another_release() -> Iterator[None]:
    """While this lasts, the library of holidays is one that knows another day off."""
    book = holidays.country_holidays

    def newer(*land: Any, **words: Any) -> holidays.HolidayBase:
        found = book(*land, **words)
        if land == ("CN",) and ANNOUNCED.year in found.years:
            found[ANNOUNCED] = "announced later"
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(holidays, "country_holidays", newer)
        calendars.year.cache_clear()
        yield
    calendars.year.cache_clear()


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """The story, lived once; then the policy, the mapping, the calendar and the library of holidays are others, and one more
    sync is made.
    """
    with Rig(tmp_path_factory.mktemp("slips"), START - timedelta(days=1)) as rig, ExitStack() as later:
        rig.register(PLAN)
        published = []
        for number in range(WEEKS):
            rig.sync(week(number), *HAPPENINGS[number])
            published.append(tables(rig.config, rig=rig))
        rig.close_house()
        rig.map("jira", {"tables": {"statuses": {"To Do": {"category": "doing", "stage": "queue"}}}})
        rig.register({**PLAN, **LATER})
        rig.configure({"policy": POLICY})
        later.enter_context(another_release())
        rig.sync(week(WEEKS))
        rig.close_house()
        yield Lived(rig.config, tuple(published))


def ask(lived: Lived, *words: str) -> Told:
    """A command on the story's settings."""
    return command(*words, "--config", str(lived.config))


# ---------------------------------------------------------------- replay


@pytest.mark.parametrize("number", range(WEEKS))
def test_each_week_is_told_again_as_it_was_published(lived: Lived, number: int) -> None:
    """Built as of a past week, every tab reads as it did then, though the policy, the mapping, the calendar and what is known
    of holidays are others by now, and About the rules of then; the list of runs apart.
    """
    again = {table.tab.key: table for table in tables(lived.config, week(number).date())}
    for table in lived.published[number]:
        if table.tab.key not in OF_RUNS:
            assert again[table.tab.key].rows == table.rows, table.tab.key
            assert again[table.tab.key].tab.columns == table.tab.columns, table.tab.key


def test_the_story_slips(lived: Lived) -> None:
    """What is replayed is worth it: there are moves, causes and a trend."""
    ledger = next(table for table in lived.published[-1] if table.tab.key == "slip_ledger")
    trend = next(table for table in lived.published[-1] if table.tab.key == "slip_trend")
    assert {"target", "baseline", "expected"} <= {row[3] for row in ledger.rows}
    assert any("scope added/removed" in str(row[7]) for row in ledger.rows)
    assert [column.label for column in trend.tab.columns][7:] == [
        day.isoformat() for n in range(WEEKS) if (day := week(n).date()) != HOLIDAY
    ]
    assert len(trend.rows) == 2


def test_the_workbook_of_a_day_as_a_file(lived: Lived, tmp_path: Path) -> None:
    """``workbook`` writes that day's tabs; a file that is there is never written over, and its name must be a workbook's."""
    file = tmp_path / "then.xlsx"
    told = ask(lived, "workbook", "--as-of", "2026-03-16", "--output", str(file))
    assert (told.code, told.err) == (0, "")
    book = openpyxl.load_workbook(file, read_only=True)
    assert "Slip trend" in book.sheetnames
    header = next(book["Slip trend"].iter_rows(values_only=True))
    assert header[-1] == "2026-03-16"
    assert ask(lived, "workbook", "--output", str(file)).code == 2
    assert ask(lived, "workbook", "--output", str(tmp_path / "then.txt")).names("--output", "must end in .xlsx")


def test_the_workbook_with_hindsight(lived: Lived, tmp_path: Path) -> None:
    """On that Sunday the epic's date had been moved and nobody had seen it: the page of then, and as it really was."""

    def target(name: str, *words: str) -> date:
        file = tmp_path / name
        assert ask(lived, "workbook", "--as-of", "2026-03-08", "--output", str(file), *words).code == 0
        header, *rows = openpyxl.load_workbook(file, read_only=True)["Milestones"].iter_rows(values_only=True)
        (row,) = (dict(zip(header, row, strict=True)) for row in rows if row[0] == "PAY-M02")
        told = row["Target"]
        assert isinstance(told, datetime)
        return told.date()

    assert target("then.xlsx") == date(2026, 4, 10)
    assert target("known.xlsx", "--with-hindsight") == date(2026, 4, 20)


# ---------------------------------------------------------------- history


def happenings(lived: Lived, *words: str) -> list[dict[str, Any]]:
    """The history as JSON lines."""
    return [json.loads(line) for line in ask(lived, "history", *words, "--format", "jsonl").out.splitlines()]


def test_every_move_with_when_and_by_whom(lived: Lived) -> None:
    """An epic's date was moved on a Sunday and seen on Monday: the system tells when and by whom."""
    moved = [each for each in happenings(lived, "pay-m02") if each["field"] == "target" and each["old"]]
    assert [(each["old"], each["new"]) for each in moved] == [("2026-04-10", "2026-04-20")]
    assert moved[0]["seen"] == "2026-03-09T02:00:00Z"
    assert moved[0]["changed"] == "2026-03-08T06:00:00Z"
    assert moved[0]["by"]


def test_in_order_with_baselines_colours_and_causes(lived: Lived) -> None:
    """One list, oldest first: what was seen, what was promised, which colour it had, what moved the date."""
    told = happenings(lived, "PAY-M01")
    assert [each["seen"] for each in told] == sorted(each["seen"] for each in told)
    assert {"target", "baseline", "colour", "expected", "ledger"} <= {each["field"] for each in told}
    decided = [each for each in told if each["field"] == "baseline"]
    assert [(each["new"], each["decision"]) for each in decided][-1] == ("2026-04-30", "D-7")
    causes = [[cause["key"] for cause in each["causes"]] for each in told if each["field"] == "ledger"]
    assert ["scope"] in causes


def test_as_of_a_day_is_what_was_seen_by_then(lived: Lived) -> None:
    """On Sunday the move was made and not seen: as of that day it is not there, with hindsight it is."""
    seen = happenings(lived, "PAY-M02", "--as-of", "2026-03-08")
    known = happenings(lived, "PAY-M02", "--as-of", "2026-03-08", "--with-hindsight")
    targets = [[each["new"] for each in told if each["field"] == "target"] for told in (seen, known)]
    assert targets == [["2026-04-10"], ["2026-04-10", "2026-04-20"]]


def test_a_verdict_with_hindsight(lived: Lived) -> None:
    """``export`` of verdicts, too: on that Sunday the date really was the later one. Other kinds have no hindsight."""

    def target(*words: str) -> str:
        told = ask(lived, "export", "--kind", "verdict", "--as-of", "2026-03-08", *words)
        verdicts = {each["milestone"]["code"]: each for each in map(json.loads, told.out.splitlines())}
        return str(verdicts["PAY-M02"]["target"]["day"])

    assert (target(), target("--with-hindsight")) == ("2026-04-10", "2026-04-20")
    assert ask(lived, "export", "--kind", "milestone", "--with-hindsight").code == 2


@pytest.mark.parametrize(("language", "words"), [("en", "by"), ("zh-CN", "变更于")])
def test_history_in_words(lived: Lived, language: str, words: str) -> None:
    """People read it line by line in their language and in the time zone of the settings."""
    told = ask(lived, "history", "PAY-M02", "--language", language)
    assert "2026-03-09 10:00" in told.out
    assert words in told.out


def test_history_as_csv_and_of_nothing(lived: Lived) -> None:
    """A table for a spreadsheet; a code that nobody knows ends with 2 and the near ones."""
    rows = list(csv.DictReader(io.StringIO(ask(lived, "history", "PAY-M01", "--format", "csv").out)))
    assert {"seen", "changed", "by", "old", "new"} <= set(rows[0])
    assert ask(lived, "history", "PAY-M09").names("PAY-M09", "PAY-M01")


def test_history_of_a_project_is_its_colours(lived: Lived) -> None:
    """A project has no dates of its own: its colours are its history."""
    assert {each["field"] for each in happenings(lived, "PAY")} == {"colour"}


# ---------------------------------------------------------------- baselines


def test_baselines_with_their_decisions_and_both_slips(lived: Lived) -> None:
    """Each version with what set it; beside the one in force the slip against it and against the first promise."""
    told = [json.loads(line) for line in ask(lived, "baseline", "list", "--format", "jsonl").out.splitlines()]
    mine = [each for each in told if each["code"] == "PAY-M01"]
    assert [(each["version"], each["day"], each["decision"], each["in_force"]) for each in mine] == [
        (1, "2026-04-17", "", False),
        (2, "2026-04-30", "D-7", True),
    ]
    assert mine[1]["slip_original"] > mine[1]["slip"] > 0
    assert "slip" not in mine[0] or mine[0]["slip"] is None


def test_baselines_as_of_a_day(lived: Lived) -> None:
    """Before the decision there was one."""
    told = ask(lived, "baseline", "list", "--project", "pay", "--as-of", "2026-03-16").out
    assert ("D-7" in told, "2026-04-17" in told) == (False, True)
    assert ask(lived, "baseline", "list", "--project", "NONE").code == 2
    head, first, *_ = ask(lived, "baseline", "list", "--language", "zh-CN").out.splitlines()
    assert (head.split()[:2], "自动冻结" in first, "auto" in first) == (["代码", "版"], True, False)


def test_the_changes_count_from_their_own_sync_on(lived: Lived) -> None:
    """The last sync counts by the new calendar, mapping and policy: what is replayed is not equal by accident."""
    now = {table.tab.key: table.rows for table in tables(lived.config)}
    assert now["milestones"] != {table.tab.key: table.rows for table in lived.published[-1]}["milestones"]
    assert "queue" in ask(lived, "export", "--kind", "work_item").out
    assert yaml.safe_load(lived.config.read_text(encoding="utf-8"))["policy"] == POLICY
