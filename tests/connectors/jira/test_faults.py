"""What must never be read as "nothing there": broken answers, early ends, shifting pages, changes between pulls."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pmosync.emulation import events
from pmosync.emulation.events import Stage
from pmosync.errors import AuthError, HeldError, PmosyncError, TransientError
from pmosync.mapping import Context, load_mapping, translate
from pmosync.raw import RawRecord, Unit
from pmosync_jira.emulator import JiraEmulator

if TYPE_CHECKING:
    from tests.connectors.jira.conftest import Rig

PAY = "project PAY"


class Liar:
    """Answers one address with something else; all others truly."""

    def __init__(self, app: ASGIApp, path: str, answer: Response) -> None:
        self._app, self._path, self._answer = app, path, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        true = not scope["path"].endswith(self._path)
        await (self._app if true else self._answer)(scope, receive, send)


def lie(rig: Rig, path: str, body: bytes, status: int = 200, **headers: str) -> None:
    """From now on ``path`` is answered with ``body``."""
    answer = Response(body, status, headers or None, media_type="application/json")
    rig.recorder.app = Liar(rig.emulator.app, path, answer)


BROKEN = [
    b"",
    b"{}",
    b"[]",
    b"null",
    b'{"issues": [{"id": "1"',
    b"<html><body>Sign in</body></html>",
    b'{"issues": null, "isLast": true}',
    b'{"issues": [{"key": "PAY-1"}], "isLast": true}',
    b'{"issues": [{"id": 1, "fields": {}}], "isLast": true}',
    b'{"issues": [], "isLast": false}',
]


@pytest.mark.parametrize("body", BROKEN)
def test_a_broken_search_answer_is_a_failure(cloud: Rig, body: bytes) -> None:
    """Empty, cut, foreign or mistyped answers with 200 are failures of the other side, never an empty project."""
    cloud.story()
    source = cloud.source(PAY)
    cloud.issues(source, PAY)
    lie(cloud, "/search/jql", body)
    for attempt in (lambda: cloud.issues(source, PAY), lambda: list(source.census(cloud.unit(source, PAY)))):
        with pytest.raises(TransientError, match="jira"):
            attempt()


@pytest.mark.parametrize(
    "body", [*BROKEN, b'{"startAt": 50, "total": 0, "issues": []}', b'{"startAt": 0, "total": 9, "issues": []}']
)
def test_a_broken_data_center_answer_is_a_failure(server: Rig, body: bytes) -> None:
    """Neither is another offset than the one asked for, or a page that is empty before the end."""
    server.story()
    source = server.source(PAY)
    lie(server, "/search", body)
    with pytest.raises(TransientError, match="jira"):
        server.issues(source, PAY)


def test_half_a_surrogate_pair_does_not_stop_a_project(both: Rig) -> None:
    """It becomes a question mark; the rest of the page is as it came."""
    both.story()
    both.tell(both.created("PAY-4", title="a\ud83db 🚀"))
    found, _ = both.issues(both.source(PAY), PAY)
    assert found["PAY-4"].payload["fields"]["summary"] == "a?b 🚀"
    assert len(found) == 5


GARBLE = "java.lang.NullPointerException"


@pytest.mark.parametrize(
    "fields", [GARBLE, None, {}, {"summary": None, "created": None, "updated": None, "status": None}]
)
def test_an_issue_that_cannot_be_read_does_not_take_its_page_with_it(both: Rig, fields: object) -> None:
    """It comes with its name alone, is put aside and told; all others come as they are. So does one of which nothing is told:
    taken as it is, it would wipe out what is known of it.
    """
    both.story(issues=5)
    both.emulator.story.site.garbled = {"PAY-2": fields}
    source = both.source(PAY)
    found, _ = both.issues(source, PAY)
    assert found["PAY-2"].payload.keys() == {"id", "key", "unreadable"}
    assert found["PAY-3"].payload["fields"]["summary"] == "Story PAY-3"
    translation = translate(load_mapping("jira"), found["PAY-2"], Context(seen=both.at(0)))
    assert [(problem.rule, problem.place) for problem in translation.problems] == [("unreadable-record", "PAY-2")]
    assert translation.facts == ()


@pytest.mark.parametrize("fields", [GARBLE, {}])
def test_too_many_issues_that_cannot_be_read_are_held(both: Rig, fields: object) -> None:
    """More than max(2, 1 %) of a page: Jira's answers have changed, and somebody must look."""
    both.story(issues=5)
    both.emulator.story.site.garbled = {"PAY-1": fields, "PAY-2": fields}
    assert len(both.issues(both.source(PAY), PAY)[0]) == 6
    both.emulator.story.site.garbled["PAY-3"] = fields
    with pytest.raises(HeldError, match="3 of 6 issues that cannot be read"):
        both.issues(both.source(PAY), PAY)


