"""Colours of projects, programs and portfolios: never an average, always the worst that counts, with its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar

from pmosync.compute.assessment import Letter, MilestoneVerdict, ProgramVerdict, ProjectVerdict, Rag, Reason
from pmosync.compute.colour import effective
from pmosync.compute.levels import is_final, is_key
from pmosync.compute.policy import Policy
from pmosync.compute.rag import GRAVITY, LIVE, Judgement
from pmosync.compute.reasons import copied, reason
from pmosync.compute.workdays import Calendar
from pmosync.model import Level

Above = TypeVar("Above", ProjectVerdict, ProgramVerdict)

GOOD = frozenset({Letter.GREEN, Letter.PALE})
ORDER = "RAMGg?‖PB×→"
"""The letters in the one order in which counts are told, on every tab and in the terminal: what runs gravest first, then what
says nothing, then what rests or is over.
"""


def project(
    milestones: Sequence[MilestoneVerdict],
    final: MilestoneVerdict | None,
    today: date,
    calendar: Calendar,
    policy: Policy,
) -> Judgement:
    """The worst of the committee milestones due soon and of the final one; other tracked ones make it Amber at most."""
    listed = [each for each in milestones if each.level is not Level.TEAM]
    own = _live(
        each
        for each in listed
        if each is final or (each.level is Level.COMMITTEE and is_soon(each, today, calendar, policy))
    )
    live = [*own, *_live(each for each in listed if each.level is Level.TRACKED and each is not final)]
    found = _worst(own, live, policy) or (_calm(live, own) if live else _nothing_live(listed))
    turning = _turning(own, found, final, today, calendar, policy)
    return Judgement(found.letter, (*found.reasons, *_covered(live), *turning), found.hard)


def _worst(own: Sequence[MilestoneVerdict], live: Sequence[MilestoneVerdict], policy: Policy) -> Judgement | None:
    red = _bearing(own, Letter.RED, policy)
    if red is not None:
        return Judgement(Letter.RED, _told("milestone_red", red))
    for letter, key in ((Letter.RED, "milestone_red_tracked"), (Letter.AMBER, "milestone_amber")):
        hit = _bearing(live, letter, policy)
        if hit is not None:
            return Judgement(Letter.AMBER, _told(key, hit))
    return None


def _turning(
    own: Sequence[MilestoneVerdict],
    found: Judgement,
    final: MilestoneVerdict | None,
    today: date,
    calendar: Calendar,
    policy: Policy,
) -> Iterator[Reason]:
    """The milestone that will make the project worse than was ``found``, the final one first: its colour is held back, yet
    seen on its own row, and a Green above it would read as a contradiction. One that is named already tells it itself.
    """
    named = {why.values.get("code") for why in found.reasons}
    worse = [
        each
        for each in own
        if _held_worse(each.rag)
        and GRAVITY[each.rag.computed] < GRAVITY[found.letter]
        and each.milestone.code not in named
    ]
    if worse:
        each = min(worse, key=lambda one: (GRAVITY[one.rag.computed], one is not final, one.milestone.code))
        yield reason(
            "milestone_turning",
            code=each.milestone.code,
            name=_name(each),
            computed=str(each.rag.computed),
            day=calendar.add(today, _still_held(each.rag, policy)),
            final="final" if each is final else "",
        )


def _held_worse(found: Rag) -> bool:
    """Whether steadiness alone keeps a worse colour from being shown."""
    held = any(why.key == "held_back" for why in found.reasons)
    return held and not found.override and GRAVITY[found.computed] < GRAVITY[found.shown]


def _still_held(found: Rag, policy: Policy) -> int:
    """The working days until a colour held back is shown, if it stands on each of them; at least one."""
    held = next((why.values["held"] for why in found.reasons if why.key == "held_back"), 0)
    return max(policy.steady_days - held, 1) if isinstance(held, int) else policy.steady_days


def _turning_below(below: Sequence[ProjectVerdict], letter: Letter) -> Iterator[Reason]:
    """The gravest milestone that is about to make one of these projects worse than ``letter``."""
    told = [why for each in below for why in each.rag.reasons if why.key == "milestone_turning"]
    worse = [why for why in told if GRAVITY[str(why.values["computed"])] < GRAVITY[letter]]
    yield from sorted(worse, key=lambda why: (GRAVITY[str(why.values["computed"])], str(why.values["code"])))[:1]


def _covered(live: Sequence[MilestoneVerdict]) -> Iterator[Reason]:
    """Each milestone whose colour a decision betters: what it covers stays told."""
    for each in live:
        if each.rag.override and GRAVITY[effective(each.rag)] > GRAVITY[each.rag.shown]:
            decision = next((why.values["decision"] for why in each.rag.reasons if why.key == "overridden"), "")
            slip = each.slip if each.slip is not None and each.slip > 0 else None
            yield reason(
                "override_covers",
                code=each.milestone.code,
                mark=each.rag.override,
                decision=decision,
                covers=str(each.rag.shown),
                wd=None if slip is None else f"{slip:+}",
            )


def program(projects: Sequence[ProjectVerdict], policy: Policy) -> Judgement:
    """Red by a key project or many part-time ones, Amber by a key Amber or any part-time Red; never greener than its key ones."""
    live = [each for each in projects if effective(each.rag) in LIVE]
    key = [each for each in live if is_key(each.row)]
    found = _program(projects, live, key, policy)
    turning = (why for why in _turning_below(key, found.letter) if why not in found.reasons)
    return Judgement(found.letter, (*found.reasons, *turning), found.hard)


def _program(
    projects: Sequence[ProjectVerdict], live: Sequence[ProjectVerdict], key: Sequence[ProjectVerdict], policy: Policy
) -> Judgement:
    part_time = [each for each in live if not is_key(each.row)]
    red = [each for each in part_time if effective(each.rag) is Letter.RED]
    many = len(red) >= policy.part_time_least and len(red) > policy.part_time_share * len(part_time)
    worst = _first(key, Letter.RED, policy)
    if worst is not None:
        return Judgement(Letter.RED, (_project("project_red", worst), *worst.rag.reasons[:2]))
    if many:
        return Judgement(Letter.RED, (reason("part_time_red", red=len(red), total=len(part_time)),))
    few, amber = tuple(_few(red, len(part_time), policy)), _first(key, Letter.AMBER, policy)
    if amber is not None:
        return Judgement(Letter.AMBER, (*few, _project("project_amber", amber), *amber.rag.reasons[:2]))
    found = _first(red, Letter.RED, policy)
    if found is not None:
        return Judgement(Letter.AMBER, (*few, *found.rag.reasons[:2]))
    return _quiet_program(projects, live, key, policy)


def _few(red: Sequence[ProjectVerdict], total: int, policy: Policy) -> Iterator[Reason]:
    """The Red part-time projects that make their program no more than Amber, the gravest by name: whoever counts a Red below
    an Amber program must not have to guess why.
    """
    found = _first(red, Letter.RED, policy)
    if found is not None:
        yield reason("part_time_few", red=len(red), total=total, code=found.row.code, name=found.row.name)


def portfolio(programs: Sequence[ProgramVerdict], projects: Sequence[ProjectVerdict], policy: Policy) -> Judgement:
    """Red if a quarter of its key projects is, or a final milestone is missed; Amber if any program is Red."""
    key = [each for each in projects if is_key(each.row) and effective(each.rag) in LIVE]
    red = sum(effective(each.rag) is Letter.RED for each in key)
    missed = min(
        (each for each in projects if _final_missed(each)), key=lambda each: _weight(each, policy), default=None
    )
    if missed is not None and missed.final is not None:
        final = missed.final.milestone
        return Judgement(
            Letter.RED,
            (reason("final_missed", code=final.code, name=_name(missed.final), project=missed.row.code),),
        )
    if key and red >= policy.portfolio_share * len(key) and red:
        reds = sorted(
            (each for each in key if effective(each.rag) is Letter.RED), key=lambda each: _weight(each, policy)
        )
        told = (_project("project_red", each) for each in reds)
        return Judgement(Letter.RED, (reason("key_share_red", red=red, total=len(key)), *told))
    for letter, name in ((Letter.RED, "program_red"), (Letter.GREY, "program_grey")):
        hit = _first(programs, letter, policy)
        if hit is not None and (letter is Letter.RED or any(effective(each.rag) in GOOD for each in programs)):
            return Judgement(Letter.AMBER, (reason(name, code=hit.row.code, name=hit.row.name), *hit.rag.reasons[:3]))
    return _quiet_program(projects, [each for each in projects if effective(each.rag) in LIVE], key, policy)


def counts(letters: Iterable[Letter]) -> Mapping[str, int]:
    """How many there are of each letter, in ``ORDER``."""
    found: dict[str, int] = {}
    for letter in letters:
        found[str(letter)] = found.get(str(letter), 0) + 1
    return ordered(found)


def ordered(counted: Mapping[str, int]) -> Mapping[str, int]:
    """Counts by letter in ``ORDER``, whatever order they were kept in; a letter of which there is none is left out."""
    return {letter: counted[letter] for letter in sorted(counted, key=ORDER.index) if counted[letter]}


def final_of(milestones: Sequence[MilestoneVerdict]) -> MilestoneVerdict | None:
    """The milestone typed as final; else the last of the committee's, else the last tracked one."""
    typed = [
        each
        for each in milestones
        if is_final(each.row)
        and each.level is not Level.TEAM
        and effective(each.rag) not in {Letter.CANCELLED, Letter.REPLACED}
    ]
    for among in (typed, _of(milestones, Level.COMMITTEE), _of(milestones, Level.TRACKED)):
        if among:
            return max(among, key=lambda each: (due(each) or date.min, each.milestone.code))
    return None


