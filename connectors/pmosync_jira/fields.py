"""Which fields to ask for: what the mapping reads, under the ids of this site. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from .wire import FieldInfo

OWN = ("created", "project", "security", "updated")
"""What the source itself needs of every issue."""
USUAL = (
    "assignee", "components", "duedate", "fixVersions", "issuelinks", "issuetype", "labels", "parent", "priority",
    "resolution", "resolutiondate", "status", "summary", "timeoriginalestimate", "timespent",
)  # fmt: skip
"""What is asked for where no mapping says what it reads."""
GENERIC = "com.atlassian.jira.plugin.system.customfieldtypes:"
SPRINT = "com.pyxis.greenhopper.jira:gh-sprint"
HISTORY = (
    "Epic Link", "Epic Child", "Fix Version", "IssueParentAssociation", "Key", "Link", "Parent", "Parent Link", "Sprint",
    "assignee", "duedate", "issuekey", "issuetype", "labels", "priority", "project", "resolution", "security", "status",
    "summary", "timeoriginalestimate",
)  # fmt: skip
"""Changelog items that are kept; the rest (descriptions, ranks, attachments …) is neither read nor stored."""

NOISE = frozenset({
    "accountType", "active", "applicationRoles", "avatarId", "avatarUrl", "avatarUrls", "colorName", "description",
    "emailAddress", "entityId", "expand", "fields", "goal", "groups", "iconUrl", "locale", "scope", "self", "simplified",
    "timeZone", "uuid",
})  # fmt: skip
"""What stands inside people, statuses, versions and linked issues and is not kept of a field unless the mapping reads it there:
pictures and addresses, and ``fields``, which tell of another issue than the one that was asked for.
"""
ANYTHING = "*"
"""Stands in a path for whatever is inside."""


class Alias(Struct, frozen=True):
    """A field that the mapping calls by a name of its own: by ``id``, else by type (``custom``) and ``name``."""

    name: str
    id: str = ""
    custom: str = ""
    told: str = ""


class Found(Struct, frozen=True):
    """The field ids an alias may mean on this site: one is right, none or several is to be told."""

    alias: Alias
    ids: tuple[str, ...]


class FieldPlan(Struct, frozen=True):
    """``asked`` are field ids; ``renamed`` maps a field id to the names under which its value is put; ``kept`` are the
    changelog fields (names and ids) that are kept; ``sprints`` are ids whose values are sprints; ``noise`` is what is left out
    inside of the values of each, ``anonymous`` what is left out of who changed something.
    """

    asked: tuple[str, ...]
    renamed: Mapping[str, tuple[str, ...]]
    kept: frozenset[str]
    sprints: frozenset[str]
    noise: Mapping[str, frozenset[str]]
    anonymous: frozenset[str]

    @property
    def fingerprint(self) -> str:
        """Changes when the mapping wants other fields, so that everything is read once more."""
        noise = {field_id: sorted(words) for field_id, words in self.noise.items()}
        told = repr((self.asked, sorted(self.renamed.items()), sorted(self.kept), noise, sorted(self.anonymous)))
        return hashlib.blake2b(told.encode(), digest_size=6).hexdigest()


def aliases(options: Mapping[str, Any]) -> tuple[Alias, ...]:
    """``custom_fields`` of the mapping's options: name → field id, or {id, custom, name}."""
    told = options.get("custom_fields") or {}
    return tuple(_alias(name, one) for name, one in told.items())


def _alias(name: str, told: Any) -> Alias:
    if not isinstance(told, Mapping):
        return Alias(name, id=str(told))
    return Alias(name, str(told.get("id") or ""), str(told.get("custom") or ""), str(told.get("name") or ""))


def found(alias: Alias, site: Sequence[FieldInfo]) -> Found:
    """By id when given; else by type, and by name where the type does not decide; by name alone if no type is given."""
    if alias.id:
        return Found(alias, tuple(one.id for one in site if one.id == alias.id))
    typed = [one for one in site if one.custom == alias.custom] if alias.custom else list(site)
    named = [one for one in typed if one.name.casefold() == alias.told.casefold()]
    specific = alias.custom and not alias.custom.startswith(GENERIC)
    return Found(alias, tuple(one.id for one in (named or (typed if specific else []))))


def plan(paths: Iterable[str], wanted: Iterable[Alias], site: Sequence[FieldInfo]) -> FieldPlan:
    """What to ask for. An alias that means no field or several is left out: its value is absent, and ``check`` says so."""
    paths = tuple(paths)
    needed = _needed(paths) or set(USUAL)
    single = {one.alias.name: one.ids[0] for one in (found(alias, site) for alias in wanted) if len(one.ids) == 1}
    renamed: dict[str, tuple[str, ...]] = {}
    for name in sorted(needed & set(single)):
        renamed[single[name]] = (*renamed.get(single[name], ()), name)
    plain = needed - {alias.name for alias in wanted}
    for field_id in sorted(plain & set(renamed)):
        renamed[field_id] = (*renamed[field_id], field_id)
    asked = tuple(sorted(plain | set(renamed) | set(OWN)))
    sprints = frozenset(one.id for one in site if one.custom == SPRINT)
    parts = [path.split(".") for path in paths]
    noise = {one: _noise(parts, "fields", renamed.get(one, (one,))) for one in asked}
    return FieldPlan(
        asked, renamed, frozenset(HISTORY) | set(asked), sprints, noise, _noise(parts, "changelog", ("histories",))
    )


def _noise(parts: Iterable[Sequence[str]], under: str, names: Sequence[str]) -> frozenset[str]:
    """What is left out of a value that goes by these names: nothing that a path names inside of it."""
    read = {word for part in parts if part[0] == under and part[1:] and part[1] in names for word in part[2:]}
    return frozenset() if ANYTHING in read else NOISE - read


def _needed(paths: Iterable[str]) -> set[str]:
    """The fields behind dotted paths: ``fields.status.name`` → ``status``."""
    parts = (path.split(".") for path in paths)
    return {part[1].split("[")[0] for part in parts if len(part) > 1 and part[0] == "fields"}
