"""Whether Drive's word that a spreadsheet has not changed lets a pull do without reading it. Pure.

Drive has a version of every file, and a quota that hundreds of spreadsheets do not use up; but the version comes about three
minutes behind what is typed, and no promise says that every edit has one of its own. So it is a hint: what was read is
held to be what stands there only where it was read well after the version was first seen, and for no longer than an hour.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from pmosync.raw import Cursor, RawRecord
from pmosync.sheet import Tab

LAG = timedelta(minutes=10)
"""So late, at the most, Drive is taken to tell of an edit, and so close behind another one an edit may go without a version
of its own: three times what was seen.
"""

LONGEST = timedelta(hours=1)
"""So long values are believed without being read: formulas (of the day, of other files) change them without any edit, and
what a row means hangs on other tabs too.
"""


class Mark(Struct, frozen=True, omit_defaults=True):
    """What a cursor holds: a hash of the rows; and where Drive was asked, its version, when we had first seen that, when the
    rows were read, and a hash of what was looked for then.
    """

    digest: str = ""
    version: str = ""
    seen: datetime | None = None
    read: datetime | None = None
    sought: str = ""


class Answer(Struct, frozen=True):
    """The version that Drive told ("" for none), between two instants of our clock (UTC)."""

    version: str
    before: datetime
    after: datetime


def unchanged(mark: Mark, answer: Answer, sought: str) -> bool:
    """Whether what was read last is what stands there, but for edits of the last ``LAG``.

    Edits that Drive has told of are in its version, and so in what was read after that was first seen; those that share a
    version with an earlier edit came within ``LAG`` of it.
    """
    if mark.seen is None or mark.read is None or not answer.version:
        return False
    same = (mark.version, mark.sought) == (answer.version, sought)
    return same and mark.read - mark.seen >= LAG and mark.read <= answer.before and answer.after - mark.read < LONGEST


def vouched(mark: Mark, answer: Answer) -> datetime:
    """Until when a spreadsheet that is ``unchanged`` is known to hold what was read."""
    since = answer.before - LAG
    return max(mark.read, since) if mark.read else since


def renewed(mark: Mark, answer: Answer, sought: str, digest: str) -> Mark:
    """The mark behind a reading that began after Drive's answer."""
    known = mark.version == answer.version and mark.seen is not None and mark.seen <= answer.before
    return Mark(digest, answer.version, mark.seen if known else answer.after, answer.after, sought)


def marked(cursor: Cursor | None) -> Mark:
    """What a cursor says; nothing where it is none, or none of ours. Before Drive was asked, a cursor was the digest alone."""
    try:
        told = msgspec.json.decode(cursor.value, type=str | Mark) if cursor else ""
    except msgspec.DecodeError:
        return Mark()
    return Mark(told) if isinstance(told, str) else told


def cursor_of(mark: Mark) -> Cursor:
    """The mark as a cursor; the digest alone where Drive was not asked."""
    return Cursor(msgspec.json.encode(mark if mark.read else mark.digest).decode())


def digest_of(rows: Sequence[RawRecord]) -> str:
    """A short hash of rows."""
    return _hash(rows)


def sought_of(spreadsheet: str, tabs: Sequence[Tab], names: Mapping[str, str]) -> str:
    """A short hash of what a pull looks for: where this differs, another table is read of the same cells."""
    columns = [[(each.key, each.label, each.aliases, each.format) for each in tab.columns] for tab in tabs]
    return _hash(
        [spreadsheet, [(tab.key, tab.title, tab.identified_by) for tab in tabs], columns, sorted(names.items())]
    )


def _hash(told: object) -> str:
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()[:16]
