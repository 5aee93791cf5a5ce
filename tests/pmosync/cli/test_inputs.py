"""``pmosync inputs``: what people typed and since when, and what cells said before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.scenarios.desk import command

from pmosync.emulation.events import Event, ItemRestricted, MilestoneOpens, PersonJoins, ProjectOpens
from pmosync.sheet import Value
from pmosync.testing.rig import Rig

MONDAY = datetime(2026, 3, 2, 3, tzinfo=UTC)
PROJECTS: list[dict[str, Value]] = [{"code": "PAY", "name": "Pay", "control": "key", "committed_on": date(2026, 2, 2)}]
SECRET = "CANARYZ epic"
TIE: dict[str, Value] = {"code": "PAY-M05", "system": "jira", "what": "epic", "which": SECRET}
WHOLE: dict[str, Value] = {"code": "PAY", "system": "jira", "what": "project", "which": "PAY"}
OPEN: dict[str, Value] = {"id": "R-2", "project": "PAY", "text": f"{SECRET} may slip"}


def secret_epic() -> tuple[Event, ...]:
    """An epic that its system shows to few."""
    opens = MilestoneOpens(
        at=MONDAY, system="jira", key="PAY-9", project="PAY", title=SECRET, form="epic", due=date(2026, 10, 3)
    )
    return (
        PersonJoins(at=MONDAY, key="li", name="Li", email="li@example.com"),
        ProjectOpens(at=MONDAY, system="jira", key="PAY", name="Pay"),
        opens,
        ItemRestricted(at=MONDAY, key="PAY-9"),
    )


def milestone(code: str, target: int, **more: Value) -> dict[str, Value]:
    """A row of a milestone that is due in March."""
    return {"code": code, "name": "Launch", "project": "PAY", "target": date(2026, 3, target), **more}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store of three syncs: PAY-M01 was moved on the second and sorted on the third, and a risk was taken out."""
    risk: dict[str, Value] = {"id": "R-1", "text": "@home no network", "project": "PAY"}
    first, moved = milestone("PAY-M01", 16, owner="li.na"), milestone("PAY-M01", 20, owner="li.na")
    other = milestone("PAY-M02", 27)
    weeks: tuple[tuple[list[dict[str, Value]], list[dict[str, Value]]], ...] = (
        ([first, other], [risk]),
        ([moved, other], [risk]),
        ([other, moved], []),
    )
    with Rig(tmp_path_factory.mktemp("inputs"), MONDAY) as rig:
        rig.live(secret_epic())
        for number, (milestones, risks) in enumerate(weeks):
            rig.register(
                {
                    "projects": PROJECTS,
                    "milestone_inputs": milestones,
                    "risks": [*risks, OPEN],
                    "bindings": [WHOLE, TIE],
                }
            )
            rig.sync(MONDAY + timedelta(days=7 * number))
        rig.close_house()
        yield rig.config


def told(config: Path, *arguments: str) -> list[dict[str, object]]:
    """What the command prints for programs."""
    found = command("inputs", *arguments, "--json", "--config", str(config))
    assert found.code == 0, found.err
    return [json.loads(line) for line in found.out.splitlines()]


def test_rows_are_listed_with_when_they_were_seen_so(config: Path) -> None:
    """The moment is that of the words, not of the place: a sorted sheet makes nothing newer."""
    (row,) = told(config, "list", "--tab", "milestone_inputs", "--code", "pay-m01")
    assert row["seen"] == "2026-03-09T03:00:00Z"
    assert row["row"] == 3
    assert row["cells"] == {
        "code": "PAY-M01", "name": "Launch", "project": "PAY", "target": "2026-03-20", "owner": "li.na"
    }  # fmt: skip
    assert [each["code"] for each in told(config, "list", "--tab", "里程碑填报")] == ["PAY-M02", "PAY-M01"]
    (then,) = told(config, "list", "--code", "PAY-M01", "--as-of", "2026-03-03")
    assert (then["seen"], dict(then["cells"])["target"]) == ("2026-03-02T03:00:00Z", "2026-03-16")  # type: ignore[call-overload]


def test_cell_by_cell_what_stood_there(config: Path) -> None:
    """Only the cells that say something else, each where it stands today; of the row that never changed nothing."""
    (cell,) = told(config, "restore", "--tab", "milestone_inputs")
    assert (cell["code"], cell["column"], cell["then"], cell["now"]) == (
        "PAY-M01",
        "target",
        "2026-03-16",
        "2026-03-20",
    )
    assert cell["there"] is True
    assert str(cell["address"]).endswith("3")
    assert told(config, "restore", "--tab", "milestone_inputs", "--at", "2026-03-03") == [cell]
    assert told(config, "restore", "--tab", "milestone_inputs", "--at", "2026-03-10") == []


def test_a_row_that_is_gone_is_a_line_to_paste(config: Path) -> None:
    """All it said under the tab's headers, and nothing of it becomes a formula."""
    lines = command("inputs", "restore", "--tab", "risks", "--config", str(config)).out.splitlines()
    assert "R-1 is not there any more" in lines[0]
    row = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=True))
    assert "R-1" in row.values()
    assert "'@home no network" in row.values()
    chinese = command("inputs", "restore", "--tab", "risks", "--language", "zh-CN", "--config", str(config)).out
    assert "R-1 的行已不在" in chinese


def test_what_is_asked_wrongly_is_told(config: Path) -> None:
    """A tab that is none, a day to come; and nothing to restore is said, not left blank."""
    wrong = command("inputs", "list", "--tab", "Milestone", "--config", str(config))
    assert (wrong.code, "milestone_inputs" in wrong.err) == (2, True)
    later = command("inputs", "restore", "--tab", "risks", "--at", "2999-01-01", "--config", str(config))
    assert (later.code, "--at 2999-01-01" in later.err) == (2, True)
    both = command("inputs", "list", "--json", "--format", "csv", "--config", str(config))
    assert both.code == 2
    nothing = command("inputs", "restore", "--tab", "projects", "--config", str(config))
    assert (nothing.code, nothing.out) == (0, "")
    assert "nothing stood there" in nothing.err


def test_what_is_restricted_is_named_to_nobody(config: Path) -> None:
    """Rows on it are counted and left out, and no text that somebody typed elsewhere names it; to who asks all is shown."""
    shown = command("inputs", "list", "--config", str(config))
    assert SECRET not in shown.out + shown.err
    assert "restricted may slip" in shown.out
    assert "1 restricted; --restricted shows them" in shown.err
    asked = command("inputs", "list", "--restricted", "--config", str(config)).out
    assert f"{SECRET} may slip" in asked
    assert "PAY-M05" in asked
