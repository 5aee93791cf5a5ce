"""What ``check`` proves of the names in Bindings, by what the systems list now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.scenarios.desk import DUE, SINCE, Desk

from pmosync.cli.listing import named, nearest
from pmosync.compute.identity.state import nothing
from pmosync.emulation.events import MilestoneOpens, MilestoneRenamed
from pmosync.model import BindingRow, Place, Problem, SourceMilestone
from pmosync.raw import Ref, Scope

PLACE = Place("sheet", "Bindings", 7, "", {"which": "Bindings!D7"})


def row(which: str, what: str = "epic", system: str = "jira") -> BindingRow:
    """A row of the tab."""
    return BindingRow(place=PLACE, code="PAY-M05", system=system, scope=Scope(what, which))


def source(number: int, title: str, form: str = "epic", key: str = "", restricted: bool = False) -> SourceMilestone:
    """A milestone of the source."""
    ref = Ref("jira", form, str(number))
    return SourceMilestone(ref=ref, title=title, form=form, key=key, restricted=restricted)


def test_what_is_called_most_alike() -> None:
    """Of the same system and form, by title or key, best first and at most three; never a restricted one."""
    sources = [
        source(1, "Wallet launch", key="PAY-50"),
        source(2, "Wallet launch 2"),
        source(3, "Wallet lunch"),
        source(4, "Wallet launches"),
        source(5, "Reporting"),
        source(6, "Walet launch", restricted=True),
        source(7, "Walet launch", form="version"),
    ]
    assert nearest(row("walet launch"), sources) == ("Wallet launch", "Wallet lunch", "Wallet launches")
    assert nearest(row("PAY-5O"), sources) == ("Wallet launch",)
    assert nearest(row("支付 上线"), [source(1, "支付上线"), source(2, "对账")]) == ("支付上线",)
    assert nearest(row("quite another"), [source(5, "Zoo")]) == ()


def test_only_a_list_read_in_full_says_that_nothing_fits() -> None:
    """A name is told where its list is whole, also where a system lists nothing at all; other problems pass."""
    lost, other = nothing(row("Wallet")), Problem(rule="unknown-code", place="x", message="m", remedy="r")
    epics = frozenset({("jira", "epic"), ("jira", "project")})
    assert list(named([lost, other], [row("Wallet")], frozenset(), ())) == [other]
    assert list(named([lost, other], [row("Wallet")], epics, [source(1, "Zoo")])) == [lost, other]
    assert list(named([], [row("Wallet"), row("PAY", "project")], epics, ())) == [lost]
    assert list(named([], [row("Wallet")], epics, [source(1, "Zoo")])) == []


def test_a_name_is_told_though_its_project_cannot_be_read() -> None:
    """Both faults at once, and honestly: the name may stand where nobody can look yet."""
    (told,) = named([], [row("Wallet")], frozenset(), (), frozenset({"jira"}))
    assert told.message == "PAY-M05: no epic named 'Wallet' in what can be read of jira"
    assert told.remedy.startswith("mend the bindings of jira that cannot be read; if that does not help, type its name")
    lost = nothing(row("Walet"))
    (told,) = named([lost], [row("Walet")], frozenset(), [source(1, "Wallet")], frozenset({"jira"}))
    assert told.remedy.endswith("; nearest: 'Wallet'")
    assert list(named([], [row("Wallet")], frozenset(), [source(1, "Wallet")], frozenset({"jira"}))) == []


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with an epic that has a date."""
    with Desk(tmp_path / "desk") as made:
        made.live(
            MilestoneOpens(
                at=SINCE, by="li.na", system="jira", key="PAY-50", project="PAY", title="Wallet", form="epic", due=DUE
            )
        )
        yield made


def bind(desk: Desk, which: str) -> None:
    """A person binds PAY-M01 to an epic of this name."""
    for letter, cell in zip("ABCD", ("PAY-M01", "jira", "epic", which), strict=True):
        desk.person().type(f"Bindings!{letter}4", cell)


@pytest.mark.parametrize("synced", [False, True])
def test_an_epic_of_a_wrong_name(desk: Desk, synced: bool) -> None:
    """Before the first sync and behind it ``check`` tells the cell, the name and the nearest ones; by its title, its key
    or a new name the epic is found, and nothing is kept of what was read.
    """
    if synced:
        assert desk.run("sync").code == 0
    for name in ("Wallet", "PAY-50"):
        bind(desk, name)
        told = desk.run("check")
        assert told.code == 0, told.out
    bind(desk, "Walet")
    told = desk.run("check")
    assert told.code == 2
    (line,) = [line for line in told.out.splitlines() if line.startswith("✗")]
    assert line.startswith("✗ Bindings!D4: PAY-M01: jira has no epic named 'Walet' → ")
    assert line.endswith("; nearest: 'Wallet'")
    desk.live(MilestoneRenamed(at=datetime.now(UTC), by="li.na", key="PAY-50", title="Walet"))
    told = desk.run("check")
    assert told.code == 0, told.out
    assert desk.counts("work_item")[0] == (7 if synced else 0)


def test_an_epic_that_was_renamed(desk: Desk) -> None:
    """What a row bound by its old name stays bound to is told by ``check`` as by a sync."""
    bind(desk, "Wallet")
    assert desk.run("sync").code == 0
    desk.live(MilestoneRenamed(at=datetime.now(UTC), by="li.na", key="PAY-50", title="Purse"))
    told = desk.run("check")
    assert told.code == 2
    assert "✗ Bindings!D4: PAY-M01: jira has no epic named 'Wallet' now; it stays bound to 'Purse'" in told.out


def test_a_project_and_a_name_that_are_both_wrong(desk: Desk) -> None:
    """One check tells both, each with its cell."""
    desk.person().type("Bindings!D2", "PAX")
    for letter, cell in zip("ABCD", ("PAY-M01", "jira", "version", "Gatway live"), strict=True):
        desk.person().type(f"Bindings!{letter}4", cell)
    told = desk.run("check")
    wrong = [line for line in told.out.splitlines() if line.startswith("✗")]
    assert any(line.startswith("✗ Bindings!D2: jira (") and "PAX" in line for line in wrong), told.out
    assert any(line.startswith("✗ Bindings!D4: PAY-M01: no version named 'Gatway live'") for line in wrong), told.out
