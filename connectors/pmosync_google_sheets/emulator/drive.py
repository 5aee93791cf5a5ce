"""The Drive calls that concern spreadsheets: files, permissions, comments, export and the older upload."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct

from pmosync_google_sheets.emulator import values
from pmosync_google_sheets.emulator.cells import BLANK
from pmosync_google_sheets.emulator.contract import Misfit, acceptor
from pmosync_google_sheets.emulator.document import Sheet, Spreadsheet, resize
from pmosync_google_sheets.emulator.library import SPREADSHEET, WRITERS, Caller, File, Library, Share
from pmosync_google_sheets.emulator.masks import parse, select, stranger
from pmosync_google_sheets.emulator.refusals import Refusal, drive
from pmosync_google_sheets.emulator.search import matches

Json = dict[str, Any]
FOLDER = "application/vnd.google-apps.folder"
CSV, TSV = "text/csv", "text/tab-separated-values"
_WRITABLE = ("name", "trashed", "mimeType", "parents", "description", "starred")


class Ask(Struct):
    """One call. ``raw`` is the body of an upload."""

    library: Library
    caller: Caller
    path: dict[str, str]
    query: dict[str, list[str]]
    body: Any = None
    raw: bytes = b""

    def one(self, name: str, default: str = "") -> str:
        """A query parameter."""
        return self.query.get(name, [default])[-1]

    def accepted(self, schema: str) -> Json:
        """The body by its schema. Raises Refusal (400)."""
        try:
            return acceptor("drive.v3", schema)({} if self.body is None else self.body)  # type: ignore[no-any-return]
        except Misfit as misfit:
            raise misfit.refusal("") from None

    def file(self, *, write: bool = False) -> File:
        """The file asked for. Raises Refusal: 404 also when it is not shared, or lies in a shared drive of which the request
        does not know; 403 when it may not be changed.
        """
        file = self.library.files.get(self.path["id"])
        role = file.role(self.caller) if file else ""
        if file is None or not role or (file.drive and self.one("supportsAllDrives") != "true"):
            raise drive(
                404, "notFound", f"File not found: {self.path['id']}.", location="fileId", locationType="parameter"
            )
        if write and role not in WRITERS:
            raise drive(
                403, "insufficientFilePermissions", "The user does not have sufficient permissions for this file."
            )
        return file


def _stamp(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"


def _person(email: str, caller: Caller) -> Json:
    return {
        "kind": "drive#user",
        "displayName": email.partition("@")[0],
        "me": email == caller.email,
        "permissionId": "",
        "emailAddress": email,
    }


def resource(library: Library, file: File, caller: Caller) -> Json:
    """All that is told of a file."""
    writer, state = file.role(caller) in WRITERS, library.told(file)
    told: Json = {
        "kind": "drive#file",
        "id": file.id,
        "name": file.name,
        "mimeType": file.mime,
        "starred": False,
        "trashed": file.trashed,
        "explicitlyTrashed": file.trashed,
        "parents": file.parents,
        "spaces": ["drive"],
        "version": str(state.version),
        "webViewLink": f"https://docs.google.com/spreadsheets/d/{file.id}/edit?usp=drivesdk",
        "createdTime": _stamp(file.created),
        "modifiedTime": _stamp(state.modified),
        "owners": [_person(file.owner, caller)],
        "ownedByMe": file.owner == caller.email,
        "shared": len(file.shares) > 1,
        "capabilities": {
            "canEdit": writer,
            "canShare": writer,
            "canTrash": writer,
            "canDelete": file.owner == caller.email or caller.powerful,
        },
    }
    if writer:
        told |= {
            "permissions": [_permission(share) for share in file.shares.values()],
            "permissionIds": list(file.shares),
        }
    return told


_FILE_FIELDS = "kind,id,name,mimeType"


def _cut(ask: Ask, answer: Json, schema: str, default: str) -> Json:
    fields = ask.one("fields") or default
    try:
        mask = parse(fields)
    except ValueError as error:
        raise _bad_field(str(error)) from None
    unknown = stranger("drive.v3", schema, mask)
    if unknown:
        raise _bad_field(unknown)
    return select(mask, answer)  # type: ignore[no-any-return]


def _bad_field(name: str) -> Refusal:
    return drive(
        400, "invalidParameter", f"Invalid field selection {name}", location="fields", locationType="parameter"
    )


def create(ask: Ask) -> Json:
    """files.create: a spreadsheet or a folder; a service account without storage is refused."""
    given = ask.accepted("File")
    if not ask.library.may_own(ask.caller):
        raise drive(403, "storageQuotaExceeded", "The user's Drive storage quota has been exceeded.")
    file = ask.library.create(
        given.get("name", "Untitled"), ask.caller.email, given.get("mimeType", "application/octet-stream")
    )
    file.parents = given.get("parents", file.parents)
    return _cut(ask, resource(ask.library, file, ask.caller), "File", _FILE_FIELDS)


def get(ask: Ask) -> Json:
    """files.get."""
    return _cut(ask, resource(ask.library, ask.file(), ask.caller), "File", _FILE_FIELDS)


def about(ask: Ask) -> Json:
    """about.get: who calls. Raises Refusal without a mask, which this call alone demands."""
    fields = ask.one("fields")
    if not fields:
        raise drive(400, "required", "The 'fields' parameter is required for this method.", location="fields")
    told = {"kind": "drive#about", "user": {"kind": "drive#user", "emailAddress": ask.caller.email}}
    return _cut(ask, told, "About", fields)


def listing(ask: Ask) -> Json:
    """files.list: newest first, what the caller may see; pages by ``pageToken``."""
    try:
        found = [
            file
            for file in ask.library.files.values()
            if file.role(ask.caller) and matches(ask.one("q"), file, ask.caller)
        ]
    except ValueError:
        raise drive(400, "invalid", "Invalid Value", location="q", locationType="parameter") from None
    found.sort(key=lambda file: file.modified, reverse=True)
    start, size = int(ask.one("pageToken", "0").lstrip("~") or 0), int(ask.one("pageSize", "100"))
    page = {
        "kind": "drive#fileList",
        "incompleteSearch": False,
        "files": [resource(ask.library, file, ask.caller) for file in found[start : start + size]],
    }
    if start + size < len(found):
        page["nextPageToken"] = f"~{start + size}"
    return _cut(ask, page, "FileList", f"kind,incompleteSearch,nextPageToken,files({_FILE_FIELDS})")


def update(ask: Ask) -> Json:
    """files.update: rename, trash, restore."""
    file, given = ask.file(write=True), ask.accepted("File")
    unwritable = next((name for name in given if name not in _WRITABLE), "")
    if unwritable:
        raise drive(403, "fieldNotWritable", "The resource body includes fields which are not directly writable.")
    file.trashed = given.get("trashed", file.trashed)
    if "name" in given:
        rename(ask.library, file, given["name"])
    ask.library.touch(file)
    return _cut(ask, resource(ask.library, file, ask.caller), "File", _FILE_FIELDS)


def rename(library: Library, file: File, name: str) -> None:
    """A file's name is its spreadsheet's title."""
    file.name = name
    if file.document:
        document = file.document.copy()
        document.properties["title"] = name
        library.commit(file, document)


def delete(ask: Ask) -> None:
    """files.delete: only the owner's."""
    file = ask.file()
    if not ask.caller.powerful and file.owner != ask.caller.email:
        raise drive(403, "insufficientFilePermissions", "The user does not have sufficient permissions for this file.")
    del ask.library.files[file.id]


