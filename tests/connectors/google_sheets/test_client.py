"""What can go wrong on the way to Google: one clear error each, and never an empty answer for a failed one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace
from pydantic import ValidationError
from starlette.types import Receive, Scope, Send
from tests.effort import calls

from pmosync.emulation import faults
from pmosync.errors import AuthError, ConfigError, TargetError, TransientError
from pmosync.sheet import AppendRows, Publication, WriteRows, WriteStamp
from pmosync_google_sheets import client
from pmosync_google_sheets.client import SCOPES
from pmosync_google_sheets.credentials import default_path
from pmosync_google_sheets.emulator import SERVICE_ACCOUNT
from pmosync_google_sheets.settings import GoogleSheetsSettings
from pmosync_google_sheets.sink import SheetsSink
from pmosync_google_sheets.source import SheetsSource

if TYPE_CHECKING:
    from tests.connectors.google_sheets.conftest import Site

    from pmosync.connector import Finding


def wrong(found: list[Finding]) -> list[tuple[str, str]]:
    """What a check says is not right."""
    return [(finding.message, finding.remedy) for finding in found if not finding.ok]


def test_a_spreadsheet_that_is_not_shared(site: Site) -> None:
    """Not shared and not there are told alike: the line names the account to share it with."""
    site.person.unshare(SERVICE_ACCOUNT)
    for settings in ({}, {"spreadsheet": "nowhere"}):
        with pytest.raises(AuthError, match=f"share it with {SERVICE_ACCOUNT}"):
            site.sink(**settings).read((site.milestones,))
        assert len(wrong(list(site.source(**settings).check()))) == 1


def test_who_only_reads_needs_no_more(site: Site) -> None:
    """A team's spreadsheet is shared with a reader, the workbook with an editor, whether it is read or written."""
    site.person.unshare(SERVICE_ACCOUNT)
    own = SheetsSource(replace(site.opening(), own=True))
    for opened, role in ((site.source(), "a reader"), (own, "an editor"), (site.sink(), "an editor")):
        found = opened.check(()) if isinstance(opened, SheetsSink) else opened.check()
        assert [remedy for _, remedy in wrong(list(found))] == [f"share it with {SERVICE_ACCOUNT} as {role}"]


def test_a_reader_cannot_write(site: Site) -> None:
    """A file shared for reading: check and read say who must become an editor."""
    site.person.unshare(SERVICE_ACCOUNT)
    site.person.share(SERVICE_ACCOUNT, "reader")
    assert wrong(list(site.sink().check(()))) == [
        ("the spreadsheet may be read but not edited", f"make {SERVICE_ACCOUNT} an editor")
    ]
    with pytest.raises(AuthError, match="may not be edited"):
        site.sink().read((site.milestones,))


def test_a_file_in_the_bin(site: Site) -> None:
    """Google would let us write on; nobody would ever see it."""
    site.person.trash()
    assert wrong(list(site.sink().check(())))[0][0] == "the spreadsheet is in the bin"
    with pytest.raises(TargetError, match="bin"):
        site.sink().read((site.milestones,))


def test_a_quota_that_is_used_up(site: Site) -> None:
    """429 is waited for on reads and on writes, never earlier than asked."""
    site.sink().write(site.first())
    quota = faults.Status(429, {"Retry-After": "30"})
    site.layer.clear()
    site.layer.plan = faults.script([None, quota, None, quota])
    assert site.grid("milestones").rows[0] == site.header
    assert [wait >= 30 for wait in site.waits] == [True, True]


def test_an_answer_lost_after_a_write(site: Site) -> None:
    """A write is not sent again blindly; the next sync reads what was done, and adds nothing twice."""
    site.sink().write(site.first())
    sink = site.sink()
    sink.read((site.projects,))
    edits = (AppendRows(site.projects, 2, (("NEW", None, "key", None, None),)),)
    site.layer.plan = lambda _number, method, path: faults.Lost() if "batchUpdate" in path else None
    with pytest.raises(TransientError):
        sink.write(Publication((), edits))
    site.layer.plan = None
    site.sink().write(Publication((), edits))
    assert [row[0] for row in site.grid("projects").rows] == ["Code", "PAY", "WEB", "NEW"]


