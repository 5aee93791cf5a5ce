"""The files of the emulated Drive, who they are shared with, and how a spreadsheet in it is edited."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from msgspec import Struct

from pmosync_google_sheets.emulator.calculation import Calculation
from pmosync_google_sheets.emulator.document import Spreadsheet
from pmosync_google_sheets.emulator.draft import Draft
from pmosync_google_sheets.emulator.refusals import absent, forbidden

SPREADSHEET = "application/vnd.google-apps.spreadsheet"
ROLES = ("reader", "commenter", "writer", "fileOrganizer", "organizer", "owner")
WRITERS = frozenset({"writer", "fileOrganizer", "organizer", "owner"})


class Caller(Struct, frozen=True):
    """Who calls: an e-mail address, the scopes of the token, and whether every door is open (the administrator)."""

    email: str
    scopes: frozenset[str] = frozenset()
    powerful: bool = False


class Share(Struct, frozen=True):
    """A permission on a file. ``kind``: user, group, domain (its name stands for the address) or anyone."""

    id: str
    kind: str
    role: str
    email: str = ""


class Told(Struct, frozen=True):
    """A version of a file, when it came to be and what Drive then tells as the time of its last change of content."""

    at: datetime
    version: int
    modified: datetime


class File:
    """A file of the Drive, or of the shared ``drive`` of that id; ``document`` is replaced as a whole by each edit, None for
    what is no spreadsheet.
    """

    def __init__(self, number: str, name: str, owner: str, now: datetime, mime: str = SPREADSHEET) -> None:
        self.id = number
        self.name = name
        self.mime = mime
        self.owner = owner
        self.created = self.modified = now
        self.version = 1
        self.history = [Told(now, 1, now)]
        self.trashed = False
        self.parents = ["root"]
        self.drive = ""
        self.document: Spreadsheet | None = Spreadsheet(number, name) if mime == SPREADSHEET else None
        self.shares: dict[str, Share] = {}
        self.calculation: Calculation | None = None

    def role(self, caller: Caller) -> str:
        """The caller's greatest role on the file, "" if it is not shared with him."""
        if caller.powerful:
            return "owner"
        roles = [
            share.role
            for share in self.shares.values()
            if share.kind == "anyone" or share.email.casefold() == caller.email.casefold()
        ]
        return max(roles, key=ROLES.index, default="")


class Library:
    """All files, and the clock that dates their changes. ``storage`` says whether service accounts may own files, ``lag`` how
    far Drive is behind what is in them.
    """

    def __init__(self, now: datetime, *, storage: bool = True, lag: timedelta = timedelta()) -> None:
        self.now = now
        self.storage = storage
        self.lag = lag
        self.files: dict[str, File] = {}
        self._minted = 0

    def mint(self) -> int:
        """A number that looks as random as Google's, and is the same in every run."""
        self._minted += 1
        return int.from_bytes(hashlib.sha256(f"number {self._minted}".encode()).digest()[:4], "big") % 2_147_483_647

    def mint_id(self) -> str:
        """A file id of 44 characters."""
        self._minted += 1
        return "1" + base64.urlsafe_b64encode(hashlib.sha256(f"file {self._minted}".encode()).digest()).decode().rstrip(
            "="
        )

    def create(self, name: str, owner: str, mime: str = SPREADSHEET, number: str = "") -> File:
        """A new file that belongs to ``owner``."""
        file = File(number or self.mint_id(), name, owner, self.now, mime)
        self.files[file.id] = file
        self.share(file, owner, "owner")
        return file

    def may_own(self, caller: Caller) -> bool:
        """Whether the caller has storage for a file of his own."""
        return self.storage or not caller.email.endswith(".gserviceaccount.com")

    def share(self, file: File, email: str, role: str, kind: str = "user") -> Share:
        """Give a role on a file; the same address again replaces its role."""
        digest = hashlib.sha256(f"{kind} {email}".encode()).digest()
        number = "anyoneWithLink" if kind == "anyone" else str(int.from_bytes(digest[:8], "big"))
        file.shares[number] = Share(number, kind, role, email)
        self.touch(file)
        return file.shares[number]

    def unshare(self, file: File, email: str) -> None:
        """Take all of an address's roles away."""
        file.shares = {
            number: share for number, share in file.shares.items() if share.email.casefold() != email.casefold()
        }
        self.touch(file)

    def touch(self, file: File) -> None:
        """Count a change that is not of the content."""
        self._count(file)

    def open(self, number: str, caller: Caller, *, write: bool = False) -> tuple[File, Spreadsheet]:
        """A spreadsheet that the caller may read (or write). Raises Refusal: 404 if there is none, 403 if it is not shared."""
        file = self.files.get(number)
        if file is None or file.document is None:
            raise absent()
        role = file.role(caller)
        if not role or (write and role not in WRITERS):
            raise forbidden()
        return file, file.document

    def draft(self, file: File, document: Spreadsheet, caller: Caller) -> Draft:
        """A draft that nobody sees until it is committed."""
        powerful = caller.powerful or file.owner.casefold() == caller.email.casefold()
        return Draft(document, caller.email, file.owner, powerful, self.now, self.mint)

    @contextmanager
    def edit(self, number: str, caller: Caller) -> Iterator[Draft]:
        """A draft of a spreadsheet; it becomes the spreadsheet when the block ends well, and nothing happened when it raises."""
        file, document = self.open(number, caller, write=True)
        draft = self.draft(file, document, caller)
        yield draft
        self.commit(file, draft.document)

    def commit(self, file: File, document: Spreadsheet) -> None:
        """The new content of a file."""
        file.document = document
        file.name = document.properties["title"]
        file.modified = max(self.now, file.modified)
        file.calculation = None
        self._count(file)

    def told(self, file: File) -> Told:
        """The version of a file that Drive tells of now; without a lag the last one, wherever the clock was set since."""
        if not self.lag:
            return file.history[-1]
        return next((one for one in reversed(file.history) if one.at <= self.now - self.lag), file.history[0])

    def _count(self, file: File) -> None:
        """One version more; of those that Drive has told of, only the last is kept."""
        file.version += 1
        shown = self.told(file)
        younger = [one for one in file.history if one.version > shown.version]
        file.history = [shown, *younger, Told(self.now, file.version, file.modified)]

    def calculation(self, file: File, document: Spreadsheet) -> Calculation:
        """The values of a file's content now, worked out once for every state and moment."""
        if file.calculation is None or file.calculation.document is not document or file.calculation.now != self.now:
            file.calculation = Calculation(document, self.now)
        return file.calculation
