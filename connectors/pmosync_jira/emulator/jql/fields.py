"""The fields a query may name: where their values stand on an issue, and which ids a word in the query means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, tzinfo

from msgspec import Struct

from pmosync_jira.emulator.records import Issue
from pmosync_jira.emulator.site import RESTRICTED, Site

from .lexer import JqlError

Ids = Iterable[str]


class Lens(Struct, frozen=True):
    """Who asks, when, and what that account may see. ``strict`` False is the anonymous view, which checks no values."""

    site: Site
    now: datetime
    zone: tzinfo
    account: str
    projects: frozenset[int]
    strict: bool = True
    sees_restricted: bool = True

    def shows(self, issue: Issue) -> bool:
        """Whether the issue may be found at all."""
        if issue.project not in self.projects or not (self.sees_restricted or issue.security is None):
            return False
        if issue.key in self.site.unindexed:
            return False
        return not self.site.index_lag or self.site.indexed_change(issue) > 0


class SetField(Struct, frozen=True):
    """A field with none, one or many values: ``values`` are ids on the issue, ``meant`` the ids a word stands for."""

    values: Callable[[Lens, Issue], Ids]
    meant: Callable[[Lens, str], Ids]
    free: bool = False


class InstantField(Struct, frozen=True):
    """A point in time, epoch milliseconds."""

    value: Callable[[Lens, Issue], int | None]


class DayField(Struct, frozen=True):
    """A calendar day, ISO text."""

    value: Callable[[Issue], str | None]


class KeyField(Struct, frozen=True):
    """The issue itself, by key or id."""


class TextField(Struct, frozen=True):
    """Words."""

    value: Callable[[Issue], str]


Field = SetField | InstantField | DayField | KeyField | TextField

CATEGORIES = {"new": ("2", "to do"), "indeterminate": ("4", "in progress"), "done": ("3", "done")}
_FUNCTIONS: Mapping[str, Callable[[Lens], Ids]] = {
    "opensprints": lambda lens: [str(one.id) for one in lens.site.sprints.values() if one.state == "active"],
    "closedsprints": lambda lens: [str(one.id) for one in lens.site.sprints.values() if one.state == "closed"],
    "futuresprints": lambda lens: [str(one.id) for one in lens.site.sprints.values() if one.state == "future"],
    "releasedversions": lambda lens: [one.id for one in lens.site.versions.values() if one.released],
    "unreleasedversions": lambda lens: [one.id for one in lens.site.versions.values() if not one.released],
    "currentuser": lambda lens: [lens.account],
}


def field_named(lens: Lens, name: str) -> Field:
    """The field a query names. JqlError when there is none."""
    found = _FIELDS.get(name.lower()) or _custom(lens.site, name.lower())
    if found is None:
        raise JqlError(f"Field '{name}' does not exist or you do not have permission to view it.")
    return found


def call(lens: Lens, function: str) -> set[str]:
    """The ids a function gives."""
    known = _FUNCTIONS.get(function.lower())
    if known is None:
        raise JqlError(f"Unable to find JQL function '{function}()'.")
    return set(known(lens))


def _custom(site: Site, name: str) -> Field | None:
    for one in site.fields.values():
        number = one["id"].removeprefix("customfield_")
        if name in (one["name"].lower(), f"cf[{number}]"):
            return _sprint_or_epic(site, one["id"])
    return None


def _sprint_or_epic(site: Site, field_id: str) -> Field:
    if field_id == site.sprint_field:
        return _FIELDS["sprint"]
    if field_id == site.epic_field:
        return _PARENT
    return SetField(lambda _, issue: _plain(issue.extra.get(field_id)), lambda _, word: (word.casefold(),), free=True)


def _plain(value: object) -> Ids:
    """What a custom field's value is called in a query."""
    several = value if isinstance(value, list) else [value]
    for one in several:
        told = one.get("value", one.get("name")) if isinstance(one, dict) else one
        if told is not None:
            yield str(told).casefold()


def _project(lens: Lens, word: str) -> Ids:
    found = lens.site.project(word)
    by_name = [one for one in lens.site.projects.values() if one.name.casefold() == word.casefold()]
    return [str(one.id) for one in ([found] if found else by_name) if one.id in lens.projects]


