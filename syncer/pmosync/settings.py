"""The only reader of configuration: one YAML file, its includes, the environment and secret files, all faults told at
once.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import msgspec
from msgspec import Struct
from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from pmosync.audience import is_audience
from pmosync.compute import limits
from pmosync.compute.policy import Policy
from pmosync.errors import ConfigError
from pmosync.mapping import InputTab, input_tabs
from pmosync.misfits import misfits, near, wanted
from pmosync.yamlfile import Document, dotted, parse
from pmosync.yamlfile import Path as KeyPath

PREFIX = "PMOSYNC_"
OWN_VARIABLES = frozenset({"PMOSYNC_CONFIG", "PMOSYNC_CONFORMANCE", "PMOSYNC_SOAK"})
PLAN_SECTIONS = ("programs", "projects", "milestones", "bindings", "decisions", "risks", "people", "calendar_days")
TAB_OF_SECTION = {"milestones": "milestone_inputs", "calendar_days": "calendar"}
OF_KEY = "[key]"
_LINE = re.compile(r"(.+?):(\d+)\b")
CODE, TIE = ("code", "number", "id", "key"), ("system", "what", "which")


# Names stand in identities and file names: a colon in one would split it.
Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=60)]


class Strict(BaseModel):
    """Unknown keys are faults: a misspelt setting must not be silently without effect."""

    model_config = ConfigDict(extra="forbid")


class ConnectionSettings(BaseModel):
    """One system to read. Keys beyond these belong to the connector's own settings model. ``requests_per_minute`` caps
    what all processes that meet in ``transport.shared`` send with its credential (0: no cap).
    """

    model_config = ConfigDict(extra="allow")

    connector: str
    title: str = ""
    enabled: bool = True
    mapping: dict[str, Any] = Field(default_factory=dict)
    requests_per_minute: float = Field(default=0.0, ge=0)


class WorkbookSettings(BaseModel):
    """One workbook to keep true. ``inputs``: people type into it, so its input tabs are read too; None: not said (see
    ``Settings.typed_into``). ``sees_restricted``: its declared audience may see restricted items.
    ``audience``: who may see the workbook, as e-mail addresses, domains or ``anyone``; None: not said. ``people``: it names
    people; ``programs``: the codes of the programs and portfolios that it is about, all if there is none.
    ``requests_per_minute``: as of a connection.
    """

    model_config = ConfigDict(extra="allow")

    connector: str
    title: str = ""
    language: Literal["en", "zh-CN"] = "en"
    inputs: bool | None = None
    sees_restricted: bool = False
    audience: list[str] | None = None
    people: bool = True
    programs: list[str] = Field(default_factory=list)
    requests_per_minute: float = Field(default=0.0, ge=0)

    @field_validator("audience")
    @classmethod
    def _named(cls, audience: list[str] | None) -> list[str] | None:
        """An entry that names nobody would let nobody in, in silence."""
        for entry in audience or ():
            if not is_audience(entry):
                raise ValueError(f"{entry!r} is neither an e-mail address nor a domain nor 'anyone'")
        return audience


class SyncSettings(Strict):
    """How a run behaves. ``heartbeat`` is the least age in minutes after which Runs and freshness are written without
    other change; ``census`` hours between id censuses; ``deadline`` seconds after which a run stops reading and
    publishes what it has: what was not read goes on with the next run; ``history_seconds`` for how long of it a connection
    that was read to its end may go on with the past of its things; ``copies`` the days for which a daily copy of the
    store is kept (0: none is made).
    """

    heartbeat: int = Field(default=60, ge=0)
    census: float = Field(default=24.0, ge=0)
    deadline: float = Field(default=3600.0, gt=0)
    history_seconds: float = Field(default=300.0, gt=0)
    copies: int = Field(default=14, ge=0)


class CommitteeSettings(Strict):
    """When the committee's page is cut: each week on ``day`` at ``time`` (HH:MM, in the workbook's time zone). ``folder``:
    where the pages are kept as files (empty: ``cuts`` in the folder of the data).
    """

    day: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] = "mon"
    time: str = "10:00"
    folder: str = ""

    @field_validator("time", mode="before")
    @classmethod
    def _of_day(cls, given: object) -> object:
        """A time of day; YAML takes one without quotes for a number."""
        if not isinstance(given, str) or not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", given):
            raise ValueError('is no time of day; write it in quotes, as in "10:00"')
        return given


class TransportSettings(Strict):
    """Caps and deadlines of every connection, in seconds, bytes and tries; an explicit proxy and CA file (environment
    ones are not read). ``shared``: the folder in which processes tell each other what servers wish (empty: that of the data).
    """

    connect: float = Field(default=5.0, gt=0)
    read: float = Field(default=180.0, gt=0)
    deadline: float = Field(default=300.0, gt=0)
    max_bytes: int = Field(default=128 * 1024 * 1024, gt=0)
    attempts: int = Field(default=6, ge=1)
    longest_wait: float = Field(default=120.0, ge=0)
    concurrency: int = Field(default=8, ge=1, le=64)
    proxy: str = ""
    ca_file: str = ""
    shared: str = ""

    @field_validator("proxy")
    @classmethod
    def _address(cls, proxy: str) -> str:
        """An address without a scheme is none, and its password would not be known for one."""
        parts = urlsplit(proxy)
        if proxy and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("is no proxy's address; write it as http://host:port")
        return proxy


class Settings(BaseSettings):
    """Everything that can be set. Environment variables (``PMOSYNC_SYNC__CENSUS=12``) win over the file."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid", env_ignore_empty=True
    )

    instance: str = "pmosync"
    data: str = "data"
    calendar: str = "CN"
    time_zone: str = "Asia/Shanghai"
    connections: dict[Name, ConnectionSettings] = Field(default_factory=dict)
    workbooks: dict[Name, WorkbookSettings] = Field(default_factory=dict)
    sync: SyncSettings = Field(default_factory=SyncSettings)
    transport: TransportSettings = Field(default_factory=TransportSettings)
    committee: CommitteeSettings = Field(default_factory=CommitteeSettings)
    policy: dict[str, Any] = Field(default_factory=dict)
    programs: list[dict[str, Any]] = Field(default_factory=list)
    projects: list[dict[str, Any]] = Field(default_factory=list)
    milestones: list[dict[str, Any]] = Field(default_factory=list)
    bindings: list[dict[str, Any]] = Field(default_factory=list)
    decisions: list[dict[str, Any]] = Field(default_factory=list)
    risks: list[dict[str, Any]] = Field(default_factory=list)
    people: list[dict[str, Any]] = Field(default_factory=list)
    calendar_days: list[dict[str, Any]] = Field(default_factory=list)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment over the file; nothing else is read."""
        return (env_settings, init_settings)

    @property
    def typed_into(self) -> str:
        """The one workbook whose input tabs are read: the one that says so, else the first that does not deny it; "" if
        none. The others show a copy: rows typed in two places would be two plans.
        """
        said = [name for name, entry in self.workbooks.items() if entry.inputs]
        unsaid = [name for name, entry in self.workbooks.items() if entry.inputs is None]
        return next(iter([*said, *unsaid]), "")


class PlanCells(Struct, frozen=True):
    """One row of the plan as the settings file gives it: the tab's key, the cells, where each one stands, its line, and
    where that is.
    """

    tab: str
    cells: Mapping[str, Any]
    addresses: Mapping[str, str]
    line: int
    place: str = ""

    @property
    def code(self) -> str:
        """What people call the row: its code, number, id or key; "" if it has none."""
        return str(next(filter(None, (self.cells.get(key) for key in CODE)), ""))

    @property
    def identity(self) -> str:
        """What tells the row from the others of its tab; "" if nothing does."""
        parts = [str(self.cells.get(key, "")) for key in TIE if key in self.cells]
        return "/".join([self.code, *parts] if parts else [self.code])


class Configuration(Struct, frozen=True):
    """Settings with what surrounds them: the folder that relative paths start from, and where each key was
    written.
    """

    settings: Settings
    folder: Path
    policy: Policy
    documents: tuple[Document, ...]
    plan: tuple[PlanCells, ...] = ()

    @property
    def data(self) -> Path:
        """The folder of the store and the journal."""
        return self.folder / self.settings.data

    def place(self, path: KeyPath) -> str:
        """``file:line (key)`` of a setting, or the environment variable that set it."""
        return _place(self.documents, path)


def load(path: Path) -> Configuration:
    """Read the file and all that it includes. ConfigError lists every problem found, one line each with place and
    remedy.
    """
    configuration, problems = read(path)
    if problems:
        raise faulty(path, problems)
    return configuration


def _many(problems: Sequence[str]) -> str:
    return f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"


def faulty(path: Path, problems: Iterable[str]) -> ConfigError:
    """The error that tells all these problems of a settings file."""
    told = ordered(problems)
    return ConfigError(
        f"{path}: {_many(told)} in the configuration",
        remedy="mend each line above, then `pmosync config`",
        problems=told,
    )


def ordered(problems: Iterable[str]) -> tuple[str, ...]:
    """The problems in the order in which their lines stand, file by file as first told; what has no line stands last. Each
    once.
    """
    told = dict.fromkeys(problems)
    places = {each: _line(each) for each in told}
    files = list(dict.fromkeys(file for file, _ in places.values() if file))
    ranks = {file: number for number, file in enumerate([*files, ""])}
    return tuple(sorted(told, key=lambda each: (ranks[places[each][0]], places[each][1])))


def _line(problem: str) -> tuple[str, int]:
    """The file and line that a problem begins with; none for what stands in no file."""
    found = _LINE.match(problem)
    return (found[1], int(found[2])) if found else ("", 0)


def read(path: Path) -> tuple[Configuration, tuple[str, ...]]:
    """What can be read of the file and all that it includes, and every problem found; what is at fault is left out."""
    documents = tuple(_read(path))
    problems = [problem for document in documents for problem in document.problems]
    data = _merged(documents, problems)
    problems += _strays()
    settings = _validated(data, documents, problems)
    plan = tuple(_plan(settings, documents))
    policy = _policy(settings, plan, documents, problems)
    problems += [
        *_zones(settings, documents),
        *_typed_twice(settings, documents),
        *_partial_inputs(settings, documents),
        *_codes_twice(plan),
        *_keys_twice(settings, documents),
    ]
    return Configuration(settings, path.resolve().parent, policy, documents, plan), tuple(problems)


def options(configuration: Configuration, path: KeyPath, given: Mapping[str, Any], model: type[BaseModel]) -> BaseModel:
    """A connection's own settings: relative file paths resolved, secret files read, then validated by the connector's
    ``model``, which may ask its validation context about what only we know (see ``Connector.settings``).

    ConfigError names the key and its line, never the value.
    """
    values = dict(given)
    problems: list[str] = []
    known = [*model.model_fields, *(f"{key}_file" for key in model.model_fields), *_entry_keys(path)]
    for key in [key for key in values if key.endswith("_file") and values[key]]:
        file = configuration.folder / str(values[key])
        _take_secret(configuration.folder, key, values, model, problems, configuration.place((*path, key)))
        values[key] = str(file)
    if "path" in values:
        values["path"] = str(configuration.folder / str(values["path"]))
    try:
        opened = model.model_validate(values, context=_context(path))
    except ValidationError as error:
        problems += [
            f"{configuration.place((*path, *_loc(fault)))}: {_words(fault, known)}" for fault in _faults(error)
        ]
        opened = None
    if problems or opened is None:
        raise ConfigError(
            f"{dotted(path)}: {_many(problems)}",
            remedy="mend each line above, then `pmosync check`",
            problems=tuple(problems),
        )
    return opened


def _context(path: KeyPath) -> dict[str, Any]:
    """What a connector's model may ask: the input tabs by the names that settings have for them, and whether the entry is
    a workbook that is written.
    """
    keys = {tab.key: tab.key for tab in input_tabs()}
    return {"input_tabs": {**keys, **TAB_OF_SECTION}, "written": path[0] == "workbooks"}


def _loc(fault: Mapping[str, Any]) -> KeyPath:
    """The path of a fault; pydantic marks a fault of a key itself behind it."""
    loc = tuple(fault["loc"])
    return loc[:-1] if loc[-1:] == (OF_KEY,) else loc


def _entry_keys(path: KeyPath) -> Iterable[str]:
    return (WorkbookSettings if path[0] == "workbooks" else ConnectionSettings).model_fields


def names_file(folder: Path, value: Any) -> bool:
    """Whether a setting that should name a secret's file does, because it or the folder it names is there, or by its
    ending: the secret itself, pasted in its place, must not be shown, and it may have a slash in it.
    """
    file = folder / str(value)
    named = file.parent not in (folder, Path(file.anchor))
    return not value or file.suffix in (".txt", ".json") or _there(file) or (named and _there(file.parent))


def _there(file: Path) -> bool:
    try:
        return file.exists()
    except (OSError, ValueError):
        return False


def secrets_of(options: BaseModel) -> tuple[str, ...]:
    """The secret values inside a connection's settings: what the log must never show."""
    values = (getattr(options, name) for name in type(options).model_fields)
    return tuple(
        value.get_secret_value() for value in values if isinstance(value, SecretStr) and value.get_secret_value()
    )