def copy(ask: Ask) -> Json:
    """files.copy: "Copy of …" unless named; the copy belongs to the caller."""
    source, given = ask.file(), ask.accepted("File")
    if not ask.library.may_own(ask.caller):
        raise drive(403, "storageQuotaExceeded", "The user's Drive storage quota has been exceeded.")
    twin = ask.library.create(given.get("name") or f"Copy of {source.name}", ask.caller.email, source.mime)
    twin.parents = given.get("parents", source.parents)
    if source.document:
        document = source.document.copy()
        document.id, document.properties["title"] = twin.id, twin.name
        twin.document = document
    return _cut(ask, resource(ask.library, twin, ask.caller), "File", _FILE_FIELDS)


def export(ask: Ask) -> tuple[bytes, str]:
    """files.export: CSV or TSV of the first tab; other forms are not made here and are refused."""
    file, mime = ask.file(), ask.one("mimeType")
    if mime not in (CSV, TSV) or file.document is None:
        message = f"The requested conversion is not supported: this emulator exports {CSV} and {TSV} only."
        raise drive(400, "badRequest", message, location="convertTo", locationType="parameter")
    calculation = ask.library.calculation(file, file.document)
    sheet = file.document.sheets[0]
    rows = values.grid(calculation, sheet, sheet.whole(), values.render(calculation, "", ""))
    width = max((len(row) for row in rows), default=0)
    out = io.StringIO()
    writer = csv.writer(out, delimiter="," if mime == CSV else "\t", lineterminator="\r\n")
    writer.writerows([*row, *[""] * (width - len(row))] for row in rows)
    return out.getvalue().removesuffix("\r\n").encode(), mime


