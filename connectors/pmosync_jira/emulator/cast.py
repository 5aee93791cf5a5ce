"""The things of a story under the names that the story has for them."""

from __future__ import annotations

from .records import Issue
from .site import Site


class Story:
    """A site, and which of its things the story's keys mean. ``alive`` False is a dead credential."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.versions: dict[str, str] = {}
        self.epics: dict[str, int] = {}
        self.sprints: dict[str, int] = {}
        self.alive = True

    def issue(self, key: str) -> Issue | None:
        """The issue of an item's key, or of an epic's story key."""
        return self.site.issues.get(self.epics[key]) if key in self.epics else self.site.issue(key)
