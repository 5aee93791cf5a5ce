"""Drive: files, permissions, search, export, upload."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from pmosync_google_sheets.emulator import SERVICE_ACCOUNT
from pmosync_google_sheets.emulator.library import SPREADSHEET, Caller, File
from pmosync_google_sheets.emulator.search import matches
from pmosync_google_sheets.emulator.tokens import Tokens

if TYPE_CHECKING:
    from tests.connectors.google_sheets.emulator.conftest import Desk

FILES = "/drive/v3/files"
ALL = frozenset({"https://www.googleapis.com/auth/drive", "https://www.googleapis.com/auth/spreadsheets"})


def token(desk: Desk, email: str, scopes: frozenset[str] = ALL) -> str:
    """A bearer token for somebody."""
    tokens: Tokens = desk.emulator.tokens
    form = {"grant_type": "refresh_token", "refresh_token": tokens.grant(email, scopes)}
    return str(tokens.exchange(form, desk.emulator.library.now)["access_token"])


def test_create_get_rename_trash_delete(desk: Desk) -> None:
    """A file's life; its name is the spreadsheet's title; deleting answers 204 and leaves 404."""
    made = desk.call("POST", FILES, {"name": "计划", "mimeType": SPREADSHEET})
    assert made == {"kind": "drive#file", "id": made["id"], "name": "计划", "mimeType": SPREADSHEET}
    path = f"{FILES}/{made['id']}"
    whole = desk.call("GET", f"/v4/spreadsheets/{made['id']}")
    assert whole["sheets"][0]["properties"]["gridProperties"] == {"rowCount": 1000, "columnCount": 26}
    desk.call("PATCH", path, {"name": "Plan", "trashed": True})
    assert desk.call("GET", path, fields="name,trashed") == {"name": "Plan", "trashed": True}
    assert desk.call("GET", f"/v4/spreadsheets/{made['id']}", fields="properties.title") == {
        "properties": {"title": "Plan"}
    }
    gone = desk.send("DELETE", path)
    assert (gone.status_code, gone.content) == (204, b"")
    assert desk.refused("GET", path) == (404, f"File not found: {made['id']}.")
    assert desk.refused("GET", f"/v4/spreadsheets/{made['id']}") == (404, "Requested entity was not found.")


def test_every_change_counts_the_version_up(desk: Desk) -> None:
    """An int64 as text; modifiedTime is the emulated clock's."""
    desk.emulator.advance(datetime(2026, 3, 1, 8, 30, tzinfo=UTC))

    def state() -> tuple[int, str]:
        told = desk.call("GET", f"{FILES}/demo", fields="version,modifiedTime")
        assert isinstance(told["version"], str)
        return int(told["version"]), told["modifiedTime"]

    first = state()
    desk.put([["x"]])
    second = state()
    assert second[0] > first[0]
    assert second[1] == "2026-03-01T08:30:00.000Z"
    desk.values()
    assert state() == second
    desk.batch_refused({"deleteSheet": {"sheetId": 5}})
    assert state() == second


def test_drive_tells_late_of_what_is_done_in_a_sheet(desk: Desk) -> None:
    """Version and time of change are those of some minutes ago, while the cells are those of now; in the end Drive tells of
    everything.
    """
    start = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
    desk.emulator.library.lag = timedelta(minutes=3)

    def state(minutes: int) -> tuple[int, str]:
        desk.emulator.advance(start + timedelta(minutes=minutes))
        told = desk.call("GET", f"{FILES}/demo", fields="version,modifiedTime")
        return int(told["version"]), told["modifiedTime"][11:16]

    first = state(0)
    desk.put([["x"]])
    assert state(2) == first
    desk.put([["y"]])
    assert state(3) == (first[0] + 1, "08:30")
    assert state(4) == (first[0] + 1, "08:30")
    assert state(5) == (first[0] + 2, "08:32")


def test_lists_are_searched_and_paged(desk: Desk) -> None:
    """q finds by name and kind; pages lead on until there is no nextPageToken."""
    for number in range(5):
        desk.call("POST", FILES, {"name": f"Plan {number % 2}", "mimeType": SPREADSHEET})
    query = f"name = 'Plan 1' and mimeType = '{SPREADSHEET}' and trashed = false"
    assert len(desk.call("GET", FILES, q=query)["files"]) == 2
    found, page = [], ""
    while True:
        answer = desk.call("GET", FILES, pageSize=2, q="name contains 'plan'", **({"pageToken": page} if page else {}))
        found += [file["id"] for file in answer["files"]]
        page = answer.get("nextPageToken", "")
        if not page:
            break
    assert len(set(found)) == len(found) == 5
    assert desk.refused("GET", FILES, q="nope = 1") == (400, "Invalid Value")


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("", True),
        ("name = 'It\\'s'", True),
        ('name="It\'s"', True),
        ("not trashed = true", True),
        ("name != 'x' and (trashed = true or 'me' in owners)", True),
        ("modifiedTime > '2026-01-01T00:00:00'", False),
        ("'a@example.com' in writers", False),
    ],
)
def test_queries(query: str, fits: bool) -> None:
    """Comparisons, and, or, not, parentheses, in."""
    file = File("1", "It's", "li@example.com", datetime(2026, 1, 1, tzinfo=UTC))
    assert matches(query, file, Caller("li@example.com")) is fits


