"""What is restricted is counted on the command line, and named only to who asks for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs
from tests.scenarios.desk import Told, command

from pmosync.cli import cover
from pmosync.cli.export import KINDS
from pmosync.emulation.events import (
    ItemCreated,
    ItemRestricted,
    ItemStatus,
    MilestoneDated,
    MilestoneOpens,
    PersonJoins,
    ProjectOpens,
)
from pmosync.model import Cause, Move, Proof
from pmosync.testing.rig import Rig

MONDAY = datetime(2026, 3, 2, 3, tzinfo=UTC)
SECRET = "CANARYZ"


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store that holds a restricted epic with a past, a restricted item, and one that became so."""
    with Rig(tmp_path_factory.mktemp("cover"), MONDAY) as rig:
        rig.register(
            {
                "projects": [{"code": "PAY", "name": "Pay", "control": "key", "committed_on": date(2026, 2, 2)}],
                "bindings": [{"code": "PAY", "system": "jira", "what": "project", "which": "PAY"}],
            }
        )
        later = MONDAY + timedelta(minutes=5)
        rig.live(
            [
                PersonJoins(at=MONDAY, key="li", name="Li", email="li@example.com"),
                ProjectOpens(at=MONDAY, system="jira", key="PAY", name="Pay"),
                _opens("v", "V", "version"),
                _opens("PAY-9", f"{SECRET} epic", "epic"),
                _item("PAY-1", "open one", restricted=False),
                _item("PAY-2", f"{SECRET} item", restricted=True),
                _item("PAY-5", f"{SECRET} later", restricted=False),
                _item("PAY-6", f"{SECRET} deleted", restricted=True),
                ItemStatus(at=later, key="PAY-2", status=f"Weird {SECRET}"),
            ]
        )
        rig.sync(MONDAY + timedelta(hours=1))
        rig.live(
            [
                ItemRestricted(at=MONDAY + timedelta(hours=2), key="PAY-9"),
                ItemRestricted(at=MONDAY + timedelta(hours=2), key="PAY-5"),
                MilestoneDated(at=MONDAY + timedelta(hours=3), key="PAY-9", due=date(2026, 11, 3)),
            ]
        )
        rig.sync(MONDAY + timedelta(hours=26))
        _delete(rig, "PAY-6")
        rig.close_house()
        yield rig.config


def _opens(key: str, title: str, form: str) -> MilestoneOpens:
    return MilestoneOpens(
        at=MONDAY, system="jira", key=key, project="PAY", title=title, form=form, due=date(2026, 10, 3)
    )


def _item(key: str, title: str, restricted: bool) -> ItemCreated:
    return ItemCreated(
        at=MONDAY, system="jira", key=key, project="PAY", title=title, milestone="v", restricted=restricted
    )


def _delete(rig: Rig, key: str) -> None:
    """Somebody accepts that an item was deleted."""
    store, at = rig.house.store, MONDAY + timedelta(hours=27)
    (ref,) = [one.item.ref for one in store.lived(at) if one.item.key == key]
    assert store.retire(store.begin(at), [ref], at)


def told(config: Path, *arguments: str) -> Told:
    """One command on these settings."""
    return command(*arguments, "--config", str(config))


def restricted_code(config: Path) -> str:
    """The code of the milestone that the restricted epic became."""
    rows = told(config, "export", "--kind", "milestone", "--restricted").out.splitlines()
    return next(str(json.loads(row)["code"]) for row in rows if SECRET in row)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_no_kind_of_export_names_it(config: Path, kind: str, form: str) -> None:
    """Titles, statuses, what they were before: none stands in any kind."""
    shown = told(config, "export", "--kind", kind, "--format", form)
    assert shown.code == 0
    assert SECRET not in shown.out + shown.err


