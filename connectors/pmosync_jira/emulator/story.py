"""Neutral events as Jira lives them: true changelog entries, ``updated`` and nothing else."""

from __future__ import annotations

from pmosync.emulation.events import Event

from . import items, plans
from .cast import Story

SYSTEM = "jira"
_TELL = {**plans.TELL, **items.TELL}


def tell(story: Story, event: Event) -> None:
    """Let one event happen; those of other systems change only the clock."""
    story.site.advance(event.at)
    if getattr(event, "system", SYSTEM) != SYSTEM:
        return
    if happen := _TELL.get(type(event)):
        happen(story, event)
        story.site.touch()
