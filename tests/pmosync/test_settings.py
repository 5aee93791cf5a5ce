"""Settings: one file, its includes and the environment; every fault told at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import msgspec
import pytest
from pydantic import BaseModel, ConfigDict, SecretStr

from pmosync import settings, wiring
from pmosync.compute import limits
from pmosync.compute.policy import Policy
from pmosync.errors import ConfigError
from pmosync.testing.rig import Rig


def write(folder: Path, text: str, name: str = "pmosync.yaml") -> Path:
    """A settings file."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def problems(file: Path) -> tuple[str, ...]:
    """What loading the file complains of."""
    with pytest.raises(ConfigError) as caught:
        settings.load(file)
    return caught.value.problems


def test_every_problem_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    """One run shows all faults: file, line, key, remedy."""
    file = write(
        tmp_path, "time_zone: Mars/Base\nsync:\n  heartbeet: 5\nworkbooks:\n  main: {language: fr, connector: xlsx}\n"
    )
    told = problems(file)
    assert any(f"{file}:3 (sync.heartbeet)" in line and "no such setting" in line for line in told)
    assert any(f"{file}:5 (workbooks.main.language)" in line for line in told)


def test_one_fault_hides_no_other(tmp_path: Path) -> None:
    """A value out of its range, unknown and misshapen rules, a zone and a calendar that are none: all in one run."""
    text = (
        "sync: {census: -3}\npolicy:\n  keyy: 1\n  near: soon\n  key: {amber: 9, red: 3}\n"
        "time_zone: Asia/Shangai\ncalendar: XX\nconnections:\n  jira: {}\n"
    )
    told = problems(write(tmp_path, text))
    keys = ("sync.census", "policy.keyy", "policy.near", "policy.key)", "time_zone", "(calendar)", "jira.connector")
    assert [sum(key in line for line in told) for key in keys] == [1] * 7
    assert len(told) == 7


def test_problems_stand_in_the_order_of_their_lines(tmp_path: Path) -> None:
    """From the top of the file to its end, as they are mended; what is told twice is told once, what has no line last."""
    text = "time_zone: Asia/Shangai\nsync:\n  heartbeet: 5\npolicy:\n  keyy: 1\n"
    told = problems(write(tmp_path, text))
    assert [line.partition(" ")[0].rpartition(":")[2] for line in told] == ["1", "3", "5"]
    assert settings.ordered(["a.yaml:20 x", "none", "b.yaml:1 y", "a.yaml:3 z", "none"]) == (
        "a.yaml:3 z",
        "a.yaml:20 x",
        "b.yaml:1 y",
        "none",
    )


def test_a_misspelt_key_gets_the_near_name(tmp_path: Path) -> None:
    """Of sections, settings and rules: what was likely meant stands in the fault."""
    told = problems(write(tmp_path, "conections: {}\nsync: {heartbeet: 5}\npolicy: {nearr: 3}\n"))
    assert sorted(line.rpartition("; ")[2] for line in told) == [
        "did you mean connections?",
        "did you mean heartbeat?",
        "did you mean near?",
    ]
    loaded = settings.load(write(tmp_path, "data: d\n"))
    with pytest.raises(ConfigError) as caught:
        settings.options(loaded, ("connections", "j"), {"tokenfile": "x"}, Options)
    assert "did you mean token_file?" in "".join(caught.value.problems)


@pytest.mark.parametrize(
    "text",
    [
        "projects:\n  - {code: PAY, name: A}\n  - {code: pay, name: B}\n",
        "milestones:\n  - {code: M1, project: PAY}\n  - {code: M1, project: CASH}\n",
        "people:\n  - {key: a@b.c, name: A}\n  - {key: a@b.c, name: B}\n",
        "decisions:\n  - {number: 1, type: pause}\n  - {number: 1, type: resume}\n",
        "bindings:\n  - {code: P, system: j, what: project, which: A}\n"
        "  - {code: P, system: j, what: project, which: A, role: dates}\n",
    ],
)
def test_a_code_that_stands_twice_is_a_fault(tmp_path: Path, text: str) -> None:
    """Order never decides which row counts: both lines are named."""
    file = write(tmp_path, text)
    (told,) = problems(file)
    assert told.startswith(f"{file}:3 ")
    assert f"{file}:2 " in told


