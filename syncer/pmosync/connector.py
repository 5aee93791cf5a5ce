"""The door: all that the author of a connector must read.

A connector is a *value*, not a subclass. Its parts speak the system's own words and know nothing of milestones or
colours::

    connector = Connector(name="jira", title="Jira", settings=lambda: JiraSettings, source=open_source, emulator=JiraEmulator)

Nothing of a connector's vendor library is imported before ``settings``, ``source``, ``sink`` or ``emulator`` is
called.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct
from pydantic import BaseModel
from starlette.types import ASGIApp

from pmosync.emulation.events import Event
from pmosync.raw import Batch, Cursor, RawRecord, Ref, Scope, Unit
from pmosync.sheet import Publication, Tab, Workbook, Written
from pmosync.transport import Transport


class Finding(Struct, frozen=True):
    """One line of ``check``: what was proved (``ok``) or what is wrong, where, and the remedy."""

    ok: bool
    place: str
    message: str
    remedy: str = ""


Learn = Callable[[Iterable[str]], None]
"""Takes secrets, so that no line of the log shows them."""


def unlearned(secrets: Iterable[str]) -> None:
    """Where there is no log."""


Kept = Callable[[Sequence[Ref]], Mapping[Ref, RawRecord]]
"""What was last read of things, where anything is kept of them; any thread may ask."""


def nothing_kept(refs: Sequence[Ref]) -> Mapping[Ref, RawRecord]:
    """Where nothing is kept: everything is read as at its first sight."""
    return {}


class Opening(Struct, frozen=True):
    """What a connector is opened with.

    ``connection`` is the name the settings give it, ``settings`` an instance of the connector's own model, ``scopes``
    what is asked of it, ``paths`` the payload paths that the mapping reads, kind by kind (fetch no more than these
    need), ``options`` free words of the mapping file for the connector (custom field ids and the like), ``tabs`` the
    input tabs a sheet source should look for, ``now`` the injected clock. ``own`` says that the source reads the input
    tabs of a workbook that is written too: while that does not exist, nothing was typed into it. ``learn`` keeps
    out of the log what the settings do not hold as a secret (the content of a key file, a token got at run time).
    ``audience`` is who may see the workbook (e-mail addresses, domains, ``anyone``); None: nobody has said. ``kept`` tells
    what was last read of things, for a source that asks further only for what has changed in them. ``language`` is the one
    that a workbook is written in, ``title`` what people call it.
    """

    connection: str
    settings: Any
    transport: Transport
    now: Callable[[], datetime]
    scopes: tuple[Scope, ...] = ()
    paths: Mapping[str, tuple[str, ...]] = {}
    options: Mapping[str, Any] = {}
    tabs: tuple[Tab, ...] = ()
    own: bool = False
    learn: Learn = unlearned
    audience: tuple[str, ...] | None = None
    kept: Kept = nothing_kept
    language: str = "en"
    title: str = ""


class Source(Protocol):
    """A system to read. Every method may raise AuthError, TransientError or ConfigError; none ever returns "empty"
    for "failed".
    """

    def check(self) -> Iterable[Finding]:
        """Prove credential, scopes and rights, changing nothing."""
        ...

    def units(self) -> Sequence[Unit]:
        """The pieces of work, each pulled and resumed on its own."""
        ...

    def pull(self, unit: Unit, cursor: Cursor | None) -> Iterator[Batch]:
        """What changed since ``cursor`` (None: everything). The last batch of a pull carries the cursor of the next
        one. UnreadError behind it names tables that could not be read beside those that were.
        """
        ...

    def census(self, unit: Unit) -> Iterator[Sequence[Ref]]:
        """The identities of all items visible now, page by page: what tells missing from unchanged. Of every kind that
        the unit has ever shown, what is not in it is missing: no page at all means that everything is. UncountedError
        where the system does not list what is there (an archived project, a feature switched off).
        """
        ...

    def visible(self, refs: Sequence[Ref], kept: Mapping[Ref, RawRecord]) -> Mapping[Ref, bool]:
        """Whether each one answers by its id: False means deleted or hidden, which systems do not tell apart. What cannot
        be asked about is left out, and is believed neither there nor gone.

        ``kept`` is what was last read of them, for systems that want more than the id to be asked (a project and a number
        in it); one may be absent.
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


