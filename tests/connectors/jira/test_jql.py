"""The query language: what matches, what is refused and in which words."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync.errors import ConfigError
from pmosync.raw import Scope
from pmosync_jira.emulator.jql import JqlError, parse
from pmosync_jira.emulator.jql.fields import Lens
from pmosync_jira.emulator.jql.lexer import tokens
from pmosync_jira.emulator.jql.parser import Clause, Every, Node, Some, opposite
from pmosync_jira.emulator.jql.search import find
from pmosync_jira.emulator.records import Issue, Project, Sprint, Version
from pmosync_jira.emulator.site import Site, millis
from pmosync_jira.query import clause, quoted, since, unordered, window

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)


def _site() -> Site:
    site = Site(NOW)
    site.add_project(Project(1, "PAY", "Payments"))
    site.add_project(Project(2, "ALO", "Alloy"))
    site.versions["50"] = Version("50", 1, "1.0")
    site.sprints[60] = Sprint(60, "Sprint 1", "active")
    bug, story = site.type_named("Bug").id, site.type_named("Story").id
    todo, done = site.status_named("To Do").id, site.status_named("Done").id
    rows = [
        (101, "PAY-1", 1, bug, todo, ["50"], [60], ["hot", "Web"], "2026-01-05"),
        (102, "PAY-2", 1, story, done, [], [], [], None),
        (103, "PAY-10", 1, story, todo, ["50"], [], ["cold"], "2026-02-01"),
        (201, "ALO-1", 2, story, todo, [], [], [], None),
    ]
    for number, key, project, kind, status, versions, sprints, labels, due in rows:
        hour = millis(NOW - timedelta(hours=number - 100))
        issue = Issue(number, key, project, f"Title {key}", kind, status, hour, hour, due=due)
        issue.versions, issue.sprints, issue.labels = versions, sprints, labels
        site.add_issue(issue)
    site.issues[102].resolution = "Won't Do"
    site.issues[102].parent = 101
    site.issues[103].assignee = site.person("li").account
    site.person("li").display = "李雷"
    return site


SITE = _site()


def lens(zone: str = "UTC", *, strict: bool = True) -> Lens:
    """The sight of an account that sees both projects."""
    return Lens(SITE, NOW, ZoneInfo(zone), SITE.person("li").account, frozenset({1, 2}), strict)


def keys(jql: str, zone: str = "UTC") -> list[str]:
    """The keys that match, in order."""
    return [issue.key for issue in find(lens(zone), parse(jql))]


@pytest.mark.parametrize(
    ("jql", "expected"),
    [
        ("project = PAY ORDER BY key", "PAY-1 PAY-2 PAY-10"),
        ("project in (PAY, ALO) order by key desc", "PAY-10 PAY-2 PAY-1 ALO-1"),
        ('project = "Alloy"', "ALO-1"),
        ("status = 'to do' AND project = PAY ORDER BY id", "PAY-1 PAY-10"),
        ("statusCategory = Done", "PAY-2"),
        ("statusCategory != Done ORDER BY key", "ALO-1 PAY-1 PAY-10"),
        ("issuetype = Bug OR labels = COLD ORDER BY key", "PAY-1 PAY-10"),
        ("fixVersion = 1.0 ORDER BY key", "PAY-1 PAY-10"),
        ("fixVersion = 50 ORDER BY key", "PAY-1 PAY-10"),
        ("fixVersion IS EMPTY ORDER BY key", "ALO-1 PAY-2"),
        ("fixVersion is not EMPTY ORDER BY key", "PAY-1 PAY-10"),
        ("labels not in (hot) ORDER BY key", "PAY-10"),
        ("labels != hot ORDER BY key", "PAY-10"),
        ("NOT labels = hot ORDER BY key", "PAY-10"),
        ("NOT (labels = hot OR labels IS EMPTY)", "PAY-10"),
        ("sprint in openSprints()", "PAY-1"),
        ("cf[10020] = 60", "PAY-1"),
        ('"Sprint" = "sprint 1"', "PAY-1"),
        ("parent = PAY-1", "PAY-2"),
        ("assignee = 李雷", "PAY-10"),
        ("assignee = currentUser()", "PAY-10"),
        ("resolution = Unresolved AND project = ALO", "ALO-1"),
        ('resolution = "Won\'t Do"', "PAY-2"),
        ("key > PAY-2", "PAY-10"),
        ("id in (101, 201) ORDER BY key", "ALO-1 PAY-1"),
        ("key = pay-2", "PAY-2"),
        ("due <= 2026-01-05", "PAY-1"),
        ("due > '2026/1/5'", "PAY-10"),
        ("duedate < 3w ORDER BY key", "PAY-1"),
        ("due is empty and status = Done", "PAY-2"),
        ("updated >= -90m", "PAY-1"),
        ('updated >= "2026-01-10 10:00" ORDER BY key', "PAY-1 PAY-2"),
        (f"updated >= {millis(NOW - timedelta(hours=2))} ORDER BY key", "PAY-1 PAY-2"),
        ("updated < startOfDay() ORDER BY key", "ALO-1"),
        ("summary ~ 'title alo'", "ALO-1"),
        ("project = PAY && !(status = Done) || key = ALO-1 ORDER BY key", "ALO-1 PAY-1 PAY-10"),
    ],
)
def test_matches(jql: str, expected: str) -> None:
    """Each clause means what Jira means by it; ``!=`` and NOT leave out empty fields."""
    assert " ".join(keys(jql)) == expected


@pytest.mark.parametrize(
    ("jql", "words"),
    [
        ("project = NOPE", "The value 'NOPE' does not exist for the field 'project'."),
        ("wealth = 3", "Field 'wealth' does not exist or you do not have permission to view it."),
        ("status = Gone", "The value 'Gone' does not exist for the field 'status'."),
        ("key = PAY-99", "An issue with key 'PAY-99' does not exist for field 'key'."),
        ("key = PAY", "The issue key 'PAY' for field 'key' is invalid."),
        ("updated > '2026-01-10 10:00:30'", "Date value '2026-01-10 10:00:30' for field 'updated' is invalid."),
        ("updated > soon", "Date value 'soon' for field 'updated' is invalid."),
        ("updated > '2026-13-01'", "Date value '2026-13-01' for field 'updated' is invalid."),
        ("project ~ PAY", "The operator '~' is not supported by the 'project' field."),
        ("project PAY", "Expecting operator but got 'PAY'."),
        ("project =", "Expecting either a value, list or function but got the end of the query."),
        ("project = PAY AND", "Expecting a field name but got the end of the query."),
        ("(project = PAY", "Expecting ')' before the end of the query."),
        ("project = PAY key = PAY-1", "Expecting either 'OR' or 'AND' but got 'key'."),
        ("project in PAY", "Expecting either a list or function but got 'PAY'."),
        ("sprint in yesterday()", "Unable to find JQL function 'yesterday()'."),
        ('project = "PAY', "has not been completed."),
        ("project = P#Y", "is a reserved JQL character."),
        ("project = PAY ORDER key", "Expecting 'BY' but got 'key'."),
        ("project = PAY ORDER BY " + ", ".join(["key"] * 8), "maximum number of fields in the ORDER BY clause is 7"),
        ("NOT " * 200 + "project = PAY", "too deeply nested"),
    ],
)
def test_refusals(jql: str, words: str) -> None:
    """What Jira refuses is refused in its words."""
    with pytest.raises(JqlError) as caught:
        keys(jql)
    assert words in caught.value.message


def test_an_anonymous_visitor_is_told_of_no_value() -> None:
    """The anonymous view checks no values: it finds nothing, and says nothing."""
    assert find(lens(strict=False), parse("project = NOPE")) == []


@pytest.mark.parametrize(("zone", "expected"), [("UTC", "PAY-1"), ("Asia/Shanghai", "ALO-1 PAY-1 PAY-2 PAY-10")])
def test_dates_are_read_in_the_profile_zone(zone: str, expected: str) -> None:
    """The same words mean eight hours earlier to an account in Shanghai."""
    found = [key for key in keys('updated >= "2026-01-10 10:30" ORDER BY key', zone) if key != "ALO-1"]
    assert " ".join(found) == expected.replace("ALO-1 ", "")


CLAUSES = st.sampled_from(
    [
        "project = PAY",
        "labels = hot",
        "labels != hot",
        "fixVersion IS EMPTY",
        "due > 2026-01-10",
        "updated > -2h",
        "key <= PAY-2",
    ]
)


@st.composite
def queries(draw: st.DrawFn, depth: int = 3) -> str:
    """Any nesting of clauses."""
    if depth == 0 or draw(st.booleans()):
        return draw(CLAUSES)
    left, right = draw(queries(depth=depth - 1)), draw(queries(depth=depth - 1))
    return draw(st.sampled_from([f"({left} AND {right})", f"({left} OR {right})", f"NOT ({left})", f"({left})"]))


@given(queries())
def test_negation_twice_is_nothing(jql: str) -> None:
    """NOT NOT is the query itself."""
    assert keys(f"NOT (NOT ({jql})) ORDER BY key") == keys(f"{jql} ORDER BY key")


@given(queries())
def test_no_issue_matches_a_query_and_its_negation(jql: str) -> None:
    """A query and its NOT share no issue; with empty fields both may miss one."""
    assert not set(keys(jql)) & set(keys(f"NOT ({jql})"))


@given(queries())
def test_pushing_not_down_is_its_own_inverse(jql: str) -> None:
    """The opposite of the opposite is the same tree."""
    where = parse(jql).where
    assert where is not None
    assert opposite(opposite(where)) == where
    assert _shape(opposite(where)) == _shape(where)


def _shape(node: Node) -> object:
    if isinstance(node, Clause):
        return node.field
    assert isinstance(node, Every | Some)
    return [_shape(part) for part in node.parts]


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes the parser fail in any other way than with Jira's refusal."""
    with suppress(JqlError):
        parse(text)


