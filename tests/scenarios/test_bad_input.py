"""Whatever is wrong outside the program: one clear line that names place and remedy, the right exit code, nothing lost."""

from __future__ import annotations

import os
import resource
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from filelock import FileLock
from tests.scenarios.desk import CANARIES, NOW, Desk, Told, command

from pmosync.emulation.events import AccessLost, CellTyped, ItemCreated, MilestoneDated
from pmosync.emulation.faults import Body, Fault, Reset, Status
from pmosync_google_sheets.emulator.tokens import SERVICE_ACCOUNT


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk at which nothing was done yet."""
    with Desk(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk at which a sync was done. Whoever breaks something there mends it: the next test finds it whole."""
    with Desk(tmp_path_factory.mktemp("used")) as made:
        assert made.run("sync").code == 0
        yield made


def quiet(told: Told) -> None:
    """No traceback, no secret, in anything a command says."""
    for text in (told.out, told.err):
        assert "Traceback" not in text
        assert not [secret for secret in CANARIES.values() if secret in text]


def refused(told: Told, *words: str, code: int = 2) -> None:
    """One line of complaint with these words, and the exit code."""
    quiet(told)
    assert told.names(*words), told.err
    assert told.code == code, told.err


def converges(desk: Desk) -> None:
    """After the mend a sync is done in full, and the store is sound."""
    told = desk.run("sync")
    assert told.code == 0, told.err
    assert desk.counts("work_item")[0] >= 6
    assert desk.sound()


# ---------------------------------------------------------------- the settings


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The path that was looked for, and what to do."""
    told = command("sync", "--config", str(tmp_path / "none.yaml"))
    refused(told, "none.yaml: there is no such file", "--config")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("connections: [\n", ("pmosync.yaml:2", "not valid YAML")),
        ("sync: {heartbeet: 5}\n", ("pmosync.yaml:1 (sync.heartbeet)", "no such setting")),
        ("data: a\ndata: b\n", ("pmosync.yaml:2", "stands twice")),
        (
            "connections:\n  j: {connector: jiraa}\n",
            ("pmosync.yaml:2 (connections.j.connector)", "'jiraa'", "choose one of"),
        ),
        ("- a\n", ("pmosync.yaml:1", "keys with values")),
        ("instance: empty\n", ("pmosync.yaml:1", "no connection and no workbook")),
    ],
)
def test_a_slip_in_the_file_has_its_line(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    """File, line and key of every slip, and nothing is made on the disk for the sake of it but the store's folder."""
    file = tmp_path / "pmosync.yaml"
    file.write_text(text, encoding="utf-8")
    refused(command("sync", "--config", str(file)), *words)


def test_all_slips_are_told_at_once(desk: Desk) -> None:
    """A key of a connector's own, an unknown connector and a workbook that cannot be written: one line each."""
    desk.settings["connections"]["jira"]["tokken"] = "x"
    desk.settings["connections"]["other"] = {"connector": "nowhere"}
    desk.settings["workbooks"]["bad"] = {"connector": "xlsx", "pathh": "x.xlsx"}
    told = desk.run("sync")
    for words in (("connections.jira.tokken",), ("nowhere", "choose one of"), ("workbooks.bad.pathh",)):
        refused(told, *words)


def _gone(file: Path) -> None:
    file.unlink()


def _public(file: Path) -> None:
    file.chmod(0o644)


def _empty(file: Path) -> None:
    file.write_text("\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("system", "harm", "words"),
    [("jira", _gone, "not there"), ("gitlab", _public, "chmod 600"), ("jira", _empty, "empty")],
)
def test_a_secret_file_must_hold_a_secret_of_its_owner(
    desk: Desk, system: str, harm: Callable[[Path], None], words: str
) -> None:
    """Missing, readable by others, empty: the key of the settings and the file are named, the content never."""
    file = desk.folder / desk.settings["connections"][system]["token_file"]
    harm(file)
    refused(desk.run("sync"), f"connections.{system}.token_file", words)
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_text(CANARIES[system], encoding="utf-8")
    converges(desk)


# ---------------------------------------------------------------- credentials