@pytest.mark.parametrize(
    "path", ["/serverInfo", "/myself", "/field", "/project/PAY", "/version", "/board", "/sprint", "/bulkfetch"]
)
@pytest.mark.parametrize("body", [b"{}", b"<html>", b'{"values": [], "isLast": false}'])
def test_any_other_broken_answer_is_a_failure(cloud: Rig, path: str, body: bytes) -> None:
    """The same for every address that a sync asks."""
    cloud.story()
    found, _ = cloud.issues(cloud.source(PAY), PAY)
    lie(cloud, path, body)
    source = cloud.source(PAY)

    def everything() -> None:
        for unit in source.units():
            list(source.pull(unit, None))
        source.visible([found["PAY-1"].ref])

    with pytest.raises(PmosyncError):
        everything()


@pytest.mark.parametrize(
    ("status", "error"), [(401, AuthError), (403, HeldError), (500, TransientError), (503, TransientError)]
)
def test_refusals_by_status(cloud: Rig, status: int, error: type[PmosyncError]) -> None:
    """Credential and right are told apart from trouble; the body, which may hold anything, is not repeated."""
    cloud.story()
    source = cloud.source(PAY)
    lie(cloud, "/search/jql", b'{"errorMessages": ["secret words"]}', status)
    with pytest.raises(error) as caught:
        cloud.issues(source, PAY)
    assert "secret words" not in str(caught.value)


def test_a_forbidden_project_is_held_alone(cloud: Rig) -> None:
    """A right that is missing on one scope holds that unit; an account that may not even know itself is a dead one."""
    cloud.story()
    source = cloud.source(PAY)
    lie(cloud, "/version", b"{}", 403)
    with pytest.raises(HeldError, match="forbids"):
        list(source.pull(Unit("jira", "versions"), None))
    lie(cloud, "/myself", b"{}", 403)
    with pytest.raises(AuthError, match="shuts this account out"):
        cloud.issues(cloud.source(PAY), PAY)


def test_a_repeated_page_token_is_a_circle(cloud: Rig) -> None:
    """A token that leads to itself would be followed for ever."""
    cloud.story()
    source = cloud.source(PAY)
    page = {"issues": [{"id": "1", "key": "PAY-1", "fields": {}}], "nextPageToken": "again", "isLast": False}
    lie(cloud, "/search/jql", json.dumps(page).encode())
    with pytest.raises(TransientError, match="repeats"):
        cloud.issues(source, PAY)


def test_a_chain_of_tokens_that_ends_early_is_not_believed(cloud: Rig) -> None:
    """A sweep has been seen to end normally long before its end: from the last change on it is asked again."""
    cloud.story(issues=0)
    cloud.tell(*(cloud.created(f"PAY-{number}", minute=number) for number in range(1, 61)))
    cloud.emulator.knobs.chain_reach, cloud.emulator.knobs.id_page_cap = 25, 10
    records, _ = cloud.issues(cloud.source(PAY, page_size=10), PAY)
    assert len(records) == 61


def test_changelogs_split_over_bulk_pages_are_merged(cloud: Rig) -> None:
    """One issue's entries lie on several pages, between those of others."""
    cloud.story(issues=2)
    cloud.emulator.knobs.changelog_cut, cloud.emulator.knobs.bulk_changelog_cap = 1, 3
    for step in range(5):
        for key in ("PAY-1", "PAY-2"):
            cloud.tell(events.ItemRetitled(at=cloud.at(10 + step), key=key, title=f"{step}"))
    records, _ = cloud.issues(cloud.source(PAY), PAY)
    for key in ("PAY-1", "PAY-2"):
        told = [one["items"][0]["toString"] for one in records[key].payload["changelog"]["histories"]]
        assert told == ["0", "1", "2", "3", "4"]