def _permission(share: Share) -> Json:
    told = {"kind": "drive#permission", "id": share.id, "type": share.kind, "role": share.role}
    if share.kind == "domain":
        return told | {"domain": share.email, "displayName": share.email, "allowFileDiscovery": False}
    return told | (
        {"emailAddress": share.email, "displayName": share.email.partition("@")[0], "deleted": False}
        if share.email
        else {}
    )


def permissions(ask: Ask) -> Json:
    """permissions.list: only writers may see it; pages by ``pageToken`` of at most 100."""
    file = ask.file(write=True)
    told = [_permission(share) for share in file.shares.values()]
    start = int(ask.one("pageToken", "0").lstrip("~") or 0)
    end = start + min(int(ask.one("pageSize", "100")), 100)
    answer = {"kind": "drive#permissionList", "permissions": told[start:end]}
    if end < len(told):
        answer["nextPageToken"] = f"~{end}"
    return _cut(ask, answer, "PermissionList", "kind,nextPageToken,permissions(id,type,kind,role)")


def give(ask: Ask) -> Json:
    """permissions.create."""
    file, given = ask.file(write=True), ask.accepted("Permission")
    if given.get("type") not in ("user", "group", "domain", "anyone") or not given.get("role"):
        raise drive(
            400,
            "required",
            "The permission type field is required.",
            location="permission.type",
            locationType="parameter",
        )
    if given["type"] in ("user", "group") and not given.get("emailAddress"):
        raise drive(
            400, "invalid", "The specified emailAddress is invalid or not applicable for the given permission type."
        )
    share = ask.library.share(
        file, given.get("emailAddress") or given.get("domain") or "", given["role"], given["type"]
    )
    return _cut(ask, _permission(share), "Permission", "kind,id,type,role")


def take(ask: Ask) -> None:
    """permissions.delete: the owner's cannot be taken."""
    file = ask.file(write=True)
    share = file.shares.get(ask.path["permission"])
    if share is None:
        raise drive(
            404,
            "notFound",
            f"Permission not found: {ask.path['permission']}.",
            location="permissionId",
            locationType="parameter",
        )
    if share.role == "owner":
        raise drive(403, "insufficientFilePermissions", "The user does not have sufficient permissions for this file.")
    del file.shares[share.id]
    ask.library.touch(file)


def comments(ask: Ask) -> Json:
    """comments.list: nobody comments here."""
    ask.file()
    if not ask.one("fields"):
        raise drive(
            400,
            "required",
            "The 'fields' parameter is required for this method.",
            location="fields",
            locationType="parameter",
        )
    return _cut(ask, {"kind": "drive#commentList", "comments": []}, "CommentList", "")


def upload(ask: Ask) -> Json:
    """The v2 media upload of a CSV file: it becomes the spreadsheet's only tab. Answers in v2's words."""
    file = ask.file(write=True)
    try:
        rows = list(csv.reader(io.StringIO(ask.raw.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error):
        raise drive(400, "badRequest", "Bad Request") from None
    if file.document is None:
        raise drive(400, "badRequest", "Bad Request")
    draft = ask.library.draft(file, file.document, ask.caller)
    draft.document.sheets = [_sheet_of(draft.document, rows)]
    for row, line in enumerate(rows):
        cells = {column: values.entered_cell(draft, BLANK, text, raw=False) for column, text in enumerate(line) if text}
        draft.document.sheets[0].put_row(row, cells)
    ask.library.commit(file, draft.document)
    return {
        "kind": "drive#file",
        "id": file.id,
        "title": file.name,
        "mimeType": SPREADSHEET,
        "version": str(file.version),
    }


def _sheet_of(document: Spreadsheet, rows: list[list[str]]) -> Sheet:
    sheet = Sheet(0, document.sheets[0].title)
    resize(document, sheet, max(1000, len(rows)), max(26, max((len(row) for row in rows), default=0)))
    return sheet


Call = Callable[[Ask], Json | None]
