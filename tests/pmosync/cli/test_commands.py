"""The commands on a desk: what they print, and that all they print can be read by a program."""

from __future__ import annotations

import csv
import io
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import msgspec
import pytest
import yaml
from tests.children import child
from tests.scenarios.desk import Desk, command

from pmosync.cli.demo import called
from pmosync.cli.export import KINDS


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk at which one sync was made."""
    with Desk(tmp_path_factory.mktemp("desk")) as made:
        checked = made.run("check")
        assert checked.code == 0, checked.out
        assert "all is well" in checked.out
        synced = made.run("sync", "--json")
        assert synced.code == 0
        words = [msgspec.json.decode(line)["event"] for line in synced.out.splitlines()]
        assert {"unit", "minted", "published", "finished"} <= set(words)
        yield made


def test_check_speaks_json(desk: Desk) -> None:
    """Each finding: ok, place, message, remedy."""
    lines = [msgspec.json.decode(line) for line in desk.run("check", "--json").out.splitlines()]
    assert all(set(line) == {"ok", "place", "message", "remedy"} for line in lines)


def test_a_dry_run_prints_the_edits_and_makes_none(desk: Desk) -> None:
    """Tab by tab, the first rows in words; the sheet stays."""
    desk.settings["workbooks"]["second"] = {"connector": "xlsx", "path": "second.xlsx", "inputs": False}
    told = desk.run("sync", "--dry-run")
    del desk.settings["workbooks"]["second"]
    assert told.code == 0
    assert "workbook portfolio: 0 edits" in told.out
    assert "Milestones: make the tab" in told.out
    assert "PAY-M01" in told.out
    assert not (desk.folder / "second.xlsx").exists()


def test_one_source_alone(desk: Desk) -> None:
    """``--source`` asks no other; a name that is none is told with the choices."""
    desk.doors["gitlab"].clear()
    alone = desk.run("sync", "--source", "jira")
    assert alone.code == 0, alone.out + alone.err
    assert desk.doors["gitlab"].requests() == 0
    told = desk.run("sync", "--source", "jiro")
    assert told.code == 2
    assert "choose one of gitlab, jira, portfolio" in told.err


def test_status_is_well(desk: Desk) -> None:
    """All sources fresh, no hold: 0, in words and in JSON."""
    told = desk.run("status", "--json", "--runs", "1")
    assert told.code == 0
    kinds = [next(iter(msgspec.json.decode(line))) for line in told.out.splitlines()]
    assert kinds == ["freshness"] * 3 + ["run"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_json_lines_and_csv(desk: Desk, kind: str) -> None:
    """Each line is one object; the CSV has as many rows, all as wide as the header."""
    told = desk.run("export", "--kind", kind, "--json")
    lines = [msgspec.json.decode(line) for line in told.out.splitlines()]
    assert all(isinstance(line, dict) for line in lines)
    rows = list(csv.reader(io.StringIO(desk.run("export", "--kind", kind, "--format", "csv").out)))
    assert len(rows) == (len(lines) + 1 if lines else 0)
    assert len({len(row) for row in rows}) <= 1


def test_verdicts_have_plain_dates_and_letters(desk: Desk) -> None:
    """A milestone's dates are ISO dates in columns of their own, its colour a letter."""
    rows = list(csv.DictReader(io.StringIO(desk.run("export", "--kind", "verdict", "--format", "csv").out)))
    one = next(row for row in rows if row["milestone.code"] == "PAY-M01")
    assert (one["expected.day"], one["rag.shown"], one["owner"]) == (one["target.day"], "?", "李娜")


def test_the_past_is_empty_before_it_began(desk: Desk) -> None:
    """``--as-of`` answers as known then."""
    assert desk.run("export", "--kind", "work_item", "--as-of", "2020-01-01").out == ""


def test_explain_finds_any_case_and_names_near_codes(desk: Desk) -> None:
    """The chain in words and as data; what is asked for and not there is told with what is."""
    told = desk.run("explain", "pay-m01")
    assert told.code == 0
    assert told.out.startswith("PAY-M01  Contract signed")
    assert "target: " in told.out
    assert all(
        "field" in msgspec.json.decode(line) for line in desk.run("explain", "PAY-M01", "--json").out.splitlines()
    )
    assert "PAY-M01" in desk.run("explain", "PYA-M01").err
    assert "ask for one of" in desk.run("explain", "PAY-M01", "weather").err
    assert "there is no frcast to explain → ask for one of forecast, " in desk.run("explain", "PAY-M01", "frcast").err
    assert "nobody typed one" in desk.run("explain", "PAY-M01", "Forecast").out
    assert "nothing is known of actual" in desk.run("explain", "PAY-M01", "actual").err
    assert "there is no slp" in desk.run("explain", "PAY-M01", "rag", "slp").err
    assert desk.run("explain", "TRADE").code == 0
    assert desk.run("explain", "CASH", "--language", "zh-CN").code == 0