def next_of(milestones: Sequence[MilestoneVerdict]) -> MilestoneVerdict | None:
    """The open committee or tracked milestone that is due first."""
    open_ones = [
        each
        for each in milestones
        if each.level is not Level.TEAM and effective(each.rag) in LIVE and not each.rag.mark and due(each)
    ]
    return min(open_ones, key=lambda each: (due(each) or date.max, each.milestone.code), default=None)


def due(verdict: MilestoneVerdict) -> date | None:
    """The day a milestone is promised for, else expected or targeted."""
    if verdict.current is not None:
        return verdict.current.day
    return verdict.expected.day if verdict.expected else verdict.target.day if verdict.target else None


def is_missed(verdict: MilestoneVerdict) -> bool:
    """Whether the baseline day is over and the milestone not done, and no decision says otherwise."""
    return effective(verdict.rag) is Letter.RED and any(why.key == "missed" for why in verdict.rag.reasons)


def is_late(verdict: MilestoneVerdict) -> bool:
    """Missed, or expected later than its tolerance allows."""
    return any(why.key in {"missed", "expected_late_red", "expected_late_amber"} for why in verdict.rag.reasons)


def _final_missed(verdict: ProjectVerdict) -> bool:
    """Whether a project is Red and its final milestone missed: a decided bet or an overridden project is not Red."""
    return effective(verdict.rag) is Letter.RED and verdict.final is not None and is_missed(verdict.final)