def credential_of(options: BaseModel) -> bytes:
    """What tells a connection's credential from others, wherever it is written: its secrets, and the content of files that
    hold one (of a file that cannot be read, its name).
    """
    names = [name for name in type(options).model_fields if name.endswith("_file")]
    files = [getattr(options, name) for name in names if name.removesuffix("_file") not in type(options).model_fields]
    return "\0".join((*secrets_of(options), *(_content(Path(file)) for file in files if file))).encode()


def _content(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return str(file)


def _read(path: Path) -> Iterator[Document]:
    """The document at ``path`` and those it includes (relative to it), each once."""
    waiting, seen = [path], set[Path]()
    while waiting:
        file = waiting.pop(0)
        if file.resolve() in seen:
            continue
        seen.add(file.resolve())
        document = _document(file)
        yield document
        included = document.data.get("include", []) if isinstance(document.data, dict) else []
        waiting += [file.parent / str(name) for name in (included if isinstance(included, list) else [included])]


def _document(file: Path) -> Document:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Document(
            str(file),
            {},
            {},
            (f"{file}: there is no such file; name it with --config, or copy config/pmosync.example.yaml",),
        )
    except (OSError, UnicodeDecodeError):
        return Document(str(file), {}, {}, (f"{file}: cannot be read as UTF-8 text",))
    return parse(text, str(file))


def _merged(documents: tuple[Document, ...], problems: list[str]) -> dict[str, Any]:
    """One mapping of all documents: lists are joined, mappings merged, the first word on a plain value counts."""
    result: dict[str, Any] = {}
    for document in documents:
        if not isinstance(document.data, dict):
            problems.append(f"{document.name}:1: settings are keys with values, such as `connections:`")
            continue
        _join(result, {key: value for key, value in document.data.items() if key != "include"})
    return result


def _join(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Take in what ``more`` says; ``more`` itself stays as its file has it, since places are looked up in it."""
    for key, value in more.items():
        here = into.setdefault(key, {}) if isinstance(value, dict) else into.get(key)
        if isinstance(here, dict) and isinstance(value, dict):
            _join(here, value)
        elif isinstance(here, list) and isinstance(value, list):
            into[key] = [*here, *value]
        else:
            into.setdefault(key, value)


def _validated(data: dict[str, Any], documents: tuple[Document, ...], problems: list[str]) -> Settings:
    """The settings; what is at fault is told and left out, so that the rest can be looked at too."""
    try:
        return Settings(**data)
    except ValidationError as error:
        found = _faults(error)
    for fault in found:
        path = tuple(fault["loc"])
        problems.append(f"{_place(documents, path)}: {_words(fault, _names(Settings, path))}")
    try:
        return Settings(**_without(data, [tuple(fault["loc"]) for fault in found]))
    except ValidationError:
        return Settings.model_construct()


def _without(data: Any, paths: Iterable[KeyPath]) -> Any:
    """The data without the values at these paths; where a path leads on beyond what is there, its last part goes."""
    heads: dict[str | int, list[KeyPath]] = {}
    for path in paths:
        heads.setdefault(path[0], []).append(path[1:])
    items = data.items() if isinstance(data, dict) else enumerate(data)
    kept = {
        key: _without(value, heads[key]) if key in heads else value
        for key, value in items
        if key not in heads or _leads_on(value, heads[key])
    }
    return kept if isinstance(data, dict) else list(kept.values())


def _leads_on(value: Any, paths: Iterable[KeyPath]) -> bool:
    there = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return all(path and path[0] in there for path in paths)


def _names(model: type[BaseModel], path: KeyPath) -> tuple[str, ...]:
    """The keys that may stand where a path's last one does, as far as our own models say."""
    if len(path) == 1:
        return (*model.model_fields, "include")
    kind = model.model_fields[str(path[0])].annotation if path[0] in model.model_fields else None
    return tuple(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else ()


def _faults(error: ValidationError) -> list[Any]:
    """Pydantic's findings without the values: a mistyped key may hold a secret."""
    return list(error.errors(include_input=False, include_url=False))


def _words(fault: Mapping[str, Any], names: Iterable[str]) -> str:
    if fault["type"] == "extra_forbidden":
        return f"there is no such setting; {near(str(fault['loc'][-1]), tuple(names)) or 'see docs/settings.md'}"
    return wanted(fault)


def _place(documents: tuple[Document, ...], path: KeyPath) -> str:
    variable = PREFIX + "__".join(str(part) for part in path).upper()
    if variable in os.environ:
        return f"environment {variable}"
    documents, path = _own(documents, path)
    holding = (
        [document for document in documents if path in document.lines]
        or [d for d in documents if path[:1] in d.lines]
        or list(documents)
    )
    return holding[0].place(path)


def _own(documents: tuple[Document, ...], path: KeyPath) -> tuple[tuple[Document, ...], KeyPath]:
    """A row of a list that several documents make up: the one document that has it, and the path of the row there."""
    at = next((place for place, part in enumerate(path) if isinstance(part, int)), 0)
    if not at:
        return documents, path
    number = int(path[at])
    for document in documents:
        rows = _under(document.data, path[:at])
        count = len(rows) if isinstance(rows, list) else 0
        if number < count:
            return (document,), (*path[:at], number, *path[at + 1 :])
        number -= count
    return documents, path


def _under(data: Any, path: KeyPath) -> Any:
    """What stands at a path of keys; None where it leads nowhere."""
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def _strays() -> Iterator[str]:
    """Variables that look like ours and set nothing: a typing slip that would go unnoticed."""
    fields = {name.upper() for name in Settings.model_fields}
    for variable in sorted(os.environ):
        if variable.startswith(PREFIX) and variable not in OWN_VARIABLES:
            head = variable.removeprefix(PREFIX).split("__")[0]
            if head not in fields:
                yield f"environment {variable}: sets nothing; unset it, or see docs/settings.md for the names"


def _policy(
    settings: Settings, plan: Iterable[PlanCells], documents: tuple[Document, ...], problems: list[str]
) -> Policy:
    """The rules in force; each one that is unknown, of another type or out of its range is a problem with its line."""
    given = {"default_calendar": settings.calendar, "default_time_zone": settings.time_zone}
    for key, value in settings.policy.items():
        found = list(_rule_faults(key, value))
        problems += [f"{_place(documents, ('policy', *path))}: {fault}" for path, fault in found]
        if not found:
            given[key] = value
    policy = msgspec.convert({**msgspec.to_builtins(Policy()), **given}, Policy)
    rows = {str(row.cells.get("applies_to", "")) for row in plan if row.tab == "calendar"}
    for rule, fault in limits.faults(policy, rows):
        own = rule == ("default_calendar",) and "default_calendar" not in settings.policy
        problems.append(f"{_place(documents, ('calendar',) if own else ('policy', *rule))}: {fault}")
    return policy


def _rule_faults(key: str, value: Any) -> Iterator[tuple[KeyPath, str]]:
    if key not in Policy.__struct_fields__:
        yield (key,), f"there is no such rule; {near(key, Policy.__struct_fields__) or 'see docs/rules.md'}"
        return
    yield from misfits({key: value}, Policy)


def _zones(settings: Settings, documents: tuple[Document, ...]) -> Iterator[str]:
    if settings.time_zone not in available_timezones():
        yield f"{_place(documents, ('time_zone',))}: {settings.time_zone!r} is not an IANA time zone such as Asia/Shanghai"


def _typed_twice(settings: Settings, documents: tuple[Document, ...]) -> Iterator[str]:
    for name, entry in settings.workbooks.items():
        if entry.inputs and name != settings.typed_into:
            place = _place(documents, ("workbooks", name, "inputs"))
            yield f"{place}: people type into {settings.typed_into!r} already; set `inputs: false`, and it becomes a copy"


def _partial_inputs(settings: Settings, documents: tuple[Document, ...]) -> Iterator[str]:
    """The workbook into which people type has all rows and names of the plan."""
    name = settings.typed_into
    entry = settings.workbooks.get(name)
    for key, given in (("people", not entry.people), ("programs", bool(entry.programs))) if entry else ():
        if given:
            place = _place(documents, ("workbooks", name, key))
            yield f"{place}: people type the whole plan into {name!r}; take `{key}` out, or set `inputs: false` there"


def _codes_twice(plan: Iterable[PlanCells]) -> Iterator[str]:
    """Two rows of one name: which of them counts must not be a matter of their order."""
    first: dict[tuple[str, str], PlanCells] = {}
    for row in plan:
        code, _, tie = row.identity.partition("/")
        other = first.setdefault((row.tab, f"{code.strip().casefold()}/{tie}"), row)
        if other is not row and row.identity:
            yield (
                f"{row.place}: {row.identity} stands in {other.place} too; order never decides: "
                "keep one of the two, or give one another code"
            )


def _plan(settings: Settings, documents: tuple[Document, ...]) -> Iterator[PlanCells]:
    for tab, cells, path in _rows(settings):
        row = _cells(tab, cells, path, documents)
        yield row
        for number, binding in enumerate(_nested(cells, "bindings")):
            given = {"code": row.code, **binding}
            yield _cells("bindings", given, (*path, "bindings", number), documents)


def _rows(settings: Settings) -> Iterator[tuple[str, Mapping[str, Any], KeyPath]]:
    """The rows that sections of the plan hold, each with its tab's key and its path."""
    for section in PLAN_SECTIONS:
        for place, cells in enumerate(getattr(settings, section)):
            yield TAB_OF_SECTION.get(section, section), cells, (section, place)


def _keys_twice(settings: Settings, documents: tuple[Document, ...]) -> Iterator[str]:
    """A column that a row names by two of its names: which of the two counts must not be a matter of their order."""
    for tab, cells, path in _rows(settings):
        first: dict[str, str] = {}
        for key in cells:
            other = first.setdefault(_column(tab, key), key)
            if other != key:
                yield f"{_place(documents, (*path, key))}: means the same column as {other!r}; keep one of the two"


def _column(tab: str, key: str) -> str:
    """The column that a key of a row means: by its own name, or by a header of the tab in either language."""
    return _tab(tab).named(key) or key


def _tab(key: str) -> InputTab:
    return next(tab for tab in input_tabs() if tab.key == key)


def _nested(cells: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = cells.get(key, [])
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _cells(tab: str, cells: Mapping[str, Any], path: KeyPath, documents: tuple[Document, ...]) -> PlanCells:
    """A row as the file has it; also of what is not given it is told where it belongs."""
    plain = {_column(tab, key): _joined(value) for key, value in cells.items() if key != "bindings"}
    written = {_column(tab, key): key for key in cells}
    keys = dict.fromkeys((*plain, *(column.key for column in _tab(tab).columns)))
    addresses = {key: _place(documents, (*path, written.get(key, key))) for key in keys}
    (document, *_), own = _own(documents, path)
    return PlanCells(tab, plain, addresses, document.lines.get(own, 1), _place(documents, path))


def _joined(value: Any) -> Any:
    """A list of words becomes the cell text that a person would type."""
    return ", ".join(str(part) for part in value) if isinstance(value, list) else value


def _take_secret(
    folder: Path, key: str, values: dict[str, Any], model: type[BaseModel], problems: list[str], place: str
) -> None:
    """Read ``token_file`` into ``token`` where the connector's model has such a secret; the file must be its owner's
    alone.
    """
    file = folder / str(values[key])
    try:
        mode = file.stat().st_mode
    except (OSError, ValueError):
        named = f"the file {file}" if names_file(folder, values[key]) else "the file it names"
        problems.append(f"{place}: {named} is not there or cannot be read → put the token into it, or mend the name")
        return
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        problems.append(f"{place}: others can read {file}; run `chmod 600 {file}`")
    field = model.model_fields.get(key.removesuffix("_file"))
    if field is not None and not values.get(key.removesuffix("_file")):
        secret = _secret(file)
        if not secret:
            problems.append(f"{place}: the file {file} is empty or no text; put the secret into it, alone on one line")
        values[key.removesuffix("_file")] = secret


def _secret(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