@pytest.mark.parametrize(
    "body", [b"<html>Sign in</html>", b"{}", b"[]", b'{"spreadsheetId": ', b'{"spreadsheetId": "other"}']
)
def test_an_answer_that_is_none(site: Site, body: bytes) -> None:
    """HTML, an empty object, half a text, or another file's answer with 200 is never an empty spreadsheet."""
    source = site.source()
    site.layer.clear()
    site.layer.plan = faults.at(2, faults.Body(body, "application/json"))
    with pytest.raises(TransientError, match="not the API's JSON"):
        list(source.pull(source.units()[0], None))


def test_an_address_that_is_no_sheets_api(site: Site) -> None:
    """A server that answers, but not as Google does, is the address's fault."""
    source = site.source()
    site.layer.clear()
    site.layer.plan = faults.at(2, faults.Status(404, {}, b"<html>nginx</html>"))
    with pytest.raises(ConfigError, match="check the endpoint"):
        list(source.pull(source.units()[0], None))
    with pytest.raises(ConfigError, match="plain http"):
        site.source(endpoint="http://sheets.example.com")


def test_a_key_that_google_refuses(site: Site) -> None:
    """The token exchange says no: the key is named, not its content."""
    site.layer.plan = faults.script(
        [faults.Status(400, {"content-type": "application/json"}, b'{"error": "invalid_grant"}')]
    )
    with pytest.raises(AuthError, match="refused the key"):
        site.sink().read((site.milestones,))


def test_a_token_exchange_that_brings_none(site: Site) -> None:
    """An empty answer or a page with 200 is no refusal of the key."""
    for body in (b"{}", b"<html>", b'{"access_token": ""}'):
        site.layer.clear()
        site.layer.plan = faults.script([faults.Body(body, "application/json")])
        with pytest.raises(TransientError, match="brought no token"):
            site.sink().read((site.milestones,))


def test_a_token_that_dies_meanwhile(site: Site) -> None:
    """One 401 is met with a fresh token; two are a credential to renew."""
    site.sink().write(site.first())
    body = json.dumps({"error": {"code": 401, "status": "UNAUTHENTICATED", "message": "ya29.secret"}}).encode()
    dead = faults.Status(401, {"content-type": "application/json"}, body)
    source = site.source()
    site.layer.clear()
    site.layer.plan = faults.at(2, dead)
    assert len(next(iter(source.pull(source.units()[0], None))).records) == 2
    site.layer.plan = lambda _number, _method, path: dead if "spreadsheets" in path else None
    with pytest.raises(AuthError) as caught:
        list(source.pull(source.units()[0], None))
    assert "ya29" not in str(caught.value)


def test_a_refused_order_is_named(site: Site) -> None:
    """A request that Google refuses is told by its kind and number, without its cells."""
    site.sink().write(site.first())
    sink = site.sink()
    sink.read((site.milestones,))
    site.person.delete_tab("Milestones")
    with pytest.raises(TargetError) as caught:
        sink.write(Publication((), (WriteRows(site.milestones, 0, (("secret title",),)),)))
    assert "updateCells (number 1) with 400" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "mode", "says"),
    [
        ({"type": "service_account", "client_email": "a@b", "private_key": "no key"}, 0o600, "no usable private key"),
        ({"type": "service_account", "client_email": "a@b"}, 0o600, "lacks private_key"),
        (
            {"type": "external_account", "token_url": "https://evil.example"},
            0o600,
            "external_account, which is refused",
        ),
        ({}, 0o600, "of the type none"),
        ([], 0o600, "not a JSON key file"),
        ({"type": "service_account"}, 0o644, "open to others"),
    ],
)
def test_key_files(site: Site, tmp_path: Path, content: object, mode: int, says: str) -> None:
    """Only a service account's or an authorised user's key, readable by its owner alone; nothing of it is echoed."""
    path = tmp_path / "key.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    path.chmod(mode)
    with pytest.raises(ConfigError, match=says) as caught:
        site.sink(service_account_file=path)
    assert "no key" not in str(caught.value)


