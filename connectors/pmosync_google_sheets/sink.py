"""The workbook in Google Sheets: read by one request, written by one atomic batch a tab."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pmosync.audience import strangers
from pmosync.connector import Fence, Finding, Opening, unfenced
from pmosync.errors import AuthError, PmosyncError, TargetError
from pmosync.rows import Located, names
from pmosync.sheet import (
    AppendRows,
    CreateTab,
    FormatTab,
    Grid,
    Kind,
    Publication,
    Tab,
    Workbook,
    WriteRows,
    WriteStamp,
    Written,
)
from pmosync_google_sheets import charts, compare, glance, plan, reading
from pmosync_google_sheets.cells import Json, url
from pmosync_google_sheets.client import Client
from pmosync_google_sheets.content import Content
from pmosync_google_sheets.glance import Glance
from pmosync_google_sheets.plan import Batch, State, Typed
from pmosync_google_sheets.reading import Shown


class SheetsSink:
    """Keeps the tabs of one spreadsheet. Not for use by two threads at once.

    Published tabs are replaced cell by cell where they differ; of input tabs only new rows, the header formulas of
    context columns, drop-downs and our own developer metadata are written. Tabs that people made are never touched.
    """

    def __init__(self, opening: Opening) -> None:
        self._client = Client(opening.settings, opening.transport, opening.learn, writes=True)
        self._glance: Glance | None = None
        self._audience = opening.audience

    def check(self, tabs: Sequence[Tab]) -> Iterator[Finding]:
        """Credential, sharing, right to edit, audience, and which tabs would be made."""
        yield from findings(self._client, writing=True)
        yield from self._seen_by()
        try:
            shown = reading.sheets(self._client.layout(reading.FIELDS))
        except PmosyncError:
            return  # said above
        absent = [tab.title for tab in tabs if reading.find(tab, shown) is None]
        if absent:
            yield Finding(True, self._client.spreadsheet, f"tabs to be made at the next sync: {', '.join(absent)}")

    def _seen_by(self) -> Iterator[Finding]:
        """Whether more people may see the spreadsheet than it is declared for."""
        if self._audience is None:
            return
        place = self._client.spreadsheet
        try:
            shares = self._client.shares()
        except PmosyncError as error:
            yield Finding(False, place, error.message, error.remedy)
            return
        found = None if shares is None else strangers(shares, self._audience)
        if found is None:
            yield Finding(True, place, "with whom it is shared is unknown: Drive does not let us ask")
        elif found:
            remedy = "take that sharing back, or add them to the audience of the workbook"
            yield Finding(False, place, f"it is shared wider than its audience: {', '.join(found)}", remedy)
        else:
            yield Finding(True, place, "it is shared with its audience alone")

    def read(self, tabs: Sequence[Tab]) -> Workbook:
        """Every wanted tab that is there: layout, values, formulas and links. TargetError if the file is in the bin."""
        _refuse_bin(self._client)
        self._glance = seen = self._seen(tabs)
        keys = {shown.sheet_id: tab.key for tab, shown in seen.there}
        grids = {
            tab.key: _grid(tab, shown, seen.contents[shown.sheet_id], keys, self._client.account)
            for tab, shown in seen.there
        }
        zone = seen.layout.get("properties", {}).get("timeZone", "UTC")
        shared = None if self._audience is None else self._client.shares()
        return Workbook(grids, reading.stamp(seen.layout), zone, shared=shared)

    def _seen(self, tabs: Sequence[Tab]) -> Glance:
        """The sheets that carry our mark by one request; where these are not all that is wanted, what is looked for among all
        sheets by two more.
        """
        ours = self._ours(tabs)
        if ours is not None:
            return ours
        layout = self._client.layout(reading.FIELDS)
        ranges = [reading.quoted(shown.title) for _, shown in glance.found(tabs, layout)]
        return glance.whole(tabs, layout, self._client.cells(glance.CELLS, ranges) if ranges else {})

    def _ours(self, tabs: Sequence[Tab]) -> Glance | None:
        try:
            return glance.marked(tabs, self._client.marked(glance.ALL, reading.TAB_KEY))
        except TargetError:
            return (
                None  # What Google says where nothing has the mark is written nowhere: then all sheets are asked for.
            )

    def write(self, publication: Publication, fence: Fence = unfenced) -> Written:
        """Send the edits. The layout read last is used once; without one it is read anew.

        Where Google refuses one tab (people may protect it against us) the others are written all the same, the stamp is
        not, and TargetError names the tab.
        """
        if not publication.edits:
            return Written()
        wanted = plan.plan(publication, self._state(publication))
        sent, refused = self._send(wanted.batches, wanted.stamp, fence)
        if refused:
            raise next(iter(refused.values()))
        return sent

    def _send(
        self, batches: Sequence[Batch], stamp: Json | None, fence: Fence
    ) -> tuple[Written, dict[str, TargetError]]:
        """Each batch in order; the stamp rides with the last one, or alone where there is none."""
        refused: dict[str, TargetError] = {}
        requests = cells = 0
        queue = list(batches) or [Batch(())] * (stamp is not None)
        for number, batch in enumerate(queue, 1):
            orders = [*batch.orders, *([stamp] if stamp and number == len(queue) and not refused else [])]
            if batch.tab in refused or not orders:
                continue
            self._client.await_turn()
            fence()
            try:
                self._client.batch_update(orders)
            except TargetError as error:
                if not batch.tab:
                    raise
                refused[batch.tab] = error
            else:
                requests, cells = requests + 1, cells + batch.cells
        return Written(requests, cells), refused

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def _state(self, publication: Publication) -> State:
        """What the edits meet. Tabs that get rows appended are read afresh: people may have typed since."""
        inputs = _inputs(publication)
        seen, self._glance = self._glance, None
        known = seen is not None and not inputs and seen.tells_of(_tabs(publication))
        found = seen.layout if seen and known else self._client.layout(reading.FIELDS)
        shown = reading.sheets(found)
        there = {tab.key: one for tab, one in glance.found(_tabs(publication), found)}
        _refuse_titles(publication, there, shown)
        typed = self._typed([(tab, there[tab.key]) for tab in inputs if tab.key in there])
        typed |= {tab.key: _fresh(tab) for tab in inputs if tab.key not in there}
        return State(there, typed, found.get("developerMetadata", ()), self._client.account)

    def _typed(self, there: Sequence[tuple[Tab, Shown]]) -> dict[str, Typed]:
        values = self._client.values([reading.quoted(shown.title) for _, shown in there])
        found = {}
        for (tab, shown), value in zip(there, values, strict=True):
            where = reading.header(tab, shown, value)
            there_now = names(reading.rows(value, tab, where), tab, where)
            found[tab.key] = Typed(where, frozenset(there_now.values()))
        return found


def findings(client: Client, *, writing: bool) -> Iterator[Finding]:
    """What can be proved of a spreadsheet without changing it: the key, the sharing, the bin, the right to edit."""
    try:
        client.prove()
        yield Finding(True, "credential", f"Google accepts the key of {client.account or 'an authorised user'}")
        title = client.layout("properties(title)").get("properties", {}).get("title", "")
        yield Finding(True, client.spreadsheet, f"the spreadsheet “{title}” can be read")
    except PmosyncError as error:
        yield Finding(False, client.spreadsheet, error.message, error.remedy)
        return
    yield _file(client, writing)


def _file(client: Client, writing: bool) -> Finding:
    """What Drive says of the file. Where Drive is ill, who only reads is not kept from it."""
    try:
        file = client.file()
    except PmosyncError as error:
        said = error.message if writing else f"whether the spreadsheet is in use is unknown: {error.message}"
        return Finding(not writing, client.spreadsheet, said, error.remedy)
    if file is None:
        return Finding(True, client.spreadsheet, "whether it may be edited is unknown: Drive does not let us ask")
    if file.get("trashed"):
        return Finding(False, client.spreadsheet, "the spreadsheet is in the bin", "restore it from the bin of Drive")
    if writing and not file.get("capabilities", {}).get("canEdit"):
        return Finding(
            False, client.spreadsheet, "the spreadsheet may be read but not edited", f"make {client.account} an editor"
        )
    return Finding(
        True, client.spreadsheet, "the spreadsheet may be edited" if writing else "the spreadsheet is in use"
    )


def _refuse_bin(client: Client) -> None:
    file = client.file()
    if file is not None and file.get("trashed"):
        raise TargetError(
            f"the spreadsheet {client.spreadsheet} is in the bin", remedy="restore it from the bin of Drive"
        )
    if file is not None and not file.get("capabilities", {}).get("canEdit", True):
        raise AuthError(
            f"the spreadsheet {client.spreadsheet} may not be edited by us",
            remedy=f"make {client.account or 'the account of the key file'} an editor",
        )


def _grid(tab: Tab, shown: Shown, told: Content, keys: Mapping[int, str], account: str) -> Grid:
    """``keys``: the tab of each sheetId, to which links lead. People's own links are no business of ours."""
    where = reading.header(tab, shown, told.values)
    links = {spot: url(address, keys) for spot, address in told.links.items()} if tab.kind is Kind.PUBLISHED else {}
    rows = reading.rows(told.values, tab, where, told.formulas, links)
    return Grid(
        key=tab.key,
        title=shown.title,
        rows=rows[where.header_row :],
        header_row=where.header_row,
        row_count=shown.row_count,
        column_count=shown.column_count,
        spots=where.spots,
        layout_differs=(*compare.differs(tab, shown, account), *charts.differs(tab, shown)),
    )