def test_accept_refuses_what_has_new_ids(desk: Desk) -> None:
    """A migrated site is neither deleted nor moved: the answer names what would mend it."""
    told = desk.run("accept", "migrated-h-1234", "--as", "deleted")
    assert (told.code, "rebind" in told.err) == (2, True)


@pytest.mark.parametrize(
    ("options", "words"),
    [(("--full", "--since", "2026-11-01"), "leave one of the two out"), (("--since", "2100-01-01"), "lies ahead")],
)
def test_sync_since_a_day_that_cannot_be_meant(desk: Desk, options: tuple[str, ...], words: str) -> None:
    """One line, and nothing is read."""
    told = desk.run("sync", *options)
    assert (told.code, words in told.err, len(told.err.splitlines())) == (2, True, 1)


@pytest.mark.parametrize("line", ["export --kind milestone --format csv --json", "sync --insist"])
def test_options_that_do_not_go_together(desk: Desk, line: str) -> None:
    """One line, and nothing is printed or read."""
    told = desk.run(*line.split())
    assert (told.code, told.out, len(told.err.splitlines())) == (2, "", 1)
    assert " → " in told.err


def test_accept_asks_what_happened(desk: Desk) -> None:
    """The tool never guesses what became of vanished things, nor accepts what is not held."""
    told = desk.run("accept", "h-1234")
    assert (told.code, "--as deleted" in told.err) == (2, True)
    told = desk.run("accept", "h-1234", "--as", "moved")
    assert (told.code, "no open hold" in told.err) == (2, True)


def test_connectors_are_listed() -> None:
    """All that are installed, with what they can do."""
    lines = [msgspec.json.decode(line) for line in command("connectors", "--json").out.splitlines()]
    assert {line["name"] for line in lines} >= {"jira", "gitlab", "google_sheets", "xlsx"}
    assert all(line["status"] == "ready" for line in lines)


def test_a_person_logs_in_from_the_command_line(desk: Desk) -> None:
    """The address is printed, and once somebody has agreed there, what was kept where; the settings' key is not needed."""
    client, key = desk.folder / "client.json", desk.folder / "secrets" / "person.json"
    client.write_text('{"installed": {"client_id": "a", "client_secret": "b"}}', encoding="utf-8")
    client.chmod(0o600)
    endpoint = desk.settings["workbooks"]["portfolio"]["endpoint"]
    line = ("connectors", "login", "google_sheets", "--client", str(client), "--key", str(key), "--endpoint", endpoint)
    process = desk.apart(*line)
    assert process.stdout is not None
    address = process.stdout.readline().rpartition(" ")[2].strip()
    with urlopen(address, timeout=10) as page:
        assert page.status == 200
    told, err = process.communicate(timeout=30)
    assert (process.returncode, err, str(key) in told, key.is_file()) == (0, "", True, True)


@pytest.mark.parametrize(
    ("name", "says"), [("jira", "knows no login"), ("google_sheets", "is not there"), ("x", "no conn")]
)
def test_a_login_that_cannot_be(desk: Desk, name: str, says: str) -> None:
    """One line: the connector that has none, or the file that is not there."""
    told = desk.run("connectors", "login", name, "--client", "nowhere.json", "--key", "key.json")
    assert (told.code, told.out, len(told.faults), says in told.err) == (2, "", 1, True)


def _interrupted(line: list[str]) -> tuple[str, int, str]:
    """What a command says that serves until Ctrl-C, its exit code and its complaints, interrupted after six lines."""
    with child(line, patience=60) as process:
        assert process.stdout is not None
        told = [process.stdout.readline() for _ in range(6)]
        process.send_signal(signal.SIGINT)
        told.append(process.stdout.read())  # communicate() would pass over what readline() has read ahead
        _, err = process.communicate()
    return "".join(told), process.returncode, err


@pytest.mark.parametrize("system", ["jira", "gitlab", "sheets"])
def test_an_emulator_prints_a_connection_and_ends_with_ctrl_c(tmp_path: Path, system: str) -> None:
    """What it prints is settings that can be pasted; Ctrl-C ends it with 130."""
    line = [str(Path(sys.executable).with_name("pmosync")), "emulate", system, "--folder", str(tmp_path)]
    told, code, err = _interrupted(line)
    assert "emulated at http://127.0.0.1:" in told.splitlines()[0]
    assert (code, "Traceback" in err) == (130, False), told + err
    settings = yaml.safe_load(told)
    assert system in settings["connections"]
    if system == "sheets":
        assert settings["workbooks"] == settings["connections"]
        assert {"endpoint", "spreadsheet"} <= set(settings["workbooks"]["sheets"])


def test_a_flavour_that_is_not_emulated(tmp_path: Path) -> None:
    """Named with the choices, where there are any."""
    told = command("emulate", "jira", "--flavour", "datacenter", "--folder", str(tmp_path))
    assert (told.code, "choose one of cloud, server\n" in told.err) == (2, True)
    told = command("emulate", "gitlab", "--flavour", "paid", "--folder", str(tmp_path))
    assert (told.code, "leave it out" in told.err) == (2, True)