Fence = Callable[[], None]
"""Raises StoreError once a later run has begun: nothing may be written any more."""


def unfenced() -> None:
    """The fence of a writer that has no run behind it."""


class Sink(Protocol):
    """A workbook to keep true."""

    def check(self, tabs: Sequence[Tab]) -> Iterable[Finding]:
        """Prove that the target can be read and written, changing nothing."""
        ...

    def read(self, tabs: Sequence[Tab]) -> Workbook:
        """Every wanted tab as it stands now, in one go; absent tabs are left out. Raises TargetError, AuthError or
        TransientError.
        """
        ...

    def write(self, publication: Publication, fence: Fence = unfenced) -> Written:
        """Apply the edits, one atomic step a tab, the stamp last. ``fence`` is called directly before each step, and
        what it raises ends the writing. Writing the same publication twice changes nothing.
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


Rewind = Callable[[Cursor, datetime], Cursor | None]
"""From a cursor to one behind which everything that changed at or after an instant comes again; never one further on. None:
from the start. Pure: nothing is asked for it.
"""


class Emulator(Protocol):
    """A stand-in server for one system: stateful, semantic, on loopback."""

    name: str

    @property
    def app(self) -> ASGIApp:
        """The ASGI application that answers as the vendor's server does."""
        ...

    def load(self, folder: Path) -> None:
        """Load records in the shape of the vendor's answers. ConfigError names a broken file and line."""
        ...

    def apply(self, event: Event) -> None:
        """Let one event of the story happen (events of other systems are ignored). Moves the emulated clock to
        ``event.at``.
        """
        ...

    def advance(self, now: datetime) -> None:
        """Set the emulated server's clock."""
        ...

    def connection(self, url: str, folder: Path) -> Mapping[str, Any]:
        """Settings (as in the YAML file) of a connection to this emulator at ``url``; secret files it needs are
        written below ``folder``.
        """
        ...


class Consent(Struct, frozen=True):
    """What a connector's ``login`` is given. ``client`` is the file that names this program to the system (an OAuth client),
    ``key`` where the key file goes that settings then name; ``endpoint`` "" means the system's own servers. ``say`` shows a
    person a line; they have ``patience`` seconds of ``clock``.
    """

    client: Path
    key: Path
    transport: Transport
    say: Callable[[str], None]
    learn: Learn = unlearned
    endpoint: str = ""
    patience: float = 300.0
    clock: Callable[[], float] = time.monotonic


class Connector(Struct, frozen=True):
    """One system pmosync can read, write or stand in for. Absent parts are None.

    ``settings`` returns the pydantic model of a connection's options; its validators may ask their context for ``input_tabs``
    (the key of each input tab by the names that settings have for it) and ``written`` (whether the entry is a workbook that
    is written): a name that is mistyped is told with its line then. ``mapping`` is the text of the default mapping, or
    the name of a file in ``pmosync_mappings`` (empty for a pure target). ``abreast`` says that a source's ``pull`` and
    ``census`` may be called for several units at once, from several threads. ``tells_shares``: its sink tells with whom a
    target is shared (``Workbook.shared``), so that an audience can be declared for it. ``rewind`` sets a cursor of its source
    back to an instant, for a person who asks for everything since some day once more; without it all is read. ``editions``
    are the emulators of a system that comes in several, by the word for each. ``target`` tells from an entry's settings which
    document they lead to: one that is written as a workbook is no connection beside it. ``login`` lets a person agree in a
    browser, keeps the key that this gives, and says whose it is.
    """

    name: str
    title: str
    settings: Callable[[], type[BaseModel]]
    mapping: str = ""
    source: Callable[[Opening], Source] | None = None
    sink: Callable[[Opening], Sink] | None = None
    emulator: Callable[[], Emulator] | None = None
    abreast: bool = False
    tells_shares: bool = False
    rewind: Rewind | None = None
    editions: Mapping[str, Callable[[], Emulator]] = {}
    target: Callable[[Any], str] | None = None
    login: Callable[[Consent], str] | None = None