def _tabs(publication: Publication) -> tuple[Tab, ...]:
    """Every tab of the publication: links lead also to those that are not edited."""
    edited = {edit.tab.key: edit.tab for edit in publication.edits if not isinstance(edit, WriteStamp)}
    return tuple({**{table.tab.key: table.tab for table in publication.tables}, **edited}.values())


def _inputs(publication: Publication) -> list[Tab]:
    """The input tabs of which the place of columns and codes must be known."""
    found = {
        edit.tab.key: edit.tab
        for edit in publication.edits
        if isinstance(edit, AppendRows | WriteRows | FormatTab) and edit.tab.kind is Kind.INPUT
    }
    return list(found.values())


def _fresh(tab: Tab) -> Typed:
    """An input tab that is about to be made."""
    return Typed(Located(0, {column.key: place for place, column in enumerate(tab.columns)}), frozenset())


def _refuse_titles(publication: Publication, there: Mapping[str, Shown], shown: Sequence[Shown]) -> None:
    """A tab that people made keeps its title: ours cannot be made beside it."""
    titles = {one.title for one in shown}
    for edit in publication.edits:
        if isinstance(edit, CreateTab) and edit.tab.key not in there and edit.tab.title in titles:
            raise TargetError(
                f"the spreadsheet has a tab {edit.tab.title!r} that pmosync did not make", remedy="rename that tab"
            )
