"""Iterations and epics: what people do with them, and how answers show them."""

from __future__ import annotations

from datetime import date, datetime

from .edits import change, touch, write_note
from .look import Json, Look, day, instant
from .places import person
from .records import Epic, Issue, Iteration, Milestone
from .site import Site

Plan = Milestone | Epic
NUMBERS = {"upcoming": 1, "current": 2, "closed": 3}


def open_iteration(site: Site, group_id: int, title: str | None, start: date, due: date) -> Iteration:
    """Plan an iteration of a group."""
    number = site.new_id("iteration")
    iid = 1 + sum(one.group_id == group_id for one in site.iterations.values())
    made = Iteration(id=number, iid=iid, group_id=group_id, title=title, start_date=start, due_date=due)
    made.created_at = made.updated_at = site.now
    return site.add_iteration(made)


def open_epic(site: Site, group_id: int, title: str, by: int, start: date | None, due: date | None) -> Epic:
    """Open an epic of a group."""
    number = site.new_id("epic")
    iid = 1 + sum(one.group_id == group_id for one in site.epics.values())
    made = Epic(id=number, iid=iid, group_id=group_id, title=title, author_id=by, start_date=start, due_date=due)
    made.created_at = made.updated_at = site.now
    return site.add_epic(made)


def close(plan: Plan, at: datetime) -> None:
    """Close a milestone or an epic; only the epic tells when."""
    plan.state = "closed"
    if isinstance(plan, Epic):
        plan.closed_at = at


def reopen(plan: Plan) -> None:
    """Take a closing back."""
    plan.state = "opened" if isinstance(plan, Epic) else "active"
    if isinstance(plan, Epic):
        plan.closed_at = None


def set_iteration(site: Site, issue: Issue, by: int, number: int | None) -> None:
    """Join another iteration, or none."""
    if issue.iteration_id == number:
        return
    words = f"changed iteration to *iteration:{number}" if number is not None else "removed iteration"
    issue.iteration_id = number
    write_note(site, issue, by, words, system=True)
    change(site, issue)


def set_epic(site: Site, issue: Issue, by: int, number: int | None) -> None:
    """Go below another epic, or none: the issue is touched as by a note."""
    if issue.epic_id == number:
        return
    words = f"added to epic &{site.epics[number].iid}" if number is not None else "removed from epic"
    issue.epic_id = number
    write_note(site, issue, by, words, system=True)
    touch(site, issue)


def delete_epic(site: Site, number: int) -> None:
    """Delete an epic: what was below it is below none."""
    del site.epics[number]
    for issue in site.issues:
        issue.epic_id = None if issue.epic_id == number else issue.epic_id
    for other in site.epics.values():
        other.parent_id = None if other.parent_id == number else other.parent_id


def stage(look: Look, found: Iteration) -> str:
    """Where the clock stands in an iteration."""
    today = look.site.now.date()
    if found.due_date < today:
        return "closed"
    return "upcoming" if found.start_date > today else "current"


def iteration(look: Look, number: int | None) -> Json | None:
    """An iteration; its state is a number."""
    found = look.site.iterations.get(number) if number is not None else None
    if found is None:
        return None
    shown: Json = {"id": found.id, "iid": found.iid, "sequence": found.iid, "group_id": found.group_id}
    shown |= {"title": found.title, "description": found.description, "state": NUMBERS[stage(look, found)]}
    shown |= {"created_at": instant(found.created_at), "updated_at": instant(found.updated_at)}
    shown |= {"start_date": day(found.start_date), "due_date": day(found.due_date)}
    return shown | {"web_url": f"{_group(look, found.group_id)}/-/iterations/{found.id}"} | found.extra


def epic(look: Look, found: Epic) -> Json:
    """An epic in a list."""
    over, address = look.site.groups[found.group_id], f"{_group(look, found.group_id)}/-/epics/{found.iid}"
    shown: Json = {"id": found.id, "iid": found.iid, "group_id": found.group_id, "parent_id": found.parent_id}
    shown |= {"title": found.title, "description": found.description, "state": found.state}
    shown |= {"confidential": found.confidential, "web_url": address, "author": person(look, found.author_id)}
    shown |= {"reference": f"&{found.iid}", "references": _references(found, over.full_path)}
    shown |= {"start_date": day(found.start_date), "due_date": day(found.due_date), "end_date": day(found.due_date)}
    shown |= {"created_at": instant(found.created_at), "updated_at": instant(found.updated_at)}
    shown |= {"closed_at": instant(found.closed_at), "labels": sorted(found.labels), "upvotes": 0, "downvotes": 0}
    return shown | found.extra


def inside(look: Look, issue: Issue) -> Json:
    """What an issue of a paid edition tells of its plans."""
    found = look.site.epics.get(issue.epic_id) if issue.epic_id is not None else None
    shown: Json = {"weight": None, "iteration": iteration(look, issue.iteration_id)}
    if found is None:
        return shown | {"epic_iid": None, "epic": None}
    url = f"/groups/{look.site.groups[found.group_id].full_path}/-/epics/{found.iid}"
    short: Json = {"id": found.id, "iid": found.iid, "title": found.title, "url": url, "group_id": found.group_id}
    return shown | {"epic_iid": found.iid, "epic": short}


def _references(found: Epic, path: str) -> Json:
    short = f"&{found.iid}"
    return {"short": short, "relative": short, "full": path + short}


def _group(look: Look, number: int) -> str:
    return f"{look.base}/groups/{look.site.groups[number].full_path}"
