"""Endpoints of the agile API: boards and sprints."""

from __future__ import annotations

from collections.abc import Callable

from .calls import Call, RefusalError, page
from .jql import JqlError
from .records import Board, Issue, Sprint
from .render import Shape, chosen, sprint
from .render import issue as shown

PAGE = 50
NO_BOARD = (
    "The requested board cannot be viewed because it either does not exist or you do not have permission to view it."
)
ORDER = ("closed", "active", "future")


def boards(call: Call) -> Shape:
    """Visible boards; where asked, those whose filter names one project."""
    home = call.query.get("projectKeyOrId")
    if home and (call.site.project(home) is None or not call.may_see(call.project(home))):
        raise RefusalError(400, f"No project could be found with key or id '{home}'")
    wanted = call.project(home).id if home else None
    found = [one for one in _seen(call) if wanted is None or wanted in (one.project, *one.others)]
    return _page(call, [_board(call, one) for one in found], "board")


def _seen(call: Call) -> list[Board]:
    boards = call.site.boards.values()
    return sorted((one for one in boards if call.may_see(call.site.projects[one.project])), key=lambda one: one.id)


def _page(call: Call, values: list[Shape], what: str) -> Shape:
    shape = page(values, call.number("startAt", 0), call.number("maxResults", PAGE, PAGE), f"{call.view.base}/{what}")
    return {name: value for name, value in shape.items() if name != "self"}


def _board(call: Call, one: Board) -> Shape:
    home = call.site.projects[one.project]
    return {
        "id": one.id,
        "self": f"{call.view.base}/rest/agile/1.0/board/{one.id}",
        "name": one.name,
        "type": "scrum",
        "location": {
            "projectId": home.id,
            "displayName": f"{home.name} ({home.key})",
            "projectName": home.name,
            "projectKey": home.key,
            "projectTypeKey": home.type,
            "name": f"{home.name} ({home.key})",
        },
    }


def _the_board(call: Call) -> Board:
    number = call.path["board"]
    found = call.site.boards.get(int(number)) if number.isdecimal() else None
    if found is None or not call.may_see(call.site.projects[found.project]):
        raise RefusalError(404, NO_BOARD)
    return found


def board_sprints(call: Call) -> Shape:
    """The sprints a board shows: its own, and those with issues of its project when it is the project's first board."""
    board = _the_board(call)
    states = set(call.listed("state")) or set(ORDER)
    shown_here = _shown_on(call, board)
    found = [one for one in call.site.sprints.values() if one.state in states and one.id in shown_here]
    found.sort(key=lambda one: (ORDER.index(one.state) if one.state in ORDER else 0, one.id))
    return _page(call, [sprint(call.view, one) for one in found], f"board/{board.id}/sprint")


def _shown_on(call: Call, board: Board) -> set[int]:
    own = {one.id for one in call.site.sprints.values() if one.board == board.id}
    if call.site.board_of(board.project).id != board.id:
        return own
    visiting = {number for one in call.site.issues.values() if one.project == board.project for number in one.sprints}
    first = min(one.id for one in call.site.boards.values())
    return own | visiting | (_homeless(call) if board.id == first else set())


def _homeless(call: Call) -> set[int]:
    """Sprints without board or issue are shown on the site's first board."""
    used = {number for one in call.site.issues.values() for number in one.sprints}
    return {one.id for one in call.site.sprints.values() if one.board is None and one.id not in used}


def board_issues(call: Call) -> Shape:
    """The issues of a board's project."""
    board = _the_board(call)
    return _issues(call, lambda one: one.project == board.project)


def _the_sprint(call: Call) -> Sprint:
    number = call.path["sprint"]
    found = call.site.sprints.get(int(number)) if number.isdecimal() else None
    if found is None or not call.account:
        raise RefusalError(404, "Sprint does not exist or you do not have permission to view it.")
    return found


def one_sprint(call: Call) -> Shape:
    """One sprint."""
    return sprint(call.view, _the_sprint(call))


def sprint_issues(call: Call) -> Shape:
    """The issues of a sprint."""
    wanted = _the_sprint(call).id
    return _issues(call, lambda one: wanted in one.sprints)


def _issues(call: Call, inside: Callable[[Issue], bool]) -> Shape:
    try:
        ids = call.results.find(call.lens, call.query.get("jql", "ORDER BY key"))
    except JqlError as error:
        raise RefusalError(400, error.message) from error
    found = [one for number in ids if inside(one := call.site.issues[number])]
    start, size = call.number("startAt", 0), call.number("maxResults", PAGE, call.knobs.server_page_cap)
    names = chosen(call.view, call.listed("fields") or ["*navigable"])
    shapes = [shown(call.view, one, names) for one in found[start : start + size]]
    return {"expand": "schema,names", "startAt": start, "maxResults": size, "total": len(found), "issues": shapes}
