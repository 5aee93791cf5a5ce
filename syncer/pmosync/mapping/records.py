"""One kind of record compiled: every entity it yields, its history, and what of it no table knows."""

from __future__ import annotations

from collections.abc import Callable

from pmosync.mapping.changelog import compile_changelog
from pmosync.mapping.context import Context, Env
from pmosync.mapping.facts import UnreadableError, compile_entity
from pmosync.mapping.spec import RecordRule
from pmosync.mapping.standing import Doubt, Standing, compile_level, compile_workflow
from pmosync.mapping.text import clean
from pmosync.mapping.told import values
from pmosync.mapping.translation import Translation
from pmosync.model import Change, Fact, Problem
from pmosync.raw import UNREADABLE, RawRecord

Record = Callable[[RawRecord, Context], Translation]


def compile_record(rule: RecordRule) -> Record:
    """A function from a record to its translation; a record that cannot be read becomes a finding."""
    makers = tuple(compile_entity(entity) for entity in rule.entities)
    workflow = compile_workflow(rule.workflow) if rule.workflow else None
    level = compile_level(rule.level) if rule.level else None
    history = compile_changelog(rule.changelog) if rule.changelog else None

    def record(raw: RawRecord, context: Context) -> Translation:
        if UNREADABLE in raw.payload:
            return Translation(problems=(put_aside(raw),))
        env = Env(context, raw.ref.connection)
        if level:
            env.level = level(raw.payload)
        try:
            standing = workflow(raw.payload) if workflow else None
            made = tuple(fact for make in makers if (fact := make(raw, env, standing)) is not None)
            told = history(raw) if history else ()
        except UnreadableError as fault:
            return Translation(problems=(unreadable(raw, fault),))
        return _translation(raw, made, told, standing, env)

    return record


def _translation(
    raw: RawRecord, made: tuple[Fact, ...], told: tuple[Change, ...], standing: Standing | None, env: Env
) -> Translation:
    facts = tuple(fact for fact in made if not isinstance(fact, Change))
    changes = tuple(fact for fact in made if isinstance(fact, Change)) + told
    restricted = raw.restricted or any(getattr(fact, "restricted", False) for fact in facts)
    doubts = standing.doubts if standing else ()
    return Translation(
        facts=facts,
        changes=changes,
        problems=tuple(_problem(name_of(raw, facts), doubt, restricted) for doubt in doubts),
        unresolved=tuple(dict.fromkeys(env.unresolved)),
    )


def _problem(place: str, doubt: Doubt, restricted: bool) -> Problem:
    return Problem(
        rule=doubt.rule,
        place=place,
        message=doubt.message,
        remedy=doubt.remedy,
        restricted=restricted,
        values=values(which="word", word=doubt.word),
    )


def put_aside(raw: RawRecord) -> Problem:
    """The finding of a record that its connector could not read."""
    why = str(raw.payload[UNREADABLE])
    return _unreadable(raw, why, "look at the record in its system", which="source", why=why)


def unreadable(raw: RawRecord, fault: UnreadableError) -> Problem:
    """The finding of a record that cannot become its entity."""
    remedy = "look at the record in its system, or correct the path in the mapping"
    why = f"{fault.field} should be {fault.expected}"
    return _unreadable(raw, why, remedy, which="field", field=fault.field)


def _unreadable(raw: RawRecord, fault: str, remedy: str, **told: str) -> Problem:
    """The finding of a record that is put aside: its last good state stays."""
    return Problem(
        rule="unreadable-record",
        place=name_of(raw),
        message=f"{fault}: the record is put aside, its last good state stays",
        remedy=remedy,
        restricted=raw.restricted,
        values=values(**told),
    )


def name_of(raw: RawRecord, facts: tuple[Fact, ...] = ()) -> str:
    """The record's key as people know it, else its identity."""
    key = next((key for fact in facts if (key := getattr(fact, "key", ""))), raw.payload.get("key"))
    return clean(key, 80) if isinstance(key, str) and key else str(raw.ref)