def _status(lens: Lens, word: str) -> Ids:
    return [one.id for one in lens.site.statuses.values() if word.casefold() in (one.name.casefold(), one.id)]


def _category(_: Lens, word: str) -> Ids:
    return [key for key, names in CATEGORIES.items() if word.casefold() in (key, *names)]


def _type(lens: Lens, word: str) -> Ids:
    return [one.id for one in lens.site.types.values() if word.casefold() in (one.name.casefold(), one.id)]


def _version(lens: Lens, word: str) -> Ids:
    folded = word.casefold()
    return [
        one.id
        for one in lens.site.versions.values()
        if one.project in lens.projects and folded in (one.name.casefold(), one.id)
    ]


def _sprint(lens: Lens, word: str) -> Ids:
    folded = word.casefold()
    return [str(one.id) for one in lens.site.sprints.values() if folded in (one.name.casefold(), str(one.id))]


def _person(lens: Lens, word: str) -> Ids:
    folded = word.casefold()
    return [
        one.account
        for one in lens.site.people.values()
        if folded in (one.account, one.name.casefold(), one.display.casefold(), one.email.casefold())
    ]


def _issue(lens: Lens, word: str) -> Ids:
    found = lens.site.issue(word)
    return [str(found.id)] if found and lens.shows(found) else []


def _parents(lens: Lens, issue: Issue) -> Ids:
    found = {str(issue.parent)} if issue.parent else set()
    epic = lens.site.keys.get(issue.epic) if issue.epic else None
    return found | {str(epic)} if epic else found


def _resolution(lens: Lens, word: str) -> Ids:
    folded = word.casefold()
    if folded == "unresolved":
        return [""]
    return {
        one.resolution for one in lens.site.issues.values() if one.resolution and one.resolution.casefold() == folded
    }


_PARENT = SetField(_parents, _issue)
_FIELDS: Mapping[str, Field] = {
    "project": SetField(lambda _, issue: (str(issue.project),), _project),
    "status": SetField(lambda _, issue: (issue.status,), _status),
    "statuscategory": SetField(lambda lens, issue: (lens.site.statuses[issue.status].category,), _category),
    "issuetype": SetField(lambda _, issue: (issue.type,), _type),
    "type": SetField(lambda _, issue: (issue.type,), _type),
    "fixversion": SetField(lambda _, issue: issue.versions, _version),
    "sprint": SetField(lambda _, issue: [str(one) for one in issue.sprints], _sprint),
    "parent": _PARENT,
    "assignee": SetField(lambda _, issue: (issue.assignee,) if issue.assignee else (), _person),
    "reporter": SetField(lambda _, issue: (issue.reporter,) if issue.reporter else (), _person),
    "labels": SetField(
        lambda _, issue: [one.casefold() for one in issue.labels], lambda _, word: (word.casefold(),), free=True
    ),
    "component": SetField(
        lambda _, issue: [one.casefold() for one in issue.components], lambda _, word: (word.casefold(),), free=True
    ),
    "resolution": SetField(lambda _, issue: (issue.resolution,) if issue.resolution else (), _resolution),
    "level": SetField(
        lambda _, issue: (issue.security.casefold(),) if issue.security else (),
        lambda _, word: (word.casefold(),) if word.casefold() == RESTRICTED.casefold() else (),
    ),
    "created": InstantField(lambda _, issue: issue.created),
    "createddate": InstantField(lambda _, issue: issue.created),
    "updated": InstantField(lambda lens, issue: lens.site.indexed_change(issue)),
    "updateddate": InstantField(lambda lens, issue: lens.site.indexed_change(issue)),
    "resolved": InstantField(lambda _, issue: issue.resolved),
    "resolutiondate": InstantField(lambda _, issue: issue.resolved),
    "due": DayField(lambda issue: issue.due),
    "duedate": DayField(lambda issue: issue.due),
    "key": KeyField(),
    "issuekey": KeyField(),
    "issue": KeyField(),
    "id": KeyField(),
    "summary": TextField(lambda issue: issue.summary),
}
