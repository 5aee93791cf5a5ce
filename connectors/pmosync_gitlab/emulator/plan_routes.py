"""Answers about iterations and epics, which only paid editions have: a free server knows no such addresses."""

from __future__ import annotations

from . import paging, planning
from .calls import Answer, Call, RefusedError
from .place_routes import Handler
from .records import Epic, Group, Iteration

STATES = ("opened", "upcoming", "current", "started", "closed", "all")
OPEN = ("upcoming", "current")


def iterations(call: Call) -> Answer:
    """A group's iterations with those of the groups above, unless declined, and below, where asked; a project has none of
    its own.
    """
    over = _licensed(call)
    groups = {over.id}
    if call.params.flag("include_ancestors", True):
        groups |= {one.id for one in call.site.ancestors(over)}
    if call.look.dialect.descendants and call.params.flag("include_descendants"):
        groups |= {one.id for one in call.site.shown(over)}
    wanted = call.params.choice("state", STATES, "all").replace("started", "current")
    rows = [one for one in call.site.iterations.values() if one.group_id in groups and _fits(call, one, wanted)]
    rows.sort(key=lambda one: (one.due_date, one.id))
    return paging.listing(call, rows, lambda one: planning.iteration(call.look, one.id), {"state": "all"})


def _fits(call: Call, found: Iteration, wanted: str) -> bool:
    stage = planning.stage(call.look, found)
    return wanted in ("all", stage) or (wanted == "opened" and stage in OPEN)


def epics(call: Call) -> Answer:
    """A group's epics with those of its subgroups, unless declined."""
    over = _licensed(call)
    below = call.params.flag("include_descendant_groups", True)
    groups = {one.id for one in call.site.shown(over)} if below else {over.id}
    state = call.params.choice("state", ("opened", "closed", "all"), "all")
    order = call.params.choice("order_by", ("created_at", "updated_at", "title"), "created_at")
    down = call.params.choice("sort", ("asc", "desc"), "desc") == "desc"
    rows = [one for one in call.site.epics.values() if one.group_id in groups and state in ("all", one.state)]
    rows.sort(key=lambda one: (getattr(one, order), one.id), reverse=down)
    return paging.listing(call, rows, lambda one: planning.epic(call.look, one))


def epic(call: Call) -> Answer:
    """One epic, by its number in its group."""
    over = _licensed(call)
    return Answer(planning.epic(call.look, _numbered(call, over)) | {"subscribed": False})


def _numbered(call: Call, over: Group) -> Epic:
    for found in call.site.epics.values():
        if (found.group_id, str(found.iid)) == (over.id, call.named["iid"]):
            return found
    raise RefusedError(404, {"message": "404 Not found"})


def _licensed(call: Call) -> Group:
    """The group asked, or that of the project asked; 404 without a licence."""
    if not call.site.licensed:
        raise RefusedError(404, {"error": "404 Not Found"})
    return call.group() if "group" in call.named else call.site.groups[call.project().group_id]


ROUTES: dict[str, Handler] = {
    "groups/:group/iterations": iterations,
    "groups/:group/epics": epics,
    "groups/:group/epics/:iid": epic,
    "projects/:project/iterations": iterations,
}
