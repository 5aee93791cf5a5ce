"""The colour of a milestone: a closed table of rules over its signs, gravest first."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from itertools import chain
from math import isfinite
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from msgspec.structs import fields, replace

from pmosync.compute.assessment import Letter, Reason
from pmosync.compute.policy import COLOUR_RULES, LANGUAGES, ColourRule, Policy, Tolerance
from pmosync.compute.reasons import REASONS, reason
from pmosync.mapping.told import values
from pmosync.model import Problem

Sign = str | bool | int | float | date | None
Signs = Mapping[str, Sign]

FLAGS = frozenset({"missed", "target_past", "forecast_past", "unowned"})
FORECAST = frozenset({"chance", "delivered_share", "pace_slip"})
FIELDS = FLAGS | FORECAST | {"slip", "exposure", "quiet_wd", "moves", "cut"}
"""What a rule may look at: flags, and the others, which are numbers; those of a forecast are unknown where there is none."""

NEVER_RED = frozenset({"pace_slip"})
"""Evidence that was not corrected by its own record: it may warn, and no more."""

OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        "is": operator.eq,
        "eq": operator.eq,
        "gt": operator.gt,
        "ge": operator.ge,
        "lt": operator.lt,
        "le": operator.le,
    }
)
LIMITS = frozenset(each.name for each in fields(Policy) if each.type in (int, float))
NAMED = frozenset({"red", "amber", *LIMITS})
"""The numbers of the policy, and the names that a rule may compare with: those and the project's tolerance."""

WORDS = 80
"""Characters that a site may say beside a reason."""

LETTERS = (Letter.RED, Letter.AMBER)
_REASONS_OF: Mapping[str, frozenset[str]] = MappingProxyType(
    {field: frozenset(rule.reason for rule in COLOUR_RULES if rule.field == field) for field in FIELDS}
)
"""The words of each field: those of the default table. Any others would say something else than what was compared."""

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
    return Judgement(letter, reasons, any(_hard(rule, signs, limits) for rule in deciding))


def holds(rule: ColourRule, signs: Signs, limits: Mapping[str, int | float]) -> bool:
    """Whether one rule's comparison is true."""
    sign = signs.get(rule.field)
    return sign is not None and OPERATORS[rule.operator](sign, _value(rule, limits))


def limit_values(tolerance: Tolerance, policy: Policy) -> Mapping[str, int | float]:
    """The numbers that a rule may name."""
    return {"red": tolerance.red, "amber": tolerance.amber, **{name: getattr(policy, name) for name in LIMITS}}


def faults(rules: Iterable[ColourRule]) -> tuple[Problem, ...]:
    """What is wrong with a table of rules: unknown fields or letters, and operators, values and reasons that do not fit
    the field.
    """
    return tuple(
        Problem(
            rule="colour-rule",
            place=f"colour rule {number + 1}",
            message=message,
            remedy="correct the rule",
            values=values(count=number + 1),
        )
        for number, message in wrong(rules)
    )


def wrong(rules: Iterable[ColourRule]) -> Iterator[tuple[int, str]]:
    """The same by the rule's place in the table, counted from 0."""
    for number, rule in enumerate(rules):
        for message in _faults(rule):
            yield number, message


def usable(rules: Iterable[ColourRule]) -> tuple[ColourRule, ...]:
    """The rules of a table that are sound."""
    return tuple(rule for rule in rules if not faults((rule,)))


def _faults(rule: ColourRule) -> Iterator[str]:
    for name, given, allowed in _words(rule):
        if given not in allowed:
            yield f"{name} '{given}' is not one of {', '.join(sorted(allowed))}"
    yield from _unsaid(rule)
    if rule.field in FLAGS and not isinstance(rule.value, bool):
        yield f"value '{rule.value}' of {rule.field} is neither true nor false"
    if rule.field not in FLAGS and not _is_limit(rule.value):
        yield f"value '{rule.value}' is neither a number nor a limit of the policy; {_near(str(rule.value))}"


def _unsaid(rule: ColourRule) -> Iterator[str]:
    """What is wrong with a rule's own words: none at all are none."""
    for language in LANGUAGES if rule.words else ():
        said = rule.words.get(language, "").strip()
        if not said:
            yield f"words in {language} are missing"
        elif len(said) > WORDS:
            yield f"words in {language} are longer than {WORDS} characters"
    for language in sorted(set(rule.words) - set(LANGUAGES)):
        yield f"words in '{language}' are in no language of the workbook: {', '.join(LANGUAGES)}"


def _near(word: str) -> str:
    close = get_close_matches(word, sorted(NAMED), 1)
    return f"did you mean {close[0]}?" if close else f"limits are red, amber and {', '.join(sorted(LIMITS))}"


def _words(rule: ColourRule) -> Iterator[tuple[str, str, Collection[str]]]:
    yield "field", rule.field, FIELDS
    yield "operator", rule.operator, {"is"} if rule.field in FLAGS else OPERATORS.keys() - {"is"}
    yield "letter", rule.letter, LETTERS[1:] if rule.field in NEVER_RED else LETTERS
    yield "reason", rule.reason, _REASONS_OF.get(rule.field, REASONS.keys())
    yield "hard", rule.hard, ("yes", "no", "typed")


def _is_limit(value: bool | int | float | str) -> bool:
    """Whether a sign can be compared with it: a finite number or the name of one."""
    if isinstance(value, str):
        return value in NAMED
    return not isinstance(value, bool) and isfinite(value)


def _value(rule: ColourRule, limits: Mapping[str, int | float]) -> bool | int | float:
    return limits[rule.value] if isinstance(rule.value, str) else rule.value


def _hard(rule: ColourRule, signs: Signs, limits: Mapping[str, int | float]) -> bool:
    """Whether the colour follows at once: a typed date that is late enough does not wait because a computed one is later."""
    if rule.hard != "typed":
        return rule.hard == "yes"
    late = rule.field == "slip" and holds(replace(rule, field="typed_slip"), signs, limits)
    return late or signs.get("typed") is True


def _distinct(held: Iterable[ColourRule], signs: Signs, limits: Mapping[str, int | float]) -> tuple[Reason, ...]:
    """One reason a field, with the site's own words: what is Red by its slip need not be told that it is Amber by it."""
    by_field: dict[str, tuple[Reason, ...]] = {}
    for rule in held:
        if rule.field not in by_field:
            told = {**signs, "tolerance": _value(rule, limits)}
            why = reason(rule.reason, **{name: told.get(name) for name in REASONS[rule.reason]})
            by_field[rule.field] = (why, *own_words(rule))
    return tuple(chain.from_iterable(by_field.values()))


def own_words(rule: ColourRule) -> Iterator[Reason]:
    """What a site says beside the reason of a rule."""
    if rule.words:
        yield reason(
            "own_words", **dict(zip(("en", "zh"), (rule.words[each].strip() for each in LANGUAGES), strict=True))
        )
