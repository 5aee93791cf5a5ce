"""How what a story tells is written in GitLab: stages as labels, keys, and what a merge request is called."""

from __future__ import annotations

import re

from pmosync.emulation import events as e

ITEM_KEY = re.compile(r"(?P<path>[\w.-]+(?:/[\w.-]+)*)(?P<sign>[#!])(?P<iid>\d+)")
LABEL_OF = {e.Stage.DOING: "status::in progress", e.Stage.REVIEW: "status::review", e.Stage.DROPPED: "wontfix"}
KIND_LABEL = {"bug": "bug", "risk": "risk"}


def of_stage(label: str) -> bool:
    """Whether a label tells a stage."""
    return label.startswith("status::") or label == "wontfix"


def titled(event: e.MergeRequestOpened) -> str:
    """The title, led by ``Draft:`` and by the keys of other systems that it does not name yet."""
    foreign = [key for key in event.items if not ITEM_KEY.fullmatch(key) and key not in event.title]
    return ("Draft: " if event.draft else "") + " ".join([*foreign, event.title])


def described(event: e.MergeRequestOpened, project: str) -> str:
    """The description: its own project's items are closed, those of others related to."""
    own = [key.removeprefix(project) for key in event.items if ITEM_KEY.fullmatch(key)]
    foreign = [key for key in event.items if not ITEM_KEY.fullmatch(key)]
    return "\n".join([f"Closes {key}" for key in own] + [f"Relates to {key}" for key in foreign])


def branch(event: e.MergeRequestOpened) -> str:
    """A branch named after the items and the title."""
    words = [re.sub(r"[^\w.-]+", "-", key.rpartition("#")[2]) for key in event.items]
    slug = re.sub(r"\W+", "-", event.title, flags=re.ASCII).strip("-").lower()
    return "feature/" + "-".join([*words, slug or event.key.rpartition("!")[2]])