class Cutter:
    """Leaves only the recent part of every changelog in the answers to searches, as a proxy or a plugin might; with
    ``issues``, in an issue's own answer too.
    """

    def __init__(self, app: ASGIApp, issues: bool = False) -> None:
        self._app, self._issues = app, issues

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        parts: list[bytes] = []

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.body":
                parts.append(message.get("body", b""))

        alone = self._issues and scope["path"].rpartition("/")[0].endswith("/issue")
        if not (alone or scope["path"].endswith("/search")):
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, keep)
        page = json.loads(b"".join(parts))
        for changelog in (one["changelog"] for one in page.get("issues", [page]) if "changelog" in one):
            changelog["histories"] = changelog["histories"][-2:]
        await Response(json.dumps(page), media_type="application/json")(scope, receive, send)


def test_a_changelog_that_says_it_is_cut_is_completed_on_data_center_too(server: Rig) -> None:
    """``total`` is believed, not the length: the issue itself is asked for the whole, in the first reading and in later ones."""
    server.story(issues=2)
    for step in range(5):
        server.tell(events.ItemRetitled(at=server.at(10 + step), key="PAY-1", title=f"{step}"))
    server.recorder.app = Cutter(server.emulator.app)
    source = server.source(PAY)
    first, cursor = server.issues(source, PAY)
    server.tell(events.ItemRetitled(at=server.at(30), key="PAY-1", title="5"))
    later, _ = server.issues(source, PAY, cursor)
    for records, steps in ((first, "01234"), (later, "012345")):
        told = [one["items"][0]["toString"] for one in records["PAY-1"].payload["changelog"]["histories"]]
        assert told == list(steps)


@pytest.mark.parametrize("pages", [True, False])
def test_a_changelog_that_is_cut_again_is_paged_or_not_told_as_whole(server: Rig, pages: bool) -> None:
    """Where the issue itself tells a part too, the address that pages it is asked; a server without one leaves a gap, and the
    record says how many entries are missing.
    """
    server.story(issues=2)
    server.emulator.knobs.pages_changelogs = pages
    for step in range(250):
        server.tell(events.ItemRetitled(at=server.at(10 + step), key="PAY-1", title=f"{step}"))
    server.recorder.app = Cutter(server.emulator.app, issues=True)
    records, _ = server.issues(server.source(PAY), PAY)
    changelog = records["PAY-1"].payload["changelog"]
    told = [one["items"][0]["toString"] for one in changelog["histories"]]
    assert told == [f"{step}" for step in (range(250) if pages else (248, 249))]
    assert changelog.get("missing", 0) == (0 if pages else 248)
    assert "missing" not in records["PAY-2"].payload["changelog"]


def test_a_shift_inside_one_minute_is_noticed(server: Rig) -> None:
    """When a page of one minute's issues loses one to a later change, the next offset would skip another: it is seen."""
    server.story(issues=0)
    server.tell(*(server.created(f"PAY-{number}", minute=5) for number in range(1, 41)))
    source = server.source(PAY, page_size=10)
    _, cursor = server.issues(source, PAY)
    server.tell(*(events.ItemRetitled(at=server.at(60), key=f"PAY-{number}", title="x") for number in range(1, 41)))
    server.emulator.advance(server.at(90))
    got: set[str] = set()
    for step, batch in enumerate(source.pull(server.unit(source, PAY), cursor)):
        got |= {record.payload["key"] for record in batch.records}
        for number in range(step * 3 + 1, step * 3 + 4):
            server.tell(events.ItemRetitled(at=server.at(100 + step), key=f"PAY-{number}", title="later"))
    assert got >= {f"PAY-{number}" for number in range(1, 41)}