def test_rows_of_included_files_have_their_own_lines(tmp_path: Path) -> None:
    """A list that two files make up: each row's fault names the file and line it stands in."""
    more = write(tmp_path, "\n\nprojects:\n  - {code: PAY, name: B}\n", "more.yaml")
    file = write(tmp_path, "include: more.yaml\nprojects:\n  - {code: PAY, name: A}\n")
    (told,) = problems(file)
    assert told.startswith(f"{more}:4 ")
    assert f"{file}:3 " in told


def test_rows_without_a_code_are_not_each_other(tmp_path: Path) -> None:
    """Days of a calendar have no code: two of them are two."""
    days = "calendar_days:\n  - {kind: holiday, first: 2026-10-01}\n  - {kind: holiday, first: 2026-10-02}\n"
    assert len(settings.load(write(tmp_path, days)).plan) == 2


def test_a_zone_that_is_none(tmp_path: Path) -> None:
    """A misspelt time zone would move every deadline; it is a fault."""
    assert "IANA" in problems(write(tmp_path, "time_zone: Mars/Base\n"))[0]


@pytest.mark.parametrize("typed", ["10:00", "noon", '"24:00"', '"9:5"'])
def test_an_hour_that_is_none(tmp_path: Path, typed: str) -> None:
    """YAML takes an hour without quotes for a number of seconds: a committee at ten past midnight is nobody's wish."""
    (told,) = problems(write(tmp_path, f"committee: {{day: fri, time: {typed}}}\n"))
    assert "committee.time" in told
    assert 'write it in quotes, as in "10:00"' in told


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The path that was looked for stands in the message, with what to do."""
    told = problems(tmp_path / "nowhere.yaml")
    assert "nowhere.yaml: there is no such file" in told[0]


def test_stray_variables_are_faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable that looks like ours and sets nothing is a typing slip, not silence."""
    monkeypatch.setenv("PMOSYNC_SINC__CENSUS", "1")
    assert problems(write(tmp_path, ""))[0].startswith("environment PMOSYNC_SINC__CENSUS")


def test_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an operator sets for one process overrides the file, key by key."""
    monkeypatch.setenv("PMOSYNC_SYNC__CENSUS", "12")
    loaded = settings.load(write(tmp_path, "sync: {census: 24, heartbeat: 7}\n"))
    assert (loaded.settings.sync.census, loaded.settings.sync.heartbeat) == (12, 7)


def test_includes_are_joined(tmp_path: Path) -> None:
    """Lists of several files are joined, in the order in which the files are named."""
    write(tmp_path, "projects: [{code: B}]\n", "more.yaml")
    loaded = settings.load(write(tmp_path, "include: more.yaml\nprojects: [{code: A}]\n"))
    assert [row["code"] for row in loaded.settings.projects] == ["A", "B"]


def test_a_project_of_the_file_becomes_rows(tmp_path: Path) -> None:
    """A project with bindings is a row of Projects and rows of Bindings, each cell with its place."""
    file = write(
        tmp_path,
        "projects:\n  - code: PAY\n    teams: [a, b]\n    bindings:\n      - {system: jira, what: project, which: PAY}\n",
    )
    project, binding = settings.load(file).plan
    assert (project.tab, project.cells) == ("projects", {"code": "PAY", "teams": "a, b"})
    assert (binding.tab, binding.cells["code"], binding.cells["which"]) == ("bindings", "PAY", "PAY")
    assert project.addresses["teams"] == f"{file}:3 (projects[0].teams)"


def test_rules_are_checked(tmp_path: Path) -> None:
    """An unknown rule and a value of the wrong kind are faults; a known one is in force."""
    assert "no such rule" in problems(write(tmp_path, "policy: {amberr: 3}\n"))[0]
    assert "policy" in problems(write(tmp_path, "policy: {freeze_after: soon}\n"))[0]
    assert settings.load(write(tmp_path, "policy: {freeze_after: 7}\n")).policy.freeze_after == 7


BOOKS = "workbooks:\n  a:\n    connector: xlsx\n{a}  b:\n    connector: xlsx\n{b}"


@pytest.mark.parametrize(
    ("a", "b", "chosen"),
    [("", "", "a"), ("", "true", "b"), ("false", "", "b"), ("true", "", "a"), ("false", "false", "")],
)
def test_people_type_into_one_workbook(tmp_path: Path, a: str, b: str, chosen: str) -> None:
    """The one that says so, else the first that does not deny it: a row typed in two places would be two plans."""
    text = BOOKS.format(a=a and f"    inputs: {a}\n", b=b and f"    inputs: {b}\n")
    assert settings.load(write(tmp_path, text)).settings.typed_into == chosen


def test_a_second_workbook_to_type_into_is_a_fault(tmp_path: Path) -> None:
    """Its line, the workbook that has the inputs, and the remedy."""
    file = write(tmp_path, BOOKS.format(a="    inputs: true\n", b="    inputs: true\n"))
    (told,) = problems(file)
    assert told.startswith(f"{file}:7 (workbooks.b.inputs): people type into 'a' already; set `inputs: false`")


@pytest.mark.parametrize("part", ["people: false", "programs: [TRADE]"])
def test_the_workbook_that_is_typed_into_is_whole(tmp_path: Path, part: str) -> None:
    """People type names and all rows of the plan there; only a copy may leave some out."""
    key = part.partition(":")[0]
    file = write(tmp_path, BOOKS.format(a=f"    inputs: true\n    {part}\n", b=""))
    (told,) = problems(file)
    assert told.startswith(f"{file}:5 (workbooks.a.{key}): people type the whole plan into 'a'; take `{key}` out")
    settings.load(write(tmp_path, BOOKS.format(a="", b=f"    {part}\n")))


class Options(BaseModel):
    """A connector's own settings."""

    model_config = ConfigDict(extra="forbid")

    url: str
    token: SecretStr
    token_file: str = ""