@given(st.text())
def test_quoting_survives_any_text(text: str) -> None:
    """A quoted value is one token with the same text, whatever stands in it."""
    first, end = tokens(quoted(text))
    assert (first.kind, first.text, end.kind) == ("text", text, "end")


ZONES = st.sampled_from(
    [
        "UTC",
        "Asia/Shanghai",
        "America/New_York",
        "Europe/Berlin",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "America/St_Johns",
    ]
)
MOMENTS = st.integers(1_262_300_000, 2_051_200_000).map(lambda second: datetime.fromtimestamp(second, UTC))


@given(MOMENTS, ZONES)
def test_a_window_never_starts_late(moment: datetime, zone: str) -> None:
    """However the server reads the local minute, in an hour that comes twice too, it is not after the moment; nor much before."""
    local = datetime.strptime(since(moment, ZoneInfo(zone)), "%Y-%m-%d %H:%M")  # noqa: DTZ007
    for fold in (0, 1):
        read = local.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)
        assert read <= moment
        assert moment - read < timedelta(hours=3)


@given(st.integers(0, 240), ZONES)
def test_windows_around_a_change_of_clocks(minutes: int, zone: str) -> None:
    """The hour that comes twice in New York, Berlin and on Lord Howe is met minute by minute."""
    for start in (
        datetime(2026, 11, 1, 4, tzinfo=UTC),
        datetime(2026, 10, 24, 23, tzinfo=UTC),
        datetime(2026, 4, 4, 13, tzinfo=UTC),
    ):
        test_a_window_never_starts_late.hypothesis.inner_test(start + timedelta(minutes=minutes), zone)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("jql", "bare"),
    [
        ("project = A ORDER BY rank", "project = A"),
        ('summary ~ "order by" order  by key', 'summary ~ "order by"'),
        ("project = A", "project = A"),
        ("项目 = 支付 AND 状态 = 进行中 ORDER BY 优先级 DESC, 创建日期", "项目 = 支付 AND 状态 = 进行中"),
        ("summary ~ '单引号 order by' ORDER BY key", "summary ~ '单引号 order by'"),
        ('summary ~ "a \\" ORDER BY b" AND x = 1 order\nby y', 'summary ~ "a \\" ORDER BY b" AND x = 1'),
        ('"order by" = 1', '"order by" = 1'),
        ("labels = border AND by = 1", "labels = border AND by = 1"),
        ("project = A\u3000ORDER BY key", "project = A"),
        ("project = A ORDER BY", "project = A"),
    ],
)
def test_an_order_is_taken_off(jql: str, bare: str) -> None:
    """A scope's own order would break the window's; words in quotes stay."""
    assert unordered(jql) == bare