def test_copies_belong_to_the_caller(desk: Desk) -> None:
    """Named "Copy of …"; the copy lives its own life."""
    desk.put([["x"]])
    made = desk.call("POST", f"{FILES}/demo/copy", {})
    assert made["name"] == "Copy of demo"
    desk.put([["changed"]])
    assert desk.call("GET", f"/v4/spreadsheets/{made['id']}/values/A1")["values"] == [["x"]]


def test_who_it_is_not_shared_with_sees_nothing(desk: Desk) -> None:
    """Sheets says 403, Drive says 404; a reader cannot write; sharing opens, unsharing closes."""
    desk.token = token(desk, "li@example.com")
    assert desk.refused("GET", "/v4/spreadsheets/demo") == (403, "The caller does not have permission")
    assert desk.refused("GET", f"{FILES}/demo")[0] == 404
    assert desk.call("GET", FILES)["files"] == []
    desk.emulator.person().share("li@example.com", "reader")
    assert desk.values() == []
    body: dict[str, Any] = {"requests": [{"addSheet": {}}]}
    assert desk.refused("POST", "/v4/spreadsheets/demo:batchUpdate", body) == (
        403,
        "The caller does not have permission",
    )
    assert desk.refused("PATCH", f"{FILES}/demo", {"name": "x"})[0] == 403
    desk.emulator.person().share("li@example.com", "writer")
    desk.put([["x"]])
    desk.emulator.person().unshare("li@example.com")
    assert desk.refused("GET", "/v4/spreadsheets/demo")[0] == 403


def test_permissions(desk: Desk) -> None:
    """Given, listed, taken; the owner's cannot be taken."""
    given = desk.call(
        "POST", f"{FILES}/demo/permissions", {"type": "user", "role": "reader", "emailAddress": "a@example.com"}
    )
    fields = "permissions(id,emailAddress,role)"
    listed = {
        one["emailAddress"]: one for one in desk.call("GET", f"{FILES}/demo/permissions", fields=fields)["permissions"]
    }
    assert {email: one["role"] for email, one in listed.items()} == {
        "admin@emulator.test": "owner",
        SERVICE_ACCOUNT: "writer",
        "a@example.com": "reader",
    }
    assert desk.send("DELETE", f"{FILES}/demo/permissions/{given['id']}").status_code == 204
    assert desk.refused("DELETE", f"{FILES}/demo/permissions/{given['id']}")[0] == 404
    assert desk.refused("DELETE", f"{FILES}/demo/permissions/{listed['admin@emulator.test']['id']}")[0] == 403


def test_scopes_are_needed(desk: Desk) -> None:
    """A read-only token cannot write, nor search by DataFilter; a sheets token sees no Drive."""
    readonly = frozenset({"https://www.googleapis.com/auth/spreadsheets.readonly"})
    desk.token = token(desk, "admin@emulator.test", readonly)
    assert desk.values() == []
    denied = (403, "Request had insufficient authentication scopes.")
    assert desk.refused("POST", "/v4/spreadsheets/demo:batchUpdate", {"requests": []}) == denied
    assert desk.refused("POST", "/v4/spreadsheets/demo/values:batchGetByDataFilter", {}) == denied
    assert desk.refused("GET", f"{FILES}/demo") == denied


def test_a_service_account_without_storage_cannot_create(desk: Desk) -> None:
    """The knob of today's accounts: creating and copying are refused, editing what is shared is not."""
    desk.emulator.library.storage = False
    desk.token = token(desk, SERVICE_ACCOUNT)
    for path in (FILES, f"{FILES}/demo/copy"):
        answer = desk.send("POST", path, {"name": "x", "mimeType": SPREADSHEET})
        assert (answer.status_code, answer.json()["error"]["errors"][0]["reason"]) == (403, "storageQuotaExceeded")
    assert desk.refused("POST", "/v4/spreadsheets", {}) == (403, "The caller does not have permission")
    desk.put([["x"]])


def test_export_and_upload(desk: Desk) -> None:
    """CSV out of the first tab and in again; other forms are refused with a reason."""
    desk.put([["名称", "a,b"], ["2026-12-05", "12%"]])
    out = desk.send("GET", f"{FILES}/demo/export", mimeType="text/csv")
    assert out.content.decode() == '名称,"a,b"\r\n2026-12-05,12%'
    code, message = desk.refused("GET", f"{FILES}/demo/export", mimeType="application/pdf")
    assert code == 400
    assert "text/csv" in message
    headers = {"Authorization": f"Bearer {desk.token}", "Content-Type": "text/csv"}
    url = f"{desk.url}/upload/drive/v2/files/demo?uploadType=media&convert=true"
    answer = desk.raw("PUT", url, "x,1\n,二".encode(), headers)
    assert answer.status_code == 200
    assert desk.values() == [["x", "1"], ["", "二"]]


def test_comments_need_fields(desk: Desk) -> None:
    """As the real method does."""
    assert desk.call("GET", f"{FILES}/demo/comments", fields="comments(content)") == {"comments": []}
    assert desk.refused("GET", f"{FILES}/demo/comments")[0] == 400
