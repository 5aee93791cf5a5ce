"""The token exchange: signed assertions and refresh tokens become bearer tokens; bearer tokens name callers."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from msgspec import Struct

from pmosync_google_sheets.emulator.library import Caller
from pmosync_google_sheets.emulator.refusals import unauthenticated

ADMIN_TOKEN = "test_token_admin"  # noqa: S105  the emulator's own key to every door, no secret of anybody
ADMIN = Caller("admin@emulator.test", powerful=True)
SERVICE_ACCOUNT = "pmosync@emulator.iam.gserviceaccount.com"
LIFETIME = timedelta(seconds=3599)
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"


class GrantRefused(Exception):  # noqa: N818  an answer, not an error of ours
    """An answer of the token endpoint in OAuth's form."""

    def __init__(self, error: str, description: str, code: int = 400) -> None:
        super().__init__(error)
        self.code = code
        self.body = {"error": error, "error_description": description}


class _Bearer(Struct, frozen=True):
    caller: Caller
    expires: datetime


class _Code(Struct, frozen=True):
    """What a code of the consent page stands for."""

    caller: Caller
    client: str
    redirect: str
    challenge: str


@cache
def service_key() -> rsa.RSAPrivateKey:
    """The service account's key, made once a process."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def service_account_file(token_uri: str) -> dict[str, str]:
    """The content of a key file as Google's console gives it out."""
    pem = service_key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {
        "type": "service_account",
        "project_id": "emulator",
        "private_key_id": hashlib.sha256(pem).hexdigest()[:40],
        "private_key": pem.decode(),
        "client_email": SERVICE_ACCOUNT,
        "client_id": "100000000000000000001",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": token_uri,
        "universe_domain": "googleapis.com",
    }


class Tokens:
    """Issues and knows bearer tokens. ``freshness`` tells the time by which assertions are judged; without it only their span is,
    because clients sign by the real clock while the emulator may live in another week."""

    def __init__(self, freshness: Callable[[], datetime] | None = None) -> None:
        self._freshness = freshness
        self._bearers: dict[str, _Bearer] = {}
        self._refresh: dict[str, Caller] = {}
        self._codes: dict[str, _Code] = {}
        self._issued = 0

    def exchange(self, form: dict[str, str], now: datetime) -> dict[str, Any]:
        """The token endpoint. Raises GrantRefused."""
        match form.get("grant_type"):
            case grant if grant == JWT_BEARER:
                return self._issue(self._asserted(form.get("assertion", "")), now)
            case "authorization_code":
                return self._redeemed(form, now)
            case "refresh_token":
                caller = self._refresh.get(form.get("refresh_token", ""))
                if caller is None:
                    raise GrantRefused("invalid_grant", "Bad Request")
                return self._issue(caller, now)
        raise GrantRefused("unsupported_grant_type", "Invalid grant_type: " + form.get("grant_type", ""))

    def _issue(self, caller: Caller, now: datetime) -> dict[str, Any]:
        self._issued += 1
        token = "ya29." + hashlib.sha256(f"{caller.email} {self._issued} {now}".encode()).hexdigest()
        self._bearers[token] = _Bearer(caller, now + LIFETIME)
        return {"access_token": token, "expires_in": int(LIFETIME.total_seconds()), "token_type": "Bearer"}

    def _asserted(self, assertion: str) -> Caller:
        claims = _verified(assertion)
        if claims.get("iss") != SERVICE_ACCOUNT:
            raise GrantRefused("invalid_grant", "Invalid grant: account not found")
        self._check_span(claims)
        scopes = frozenset(str(claims.get("scope", "")).split())
        if not scopes:
            raise GrantRefused("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        return Caller(str(claims.get("sub") or SERVICE_ACCOUNT), scopes)

    def _check_span(self, claims: dict[str, Any]) -> None:
        issued, expires = claims.get("iat"), claims.get("exp")
        if (
            not isinstance(issued, int | float)
            or not isinstance(expires, int | float)
            or not 0 < expires - issued <= 3600
        ):
            raise _bad_times()
        now = self._freshness().timestamp() if self._freshness else issued
        if not issued - 300 <= now < expires:
            raise _bad_times()

    def consent(self, email: str, query: dict[str, str]) -> str:
        """The address to which a person who agrees to all that is asked is sent back. Raises GrantRefused for a question that
        the consent page would not show.
        """
        wanted = {"response_type": "code", "code_challenge_method": "S256"}
        if any(query.get(name) != value for name, value in wanted.items()) or not query.get("code_challenge"):
            raise GrantRefused("invalid_request", "Required parameter is missing or wrong.")
        code = "4/" + hashlib.sha256(f"code {email} {len(self._codes)}".encode()).hexdigest()
        caller = Caller(email, frozenset(query.get("scope", "").split()))
        redirect = query.get("redirect_uri", "")
        self._codes[code] = _Code(caller, query.get("client_id", ""), redirect, query["code_challenge"])
        return f"{redirect}?{urlencode({'state': query.get('state', ''), 'code': code})}"

    def _redeemed(self, form: dict[str, str], now: datetime) -> dict[str, Any]:
        """Tokens for a code: once, for whom asked for it, with what only that one knows."""
        code = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        known = code is not None and (code.client, code.redirect) == (form.get("client_id"), form.get("redirect_uri"))
        if code is None or not known or code.challenge != proof:
            raise GrantRefused("invalid_grant", "Bad Request")
        granted = {"refresh_token": self.grant(code.caller.email, code.caller.scopes)}
        return {**self._issue(code.caller, now), **granted, "scope": " ".join(sorted(code.caller.scopes))}

    def grant(self, email: str, scopes: frozenset[str]) -> str:
        """A refresh token for a person, as a consent screen would give."""
        token = "1//" + hashlib.sha256(f"refresh {email} {len(self._refresh)}".encode()).hexdigest()
        self._refresh[token] = Caller(email, scopes)
        return token

    def revoke_all(self) -> None:
        """Every bearer token dies at once."""
        self._bearers.clear()

    def caller(self, authorization: str, now: datetime) -> Caller:
        """Who an Authorization header names. Raises Refusal (401)."""
        kind, _, token = authorization.partition(" ")
        if kind.lower() == "bearer" and token == ADMIN_TOKEN:
            return ADMIN
        bearer = self._bearers.get(token) if kind.lower() == "bearer" else None
        if bearer is None or bearer.expires <= now:
            raise unauthenticated()
        return bearer.caller


def _bad_times() -> GrantRefused:
    return GrantRefused(
        "invalid_grant",
        "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
        "Check your iat and exp values in the JWT claim.",
    )


def _verified(assertion: str) -> dict[str, Any]:
    """The claims of an assertion that the service account's key has signed with RS256. Raises GrantRefused."""
    try:
        head, body, signature = assertion.split(".")
        header = msgspec.json.decode(_decoded(head), type=dict[str, Any])
        claims = msgspec.json.decode(_decoded(body), type=dict[str, Any])
        if header.get("alg") != "RS256":
            raise GrantRefused("invalid_grant", "Invalid JWT: unsupported algorithm.")
        service_key().public_key().verify(
            _decoded(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256()
        )
    except (ValueError, binascii.Error, msgspec.DecodeError):
        raise GrantRefused("invalid_grant", "Invalid JWT: Failed to parse.") from None
    except InvalidSignature:
        raise GrantRefused("invalid_grant", "Invalid JWT Signature.") from None
    return claims


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