def is_soon(verdict: MilestoneVerdict, today: date, calendar: Calendar, policy: Policy) -> bool:
    """Whether a milestone is due within the days in which it colours its project; one without a day is."""
    day, ahead = due(verdict), verdict.ahead
    return day is None or (calendar.between(today, day) if ahead is None else ahead) <= policy.roll_up_within


def _calm(live: Sequence[MilestoneVerdict], own: Sequence[MilestoneVerdict]) -> Judgement:
    """Nothing Red or Amber: grey caps at Amber where others are Green; silence stays said; pale where little is known."""
    grey = next((each for each in own if effective(each.rag) is Letter.GREY), None)
    missing = next((each for each in live if effective(each.rag) is Letter.MISSING), None)
    good = [each for each in live if effective(each.rag) in GOOD]
    if grey is not None and good:
        return Judgement(Letter.AMBER, _told("milestone_grey", grey))
    if missing is not None:
        return Judgement(Letter.MISSING, _told("milestone_missing", missing, 2))
    if not good:
        return Judgement(Letter.GREY, _told("milestone_grey", live[0]))
    pale = any(effective(each.rag) is Letter.PALE for each in good)
    return Judgement(Letter.PALE if pale else Letter.GREEN, (reason("milestones_green", count=len(good)),))


def _nothing_live(listed: Sequence[MilestoneVerdict]) -> Judgement:
    done = [each for each in listed if effective(each.rag) is Letter.BLUE]
    waiting = [each for each in listed if effective(each.rag) in LIVE]
    if done and not waiting:
        return Judgement(Letter.BLUE, (reason("milestones_done", count=len(done)),))
    if waiting:
        return Judgement(Letter.GREEN, (reason("milestones_green", count=len(waiting)),))
    return Judgement(Letter.GREY, (reason("milestones_none"),))