def test_a_key_file_that_is_not_there(site: Site, tmp_path: Path) -> None:
    """The missing file is named."""
    with pytest.raises(ConfigError, match=r"nowhere\.json is not there"):
        site.sink(service_account_file=tmp_path / "nowhere.json")


def test_an_authorised_user(site: Site, tmp_path: Path) -> None:
    """An authorised user's key is taken too; its token is asked for at our endpoint."""
    path = tmp_path / "user.json"
    user = {"type": "authorized_user", "client_id": "a", "client_secret": "b", "refresh_token": "c"}
    path.write_text(json.dumps(user), encoding="utf-8")
    path.chmod(0o600)
    sink = site.sink(service_account_file=path)
    site.layer.plan = faults.at(site.layer.requests() + 1, faults.Body(b'{"access_token": "t"}', "application/json"))
    with pytest.raises((AuthError, TransientError)):
        sink.read((site.milestones,))
    assert site.layer.seen[-1].path != ""


def test_drive_may_be_silent(site: Site) -> None:
    """Without the Drive scope the right to edit is unknown, and that is no fault."""
    site.sink().write(site.first())
    body = json.dumps({"error": {"code": 403, "message": "insufficient scopes"}}).encode()
    refused = faults.Status(403, {"content-type": "application/json"}, body)
    site.layer.plan = lambda _number, _method, path: refused if path.startswith("/drive") else None
    found = list(site.sink().check((site.milestones,)))
    assert wrong(found) == []
    assert any("unknown" in finding.message for finding in found)
    assert site.grid("milestones").rows


@pytest.mark.parametrize("ill", [faults.Status(500), faults.Body()], ids=["500", "HTML"])
def test_what_sheets_tells_is_checked_though_drive_is_ill(site: Site, ill: faults.Fault) -> None:
    """A sync reads without Drive: what is not known of the file is told, and its tabs are checked. Who writes asks Drive
    before: there it is a fault, and the tabs are checked too.
    """
    site.sink().write(site.first())
    site.person.delete_columns("Projects 项目", 0)
    site.layer.plan = lambda _number, _method, path: ill if path.startswith("/drive") else None
    source = list(site.source().check())
    assert [message for message, _ in wrong(source) if "column Code" not in message] == []
    assert len(wrong(source)) == 1
    assert any("in use is unknown" in finding.message for finding in source)
    site.person.delete_tab("Projects 项目")
    sink = list(site.sink().check((site.projects,)))
    assert len(wrong(sink)) == 1
    assert any("to be made" in finding.message for finding in sink)


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("1AbC_d-9", "1AbC_d-9"),
        ("https://docs.google.com/spreadsheets/d/1AbC_d-9/edit#gid=0", "1AbC_d-9"),
        ("https://docs.google.com/spreadsheets/d/1AbC_d-9", "1AbC_d-9"),
        ("https://evil.example/spreadsheets/d/1AbC", ""),
        ("a b", ""),
    ],
)
def test_the_spreadsheet_by_id_or_address(site: Site, given: str, number: str) -> None:
    """An id, or what stands in the browser; anything else is refused."""
    if number:
        assert site.opening(spreadsheet=given).settings.spreadsheet == number
    else:
        with pytest.raises(ValueError, match="neither"):
            site.opening(spreadsheet=given)


def test_nothing_of_google_is_imported_early() -> None:
    """Knowing the connector costs nothing: its libraries load with the first source or sink."""
    code = (
        "import sys, pmosync_google_sheets, pmosync_xlsx; "
        "sys.exit(any(n in sys.modules for n in ('googleapiclient', 'google.auth', 'openpyxl', 'xlsxwriter')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_the_log_must_not_show_is_taught(site: Site) -> None:
    """The private key, when it is read, and the token that it was exchanged for: neither stands in the settings."""
    learnt: list[str] = []
    sink = SheetsSink(replace(site.opening(), learn=learnt.extend))
    key = json.loads(Path(site.settings["service_account_file"]).read_text(encoding="utf-8"))
    assert set(learnt) == {key["private_key"], key["private_key_id"]}
    sink.read((site.milestones,))
    assert len(learnt) > 2


def test_a_further_address_costs_little() -> None:
    """The library would word the shapes of all bodies as help, at each address anew (90,000 calls): nobody reads it."""
    client._calls("https://one.example")
    assert calls(lambda: client._calls("https://two.example")) < 10_000


def default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: object) -> Path:
    """A file of application-default credentials, as the environment names it."""
    path = tmp_path / "adc.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    path.chmod(0o600)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))
    return path