class Between:
    """Lets something happen after every answer to a list of ids."""

    def __init__(self, app: ASGIApp, happen: Callable[[int], None]) -> None:
        self._app, self._happen, self._lists = app, happen, 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        parts: list[bytes] = []

        async def hear() -> Message:
            message = await receive()
            parts.append(message.get("body", b""))
            return message

        await self._app(scope, hear, send)
        if b"ORDER BY created" in b"".join(parts):
            self._lists += 1
            self._happen(self._lists)


def test_a_list_of_ids_that_shifts_inside_one_minute_leaves_none_out(server: Rig) -> None:
    """An import gives thousands of issues one minute of creation; while they are listed by offset, some of them go."""
    server.story(issues=0)
    server.tell(*(server.created(f"PAY-{number}", minute=5) for number in range(1, 41)))
    server.emulator.knobs.server_page_cap = 10

    def happen(lists: int) -> None:
        server.tell(*(events.ItemDeleted(at=server.at(60), key=f"PAY-{3 * lists - one}") for one in range(3)))

    server.recorder.app = Between(server.emulator.app, happen)
    source = server.source(PAY)
    known, _ = server.issues(source, PAY)
    seen = {one.key for one in server.emulator.story.site.issues.values()}
    assert set(known) >= seen
    assert len(seen) < 35
    server.recorder.app = server.emulator.app


def test_units_may_be_pulled_by_several_threads(both: Rig) -> None:
    """A source serves a pool of threads: each has its own library session, and all get what is theirs."""
    for project in ("PAY", "ALO", "BOX"):
        both.tell(events.ProjectOpens(at=both.at(0), system="jira", key=project, name=project))
        both.tell(*(both.created(f"{project}-{number}", minute=number, milestone="") for number in range(1, 31)))
    scopes = ["project PAY", "project ALO", "project BOX"]
    source = both.source(*scopes, page_size=10)
    with ThreadPoolExecutor(3) as pool:
        pulled = list(pool.map(lambda scope: set(both.issues(source, scope)[0]), scopes * 2))
    for scope, keys in zip(scopes * 2, pulled, strict=True):
        assert keys == {f"{scope[8:]}-{number}" for number in range(1, 31)}


def test_one_bad_scope_stops_no_other(both: Rig) -> None:
    """Versions of the good scopes arrive before the bad one is told."""
    both.story()
    source = both.source("jql wealth > 1", PAY)
    for unit in ("versions", "sprints"):
        batches = source.pull(both.unit(source, unit), None)
        first = next(batches)
        assert first.records
        assert first.whole == ()
        with pytest.raises(PmosyncError, match="wealth"):
            list(batches)


def test_what_the_account_may_not_see_is_not_there(both: Rig) -> None:
    """Without the security level, restricted issues are absent everywhere, by id too."""
    both.story()
    source = both.source(PAY)
    before, _ = both.issues(source, PAY)
    both.tell(events.ItemRestricted(at=both.at(2), key="PAY-1"))
    both.emulator.knobs.sees_restricted = False
    after, _ = both.issues(source, PAY)
    assert set(before) - set(after) == {"PAY-1"}
    assert source.visible([before["PAY-1"].ref]) == {before["PAY-1"].ref: False}


def test_a_search_index_that_lags_loses_nothing(both: Rig) -> None:
    """What the index learns only after a pull is found by the next one, because the windows overlap."""
    both.story(issues=3)
    both.emulator.story.site.index_lag = 10 * 60_000
    both.emulator.advance(both.at(120))
    source = both.source(PAY)
    both.tell(events.ItemRetitled(at=both.at(121), key="PAY-1", title="新"), both.created("PAY-9", minute=122))
    _, cursor = both.issues(source, PAY)
    early, cursor = both.issues(source, PAY, cursor)
    assert "PAY-9" not in early
    both.emulator.advance(both.at(140))
    late, _ = both.issues(source, PAY, cursor)
    assert {"PAY-1", "PAY-9"} <= set(late)