def test_a_dead_jira_token_is_no_empty_jira(desk: Desk) -> None:
    """Cloud answers 200 as to a stranger: the source stops at once, its facts stay, the others go on."""
    assert desk.run("sync").code == 0
    before = desk.counts("work_item", "source_milestone")
    desk.jira.revoke()
    desk.live(_item("gitlab", "trade/cashier#9", "trade/cashier"))
    refused(desk.run("sync"), "jira", "does not accept the credential", "new token")
    assert desk.counts("work_item", "source_milestone") == (before[0] + 1, before[1])
    status = desk.run("status")
    assert (status.code, "failed" in status.out) == (1, True)
    desk.jira.renew()
    converges(desk)


def test_a_dead_gitlab_token_is_named(desk: Desk) -> None:
    """401: one line, Jira's facts come in all the same."""
    desk.gitlab.token.state = "revoked"
    refused(desk.run("sync"), "gitlab", "expired or revoked", "token_file")
    assert desk.counts("work_item") == (3,)
    desk.gitlab.token.state = "active"
    converges(desk)


def test_a_token_that_may_not_read_is_named(desk: Desk) -> None:
    """The scope that is missing stands in the line."""
    desk.gitlab.token.scopes = ("read_user",)
    refused(desk.run("sync"), "gitlab", "read_api")


# ---------------------------------------------------------------- hosts


def _broken(desk: Desk, system: str, fault: Fault | None) -> None:
    desk.doors[system].plan = (lambda number, method, path: fault) if fault else None


@pytest.mark.parametrize(
    ("system", "fault", "words"),
    [
        ("jira", Body(), "not Jira's answer"),
        ("gitlab", Body(), "not"),
        ("jira", Status(500), "answered 500"),
        ("gitlab", Reset(), "dropped the connection"),
    ],
)
def test_a_host_that_fails_for_ever_is_left_out(used: Desk, system: str, fault: Fault, words: str) -> None:
    """HTML with 200, a 500, a dropped connection: one line for the connection, exit code 1, last good facts stay, and
    it is not asked again for every unit.
    """
    before = used.counts("work_item")
    _broken(used, system, fault)
    used.doors[system].clear()
    refused(used.run("sync"), system, words, code=1)
    assert used.doors[system].requests() <= 12
    assert used.counts("work_item") == before
    _broken(used, system, None)
    converges(used)


def test_a_closed_port_is_told_once(desk: Desk) -> None:
    """An unreachable host: one line, the other sources are read and published."""
    desk.settings["connections"]["jira"]["url"] = "http://127.0.0.1:9"
    told = desk.run("sync")
    refused(told, "jira", "refused the connection", code=1)
    assert desk.counts("work_item") == (3,)
    assert (desk.folder / "portfolio.xlsx").exists()


# ---------------------------------------------------------------- bindings


NOWHERE = (
    ("jira", "project", "NOPE"),
    ("jira", "jql", "project = = PAY"),
    ("jira", "jql", "order by created"),
    ("gitlab", "project", "trade/nope"),
)
"""An unknown project, a query with a slip, a query without a bound, a project that is not there or hidden."""


def test_a_scope_that_a_system_does_not_take(desk: Desk) -> None:
    """Each is named in a line of its own, and the other scopes are read."""
    desk.settings["bindings"] = [
        {"code": "PAY", "system": system, "what": what, "which": which} for system, what, which in NOWHERE
    ]
    told = desk.run("sync")
    quiet(told)
    for system, what, which in NOWHERE:
        assert told.names(system, which if what == "project" else f"{what} {which}"), (which, told.err)
    assert told.code in (1, 2)
    assert desk.counts("work_item") == (6,)


# ---------------------------------------------------------------- data


def _item(system: str, key: str, project: str) -> ItemCreated:
    return ItemCreated(at=datetime.now(UTC), by="li.na", system=system, key=key, project=project, title=key)


def test_an_unknown_status_is_a_finding(desk: Desk) -> None:
    """A status that no table maps is published with its raw word and is a finding that names it, never guessed."""
    desk.settings["connections"]["gitlab"]["mapping"] = {"tables": {"statuses": {"opened": None}}}
    assert desk.run("sync").code == 0
    told = [" ".join(row) for row in desk.person().rows("Data quality")]
    assert any("opened" in line and "mapping" in line for line in told), told
    assert '"status":"opened","category":"unmapped"' in desk.run("export", "--kind", "work_item").out


def _type(desk: Desk, column: str, value: str, code: str = "PAY-M01", tab: str = "Milestone inputs") -> None:
    desk.live(CellTyped(at=datetime.now(UTC), tab=tab, code=code, column=column, value=value))


