"""The one access token an emulated server knows, and what it is allowed."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec import Struct
from starlette.requests import Request

from .calls import Answer, Call, RefusedError

READING = {"api", "read_api"}
REFUSALS = {
    "expired": "Token is expired. You can either do re-authorization or token refresh.",
    "revoked": "Token was revoked. You have to re-authorize from the user.",
}


class Token(Struct):
    """``state`` is active, expired or revoked; ``scopes`` as GitLab names them."""

    secret: str
    scopes: tuple[str, ...] = ("read_api",)
    state: str = "active"
    expires: date | None = date(2027, 12, 31)


def admit(token: Token, request: Request, route: str, *, revoked: bool) -> None:
    """Let a request in, or refuse it as GitLab refuses: unknown, expired or revoked token, too small a scope."""
    given = request.headers.get("private-token") or request.headers.get("authorization", "").removeprefix("Bearer ")
    if given != token.secret:
        raise RefusedError(401, {"message": "401 Unauthorized"})
    state = "revoked" if revoked else token.state
    if state in REFUSALS:
        raise RefusedError(401, {"error": "invalid_token", "error_description": REFUSALS[state]})
    enough = {"user": READING | {"read_user"}, "personal_access_tokens/self": set(token.scopes)}.get(route, READING)
    if not enough & set(token.scopes):
        raise RefusedError(403, _insufficient("api read_api"))
    if request.method != "GET" and "api" not in token.scopes:
        raise RefusedError(403, _insufficient("api"))


def describe(call: Call, token: Token) -> Answer:
    """What a token may ask about itself."""
    if not call.look.dialect.own_token:
        raise RefusedError(404, {"error": "404 Not Found"})
    person = call.site.people[call.me]
    shown: dict[str, Any] = {"id": 1, "name": "pmosync", "revoked": token.state == "revoked", "description": None}
    shown |= {"created_at": f"{person.created_at:%Y-%m-%dT%H:%M:%S}.000Z", "scopes": list(token.scopes)}
    shown |= {"user_id": call.me, "last_used_at": None, "active": token.state == "active"}
    return Answer(shown | {"expires_at": token.expires.isoformat() if token.expires else None})


def _insufficient(scope: str) -> dict[str, str]:
    words = "The request requires higher privileges than provided by the access token."
    return {"error": "insufficient_scope", "error_description": words, "scope": scope}