def test_an_issue_that_another_node_has_not_indexed_is_not_lost(server: Rig) -> None:
    """The nodes of a Data Center index by themselves: one lists an issue that the next does not find. By id it answers."""
    server.story(issues=0)
    server.tell(*(server.created(f"PAY-{number}", minute=number) for number in range(1, 401)))
    source = server.source(PAY, page_size=10)
    batches = source.pull(server.unit(source, PAY), None)
    got = {record.payload["key"]: record for record in next(batches).records}
    site = server.emulator.story.site
    site.unindexed = {"PAY-390"}
    site.touch()
    got |= {record.payload["key"]: record for batch in batches for record in batch.records}
    assert set(got) == {f"PAY-{number}" for number in range(1, 401)} | {"PAY-90001"}
    assert got["PAY-390"].payload.keys() == got["PAY-389"].payload.keys()
    assert got["PAY-390"].payload["fields"].keys() == got["PAY-389"].payload["fields"].keys()


def test_an_issue_that_the_index_shows_with_its_old_place_hides_no_other(both: Rig) -> None:
    """The order is the index's, the answer is today's: a change that the index does not know yet moves no window past
    the issues behind it, even if the page token is lost there.
    """
    both.story(issues=25)
    both.emulator.story.site.index_lag = 5 * 60_000
    both.emulator.advance(both.at(20))
    source = both.source(PAY, page_size=10)
    _, cursor = both.issues(source, PAY)
    for number in range(1, 26):
        both.tell(events.ItemRetitled(at=both.at(100 + number), key=f"PAY-{number}", title="x"))
    both.emulator.advance(both.at(200))
    both.tell(events.ItemRetitled(at=both.at(200), key="PAY-1", title="新"))
    first = next(iter(source.pull(both.unit(source, PAY), cursor)))
    assert first.records[0].payload["fields"]["summary"] == "新"
    both.emulator.expire_tokens()
    rest, _ = both.issues(source, PAY, first.cursor)
    got = {record.payload["key"] for record in first.records} | set(rest)
    assert got >= {f"PAY-{number}" for number in range(1, 26)}


KEYS = st.sampled_from([f"PAY-{number}" for number in range(1, 7)])
STEPS = st.one_of(
    st.tuples(st.just("move"), KEYS, st.sampled_from(list(Stage))),
    st.tuples(st.just("title"), KEYS, st.text(max_size=5)),
    st.tuples(st.just("due"), KEYS, st.dates(date(2026, 1, 1), date(2027, 1, 1))),
    st.tuples(st.just("plan"), KEYS, st.sampled_from(["M1", "E1", ""])),
    st.tuples(st.just("sprint"), KEYS, st.sampled_from(["S1", ""])),
    st.tuples(st.just("restrict"), KEYS, st.booleans()),
    st.tuples(st.just("delete"), KEYS, st.none()),
    st.tuples(st.just("pull"), KEYS, st.none()),
    st.tuples(st.just("break off"), KEYS, st.integers(1, 2)),
    st.tuples(st.just("expire"), KEYS, st.none()),
)
MAKE: dict[str, Any] = {
    "move": lambda at, key, value: events.ItemMoves(at=at, by="li", key=key, to=value),
    "title": lambda at, key, value: events.ItemRetitled(at=at, by="li", key=key, title=value),
    "due": lambda at, key, value: events.ItemDated(at=at, by="ann", key=key, due=value),
    "plan": lambda at, key, value: events.ItemPlanned(at=at, by="ann", key=key, milestone=value),
    "sprint": lambda at, key, value: events.ItemSprint(at=at, key=key, sprint=value),
    "restrict": lambda at, key, value: events.ItemRestricted(at=at, key=key, restricted=value),
    "delete": lambda at, key, _: events.ItemDeleted(at=at, key=key),
}