def test_text_in_a_date_cell_keeps_the_last_date(desk: Desk) -> None:
    """The cell is named with its address; what was valid before stays in force."""
    assert desk.run("sync").code == 0
    before = desk.run("explain", "PAY-M01", "target").out.splitlines()[2]
    _type(desk, "Target", "after the holidays")
    assert desk.run("sync").code == 0
    assert desk.run("explain", "PAY-M01", "target").out.splitlines()[2] == before
    assert any("'Milestone inputs'!H2" in " ".join(row) for row in desk.person().rows("Data quality"))


def test_a_name_that_fits_two_is_not_picked(desk: Desk) -> None:
    """Both choices stand in the finding."""
    for key in ("wang.wei@example.com", "wang.wei2@example.com"):
        _type(desk, "Name", "王伟", code=key, tab="People")
    _type(desk, "Owner", "王伟")
    assert desk.run("sync").code == 0
    told = [" ".join(row) for row in desk.person().rows("Data quality")]
    assert any("王伟" in line and "wang.wei2@example.com" in line for line in told)


def test_a_duplicate_code_changes_nothing(desk: Desk) -> None:
    """The values valid before stay in force; both rows are named."""
    assert desk.run("sync").code == 0
    person = desk.person()
    row = len(person.rows("Milestone inputs")) + 1
    person.type(f"'Milestone inputs'!A{row}", "PAY-M01")
    person.type(f"'Milestone inputs'!B{row}", "Another name")
    assert desk.run("sync").code == 0
    assert "Contract signed" in desk.run("explain", "PAY-M01").out.splitlines()[0]
    assert any("PAY-M01" in " ".join(line) and f"{row}" in " ".join(line) for line in person.rows("Data quality"))


def _delete(desk: Desk, people: list[str]) -> None:
    """Take rows that stand one below the other out of People."""
    first = desk.person().row_of("People", people[0])
    assert first is not None
    desk.person().delete_rows("People", first, len(people))


def test_rows_that_come_back_end_their_hold(desk: Desk) -> None:
    """Many rows gone at once are held and stay in force; back again, nothing is left to accept. Accepted, they leave."""
    people = [f"p{number}@example.com" for number in range(7)]
    for key in people:
        _type(desk, "Name", key, code=key, tab="People")
    assert desk.run("sync").code == 0
    before = desk.counts("person")
    _delete(desk, people)
    held = desk.run("sync")
    assert (held.code, "pmosync accept h-" in held.err) == (1, True)
    assert desk.counts("person") == before
    for key in people:
        _type(desk, "Name", key, code=key, tab="People")
    assert desk.run("sync").code == 0
    assert "hold" not in desk.run("status").out
    _delete(desk, people)
    name = desk.run("sync").err.rpartition("pmosync accept ")[2].strip("` \n")
    assert desk.run("accept", name, "--as", "deleted").code == 0
    assert desk.run("sync").code == 0
    assert desk.counts("person") == (before[0] - len(people),)


# ---------------------------------------------------------------- workbooks


def test_an_unshared_sheet_names_the_address_to_share_it_with(desk: Desk) -> None:
    """The remedy is one that can be carried out; the file is written all the same."""
    desk.live(AccessLost(at=NOW, system="google_sheets"))
    told = desk.run("sync")
    quiet(told)
    assert any("portfolio" in line and f"share it with {SERVICE_ACCOUNT}" in line for line in told.faults)
    assert told.code == 2
    assert (desk.folder / "portfolio.xlsx").exists()
    desk.person().share(SERVICE_ACCOUNT)
    converges(desk)


def test_a_trashed_sheet_is_named(used: Desk) -> None:
    """A file in the bin is not written to."""
    used.person().trash()
    told = used.run("check")
    assert told.code == 2
    assert any("bin" in line or "trash" in line for line in told.out.splitlines()), told.out
    used.person().trash(False)
    converges(used)


def test_a_missing_file_is_made_anew(used: Desk) -> None:
    """Somebody deleted the workbook file: nothing to complain of."""
    (used.folder / "portfolio.xlsx").unlink()
    assert used.run("sync").code == 0
    assert zipfile.is_zipfile(used.folder / "portfolio.xlsx")


def test_a_damaged_file_is_not_overwritten(desk: Desk) -> None:
    """It may hold what people typed: it stays, and the line says what to do."""
    file = desk.folder / "portfolio.xlsx"
    file.write_bytes(b"PK not a workbook")
    refused(desk.run("sync"), "workbook file", "portfolio.xlsx", "move it aside", code=4)
    assert file.read_bytes() == b"PK not a workbook"
    file.unlink()
    converges(desk)


