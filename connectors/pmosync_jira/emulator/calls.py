"""One request as the endpoints see it: who asks, with which parameters; and how Jira refuses."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from starlette.datastructures import QueryParams

from .jql.fields import Lens
from .records import Issue, Project
from .render import View
from .results import Results
from .site import Site, instant

T = TypeVar("T")
FAILED_LOGIN = "AUTHENTICATED_FAILED"


class Knobs(Struct):
    """What an operator of the emulator may turn: page sizes, the cut of Cloud's ``expand=changelog`` and whether
    its ``total`` counts what was left out, how far a chain of page
    tokens leads before it claims to be at the end (0: to the end), the last place of a result that Data Center gives (0: all
    are given, as before 11.3), whether the account sees restricted issues, and whether
    the site has Jira Software (boards and sprints), and whether a Data Center pages the changelog of an issue at an address
    of its own, as Cloud does.
    """

    cloud: bool
    page_cap: int = 100
    id_page_cap: int = 5000
    server_page_cap: int = 1000
    changelog_cut: int = 40
    tells_total: bool = True
    bulk_changelog_cap: int = 10_000
    chain_reach: int = 0
    result_window: int = 0
    sees_restricted: bool = True
    software: bool = True
    pages_changelogs: bool = False


class RefusalError(Exception):
    """An answer that is no success: its status and body."""

    def __init__(self, status: int, *messages: str, body: Mapping[str, Any] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.body = body or {"errorMessages": list(messages), "errors": {}}


class Call(Struct, frozen=True):
    """A request of one visitor. ``account`` "" is the anonymous one."""

    site: Site
    results: Results
    knobs: Knobs
    view: View
    account: str
    query: QueryParams
    path: Mapping[str, str]
    body: bytes

    @property
    def lens(self) -> Lens:
        """The visitor's sight for queries: archived and hidden projects are not searched."""
        seen = (one.id for one in self.site.projects.values() if self.may_see(one) and not one.archived)
        return Lens(
            self.site,
            instant(self.site.now),
            self.view.zone,
            self.account,
            frozenset(seen),
            strict=bool(self.account),
            sees_restricted=self.knobs.sees_restricted,
        )

    def may_see(self, project: Project) -> bool:
        """Whether the visitor may browse it."""
        return bool(self.account) and not project.hidden

    def number(self, name: str, default: int, most: int | None = None) -> int:
        """A whole-number parameter, at least 0, at most ``most``."""
        text = self.query.get(name, "")
        if not text:
            return default
        if not text.lstrip("-").isdecimal():
            raise RefusalError(400, f"The value of the {name} parameter must be a whole number.")
        wanted = max(0, int(text))
        return wanted if most is None else min(wanted, most)

    def listed(self, name: str) -> list[str]:
        """A list parameter: repeated, comma-separated, or both."""
        return [part for text in self.query.getlist(name) for part in text.split(",") if part]

    def expands(self, what: str) -> bool:
        """Whether ``expand`` names it."""
        return what in self.listed("expand")

    def read(self, shape: type[T]) -> T:
        """The body as the contract wants it; names it does not know are refused."""
        try:
            return msgspec.json.decode(self.body or b"{}", type=shape)
        except msgspec.DecodeError as error:
            message = "Invalid request payload. Refer to the REST API documentation and try again."
            raise RefusalError(400, message) from error

    def project(self, key_or_id: str) -> Project:
        """A visible project, archived ones too, or 404."""
        found = self.site.project(key_or_id)
        if found is None or not self.may_see(found):
            what = "id" if key_or_id.isdecimal() else "key"
            raise RefusalError(404, f"No project could be found with {what} '{key_or_id}'.")
        return found

    def issue(self, key_or_id: str) -> Issue | None:
        """A visible issue."""
        found = self.site.issue(key_or_id)
        if found is None or not self.may_see(self.site.projects[found.project]):
            return None
        return found if found.security is None or self.knobs.sees_restricted else None


def page(values: list[Any], start: int, size: int, address: str) -> dict[str, Any]:
    """A page of a list: the part from ``start``, and whether it is the last."""
    part = values[start : start + size]
    shape = {"self": address, "maxResults": size, "startAt": start, "total": len(values)}
    return {**shape, "isLast": start + size >= len(values), "values": part}


def sealed(value: object) -> str:
    """An opaque page token."""
    return base64.urlsafe_b64encode(msgspec.json.encode(value)).decode()


def unsealed(token: str, shape: type[T]) -> T:
    """What a page token holds; 400 for a foreign one."""
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(token.encode()), type=shape)
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise RefusalError(400, "The provided next page token is invalid or expired.") from error