@pytest.mark.parametrize("dialect", ["cloud", "server"])
def test_increments_add_up_to_the_whole(request: pytest.FixtureRequest, dialect: str) -> None:
    """Whatever happens between pulls, at whatever second: increments add up to what is read at once."""
    rig: Rig = request.getfixturevalue(dialect)

    @settings(max_examples=25)
    @example([(("title", "PAY-1", ""), 661), (("pull", "PAY-1", None), 299)])
    @given(st.lists(st.tuples(STEPS, st.integers(0, 40_000)), max_size=25))
    def hold(story: list[tuple[tuple[str, str, Any], int]]) -> None:
        rig.emulator = JiraEmulator("cloud" if dialect == "cloud" else "server", now=rig.at(0))
        rig.recorder.app = rig.emulator.app
        rig.story(issues=25)
        rig.emulator.story.site.index_lag = 5 * 60_000
        source = rig.source(PAY, page_size=10)
        known, cursor = rig.pull(source, PAY)
        now = rig.at(1)
        for (what, key, value), seconds in story:
            now += timedelta(seconds=seconds)
            rig.emulator.advance(now)
            if what == "pull":
                more, cursor = rig.pull(source, PAY, cursor)
                known |= more
            elif what == "break off":
                for batch in islice(source.pull(rig.unit(source, PAY), cursor), value):
                    known |= {record.ref.id: record for record in batch.records}
                    cursor = batch.cursor
            elif what == "expire":
                rig.emulator.expire_tokens()
            else:
                rig.tell(MAKE[what](now, key, value))
        rig.emulator.advance(now + timedelta(minutes=10))
        more, cursor = rig.pull(source, PAY, cursor)
        seen = {ref.id for page in source.census(rig.unit(source, PAY)) for ref in page}
        whole, _ = rig.pull(source, PAY)
        assert {one: record for one, record in (known | more).items() if one in seen} == whole
        source.close()

    hold()


HAPPENINGS = st.one_of(
    st.tuples(st.just("title"), KEYS, st.just("later")),
    st.tuples(st.just("restrict"), KEYS, st.just(True)),
    st.tuples(st.just("delete"), KEYS, st.none()),
    st.tuples(st.just("create"), st.sampled_from(["PAY-71", "PAY-72", "PAY-73"]), st.none()),
    st.tuples(st.just("move"), KEYS, st.sampled_from(list(Stage))),
    st.tuples(st.just("kill"), KEYS, st.none()),
    st.tuples(st.just("read on"), KEYS, st.none()),
)


@pytest.mark.parametrize("dialect", ["cloud", "server"])
def test_a_first_reading_loses_nothing(request: pytest.FixtureRequest, dialect: str) -> None:
    """Whatever comes, goes and changes between its pieces, however often it is killed and however late the search index is:
    a first reading and the pull behind it add up to the whole. Nine issues of one minute are more than a page of ids.
    """
    rig: Rig = request.getfixturevalue(dialect)

    @settings(max_examples=12)
    @given(
        st.lists(st.tuples(HAPPENINGS, st.integers(0, 400)), max_size=20),
        st.sampled_from([0, 5, 14]),
        st.integers(2, 7),
    )
    def hold(story: list[tuple[tuple[str, str, Any], int]], lag: int, cap: int) -> None:
        rig.emulator = JiraEmulator("cloud" if dialect == "cloud" else "server", now=rig.at(0))
        rig.recorder.app = rig.emulator.app
        knobs = rig.emulator.knobs
        knobs.id_page_cap = knobs.server_page_cap = cap
        rig.story(issues=9)
        rig.tell(*(rig.created(f"PAY-{number}", minute=number) for number in range(10, 41)))
        rig.emulator.story.site.index_lag = lag * 60_000
        now = rig.at(41 + lag)
        rig.emulator.advance(now)
        source = rig.source(PAY, page_size=10)
        known: dict[str, RawRecord] = {}
        cursor, batches = None, source.pull(rig.unit(source, PAY), None)
        for (what, key, value), seconds in story:
            now += timedelta(seconds=seconds)
            rig.emulator.advance(now)
            if what == "kill":
                batches = source.pull(rig.unit(source, PAY), cursor)
            elif what == "create":
                rig.tell(rig.created(key, (now - rig.at(0)).total_seconds() / 60, milestone=""))
            elif what != "read on":
                rig.tell(MAKE[what](now, key, value))
            elif batch := next(batches, None):
                known |= {record.ref.id: record for record in batch.records}
                cursor = batch.cursor
        rig.emulator.advance(now + timedelta(minutes=20))
        for _ in range(2):
            more, cursor = rig.pull(source, PAY, cursor)
            known |= more
        seen = {ref.id for page in source.census(rig.unit(source, PAY)) for ref in page}
        whole, _ = rig.pull(source, PAY)
        assert {one: record for one, record in known.items() if one in seen} == whole
        source.close()

    hold()