def test_application_default_credentials(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key that the environment names, with our scopes and at our endpoint, like any other key file."""
    content = json.loads(Path(site.settings["service_account_file"]).read_text(encoding="utf-8"))
    default(tmp_path, monkeypatch, content)
    site.sink(service_account_file=None, application_default=True).write(site.first())
    assert site.grid("milestones").rows[0] == site.header


@pytest.mark.parametrize("kind", ["external_account", "impersonated_service_account", "gdch_service_account"])
def test_application_default_credentials_of_other_kinds(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """A configuration that makes us ask an address of its own for a token is refused there too."""
    path = default(tmp_path, monkeypatch, {"type": kind, "token_url": "https://evil.example"})
    with pytest.raises(ConfigError, match=f"{kind}, which is refused"):
        site.sink(service_account_file=None, application_default=True)
    path.chmod(0o644)
    with pytest.raises(ConfigError, match="open to others"):
        site.sink(service_account_file=None, application_default=True)


def test_where_application_default_credentials_lie(tmp_path: Path) -> None:
    """Where Google's own tools look: the variable, gcloud's own folder, the home."""
    name = "application_default_credentials.json"
    assert default_path({"GOOGLE_APPLICATION_CREDENTIALS": "/a.json", "CLOUDSDK_CONFIG": "/b"}, tmp_path) == Path(
        "/a.json"
    )
    assert default_path({"CLOUDSDK_CONFIG": "/b"}, tmp_path) == Path("/b") / name
    assert default_path({}, tmp_path) == tmp_path / ".config" / "gcloud" / name


@pytest.mark.parametrize("given", [{}, {"application_default": True, "service_account_file": "a.json"}], ids=str)
def test_whose_key_it_is_must_be_plain(given: dict[str, Any]) -> None:
    """One of the two settings, neither none nor both."""
    with pytest.raises(ValidationError, match="needs one of service_account_file and application_default"):
        GoogleSheetsSettings(spreadsheet="1AbC", **given)


def test_the_project_that_pays(site: Site, tmp_path: Path) -> None:
    """Requests with a person's key count against the quota project that the key names: without one Google refuses those of
    gcloud's own client.
    """
    token = site.emulator.tokens.grant("admin@emulator.test", frozenset(SCOPES))
    user = {"type": "authorized_user", "client_id": "a", "client_secret": "b", "refresh_token": token}
    path = tmp_path / "user.json"
    path.write_text(json.dumps({**user, "quota_project_id": "pmo-1"}), encoding="utf-8")
    path.chmod(0o600)
    asked: list[str] = []
    inner = site.contract.app
    assert inner is not None

    async def noting(scope: Scope, receive: Receive, send: Send) -> None:
        asked.extend(value.decode() for name, value in scope["headers"] if name == b"x-goog-user-project")
        await inner(scope, receive, send)

    site.contract.app = noting
    site.sink(service_account_file=path).read(())
    assert set(asked) == {"pmo-1"}


@pytest.mark.parametrize(("text", "most"), [("短", 600), ("长文" * 4_000, 1_000)])
def test_long_bodies_are_compressed(site: Site, text: str, most: int) -> None:
    """What is long is sent compressed and arrives as it was; what is short is sent as it is, in UTF-8."""
    site.sink().write(Publication((), (WriteStamp(replace(site.stamp, instance=text)),)))
    (order,) = site.contract.bodies[0]["requests"]
    assert text in order["createDeveloperMetadata"]["developerMetadata"]["metadataValue"]
    assert 100 < site.contract.sizes[-1] < most
