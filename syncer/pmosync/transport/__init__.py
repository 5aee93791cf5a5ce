"""One HTTP transport under all client libraries: deadline, byte cap, one origin, one retry policy; theirs are off."""

from __future__ import annotations

from pmosync.transport.counts import Counts
from pmosync.transport.crew import Crew
from pmosync.transport.limits import Limits
from pmosync.transport.memo import Memo
from pmosync.transport.transport import Transport
from pmosync.transport.truce import Commons

__all__ = ["Commons", "Counts", "Crew", "Limits", "Memo", "Transport"]