def test_a_data_center_is_emulated(tmp_path: Path) -> None:
    """The printed connection says so."""
    line = [str(Path(sys.executable).with_name("pmosync")), "emulate", "jira", "--flavour", "server"]
    told, code, err = _interrupted([*line, "--folder", str(tmp_path)])
    assert code == 130, told + err
    (settings,) = yaml.safe_load(told)["connections"].values()
    assert settings["flavour"] == "server"
    assert "email" not in settings


def test_an_emulator_of_nothing(tmp_path: Path) -> None:
    """A system that is none, a folder that is none: named with the choices."""
    assert "choose jira, gitlab or sheets\n" in command("emulate", "jirra").err
    told = command("emulate", "jira", "--data", str(tmp_path / "none"), "--folder", str(tmp_path))
    assert (told.code, "there is no such folder" in told.err) == (2, True)


@pytest.mark.parametrize("line", [("demo",), ("emulate", "sheets")], ids=" ".join)
def test_a_folder_that_cannot_be_made(tmp_path: Path, line: tuple[str, ...]) -> None:
    """What the system says against --folder is one line, and ends with 4."""
    (tmp_path / "file").touch()
    told = command(*line, "--folder", str(tmp_path / "file" / "x"))
    assert (told.code, len(told.faults), told.names("cannot be written", "--folder")) == (4, 1, True), told.err


def test_the_demo_names_a_command_that_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the name is not on the search path, it is the path of the installed one, seen from here."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Path(called()).resolve().parent == Path(sys.executable).parent.resolve()
    monkeypatch.chdir(Path(sys.executable).parents[1])
    assert called() == "bin/pmosync"


def test_a_project_is_repeated_as_it_was_typed(desk: Desk) -> None:
    """--project of a code that nothing is bound to."""
    assert "--project Pax: no project of that code is bound" in desk.run("sync", "--project", "Pax").err


def test_explain_before_any_run(tmp_path: Path) -> None:
    """Before the first sync, and for a day before it: what is missing is the run, not the code."""
    file = tmp_path / "pmosync.yaml"
    file.write_text("data: data\n", encoding="utf-8")
    assert "run `pmosync sync` first" in command("explain", "PAY-M01", "--config", str(file)).err


def test_a_plan_that_points_nowhere(desk: Desk) -> None:
    """Bindings and codes that a sync would tell on Data quality: by line or by tab and cell, and 2."""
    desk.settings["projects"] = [
        {
            "code": "NEW",
            "name": "New",
            "manager": "nobody@example.com",
            "bindings": [_binding("jirra", "project", "PAY")],
        }
    ]
    desk.settings["milestones"] = [{"code": "NEW-M01", "name": "Live", "project": "PAX"}]
    desk.settings["bindings"] = [{"code": "PAY-M09", **_binding("jira", "version", "Gatway live")}]
    desk.person().enter("Projects", "CASH", "Program", "TRADDE")
    told = desk.run("check")
    desk.person().enter("Projects", "CASH", "Program", "TRADE")
    for section in ("projects", "milestones", "bindings"):
        del desk.settings[section]
    wrong = [line for line in told.out.splitlines() if line.startswith("✗")]
    for place, word in (
        ("(projects[0].manager)", "nobody@example.com"),
        ("(projects[0].bindings[0].system)", "no connection named 'jirra'"),
        ("(milestones[0].project)", "'PAX'"),
        ("(bindings[0].which)", "no version named 'Gatway live'"),
        ("Projects!", "TRADDE"),
    ):
        assert [line for line in wrong if place in line and word in line], (place, told.out)
    assert (told.code, len(wrong)) == (2, 5), told.out


def test_a_fault_of_a_workbook_is_told_once(desk: Desk) -> None:
    """A workbook that is read and written is asked twice; one cause is one line."""
    desk.settings["workbooks"]["portfolio"]["spreadsheet"] = "nowhere"
    told = desk.run("check")
    desk.settings["workbooks"]["portfolio"]["spreadsheet"] = spreadsheet(desk)
    assert told.out.count("✗") == 1, told.out
    assert "1 finding to mend" in told.out


def test_a_host_that_cannot_be_reached_is_looked_at_now(desk: Desk) -> None:
    """A check has no next sync: the remedy is what to look at."""
    url = desk.settings["connections"]["jira"]["url"]
    desk.settings["connections"]["jira"]["url"] = "http://127.0.0.1:9"
    told = desk.run("check")
    desk.settings["connections"]["jira"]["url"] = url
    assert "next sync" not in "".join(line for line in told.out.splitlines() if line.startswith("✗"))
    assert "url, port and transport.proxy" in told.out


def spreadsheet(desk: Desk) -> str:
    """The id of the desk's spreadsheet."""
    return str(desk.sheets.connection("", desk.folder / "again")["spreadsheet"])


def _binding(system: str, what: str, which: str) -> dict[str, str]:
    return {"system": system, "what": what, "which": which}