def test_secret_files_are_read_and_must_be_private(tmp_path: Path) -> None:
    """``token_file`` fills ``token``; a file that others can read is a fault."""
    secret = write(tmp_path, "s3cret\n", "token")
    secret.chmod(0o600)
    loaded = settings.load(write(tmp_path, "connections:\n  j: {connector: x, url: u, token_file: token}\n"))
    given = loaded.settings.connections["j"].model_extra or {}
    opened = settings.options(loaded, ("connections", "j"), given, Options)
    assert settings.secrets_of(opened) == ("s3cret",)
    secret.chmod(0o644)
    with pytest.raises(ConfigError) as caught:
        settings.options(loaded, ("connections", "j"), given, Options)
    assert "chmod 600" in caught.value.problems[0]
    assert "s3cret" not in str(caught.value.problems)


def test_a_wrong_value_is_never_shown(tmp_path: Path) -> None:
    """A token typed under the wrong key must not reach a terminal or a log."""
    loaded = settings.load(write(tmp_path, "connections:\n  j: {connector: x, url: u, tokken: s3cret}\n"))
    with pytest.raises(ConfigError) as caught:
        settings.options(loaded, ("connections", "j"), loaded.settings.connections["j"].model_extra or {}, Options)
    told = " ".join(caught.value.problems)
    assert "pmosync.yaml:2 (connections.j.tokken)" in told
    assert "is needed" in told
    assert "s3cret" not in told


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("near", "-5"),
        ("steady_days", "0"),
        ("rollup_share", "7"),
        ("confidence_floor", "101"),
        ("blocking_exposure", "26"),
        ("key", "{amber: 9, red: 5}"),
        ("team_from", "400"),
        ("sites", "{Munich: XX}"),
        ("default_calendar", "XX"),
        ("near", "soon"),
        ("stages", "[development, development]"),
        ("chance_red", "0.9"),
        ("delivered_red", "0.95"),
        ("stages", "[development, Released]"),
        ("stages", "[development, '']"),
        ("default_done_when", "relased"),
        ("colours", "[{field: nonsense, operator: gt, value: 1, letter: R, reason: quiet}]"),
    ],
)
def test_a_rule_out_of_its_range_is_a_fault_with_its_line(tmp_path: Path, rule: str, value: str) -> None:
    """A share of 7 or a negative number of days would colour everything in silence."""
    file = write(tmp_path, f"policy:\n  freeze_after: 7\n  {rule}: {value}\n")
    (told,) = problems(file)
    assert told.startswith((f"{file}:3 (policy.{rule})", f"{file}:3 (policy.{rule}[0])"))


def test_every_rule_out_of_range_is_told(tmp_path: Path) -> None:
    """One run shows all of them."""
    assert len(problems(write(tmp_path, "policy: {near: -5, steady_days: 0, rollup_share: 7}\n"))) == 3


