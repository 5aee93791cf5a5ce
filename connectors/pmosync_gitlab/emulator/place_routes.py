"""Answers about the site itself, people, groups, projects, milestones and labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from . import paging, places, work
from .calls import Answer, Call, RefusedError
from .records import Group, Milestone, Project

Handler = Callable[[Call], Answer]


def version(call: Call) -> Answer:
    """The server's version."""
    return Answer({"version": call.look.version, "revision": "Unknown"})


def metadata(call: Call) -> Answer:
    """The server's version in its newer, longer form."""
    if not call.look.dialect.own_token:
        raise RefusedError(404, {"error": "404 Not Found"})
    kas = {"enabled": False, "externalUrl": None, "externalK8sProxyUrl": None, "version": None}
    told = {"version": call.look.version, "revision": "Unknown", "kas": kas}
    return Answer(told | {"enterprise": call.site.licensed})


def current_user(call: Call) -> Answer:
    """Whoever the token belongs to."""
    return Answer(places.current_user(call.look, call.site.people[call.me]))


def users(call: Call) -> Answer:
    """All accounts, newest first."""
    name = call.params.text("username")
    rows = [p for _, p in sorted(call.site.people.items(), reverse=True) if not name or p.username == name]
    if call.params.text("pagination") == "keyset" and call.look.dialect.strict_keyset:
        return paging.by_id(call, rows, lambda p: p.id, lambda p: places.listed_person(call.look, p))
    return paging.listing(call, rows, lambda p: places.listed_person(call.look, p))


def user(call: Call) -> Answer:
    """One account by id."""
    found = call.site.people.get(int(call.named["user"])) if call.named["user"].isdigit() else None
    if found is None:
        raise RefusedError(404, {"message": "404 User Not Found"})
    return Answer(places.listed_person(call.look, found))


def groups(call: Call) -> Answer:
    """All groups, by name; newer servers page them by cursor as well."""
    hidden = call.site.hidden_groups
    rows = sorted((g for g in call.site.groups.values() if g.id not in hidden), key=lambda g: (g.name, g.id))
    if call.params.flag("top_level_only"):
        rows = [g for g in rows if g.parent_id is None]
    return _groups(call, rows)


def subgroups(call: Call) -> Answer:
    """Groups directly below one."""
    over = call.group()
    return _groups(call, sorted((g for g in call.site.shown(over) if g.parent_id == over.id), key=lambda g: g.name))


def descendant_groups(call: Call) -> Answer:
    """Groups below one, at any depth."""
    return _groups(call, sorted(call.site.shown(call.group())[1:], key=lambda g: g.name))


def _groups(call: Call, rows: list[Group]) -> Answer:
    if call.params.text("pagination") == "keyset" and call.look.dialect.strict_keyset and not call.named:
        up = call.params.text("order_by", "name") == "name" and call.params.text("sort", "asc") == "asc"
        if not up:
            raise RefusedError(405, {"error": paging.KEYSET_REFUSED})
        call.params.pairs.append(("sort", "asc"))
        return paging.by_cursor(call, rows, lambda g: [g.name, g.id], lambda g: places.group(call.look, g))
    return paging.listing(call, rows, lambda g: places.group(call.look, g))


def group(call: Call) -> Answer:
    """One group."""
    return Answer(places.single_group(call.look, call.group(), call.params.flag("with_projects", True)))


def projects(call: Call) -> Answer:
    """All visible projects; by id they may be paged by keyset."""
    rows = _kept(call, call.site.visible_projects())
    if call.params.text("pagination") == "keyset":
        return paging.by_id(call, rows, lambda p: p.id, lambda p: places.single_project(call.look, p))
    return paging.listing(call, _ordered(call, rows), lambda p: places.single_project(call.look, p), keyset="Project")


def group_projects(call: Call) -> Answer:
    """The projects of a group, with those of its subgroups when asked; archived ones are in unless declined."""
    over = call.group()
    below = call.params.flag("include_subgroups")
    rows = (
        call.site.projects_below(over) if below else [p for p in call.site.visible_projects() if p.group_id == over.id]
    )
    defaults = {"order_by": "created_at", "owned": "false", "simple": "false", "sort": "desc", "starred": "false"}
    return paging.listing(call, _ordered(call, _kept(call, rows)), lambda p: places.project(call.look, p), defaults)


def _kept(call: Call, rows: Iterable[Project]) -> list[Project]:
    wanted, words = call.params.text("archived"), call.params.text("search").lower()
    kept = [p for p in rows if words in p.full_path.lower()]
    return [p for p in kept if p.archived is call.params.flag("archived")] if wanted else kept


def _ordered(call: Call, rows: list[Project]) -> list[Project]:
    order = call.params.choice(
        "order_by", ("id", "name", "path", "created_at", "last_activity_at", "similarity"), "created_at"
    )
    down = call.params.choice("sort", ("asc", "desc"), "desc") == "desc"
    return sorted(rows, key=lambda p: (getattr(p, order, p.id), p.id), reverse=down)


def project(call: Call) -> Answer:
    """One project."""
    return Answer(places.single_project(call.look, call.project()))


