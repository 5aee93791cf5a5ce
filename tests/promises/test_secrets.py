"""No secret in any output: terminal, log, store, journal, workbook, sheet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest
from tests.scenarios.desk import CANARIES, Desk, Told

from pmosync.emulation.faults import Body, Status
from pmosync.log import forms_of

SECRETS = "secrets"


def wanted(desk: Desk) -> list[bytes]:
    """Every secret of a desk in every disguise, the Google key line by line."""
    key = json.loads((desk.folder / SECRETS / "service-account.json").read_text(encoding="utf-8"))
    lines = [line for line in key["private_key"].splitlines() if len(line) > 40]
    email = f"{desk.jira.email}:{CANARIES['jira']}"
    return [form.encode() for secret in (*CANARIES.values(), email, *lines) for form in forms_of(secret)]


def outputs(desk: Desk) -> Iterator[tuple[str, bytes]]:
    """Every file that was written, unpacked, and every cell of the sheet."""
    for path in sorted(desk.folder.rglob("*")):
        if path.is_file() and SECRETS not in path.parts:
            yield path.name, path.read_bytes()
            if is_zipfile(path):
                with ZipFile(path) as book:
                    yield from ((f"{path.name}/{name}", book.read(name)) for name in book.namelist())
    person = desk.person()
    for tab in person.tabs():
        yield f"sheet {tab}", json.dumps(person.rows(tab), ensure_ascii=False).encode()


def said(desk: Desk) -> Iterator[Told]:
    """All commands on good days and bad ones."""
    yield desk.run("check")
    yield desk.run("sync", "--json")
    for arguments in (("config",), ("config", "--where"), ("config", "--json"), ("status", "--json")):
        yield desk.run(*arguments)
    for kind in ("work_item", "change", "observation", "verdict"):
        yield desk.run("export", "--kind", kind)
    yield desk.run("explain", "PAY-M01", "--json")
    for fault in (Status(403, body=b"no"), Status(500), Body(CANARIES["gitlab"].encode(), "application/json")):
        for door in desk.doors.values():
            door.plan = lambda number, method, path, fault=fault: fault
        yield desk.run("sync")
        yield desk.run("check")
    for door in desk.doors.values():
        door.plan = None
    desk.jira.revoke()
    desk.gitlab.token.state = "expired"
    yield desk.run("sync")
    yield desk.run("check", "--json")
    yield desk.run("status")
    desk.settings["connections"]["jira"]["token"] = CANARIES["jira"]
    desk.settings["connections"]["gitlab"]["tokken"] = CANARIES["gitlab"]
    yield desk.run("sync")


@pytest.mark.timeout(120)
def test_no_secret_in_any_output(tmp_path: Path) -> None:
    """Tokens and keys reach the servers and nothing else, in no disguise, whatever goes wrong."""
    with Desk(tmp_path) as desk:
        secrets = wanted(desk)
        told = list(said(desk))
        desk.settings["connections"] = {}
        desk.write()
        streams = [("terminal", (one.out + one.err).encode()) for one in told]
        leaks = [place for place, body in [*streams, *outputs(desk)] for secret in secrets if secret in body]
        assert leaks == []
        assert "Traceback" not in "".join(one.err for one in told)


def test_the_search_would_find_one(tmp_path: Path) -> None:
    """A harness that cannot fail proves nothing: a planted secret is found."""
    with Desk(tmp_path) as desk:
        (desk.folder / "planted").write_text(forms_of(CANARIES["jira"])[2], encoding="utf-8")
        secrets = wanted(desk)
        desk.settings = {}
        assert [place for place, body in outputs(desk) for secret in secrets if secret in body] == ["planted"]