def test_a_colour_rule_that_names_no_limit_is_a_fault_with_its_own_line(tmp_path: Path) -> None:
    """The row of the colour table is told, not only the table, also where several files make up the table; a number of
    the policy may be named, any of them.
    """
    row = "{field: moves, operator: ge, letter: A, reason: retargets, value: "
    write(tmp_path, f"policy:\n  colours:\n    - {row}override_days}}\n    - {row}retagets}}\n", "colours.yaml")
    file = write(tmp_path, f"include: [colours.yaml]\npolicy:\n  colours:\n    - {row}retargets}}\n    - {row}soon}}\n")
    nameless, named = problems(file)
    assert named.startswith(f"{tmp_path / 'colours.yaml'}:4 (policy.colours[1]): ")
    assert "value 'retagets' is neither a number nor a limit of the policy; did you mean retargets?" in named
    assert nameless.startswith(f"{file}:5 (policy.colours[1]): ")
    assert "limits are red, amber and backdone_share, " in nameless


def test_a_colour_rule_has_words_in_both_languages(tmp_path: Path) -> None:
    """A site's own words beside a reason: kept as they are, or told with the line of the rule that lacks some."""
    row = "    - {field: moves, operator: ge, value: 5, letter: R, reason: retargets, words: "
    whole = write(tmp_path, f"policy:\n  colours:\n{row}{{en: ask the sponsor, zh-CN: 请示发起人}}}}\n")
    assert settings.load(whole).policy.colours[0].words == {"en": "ask the sponsor", "zh-CN": "请示发起人"}
    half = write(tmp_path, f"policy:\n  colours:\n{row}{{en: ask the sponsor}}}}\n")
    assert problems(half) == (f"{half}:3 (policy.colours[0]): words in zh-CN are missing; correct the rule",)


def test_every_number_among_the_rules_has_a_range() -> None:
    """A new threshold without one would take anything."""
    numbers = {name for name, value in msgspec.structs.asdict(Policy()).items() if type(value) in (int, float)}
    assert numbers == set(limits.LIMITS)
    assert list(limits.faults(Policy())) == []


def test_a_calendar_of_no_country_is_a_fault(tmp_path: Path) -> None:
    """Its days would all count as working days; a country, a site, a name of own rows and none at all are known."""
    file = write(tmp_path, "instance: x\ncalendar: XX\n")
    (told,) = problems(file)
    assert told.startswith(f"{file}:2 (calendar): no calendar is called 'XX'; write a country code")
    for good in (
        "calendar: DE-BY\n",
        "calendar: ''\n",
        "calendar: Munich\npolicy: {sites: {Munich: DE-BY}}\n",
        "calendar: Plant\ncalendar_days: [{kind: holiday, first: 2026-01-02, applies_to: Plant}]\n",
    ):
        settings.load(write(tmp_path, good))


def test_the_name_of_the_installation_stands_on_about(tmp_path: Path) -> None:
    """A setting that shows nowhere would be none; the store's own id stands behind it."""
    with Rig(tmp_path, datetime(2026, 3, 2, 3, tzinfo=UTC), given={"instance": "HQ 总部"}) as rig:
        rig.register({})
        rig.sync(rig.now)
        own = rig.house.store.get_meta("instance")
        person = rig.emulators["google_sheets"].person()  # type: ignore[attr-defined]
        assert any(f"HQ 总部 ({own})" in cell for row in person.rows("About") for cell in row)


@pytest.mark.parametrize("proxy", ["bob:canary@proxy:8080", "proxy:8080", "ftp://proxy:8080", "http://"])
def test_a_proxy_without_its_scheme_is_a_fault(tmp_path: Path, proxy: str) -> None:
    """It is said when the settings are read, with the line, and without what may be a password."""
    file = write(tmp_path, f"instance: x\ntransport: {{proxy: '{proxy}'}}\n")
    (told,) = problems(file)
    assert told == f"{file}:2 (transport.proxy): is no proxy's address; write it as http://host:port"
    settings.load(write(tmp_path, "transport: {proxy: 'http://bob:x@proxy:8080'}\n"))


def test_an_audience_that_names_nobody_is_a_fault(tmp_path: Path) -> None:
    """Who may see a workbook is told by address, domain or `anyone`; another word would let nobody in, unseen."""
    good = "workbooks: {main: {connector: xlsx, path: a.xlsx, audience: [li@acme.example, '@acme.cn', acme.example, anyone]}}\n"
    assert settings.load(write(tmp_path, good)).settings.workbooks["main"].audience is not None
    (told,) = problems(write(tmp_path, "workbooks:\n  main:\n    connector: xlsx\n    audience: [everybody]\n"))
    assert "workbooks.main.audience" in told
    assert "'everybody' is neither an e-mail address nor a domain nor 'anyone'" in told