def members(call: Call) -> Answer:
    """Everybody: the emulated company has one big team."""
    _ = call.group() if "group" in call.named else call.project()
    rows = [p for _, p in sorted(call.site.people.items())]
    return paging.listing(call, rows, lambda p: places.member(call.look, p))


def labels(call: Call) -> Answer:
    """Labels by name."""
    _ = call.group() if "group" in call.named else call.project()
    counts = call.params.flag("with_counts")
    rows = [found for _, found in sorted(call.site.labels.items())]
    return paging.listing(call, rows, lambda found: places.listed_label(call.look, found, counts))


def project_milestones(call: Call) -> Answer:
    """A project's milestones; those of the groups above it only when asked."""
    found = _with_milestones(call)
    owners = {("project", found.id)}
    if _ancestors_wanted(call):
        owners |= {("group", g.id) for g in call.site.ancestors(call.site.groups[found.group_id])}
    return _milestones(call, owners)


def group_milestones(call: Call) -> Answer:
    """A group's milestones; those of groups above and below only when asked; never those of projects."""
    over = call.group()
    owners = {("group", over.id)}
    if _ancestors_wanted(call):
        owners |= {("group", g.id) for g in call.site.ancestors(over)}
    if call.look.dialect.descendants and call.params.flag("include_descendants"):
        owners |= {("group", g.id) for g in call.site.shown(over)}
    return _milestones(call, owners)


def _ancestors_wanted(call: Call) -> bool:
    newer = call.look.dialect.descendants and call.params.flag("include_ancestors")
    return newer or call.params.flag("include_parent_milestones")


def _milestones(call: Call, owners: set[tuple[str, int]]) -> Answer:
    state = call.params.choice("state", ("active", "closed", "all"), "all")
    title, iids = call.params.text("title"), {int(n) for n in call.params.many("iids") if n.isdigit()}
    after = call.params.moment("updated_after") if call.look.dialect.dates_milestones else None
    rows = [
        m
        for m in call.site.milestones.values()
        if owners & {("project", m.project_id), ("group", m.group_id)}
        and state in ("all", m.state)
        and (not title or m.title == title)
        and (not iids or m.iid in iids)
        and (after is None or m.updated_at >= after)
    ]
    rows.sort(key=lambda m: (m.due_date or date.max, m.id))
    defaults = {"include_parent_milestones": "false", "state": "all"}
    return paging.listing(call, rows, lambda m: places.milestone(call.look, m.id), defaults)


def milestone(call: Call) -> Answer:
    """One milestone, by its global id."""
    return Answer(places.milestone(call.look, _milestone(call).id))


def milestone_issues(call: Call) -> Answer:
    """A milestone's issues; a group's list leaves out those of subgroups."""
    found = _milestone(call)
    rows = [i for i in call.site.issues.of(_own(call)) if i.milestone_id == found.id]
    return paging.listing(call, rows[::-1], lambda i: work.issue_basic(call.look, i))


def milestone_merge_requests(call: Call) -> Answer:
    """A milestone's merge requests."""
    found = _milestone(call)
    rows = [r for r in call.site.merge_requests.of(_own(call)) if r.milestone_id == found.id]
    return paging.listing(call, rows[::-1], lambda r: work.merge_request(call.look, r))


def _milestone(call: Call) -> Milestone:
    if "group" in call.named:
        return call.milestone(("group", call.group().id))
    return call.milestone(("project", _with_milestones(call).id))


def _with_milestones(call: Call) -> Project:
    """The project asked; GitLab forbids the milestones of one that has neither issues nor merge requests."""
    found = call.project()
    if not any(places.enabled(found, subject) for subject in ("issues", "merge_requests")):
        raise RefusedError(403, {"message": "403 Forbidden"})
    return found


def _own(call: Call) -> list[int]:
    """The project asked, or those directly in the group asked."""
    if "project" in call.named:
        return [call.project().id]
    over = call.group().id
    return [p.id for p in call.site.visible_projects() if p.group_id == over]


def project_events(call: Call) -> Answer:
    """A project's activity, newest first."""
    number = call.project().id
    rows = [line for line in reversed(call.site.activities) if line.project_id == number]
    return paging.listing(call, rows, lambda line: work.activity(call.look, line), {"sort": "desc"})


ROUTES: dict[str, Handler] = {
    "version": version,
    "metadata": metadata,
    "user": current_user,
    "users": users,
    "users/:user": user,
    "groups": groups,
    "groups/:group": group,
    "groups/:group/subgroups": subgroups,
    "groups/:group/descendant_groups": descendant_groups,
    "groups/:group/projects": group_projects,
    "groups/:group/members/all": members,
    "groups/:group/labels": labels,
    "groups/:group/milestones": group_milestones,
    "groups/:group/milestones/:milestone": milestone,
    "groups/:group/milestones/:milestone/issues": milestone_issues,
    "groups/:group/milestones/:milestone/merge_requests": milestone_merge_requests,
    "projects": projects,
    "projects/:project": project,
    "projects/:project/members/all": members,
    "projects/:project/labels": labels,
    "projects/:project/milestones": project_milestones,
    "projects/:project/milestones/:milestone": milestone,
    "projects/:project/milestones/:milestone/issues": milestone_issues,
    "projects/:project/milestones/:milestone/merge_requests": milestone_merge_requests,
    "projects/:project/events": project_events,
}
