"""The token exchange, through Google's own library where it can be."""

from __future__ import annotations

import base64
import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2 import service_account

from pmosync_google_sheets.emulator import SERVICE_ACCOUNT
from pmosync_google_sheets.emulator.tokens import JWT_BEARER, service_key

if TYPE_CHECKING:
    from tests.connectors.google_sheets.emulator.conftest import Desk

Credentials: Any = service_account.Credentials
Session: Any = AuthorizedSession
SHEETS = "https://www.googleapis.com/auth/spreadsheets"
CLAIMS = {"iss": SERVICE_ACCOUNT, "scope": SHEETS, "aud": "x", "iat": 1_700_000_000, "exp": 1_700_003_600}


def signed(claims: dict[str, Any], key: rsa.RSAPrivateKey | None = None, algorithm: str = "RS256") -> str:
    """An assertion made by hand."""
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"alg": algorithm}, claims)
    ]
    signature = (key or service_key()).sign(".".join(parts).encode(), padding.PKCS1v15(), hashes.SHA256())
    return ".".join([*parts, base64.urlsafe_b64encode(signature).decode().rstrip("=")])


def exchange(desk: Desk, **form: str) -> tuple[int, dict[str, Any]]:
    """Ask the token endpoint."""
    answer = requests.post(f"{desk.url}/token", data=form, timeout=10)
    return answer.status_code, answer.json()


def test_googles_library_signs_in_and_calls(desk: Desk, tmp_path: Path) -> None:
    """The key file that ``connection`` writes works with google-auth as it is, and only its owner can read it."""
    settings = desk.emulator.connection(desk.url, tmp_path / "keys")
    path = Path(settings["service_account_file"])
    assert path.stat().st_mode & 0o777 == 0o600
    with Session(desk.signing(str(path), [SHEETS])) as session:
        session.trust_env = False
        answer = session.get(f"{settings['endpoint']}/v4/spreadsheets/{settings['spreadsheet']}")
        assert answer.status_code == 200
        desk.emulator.tokens.revoke_all()
        assert session.get(f"{desk.url}/v4/spreadsheets/demo").status_code == 200


def test_tokens_die_on_the_emulated_clock(desk: Desk, tmp_path: Path) -> None:
    """After an hour of the emulator's time the answer is 401."""
    settings = desk.emulator.connection(desk.url, tmp_path)
    credentials = Credentials.from_service_account_file(settings["service_account_file"], scopes=[SHEETS])
    credentials.refresh(Request())
    desk.token = credentials.token
    assert desk.values() == []
    desk.emulator.advance(desk.emulator.library.now + timedelta(hours=1))
    code, message = desk.refused("GET", "/v4/spreadsheets/demo")
    assert code == 401
    assert message.startswith("Request had invalid authentication credentials.")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"iss": "someone@else.com"}, "invalid_grant"),
        ({"scope": ""}, "invalid_scope"),
        ({"exp": 1_700_009_000}, "invalid_grant"),
        ({"exp": 1_700_000_000}, "invalid_grant"),
        ({"iat": None}, "invalid_grant"),
    ],
)
def test_bad_claims_are_refused(desk: Desk, changes: dict[str, Any], error: str) -> None:
    """An unknown account, no scope, or times that do not span at most an hour."""
    code, body = exchange(desk, grant_type=JWT_BEARER, assertion=signed(CLAIMS | changes))
    assert (code, body["error"]) == (400, error)


def test_bad_signatures_are_refused(desk: Desk) -> None:
    """Another key, another algorithm, or no assertion at all."""
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for assertion in (signed(CLAIMS, other), signed(CLAIMS, algorithm="none"), "a.b.c", "nonsense", ""):
        assert exchange(desk, grant_type=JWT_BEARER, assertion=assertion)[1]["error"] == "invalid_grant"
    assert exchange(desk, grant_type=JWT_BEARER, assertion=signed(CLAIMS))[0] == 200
    assert exchange(desk, grant_type="password")[1]["error"] == "unsupported_grant_type"
    assert exchange(desk, grant_type="refresh_token", refresh_token="x")[1]["error"] == "invalid_grant"


def test_freshness_is_judged_where_a_clock_is_given(desk: Desk) -> None:
    """With a clock an old assertion is refused."""
    desk.emulator.tokens._freshness = lambda: datetime(2026, 1, 1, tzinfo=UTC)
    assert exchange(desk, grant_type=JWT_BEARER, assertion=signed(CLAIMS))[1]["error"] == "invalid_grant"


@pytest.mark.parametrize("token", ["", "wrong"])
def test_unknown_tokens_are_refused(desk: Desk, token: str) -> None:
    """401 in Google's form."""
    desk.token = token
    answer = desk.send("GET", "/v4/spreadsheets/demo")
    assert (answer.status_code, answer.json()["error"]["status"]) == (401, "UNAUTHENTICATED")


def test_long_reads_come_as_posts(desk: Desk) -> None:
    """X-HTTP-Method-Override: GET takes the query from the form body; compressed bodies are read."""
    desk.put([["a"], ["b"]])
    headers = {"Authorization": f"Bearer {desk.token}", "X-HTTP-Method-Override": "GET"}
    form = b"ranges=A1&ranges=A2&valueRenderOption=FORMULA"
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    answer = desk.raw("POST", f"{desk.url}/v4/spreadsheets/demo/values:batchGet", form, headers)
    assert [one["values"] for one in answer.json()["valueRanges"]] == [[["a"]], [["b"]]]
    packed = gzip.compress(json.dumps({"requests": [{"addSheet": {"properties": {"title": "T"}}}]}).encode())
    headers = {"Authorization": f"Bearer {desk.token}", "Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert desk.raw("POST", f"{desk.url}/v4/spreadsheets/demo:batchUpdate", packed, headers).status_code == 200
    for body in (b"not gzip", b""):
        assert desk.raw("POST", f"{desk.url}/v4/spreadsheets/demo:batchUpdate", body, headers).status_code == 400
    del headers["Content-Encoding"]
    assert desk.raw("POST", f"{desk.url}/v4/spreadsheets/demo:batchUpdate", b"{nonsense", headers).status_code == 400
