"""Acme Tracker's server, in memory: projects, tickets, one key."""

from __future__ import annotations

import threading
from typing import Any

from msgspec import Struct
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

KEY = "acme-key-of-the-test"


class Kept(Struct):
    """A ticket as the server keeps it."""

    id: str
    number: int
    project: str
    title: str
    changed: int
    indexed: int
    hidden: bool = False


class Project(Struct):
    """A project; names that it had still lead to it."""

    id: str
    names: list[str]
    archived: bool = False
    hidden: bool = False


class AcmeServer:
    """``now`` is its clock in epoch milliseconds, ``lag`` how long a change is not listed, ``cap`` the most tickets on a
    page (0: as many as asked for).
    """

    def __init__(self, now: int, lag: int = 0) -> None:
        self.now, self.lag, self.cap, self.alive = now, lag, 0, True
        self.projects = {"p1": Project("p1", ["shop"]), "p2": Project("p2", ["attic"])}
        self.tickets: dict[str, Kept] = {}
        self.lock = threading.RLock()
        self._count = 0
        routes = [
            Route("/api/projects/{name}", self._guarded(self._project)),
            Route("/api/projects/{name}/tickets", self._guarded(self._list)),
            Route("/api/tickets", self._guarded(self._some)),
        ]
        self.app = Starlette(routes=routes)

    def make(self, project: str) -> Kept:
        """A new ticket."""
        with self.lock:
            self._count += 1
            one = Kept(f"t{self._count:04}", self._count, project, f"Ticket {self._count}", self.now, 0)
            self.tickets[one.id] = one
            return one

    def touch(self, one: Kept) -> None:
        """It has changed now."""
        with self.lock:
            if one.changed <= self.now - self.lag:
                one.indexed = one.changed
            one.changed = self.now

    def _guarded(self, answer: Any) -> Any:
        async def handle(request: Request) -> JSONResponse:
            with self.lock:
                if not self.alive or request.headers.get("authorization") != f"Bearer {KEY}":
                    return JSONResponse({"error": "who are you?"}, 401)
                return JSONResponse(*answer(request))

        return handle

    def _found(self, request: Request) -> Project | None:
        name = request.path_params["name"]
        found = (one for one in self.projects.values() if name == one.id or name in one.names)
        return next((one for one in found if not one.hidden), None)

    def _project(self, request: Request) -> tuple[Any, int]:
        found = self._found(request)
        if found is None:
            return {"error": "no such project"}, 404
        return {"id": found.id, "archived": found.archived, "time": self.now}, 200

    def _list(self, request: Request) -> tuple[Any, int]:
        found, words = self._found(request), request.query_params
        if found is None:
            return {"error": "no such project"}, 404
        shown = [one for one in self.tickets.values() if one.project == found.id and self._seen(one)]
        by_id = words.get("by") == "id"
        if not by_id:
            shown = [one for one in shown if self._place(one) >= int(words.get("changed_since", 0))]
        keyed = sorted(
            ((one.id if by_id else f"{self._place(one):015}-{one.id}", one) for one in shown), key=lambda pair: pair[0]
        )
        after = words["after"]
        return self._paged(self._after(keyed, after), int(words["limit"]), after), 200

    def _after(self, keyed: list[tuple[str, Kept]], after: str) -> list[tuple[str, Kept]]:
        return [pair for pair in keyed if pair[0] > after]

    def _paged(self, keyed: list[tuple[str, Kept]], limit: int, before: str) -> dict[str, Any]:
        del before
        size = min(limit, self.cap) if self.cap else limit
        page = keyed[:size]
        # A full page always promises another one, which may be empty.
        return {"tickets": [_told(one) for _, one in page], "next": page[-1][0] if len(page) == size else None}

    def _some(self, request: Request) -> tuple[Any, int]:
        ids = request.query_params.get("ids", "").split(",")
        return {"tickets": [_told(self.tickets[one]) for one in ids if self._answers(one)], "next": None}, 200

    def _answers(self, number: str) -> bool:
        one = self.tickets.get(number)
        return one is not None and not one.hidden and not self.projects[one.project].hidden

    def _seen(self, one: Kept) -> bool:
        return not one.hidden and not self.projects[one.project].archived and self._place(one) > 0

    def _place(self, one: Kept) -> int:
        """The last change as lists know it; 0 for a ticket that they do not know yet."""
        return one.changed if one.changed <= self.now - self.lag else one.indexed


def _told(one: Kept) -> dict[str, Any]:
    return {
        "id": one.id,
        "key": f"ACME-{one.number}",
        "title": one.title,
        "state": "open",
        "project": one.project,
        "changed": one.changed,
        "body": "nobody asked for this",
    }
