"""What Google says when it refuses: one exception, in the form ``{"error": {code, message, status, details}}``."""

from __future__ import annotations

from typing import Any

BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"


class Refusal(Exception):  # noqa: N818  an answer, not an error of ours
    """An answer that is not a success. ``body`` is what goes over the wire."""

    def __init__(self, code: int, message: str, status: str, **extra: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.extra = extra

    @property
    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        return {"error": {"code": self.code, "message": self.message, "status": self.status, **self.extra}}


def invalid(message: str) -> Refusal:
    """400: the request cannot be carried out as asked."""
    return Refusal(400, message, "INVALID_ARGUMENT")


def malformed(message: str, field: str) -> Refusal:
    """400: the JSON does not fit the contract; ``field`` is the place in proto names ("" = the root)."""
    violation = {"field": field, "description": message} if field else {"description": message}
    return Refusal(400, message, "INVALID_ARGUMENT", details=[{"@type": BAD_REQUEST, "fieldViolations": [violation]}])


def absent() -> Refusal:
    """404 of the Sheets API."""
    return Refusal(404, "Requested entity was not found.", "NOT_FOUND")


def forbidden() -> Refusal:
    """403 of the Sheets API."""
    return Refusal(403, "The caller does not have permission", "PERMISSION_DENIED")


def scope_lacking() -> Refusal:
    """403: the token was issued without a scope that this call needs."""
    return Refusal(403, "Request had insufficient authentication scopes.", "PERMISSION_DENIED")


def unauthenticated() -> Refusal:
    """401: no token, or one that is expired or unknown."""
    message = (
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
        "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
    )
    return Refusal(401, message, "UNAUTHENTICATED")


def exhausted(metric: str, limit: str) -> Refusal:
    """429 of the Sheets API: ``metric`` and ``limit`` are the quota's names as Google prints them."""
    subject = f"quota metric '{metric}' and limit '{limit}' of service 'sheets.googleapis.com'"
    message = f"Quota exceeded for {subject} for consumer 'project_number:1'."
    return Refusal(429, message, "RESOURCE_EXHAUSTED")


def drive(code: int, reason: str, message: str, **place: str) -> Refusal:
    """A refusal of the Drive API, which names its reason in ``errors`` and has no ``status``."""
    return DriveRefusal(code, reason, message, place)


class DriveRefusal(Refusal):
    """Drive's older form of an error."""

    def __init__(self, code: int, reason: str, message: str, place: dict[str, str]) -> None:
        super().__init__(code, message, reason)
        self._detail = {"message": message, "domain": "global", "reason": reason, **place}

    @property
    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        return {"error": {"code": self.code, "message": self.message, "errors": [self._detail]}}
