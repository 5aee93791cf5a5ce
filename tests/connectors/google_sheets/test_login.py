"""A person's login: without a browser, but by the very round of addresses that one makes."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from pmosync.connector import Consent
from pmosync.emulation import faults
from pmosync.errors import AuthError, ConfigError, PmosyncError, TransientError
from pmosync.transport import Limits, Transport
from pmosync_google_sheets.client import SCOPES
from pmosync_google_sheets.login import Asked, agreed, login

if TYPE_CHECKING:
    from tests.connectors.google_sheets.conftest import Site

CLIENT = {"client_id": "desk.apps.example", "client_secret": "canary-client-5f1e"}
ADMIN = "admin@emulator.test"


def browser(line: str) -> None:
    """Opens the address of a line and goes where it is sent, in its own time."""

    def visit() -> None:
        with requests.Session() as session:
            session.trust_env = False
            session.get(line[line.index("http") :], timeout=10)

    threading.Thread(target=visit).start()


def consent(site: Site, folder: Path, say: Callable[[str], None] = browser, **changes: Any) -> Consent:
    """What a login is given, on the emulated servers."""
    client = folder / "client.json"
    client.write_text(json.dumps({"installed": CLIENT}), encoding="utf-8")
    client.chmod(0o600)
    given = {"transport": Transport(Limits()), "say": say, "endpoint": site.settings["endpoint"], **changes}
    return Consent(client=client, key=folder / "secrets" / "google.json", **given)


def test_a_person_logs_in(site: Site, tmp_path: Path) -> None:
    """What comes of it is a key file of its owner alone that says whose it is; spreadsheets are read and written with it, and
    every secret of it is known to the log.
    """
    learnt: list[str] = []
    given = consent(site, tmp_path, learn=learnt.extend)
    assert ADMIN in login(given)
    kept = json.loads(given.key.read_text(encoding="utf-8"))
    assert stat.S_IMODE(given.key.stat().st_mode) == 0o600
    assert [path.name for path in given.key.parent.iterdir()] == ["google.json"]
    assert {CLIENT["client_secret"], kept["refresh_token"]} <= set(learnt)
    sink = site.sink(service_account_file=given.key)
    sink.write(site.first())
    assert site.grid("milestones").rows[0] == site.header


def test_a_person_who_is_not_let_in_is_named(site: Site, tmp_path: Path) -> None:
    """Of a person's key too the message says with which address the spreadsheet must be shared."""
    given = consent(site, tmp_path)
    login(given)
    kept = json.loads(given.key.read_text(encoding="utf-8"))
    token = site.emulator.tokens.grant("li.na@example.com", frozenset(SCOPES))
    given.key.write_text(json.dumps({**kept, "refresh_token": token, "account": "li.na@example.com"}), encoding="utf-8")
    with pytest.raises(AuthError, match=r"share it with li\.na@example\.com as an editor"):
        site.sink(service_account_file=given.key).read((site.milestones,))


def test_a_key_that_was_withdrawn(site: Site, tmp_path: Path) -> None:
    """Whose key it is, and how they log in again."""
    given = consent(site, tmp_path)
    login(given)
    kept = json.loads(given.key.read_text(encoding="utf-8"))
    given.key.write_text(json.dumps({**kept, "refresh_token": "1//withdrawn"}), encoding="utf-8")
    with pytest.raises(AuthError, match=f"the key of {ADMIN} → .*pmosync connectors login"):
        site.sink(service_account_file=given.key).read((site.milestones,))


def test_what_is_asked_for(site: Site, tmp_path: Path) -> None:
    """Exactly the scopes that are fixed in the code, with a proof of who asks, coming back to loopback alone."""
    said: list[str] = []
    with pytest.raises(TransientError, match="nobody agreed in time"):
        login(consent(site, tmp_path, said.append, patience=0.0))
    query = {name: value for name, (value,) in parse_qs(urlsplit(said[0].split("agree: ")[1]).query).items()}
    assert query["scope"] == " ".join(SCOPES)
    assert query["redirect_uri"].startswith("http://127.0.0.1:")
    assert (query["code_challenge_method"], query["access_type"]) == ("S256", "offline")
    assert CLIENT["client_secret"] not in said[0]


ASKED = Asked("http://127.0.0.1:1/", "our state", "our verifier")


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"state": "theirs", "code": "4/x"}, "not to this login"),
        ({"code": "4/x"}, "not to this login"),
        ({"state": "our state", "error": "access_denied"}, "not given the consent"),
    ],
)
def test_an_answer_that_is_none(answer: dict[str, str], says: str) -> None:
    """A code that somebody else's page sends is not taken, and a refusal is one."""
    with pytest.raises(AuthError, match=says):
        agreed(answer, ASKED)


TOKEN = {"access_token": "ya29.x", "refresh_token": "1//x", "scope": SCOPES[0]}


@pytest.mark.parametrize(
    ("body", "status", "kind", "says"),
    [
        (b"<html>", 200, TransientError, "brought no key"),
        (b"[]", 200, TransientError, "brought no key"),
        (b'{"access_token": "ya29.x"}', 200, TransientError, "brought no key"),
        (b'{"error": "invalid_client", "error_description": "canary"}', 401, AuthError, "refused the login"),
        (json.dumps(TOKEN).encode(), 200, AuthError, "tick every box"),
    ],
)
def test_an_exchange_that_brings_nothing(
    site: Site, tmp_path: Path, body: bytes, status: int, kind: type[PmosyncError], says: str
) -> None:
    """Nothing is kept of a login that is not whole; the sentence says what to do and holds nothing of the answer."""
    answer = faults.Status(status, {"content-type": "application/json"}, body)
    site.layer.plan = lambda _number, _method, path: answer if path == "/token" else None
    given = consent(site, tmp_path)
    with pytest.raises(kind) as caught:
        login(given)
    assert says in str(caught.value)
    assert "canary" not in str(caught.value)
    assert not given.key.exists()


@pytest.mark.parametrize("content", [{}, {"web": CLIENT}, {"installed": {"client_id": "x"}}], ids=str)
def test_a_client_file_that_is_none(site: Site, tmp_path: Path, content: object) -> None:
    """Before anything is asked: the file is named, and where another one is got."""
    given = consent(site, tmp_path)
    given.client.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ConfigError, match="is not the client of a desktop app"):
        login(given)