def test_a_folder_that_is_not_there(desk: Desk) -> None:
    """The place of the workbook file is named; the other workbook is written."""
    desk.settings["workbooks"]["file"]["path"] = "nowhere/portfolio.xlsx"
    refused(desk.run("sync"), "workbook file", "nowhere/portfolio.xlsx", code=4)
    assert "Portfolio" in desk.person().tabs()


@pytest.mark.skipif(
    not Path("/proc/self").is_dir(), reason="this platform has no folder that takes no files from anybody"
)
def test_a_place_that_takes_no_file_is_found_by_check(desk: Desk) -> None:
    """Rights alone do not tell: ``check`` proves that a file can be made where the workbook is to be."""
    desk.settings["workbooks"]["file"]["path"] = "/proc/portfolio.xlsx"
    told = desk.run("check")
    assert (told.code, "the folder /proc may not be written to" in told.out) == (2, True), told.out


def test_a_workbook_of_another_installation_is_taken_over_only_when_told(desk: Desk) -> None:
    """Two writers are never silent: held until accepted, then written by this one alone, and once."""
    assert desk.run("sync").code == 0
    (desk.folder / "data").rename(desk.folder / "old")
    told = desk.run("sync")
    refused(told, "workbook portfolio", "another installation", "pmosync accept stamp-portfolio", code=4)
    assert "hold stamp-portfolio" in desk.run("status").out
    for hold in ("stamp-portfolio", "stamp-file"):
        accepted = desk.run("accept", hold)
        assert accepted.code == 0, accepted.err
    assert desk.run("sync").code == 0
    assert "hold" not in desk.run("status").out
    (desk.folder / "data").rename(desk.folder / "new")
    (desk.folder / "old").rename(desk.folder / "data")
    refused(desk.run("sync"), "workbook portfolio", "another installation", code=4)


def test_a_workbook_that_is_shared_too_widely_is_held(desk: Desk) -> None:
    """Shared beyond its declared audience it gets nothing new, the other workbook does; ``check`` names who sees it.
    Accepted, it is written for those who were named, and held anew for whoever comes later; taken back, nothing is left.
    """
    desk.settings["workbooks"]["portfolio"]["audience"] = ["acme.example"]
    desk.person().share("acme.example", "reader", "domain")
    assert desk.run("sync").code == 0
    desk.person().share("eve@rival.example", "reader")
    desk.live(_item("jira", "PAY-77", "PAY"))
    refused(desk.run("sync"), "workbook portfolio", "shared wider", "eve@rival.example", "audience-portfolio", code=4)
    assert "hold audience-portfolio" in desk.run("status").out
    told = desk.run("check")
    assert (told.code, "shared wider than its audience: eve@rival.example" in told.out) == (2, True), told.out
    accepted = desk.run("accept", "audience-portfolio")
    assert (accepted.code, "shared on purpose" in accepted.out) == (0, True), accepted.err
    assert desk.run("sync").code == 0
    desk.person().share("", "reader", "anyone")
    refused(desk.run("sync"), "workbook portfolio", "anyone with the link", code=4)
    for name in ("eve@rival.example", ""):
        desk.person().unshare(name)
    assert desk.run("sync").code == 0
    assert "hold" not in desk.run("status").out
    desk.person().share("eve@rival.example", "reader")
    refused(desk.run("sync"), "eve@rival.example", code=4)


# ---------------------------------------------------------------- the store


def _store(desk: Desk) -> Path:
    return desk.folder / "data" / "pmosync.sqlite"