def test_a_row_may_be_written_by_the_headers_of_its_tab(tmp_path: Path) -> None:
    """Keys, English and Chinese headers, in any case, name the same column; what is not given has its place too."""
    text = (
        "decisions:\n  - {Number: D-1, DATE: 2026-03-02, new-date: 2026-05-01}\n"
        "  - number: D-2\n    日期: 2026-03-03\ncalendar_days:\n  - {Kind: holiday, From: 2026-05-01, to: 2026-05-03}\n"
        "projects:\n  - 项目代码: PAY\n    bindings: [{System: jira, what: project, 名称: PAY}]\n"
    )
    plan = settings.load(write(tmp_path, text)).plan
    first, second, holiday, project, binding = sorted(
        plan, key=lambda row: (row.tab != "decisions", row.tab[0] != "c", row.tab[0] != "p")
    )
    assert first.cells == {"number": "D-1", "day": "2026-03-02", "new_date": "2026-05-01"}
    assert second.cells == {"number": "D-2", "day": "2026-03-03"}
    assert holiday.cells == {"kind": "holiday", "first": "2026-05-01", "last": "2026-05-03"}
    assert (project.code, binding.cells) == (
        "PAY",
        {"code": "PAY", "system": "jira", "what": "project", "which": "PAY"},
    )
    assert second.addresses["day"] == f"{tmp_path / 'pmosync.yaml'}:4 (decisions[1].日期)"
    assert second.addresses["reason"] == f"{tmp_path / 'pmosync.yaml'}:3 (decisions[1].reason)"


def test_two_names_of_one_column_are_a_fault(tmp_path: Path) -> None:
    """Which of the two counts must not be a matter of their order."""
    (told,) = problems(write(tmp_path, "decisions:\n  - {number: D-1, day: 2026-03-02, 日期: 2026-03-03}\n"))
    assert "(decisions[0].日期)" in told
    assert "'day'" in told


def test_a_credential_is_known_wherever_it_is_written(tmp_path: Path) -> None:
    """Its secret in the file of settings or in one of its own is the same credential; another secret is another one."""
    (tmp_path / "token").write_text("s3cret\n", encoding="utf-8")
    (tmp_path / "token").chmod(0o600)

    def credential(given: str) -> bytes:
        loaded = settings.load(write(tmp_path, f"connections:\n  j: {{connector: x, url: u, {given}}}\n"))
        own = loaded.settings.connections["j"].model_extra or {}
        return settings.credential_of(settings.options(loaded, ("connections", "j"), own, Options))

    assert credential("token: s3cret") == credential("token_file: token") != credential("token: other")


def test_a_file_that_is_a_credential_is_one_by_its_content(tmp_path: Path) -> None:
    """A key file that is copied elsewhere is the same credential; one that cannot be read is its name."""

    class Keyed(BaseModel):
        service_account_file: Path

    for name, content in (("a", "key"), ("b", "key"), ("c", "other")):
        (tmp_path / name).write_text(content, encoding="utf-8")
    a, b, c, absent = (settings.credential_of(Keyed(service_account_file=tmp_path / name)) for name in "abcd")
    assert a == b != c
    assert absent.decode().endswith("/d")


@pytest.mark.parametrize(("text", "count"), [("datta: x\n", "1 problem in"), ("datta: x\nlangg: y\n", "2 problems in")])
def test_problems_are_counted_in_words(tmp_path: Path, text: str, count: str) -> None:
    """One is one, two are several."""
    with pytest.raises(ConfigError, match=count):
        settings.load(write(tmp_path, text))


def test_a_credential_file_that_is_missing_has_a_remedy(tmp_path: Path) -> None:
    """The line says what to do, as every other one does."""
    text = "connections:\n  git: {connector: gitlab, url: https://git.example, token_file: secrets/gitlab-token}\n"
    with pytest.raises(ConfigError) as caught:
        wiring.open_house(settings.load(write(tmp_path, text)), lambda: datetime(2026, 3, 2, tzinfo=UTC), Event())
    (line,) = caught.value.problems
    assert line.endswith("is not there or cannot be read → put the token into it, or mend the name")
