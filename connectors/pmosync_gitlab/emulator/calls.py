"""One request as the handlers see it, and the ways to refuse it in GitLab's own forms."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from msgspec import Struct, field

from .look import Look
from .records import Group, Issue, MergeRequest, Milestone, Project
from .site import Site

FAR_FUTURE = datetime.max.replace(tzinfo=UTC)
NUMBER = re.compile(r"-?\d+")
UNENCODED_PLUS = re.compile(r".*T.* \d{2}:?\d{2}")
TRUE = ("true", "1", "t", "on")


class RefusedError(Exception):
    """The request is answered with an error: ``body`` is JSON, or a text where GitLab sends plain text."""

    def __init__(self, status: int, body: Mapping[str, str] | str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


class Answer(Struct):
    """What goes back: JSON and headers."""

    body: Any
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200


class Params:
    """The query, decoded as a form: a raw ``+`` is a space, which is GitLab's trap for offsets like ``+08:00``."""

    def __init__(self, query: str) -> None:
        self.pairs = parse_qsl(query, keep_blank_values=True)
        self._last = dict(self.pairs)

    def text(self, name: str, default: str = "") -> str:
        """The last value given."""
        return self._last.get(name) or default

    def many(self, name: str) -> list[str]:
        """Values given as ``name[]=`` any number of times, or once with commas."""
        found = [value for key, value in self.pairs if key == f"{name}[]"]
        return found or [part for part in self.text(name).split(",") if part]

    def flag(self, name: str, default: bool = False) -> bool:
        """A truth value."""
        given = self.text(name)
        return given.lower() in TRUE if given else default

    def number(self, name: str, default: int) -> int:
        """A whole number; 400 for anything else."""
        given = self.text(name)
        if not given:
            return default
        if not NUMBER.fullmatch(given):
            raise RefusedError(400, {"error": f"{name} is invalid"})
        return int(given)

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        """One of the allowed words; 400 for any other."""
        given = self.text(name, default)
        if given not in allowed:
            raise RefusedError(400, {"error": f"{name} does not have a valid value"})
        return given

    def moment(self, name: str) -> datetime | None:
        """An instant. A date means its midnight; unix seconds and garbage are 400; an unencoded ``+`` matches nothing."""
        given = self.text(name)
        if not given:
            return None
        if UNENCODED_PLUS.fullmatch(given):
            return FAR_FUTURE
        if given.isdigit():
            raise RefusedError(400, {"error": f"{name} is invalid"})
        try:
            found = datetime.fromisoformat(given)
        except ValueError:
            raise RefusedError(400, {"error": f"{name} is invalid"}) from None
        return found if found.tzinfo else found.replace(tzinfo=UTC)


class Call(Struct):
    """A request that passed authentication: ``path`` as sent (still encoded), ``named`` the parts the route names."""

    look: Look
    path: str
    params: Params
    named: dict[str, str]
    me: int

    @property
    def site(self) -> Site:
        """The emulated site."""
        return self.look.site

    def project(self) -> Project:
        """The project in the path; 404 if absent or not visible, a redirect from a former path."""
        key = self.named["project"]
        found = self.site.project(key)
        if found is None or found.id in self.site.hidden:
            raise RefusedError(404, {"message": "404 Project Not Found"})
        if not key.isdigit() and key.lower() != found.full_path.lower():
            raise self._moved(found)
        return found

    def _moved(self, found: Project) -> RefusedError:
        if not self.look.dialect.redirects:
            return RefusedError(404, {"message": "404 Project Not Found"})
        old, query = self.path.split("/")[4], "&".join(f"{k}={v}" for k, v in self.params.pairs)
        there = self.look.base + self.path.replace(f"/projects/{old}", f"/projects/{found.id}", 1)
        return RefusedError(301, "", {"Location": there + (f"?{query}" if query else "")})

    def group(self) -> Group:
        """The group in the path; 404 if absent or not visible."""
        found = self.site.group(self.named["group"])
        if found is None or found.id in self.site.hidden_groups:
            raise RefusedError(404, {"message": "404 Group Not Found"})
        return found

    def issue(self) -> Issue:
        """The issue in the path."""
        found = self.site.issues.at(self.project().id, self._iid())
        if found is None or (found.confidential and not self.site.sees_confidential):
            raise RefusedError(404, {"message": "404 Not found"})
        return found

    def merge_request(self) -> MergeRequest:
        """The merge request in the path."""
        found = self.site.merge_requests.at(self.project().id, self._iid())
        if found is None:
            raise RefusedError(404, {"message": "404 Not found"})
        return found

    def milestone(self, owner: tuple[str, int]) -> Milestone:
        """The milestone in the path, by its global id, if it belongs to ``owner``."""
        text = self.named["milestone"]
        found = self.site.milestones.get(int(text)) if text.isdigit() else None
        if found is None or owner not in (("project", found.project_id), ("group", found.group_id)):
            raise RefusedError(404, {"message": "404 Milestone Not Found"})
        return found

    def _iid(self) -> int:
        text = self.named["iid"]
        if not text.isdigit():
            raise RefusedError(400, {"error": "iid is invalid"})
        return int(text)
