"""The colour of a milestone: a closed table of rules over its signs, gravest first."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from pmosync.compute.assessment import Letter, Reason
from pmosync.compute.policy import ColourRule, Policy, Tolerance
from pmosync.compute.reasons import REASONS, reason
from pmosync.model import Problem

Sign = str | bool | int | float | date | None
Signs = Mapping[str, Sign]

FIELDS = frozenset(
    {"missed", "slip", "exposure", "target_past", "forecast_past", "unowned", "quiet_wd", "moves", "cut"}
)
OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        "is": operator.is_,
        "eq": operator.eq,
        "gt": operator.gt,
        "ge": operator.ge,
        "lt": operator.lt,
        "le": operator.le,
    }
)
LIMITS = ("blocking_exposure", "quiet", "retargets", "cut_share", "near", "confidence_floor")
LETTERS = (Letter.RED, Letter.AMBER)
LIVE = frozenset({Letter.RED, Letter.AMBER, Letter.GREEN, Letter.PALE, Letter.GREY, Letter.MISSING})
"""The letters that judge a promise still to be kept: they count in roll-ups, and a decision may override them."""

GRAVITY: Mapping[str, int] = MappingProxyType({letter: at for at, letter in enumerate("RAM?gGBP‖×→")})


class Judgement(Struct, frozen=True):
    """A letter with its reasons, gravest first. ``hard``: it rests on a fact, not on a computed date."""

    letter: Letter
    reasons: tuple[Reason, ...] = ()
    hard: bool = False


def judge(signs: Signs, tolerance: Tolerance, policy: Policy) -> Judgement | None:
    """The gravest colour the table gives for ``signs`` (None never matches), with all its reasons; None if no rule holds."""
    limits = limit_values(tolerance, policy)
    held = [rule for rule in policy.colours if holds(rule, signs, limits)]
    if not held:
        return None
    held.sort(key=lambda rule: GRAVITY[rule.letter])
    letter = Letter(held[0].letter)
    reasons = _distinct(held, signs, limits)
    deciding = (rule for rule in held if rule.letter == letter)
    return Judgement(letter, reasons, any(_hard(rule, signs) for rule in deciding))


def holds(rule: ColourRule, signs: Signs, limits: Mapping[str, int | float]) -> bool:
    """Whether one rule's comparison is true."""
    sign = signs.get(rule.field)
    return sign is not None and OPERATORS[rule.operator](sign, _value(rule, limits))


def limit_values(tolerance: Tolerance, policy: Policy) -> Mapping[str, int | float]:
    """The numbers that a rule may name."""
    return {"red": tolerance.red, "amber": tolerance.amber, **{name: getattr(policy, name) for name in LIMITS}}


def faults(rules: Iterable[ColourRule]) -> tuple[Problem, ...]:
    """What is wrong with a table of rules: unknown fields, operators, limits, letters or reasons."""
    found = []
    for number, rule in enumerate(rules, start=1):
        for name, given, allowed in _checks(rule):
            if given not in allowed:
                message = f"{name} '{given}' is not one of {', '.join(sorted(map(str, allowed)))}"
                found.append(
                    Problem(
                        rule="colour-rule", place=f"colour rule {number}", message=message, remedy="correct the rule"
                    )
                )
    return tuple(found)


def usable(rules: Iterable[ColourRule]) -> tuple[ColourRule, ...]:
    """The rules of a table that are sound."""
    return tuple(rule for rule in rules if not faults((rule,)))


def _checks(rule: ColourRule) -> Iterable[tuple[str, str, Iterable[str]]]:
    yield "field", rule.field, FIELDS
    yield "operator", rule.operator, OPERATORS
    yield "letter", rule.letter, LETTERS
    yield "reason", rule.reason, REASONS
    yield "hard", rule.hard, ("yes", "no", "typed")
    if isinstance(rule.value, str):
        yield "value", rule.value, ("red", "amber", *LIMITS)


def _value(rule: ColourRule, limits: Mapping[str, int | float]) -> bool | int | float:
    return limits[rule.value] if isinstance(rule.value, str) else rule.value


def _hard(rule: ColourRule, signs: Signs) -> bool:
    return rule.hard == "yes" or (rule.hard == "typed" and signs.get("typed") is True)


def _distinct(held: Iterable[ColourRule], signs: Signs, limits: Mapping[str, int | float]) -> tuple[Reason, ...]:
    """One reason a field: what is Red by its slip need not be told that it is Amber by it."""
    by_field: dict[str, Reason] = {}
    for rule in held:
        if rule.field not in by_field:
            told = {**signs, "tolerance": _value(rule, limits)}
            by_field[rule.field] = reason(rule.reason, **{name: told.get(name) for name in REASONS[rule.reason]})
    return tuple(by_field.values())
