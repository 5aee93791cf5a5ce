"""A person's consent by their own browser: an address to open, a page on loopback that they come back to, a key file.

The key file is that of an authorised user, as ``service_account_file`` takes it. Nothing of the exchange goes around the
transport: one origin, a deadline, and secrets that are made known to the log's redactor before they are used.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from msgspec import Struct

from pmosync.connector import Consent
from pmosync.errors import AuthError, ConfigError, TransientError
from pmosync_google_sheets.client import DRIVE, SCOPES, TOKEN
from pmosync_google_sheets.credentials import read_json

CONSENT = "https://accounts.google.com/o/oauth2/v2/auth"
AGAIN = "log in again"
GREETING = "pmosync: you may close this page. 可以关闭本页。"
NEEDED = ("client_id", "client_secret")
GLANCE = 0.2
"""Seconds after which it is looked whether somebody has had enough of waiting."""


class Asked(Struct, frozen=True):
    """One question to the person: where the answer comes to, what it must bear, and what proves that we asked."""

    redirect: str
    state: str
    verifier: str

    @property
    def challenge(self) -> str:
        """The verifier as the consent page gets it (RFC 7636, S256): who overhears the code cannot use it."""
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


def login(consent: Consent) -> str:
    """Let a person agree, and keep what that gives; in words, whose key is kept where. ConfigError for a client file that
    is none, AuthError for a refusal or too little agreed to, TransientError where nobody came or Google brought nothing.
    """
    client = client_of(consent.client)
    consent.learn([client["client_secret"]])
    with Landing(consent.clock) as landing:
        asked = Asked(landing.address, secrets.token_urlsafe(24), secrets.token_urlsafe(48))
        consent.say(
            f"open this address in a browser of this machine, and agree: {address(client, asked, consent.endpoint)}"
        )
        code = agreed(landing.wait(consent.patience), asked)
    session = consent.transport.session(consent.endpoint or TOKEN)
    try:
        told = exchanged(session, (consent.endpoint or TOKEN) + "/token", client, asked, code)
    finally:
        session.close()
    consent.learn([told["access_token"], told["refresh_token"]])
    account = _account(consent, str(told["access_token"]))
    keep(consent.key, {"type": "authorized_user", **client, "refresh_token": told["refresh_token"], "account": account})
    return f"the key of {account or 'the person who agreed'} is kept in {consent.key}; name it as service_account_file"


def client_of(path: Path) -> dict[str, str]:
    """What names this program to Google: the file of an OAuth client for desktop apps, as the Cloud console gives it out."""
    told = read_json(path, "the client file").get("installed")
    if not isinstance(told, dict) or not all(told.get(name) for name in NEEDED):
        raise ConfigError(
            f"{path} is not the client of a desktop app",
            remedy="make one in the Google Cloud console: Credentials, Create, OAuth client ID, Desktop app",
        )
    return {name: str(told[name]) for name in NEEDED}


def address(client: Mapping[str, str], asked: Asked, endpoint: str) -> str:
    """Where the person agrees. Asked for again although they have agreed before: only then is there a key to keep."""
    query = {
        "client_id": client["client_id"],
        "redirect_uri": asked.redirect,
        "response_type": "code",
        "scope": " ".join(SCOPES),
        "state": asked.state,
        "code_challenge": asked.challenge,
        "code_challenge_method": "S256",
        "access_type": "offline",
        "prompt": "consent",
    }
    return f"{endpoint + '/o/oauth2/v2/auth' if endpoint else CONSENT}?{urlencode(query)}"


def agreed(answer: Mapping[str, str], asked: Asked) -> str:
    """The code that the consent page sent. AuthError for a refusal, and for an answer to a question that was not ours."""
    if not hmac.compare_digest(answer.get("state", "").encode(), asked.state.encode()):
        raise AuthError("the answer was not to this login", remedy=AGAIN)
    if not answer.get("code"):
        raise AuthError("Google was not given the consent", remedy=f"{AGAIN} and agree")
    return answer["code"]


def exchanged(
    session: requests.Session, place: str, client: Mapping[str, str], asked: Asked, code: str
) -> dict[str, Any]:
    """The code for tokens. AuthError where Google refuses, or where a box of the consent page was left empty."""
    form = {
        **client,
        "grant_type": "authorization_code",
        "code": code,
        "code_verifier": asked.verifier,
        "redirect_uri": asked.redirect,
    }
    told = _json(session.request("POST", place, data=form))
    if "error" in told:
        raise AuthError("Google refused the login", remedy=f"look whether the client file is still valid, and {AGAIN}")
    if not (told.get("access_token") and told.get("refresh_token")):
        raise TransientError("Google brought no key", remedy=AGAIN)
    if not set(SCOPES) <= set(str(told.get("scope", "")).split()):
        raise AuthError("not all was agreed to", remedy=f"{AGAIN} and tick every box")
    return told


def keep(path: Path, content: Mapping[str, str]) -> None:
    """Write a key file that is its owner's alone from its first byte on; the one that was there is replaced as a whole."""
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump({name: value for name, value in content.items() if value}, file)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise ConfigError(f"the key file {path} cannot be written", remedy="name another place for it") from error


class Landing:
    """The page on loopback to which the consent page sends the browser back. Use as a context manager."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._answers: list[dict[str, str]] = []
        self._clock = clock
        self._server = HTTPServer(("127.0.0.1", 0), _page(self._answers))
        self._server.timeout = GLANCE

    def __enter__(self) -> Landing:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.server_close()

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    def wait(self, patience: float) -> dict[str, str]:
        """What the browser brought. TransientError where none comes in so many seconds."""
        until = self._clock() + patience
        while not self._answers:
            if self._clock() > until:
                raise TransientError("nobody agreed in time", remedy=AGAIN)
            self._server.handle_request()
        return self._answers[0]


def _page(answers: list[dict[str, str]]) -> type[BaseHTTPRequestHandler]:
    """A handler that notes the query of a visit to the page itself, whatever else a browser asks for."""

    class Page(BaseHTTPRequestHandler):
        timeout = 5
        """Seconds that a visitor may take to say what it wants."""

        def do_GET(self) -> None:
            visited = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(visited.query).items()}
            known = visited.path == "/" and "state" in query
            self.send_response(200 if known else 404)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.end_headers()
            self.wfile.write(GREETING.encode() if known else b"")
            answers.extend([query] if known else [])

        def log_message(self, *_: object) -> None:
            """Nothing: its lines hold the code."""

    return Page


def _account(consent: Consent, token: str) -> str:
    """Who agreed, as Drive knows them: the address to share spreadsheets with; "" where Drive does not tell."""
    session = consent.transport.session(consent.endpoint or DRIVE)
    try:
        place = f"{consent.endpoint or DRIVE}/drive/v3/about?fields=user(emailAddress)"
        told = _json(session.request("GET", place, headers={"authorization": f"Bearer {token}"}))
    finally:
        session.close()
    user = told.get("user")
    return str(user.get("emailAddress") or "") if isinstance(user, dict) else ""


def _json(answer: requests.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise TransientError("Google brought no key", remedy=AGAIN)
    return told