@pytest.mark.parametrize(
    ("kind", "count"), [("work_item", 3), ("source_milestone", 1), ("milestone", 1), ("verdict", 1)]
)
def test_they_are_counted_and_shown_to_who_asks(config: Path, kind: str, count: int) -> None:
    """The number stands on standard error, with the option that shows them; facts stay as rows without words."""
    shown = told(config, "export", "--kind", kind)
    assert shown.err == f"{count} restricted; --restricted shows them\n"
    whole = told(config, "export", "--kind", kind, "--restricted")
    assert whole.err == ""
    assert len(whole.out.splitlines()) - len(shown.out.splitlines()) == (count if kind == "verdict" else 0)
    assert SECRET in whole.out or kind == "verdict"


def test_histories_keep_identities_and_instants(config: Path) -> None:
    """Of a restricted item the history says how long each value was held, and no value; its milestones count it on."""
    rows = [json.loads(row) for row in told(config, "export", "--kind", "item_history").out.splitlines()]
    whole = told(config, "export", "--kind", "item_history", "--restricted").out
    assert len(rows) == len(whole.splitlines())
    assert whole.count(f"{SECRET} deleted") == 1
    status = [row for row in rows if row["field"] == "status" and row["value"] == "restricted"]
    assert {row["key"] for row in status} == {"restricted"}
    assert all(row["since"] for row in status)
    counted = told(config, "export", "--kind", "milestone_history").out
    assert '"scope":' in counted


def test_what_is_not_restricted_keeps_its_words(config: Path) -> None:
    """The mask takes nothing else."""
    assert "open one" in told(config, "export", "--kind", "work_item").out


def test_explain_says_only_that_it_is_restricted(config: Path) -> None:
    """The row that no workbook shows is not explained either, unless it is asked for."""
    code = restricted_code(config)
    shown = told(config, "explain", code)
    assert (shown.code, SECRET in shown.out + shown.err) == (0, False)
    assert "--restricted" in shown.out
    assert SECRET in told(config, "explain", code, "--restricted").out
    for other in ("PAY", "PAY-M01", "PAY-M02"):
        assert SECRET not in told(config, "explain", other).out


FIRST_DAY = ("--as-of", "2026-03-02")
"""When PAY-9 and PAY-5 were not restricted yet."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_past_day_does_not_name_what_is_hidden_now(config: Path, kind: str) -> None:
    """What has become restricted since has no words in its past either, and is counted."""
    shown = told(config, "export", "--kind", kind, *FIRST_DAY)
    assert shown.code == 0
    assert SECRET not in shown.out + shown.err
    if kind == "work_item":
        assert shown.err == "4 restricted; --restricted shows them\n"
        assert "open one" in shown.out


def test_a_past_day_is_not_explained_by_what_is_hidden_now(config: Path) -> None:
    """Neither its own row nor its name in another's."""
    code = restricted_code(config)
    shown = told(config, "explain", code, *FIRST_DAY)
    assert (shown.code, SECRET in shown.out + shown.err) == (0, False)
    assert SECRET in told(config, "explain", code, *FIRST_DAY, "--restricted").out
    for other in ("PAY", "PAY-M01", "PAY-M02"):
        assert SECRET not in told(config, "explain", other, *FIRST_DAY).out


def test_a_row_of_the_ledger_names_no_restricted_evidence() -> None:
    """Its causes stay with their days; what tells them is named only where everybody may see it. A restricted milestone's
    row keeps its dates alone.
    """
    proofs = (Proof("PAY-1"), Proof("PAY-2", "https://x"))
    day = date(2026, 3, 2)
    moved = Move(
        code="PAY-M01", field="expected", day=day, seen=MONDAY, new=day, by="Li", causes=(Cause("scope", 3, proofs),)
    )
    (told,) = cover.Covered([moved], "move", cover.Hidden(names=frozenset({"PAY-2"})))
    assert told == structs.replace(moved, causes=(Cause("scope", 3, proofs[:1]),))
    (bare,) = cover.Covered([moved], "move", cover.Hidden(codes=frozenset({"PAY-M01"})))
    assert bare == structs.replace(moved, by="", causes=())