def _quiet_program(
    all_of: Sequence[ProjectVerdict], live: Sequence[ProjectVerdict], key: Sequence[ProjectVerdict], policy: Policy
) -> Judgement:
    good = [each for each in live if effective(each.rag) in GOOD]
    grey = _first(key, Letter.GREY, policy)
    if grey is not None and good:
        return Judgement(Letter.AMBER, (_project("project_grey", grey), *grey.rag.reasons[:1]))
    if good:
        pale = any(effective(each.rag) is Letter.PALE for each in good)
        told = (reason("projects_green", count=len(good)), *_beside(live))
        return Judgement(Letter.PALE if pale else Letter.GREEN, told)
    amber = _first(live, Letter.RED, policy) or _first(live, Letter.AMBER, policy)
    if amber is not None:
        return Judgement(Letter.AMBER, (_project("project_amber", amber), *amber.rag.reasons[:2]))
    if live:
        return Judgement(Letter.GREY, (_project("project_grey", live[0]),))
    done = sum(effective(each.rag) is Letter.BLUE for each in all_of)
    if done:
        return Judgement(Letter.BLUE, (reason("projects_done", count=done),))
    return Judgement(Letter.GREY, (reason("projects_none"),))


def _beside(live: Sequence[ProjectVerdict]) -> Iterator[Reason]:
    """What a Green program or portfolio has below it that is not Green: a reader must not find it by surprise."""
    red, amber = (sum(effective(each.rag) is letter for each in live) for letter in (Letter.RED, Letter.AMBER))
    if red or amber:
        yield reason("projects_beside", red=red or None, amber=amber or None)


def _of(milestones: Iterable[MilestoneVerdict], level: Level) -> list[MilestoneVerdict]:
    ended = {Letter.CANCELLED, Letter.REPLACED}
    return [each for each in milestones if each.level is level and effective(each.rag) not in ended]


def _live(among: Iterable[MilestoneVerdict]) -> list[MilestoneVerdict]:
    return [each for each in among if effective(each.rag) in LIVE]


def _bearing(among: Iterable[MilestoneVerdict], letter: Letter, policy: Policy) -> MilestoneVerdict | None:
    """The gravest milestone of that letter: by its rule's place in the colour table, then the final one and the committee's
    before others, then the latest, then by code.
    """
    return min(
        (each for each in among if effective(each.rag) is letter),
        key=lambda each: (
            _rank(each.rag, policy),
            not is_final(each.row),
            each.level is not Level.COMMITTEE,
            -_slip(each),
            each.milestone.code,
        ),
        default=None,
    )


def _first(among: Iterable[Above], letter: Letter, policy: Policy) -> Above | None:
    """The gravest project or program of that letter: by the rule behind it, then by how late that is, then by code."""
    return min(
        (each for each in among if effective(each.rag) is letter),
        key=lambda each: _weight(each, policy),
        default=None,
    )


def _weight(above: ProjectVerdict | ProgramVerdict, policy: Policy) -> tuple[int, int, str]:
    return _rank(above.rag, policy), -max(map(_late, above.rag.reasons), default=0), above.row.code


def _rank(found: Rag, policy: Policy) -> int:
    """How grave the gravest reason is: the place of its rule in the colour table, gravest first; else behind them all."""
    told = {why.key for why in found.reasons}
    rules = sorted(policy.colours, key=lambda each: GRAVITY[each.letter])
    return next((at for at, rule in enumerate(rules) if rule.reason in told), len(rules))


def _late(why: Reason) -> int:
    """The working days that a reason says something is late."""
    told = (why.values.get("late_wd"), why.values.get("slip"))
    return max((wd for wd in told if isinstance(wd, int)), default=0)


def _slip(verdict: MilestoneVerdict) -> int:
    """Working days late, against the first target where there is no baseline; how long it is missed at least."""
    told = verdict.slip if verdict.slip is not None else verdict.slip_first
    return max(told or 0, *map(_late, verdict.rag.reasons), 0)


def _told(key: str, verdict: MilestoneVerdict, most: int = 1) -> tuple[Reason, ...]:
    """A milestone's name, and at most so many of its own reasons."""
    code = verdict.milestone.code
    named = reason(key, code=code, name=_name(verdict))
    return (named, *(copied(why, code) for why in verdict.rag.reasons[:most]))


def _project(key: str, verdict: ProjectVerdict) -> Reason:
    return reason(key, code=verdict.row.code, name=verdict.row.name)


def _name(verdict: MilestoneVerdict) -> str:
    """The name to say; none of what is restricted or not visible any more."""
    return "" if verdict.restricted or verdict.gone_since else verdict.milestone.name