@pytest.mark.parametrize("cloud", [True, False])
@given(st.text(max_size=12), st.sampled_from(["", " ORDER BY 优先级", " order  by key DESC, created"]))
def test_any_bound_query_keeps_its_meaning_beside_a_window(cloud: bool, word: str, order: str) -> None:
    """Quoted words in any script with anything in them, alternatives and an order of its own: in parentheses and without the
    order the query asks what it asked, and the window narrows all of it.
    """
    asked = f"summary ~ {quoted(word)} OR labels = 热 {order}"
    bound = parse(window(clause(Scope("jql", asked), cloud), NOW, ZoneInfo("UTC")))
    assert isinstance(bound.where, Every)
    assert bound.where.parts[0] == parse(f"summary ~ {quoted(word)} OR labels = 热").where
    assert [sort.field for sort in bound.sorts] == ["updated", "key"]


@pytest.mark.parametrize(
    ("jql", "words"),
    [
        ("ORDER BY created", "demands nothing"),
        ('summary ~ "未完 ORDER BY key', "not closed"),
        ("labels = '热", "not closed"),
        ("project = A) OR (project = B", "closed twice"),
        ("(project = A ORDER BY key)", "not closed"),
    ],
)
def test_a_bound_query_that_would_change_what_stands_beside_it_is_refused(jql: str, words: str) -> None:
    """Before anything is asked, and by its name in the settings: a window or an order would be swallowed or escaped."""
    with pytest.raises(ConfigError, match=words) as caught:
        clause(Scope("jql", jql), True)
    assert jql in caught.value.message


def test_marks_in_quotes_close_nothing() -> None:
    """Parentheses and quotes that are quoted or escaped are words."""
    for jql in ('summary ~ "支付（:(" AND x = 1', "summary ~ ':) \"' AND x = 1", r"summary ~ it\'s"):
        assert clause(Scope("jql", jql), True) == f"({jql})"