def test_a_store_of_a_newer_version_is_refused(desk: Desk) -> None:
    """It is not touched: that version could not read it any more."""
    assert desk.run("sync").code == 0
    with sqlite3.connect(_store(desk)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'v9999'")
    connection.close()
    before = _store(desk).read_bytes()
    refused(desk.run("sync"), "pmosync.sqlite", "newer pmosync", "v9999", code=4)
    assert _store(desk).read_bytes() == before


def test_a_damaged_store_is_named_and_kept(desk: Desk) -> None:
    """The file stays for whoever can save it; the line says what works."""
    assert desk.run("sync").code == 0
    _store(desk).write_bytes(b"this is no database, " * 400)
    refused(desk.run("sync"), "pmosync.sqlite", "not a pmosync store", code=4)
    assert _store(desk).read_bytes().startswith(b"this is no database")


def test_a_rebuild_begins_from_the_daily_copy(desk: Desk) -> None:
    """The first sync of a day leaves a copy; ``sync --rebuild`` goes on from it and the journal, says so, and tells no
    observation twice. A copy that cannot be made is one line and no other exit code.
    """
    assert desk.run("sync").code == 0
    (copy,) = (desk.folder / "data" / "backups").iterdir()
    assert copy.name == f"pmosync-{NOW:%Y-%m-%d}.sqlite"
    desk.live(MilestoneDated(at=datetime.now(UTC), by="li.na", key="V1", due=date(2027, 2, 1)))
    assert desk.run("sync").code == 0
    counted = desk.counts("work_item", "observation", "milestone", "binding")
    _store(desk).write_bytes(b"this is no database, " * 400)
    told = desk.run("sync", "--rebuild")
    assert told.code == 0, told.err
    assert f"begun anew from the copy {copy.name} and the journal" in told.err
    assert desk.counts("work_item", "observation", "milestone", "binding") == counted
    assert desk.run("status").code == 0
    copy.unlink()
    copy.parent.rmdir()
    copy.parent.write_text("", encoding="utf-8")
    told = desk.run("sync", "--json")
    assert (told.code, told.names("today's copy", "backups")) == (0, True), told.err
    assert '"event":"uncopied"' in told.out


def test_a_sound_store_is_not_set_aside(desk: Desk) -> None:
    """``--rebuild`` of a store that is sound is refused with the remedy, also as a dry run, and nothing has changed;
    whoever insists gets it, and the numbers of runs go on: no epoch comes twice.
    """
    assert desk.run("sync").code == 0
    assert desk.run("sync").code == 0
    before = _store(desk).read_bytes()
    refused(desk.run("sync", "--rebuild"), "is sound", "--insist", code=2)
    refused(desk.run("sync", "--rebuild", "--dry-run"), "--dry-run", code=2)
    refused(desk.run("sync", "--rebuild", "--dry-run", "--insist"), "--dry-run", code=2)
    assert _store(desk).read_bytes() == before
    assert not list(_store(desk).parent.glob("*.damaged-*"))
    told = desk.run("sync", "--rebuild", "--insist")
    assert (told.code, "run 3: done" in told.out) == (0, True), told.out + told.err
    assert len(list(_store(desk).parent.glob("*.damaged-*"))) == 1


def test_a_run_asked_for_what_is_not_there_is_over(used: Desk) -> None:
    """A project that is none, and a milestone's code, are refused with what is near; the run has ended, nobody cut it off."""
    refused(used.run("sync", "--project", "PAI"), "PAI", "nearest: PAY", code=2)
    refused(used.run("sync", "--project", "PAY-M01"), "PAY-M01", "no project of that code", code=2)
    status = used.run("status").out
    assert "interrupted" not in status
    assert "refused" in status


def test_another_writer_is_named(used: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one writes the other waits a while, says so and ends; looking is allowed meanwhile."""
    monkeypatch.setattr("pmosync.cli.opened.PATIENCE", 0.5)
    with FileLock(used.folder / "data" / "writer.lock"):
        told = used.run("sync")
        assert told.code == 4
        assert any("another pmosync is writing" in line and "pmosync status" in line for line in told.faults)
        assert used.run("status").code == 0
        assert used.run("export").code == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written(desk: Desk) -> None:
    """The data folder is named with the remedy."""
    (desk.folder / "data").mkdir(mode=0o500)
    refused(desk.run("sync"), "data folder", "right to write", code=4)


def test_a_data_folder_that_is_a_file(desk: Desk) -> None:
    """What stands in the way is named."""
    (desk.folder / "data").write_text("", encoding="utf-8")
    refused(desk.run("sync"), "data folder", "data:", code=4)


def test_a_full_disk_loses_nothing(desk: Desk) -> None:
    """A file that cannot grow: a clear line and exit code 4; with space again the next sync is whole."""
    assert desk.run("sync").code == 0
    size = _store(desk).stat().st_size
    for number in range(10, 400):
        desk.live(_item("jira", f"PAY-{number}", "PAY"))

    def little() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    process = desk.apart("sync", prepare=little)
    out, err = process.communicate()
    told = Told(process.returncode, out, err)
    quiet(told)
    assert told.code == 4, told.err
    assert any("pmosync.sqlite" in line for line in told.faults), told.err
    converges(desk)
    assert desk.counts("work_item")[0] == 396
