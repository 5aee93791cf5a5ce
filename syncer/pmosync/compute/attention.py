"""What needs somebody: a concern a rule and code, ranked by what becomes of the final milestones if nothing changes.

A concern keeps its id (rule and code) while the trouble grows from Amber to missed, and stays to the end of the week in which
it went away: a list that is worked through in a meeting does not lose its lines meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from msgspec.structs import replace

from pmosync.compute import marks
from pmosync.compute.assessment import Concern, MilestoneVerdict, ProjectVerdict, Push, Rag, Reason
from pmosync.compute.calendars import Clock, Clocks
from pmosync.compute.colour import effective
from pmosync.compute.forecast.sharing import rank
from pmosync.compute.rag import GRAVITY
from pmosync.compute.reasons import own, reason
from pmosync.compute.since import CONCERN
from pmosync.mapping.text import fold
from pmosync.model import AttentionAnswerRow, Level, State, Stretch

WEIGHTS = (3, 2, 1)
"""What a working day of a project's final milestone counts for, by the rank of the project's priority; any later one, and what
says nothing, counts as the last.
"""

RULES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                *("missed", "expected_late_red", "unlikely_red", "short_red"),
                *("expected_late_amber", "unlikely_amber", "short_amber"),
            ),
            ("late", "owner"),
        ),
        "pace_late": ("pace", "owner"),
        "blocking_risk": ("risk", "manager"),
        "review_overdue": ("review", "office"),
        "learning_undecided": ("learning", "manager"),
        "target_past": ("past", "owner"),
        "forecast_past": ("past", "owner"),
        "no_owner": ("owner", "manager"),
        "quiet": ("quiet", "owner"),
        "retargets": ("moves", "manager"),
        "scope_cut": ("scope", "office"),
        "all_work_done": ("close", "owner"),
        "forecast_against_evidence": ("forecast", "manager"),
        "no_baseline": ("promise", "office"),
        "no_date": ("promise", "manager"),
        "no_promise": ("promise", "manager"),
        "missing_update": ("update", "manager"),
        "wish_waiting": ("wish", "office"),
    }
)
"""Reason → the concern that it is, and who acts: the milestone's owner, the project's manager, or the PMO office."""


def deciding(reasons: Sequence[Reason]) -> str:
    """The key of what a colour rests on: the gravest reason that is a concern, behind those that only say whose colour it is;
    else the first one.
    """
    return next((why.key for why in reasons if why.key in RULES), reasons[0].key if reasons else "")


def concern_of(key: str) -> str:
    """The concern that a reason is; "" of what asks nobody to act."""
    return RULES[key][0] if key in RULES else ""


NEVER = date.max
"""Behind every promise."""


def concerns(
    milestones: Sequence[MilestoneVerdict],
    projects: Sequence[ProjectVerdict],
    times: Clocks,
    noted: Mapping[str, Stretch],
    answers: Iterable[AttentionAnswerRow],
    marked: Mapping[str, datetime],
    now: datetime,
) -> tuple[Concern, ...]:
    """The concerns of today and of this week so far, the dearest first. ``noted`` are those told lately, by id; ``answers``
    what people say to them, ``marked`` since when they do (``compute.marks``).
    """
    pushed = pushes(milestones, projects, times)
    heads = {each.row.code: each.owner for each in projects}
    weights = {each.row.code: weight(each) for each in projects}
    begins = week_begin(times.default)
    listed = [each for each in milestones if each.level is not Level.TEAM]
    told = [*_of_milestones(listed, heads, pushed, weights), *_of_projects(projects, times.default)]
    open_now = [replace(each, since=_since(noted.get(each.id), now)) for each in told]
    here = {each.id for each in told}
    ended = {name: each.until or now for name, each in noted.items() if name not in here}
    gone = _gone(noted, ended, begins, {each.milestone.code: each for each in listed}, heads)
    replies, today = {fold(row.id): row for row in answers}, times.default.today
    told_all = (_answered(each, _meant(each, replies, marked), today) for each in (*open_now, *gone))
    return tuple(sorted(told_all, key=_turn))


def _meant(
    concern: Concern, replies: Mapping[str, AttentionAnswerRow], marked: Mapping[str, datetime]
) -> AttentionAnswerRow | None:
    """What somebody says to this concern: what was said of one that went away says nothing of it once it is back."""
    reply = replies.get(fold(concern.id))
    said = marked.get(marks.name(reply)) if reply else None
    before = said is not None and concern.since is not None and said < concern.since
    return None if before else reply


def _answered(concern: Concern, reply: AttentionAnswerRow | None, today: date) -> Concern:
    """The concern with what somebody says to it: it rests to the end of the day until which it is snoozed, or is done."""
    if reply is None:
        return concern
    rests = reply.snooze is not None and today <= reply.snooze
    return replace(
        concern, answer=reply.answer, snoozed=reply.snooze, done=bool(reply.done), rests=rests or bool(reply.done)
    )


def week_begin(clock: Clock) -> datetime:
    """The instant at which the clock's week began: Monday, 00:00."""
    monday = clock.today - timedelta(days=clock.today.weekday())
    return datetime.combine(monday, time(), clock.zone)


def stretches(told: Iterable[Concern]) -> dict[str, datetime]:
    """What the store keeps of concerns that stand: name → since when."""
    return {CONCERN + each.id: each.since for each in told if each.since is not None and each.over is None}


def noted(kept: Iterable[Stretch]) -> dict[str, Stretch]:
    """The last stretch of each concern, by id, of all that are ``kept`` under names."""
    found: dict[str, Stretch] = {}
    for each in sorted(kept, key=lambda each: each.since):
        if each.finding.startswith(CONCERN):
            found[each.finding.removeprefix(CONCERN)] = each
    return found


# ---------------------------------------------------------------- consequence


def pushes(
    milestones: Sequence[MilestoneVerdict], projects: Sequence[ProjectVerdict], times: Clocks
) -> Mapping[str, Push]:
    """By milestone, the open final milestone that it makes later by most, weighed by priority: itself, or one that waits for it,
    directly or through others. A final one waits for the gates of its project that are promised no later, without a word. A
    milestone for which no open final one waits is in none.
    """
    known = {fold(each.milestone.code): each for each in milestones}
    gates: defaultdict[str, list[MilestoneVerdict]] = defaultdict(list)
    for each in milestones:
        if each.level is Level.COMMITTEE and each.state is State.ACTIVE:
            gates[each.project].append(each)
    found: dict[str, Push] = {}
    for project in sorted(projects, key=lambda each: each.row.code):
        final = project.final
        if final is None or not (project.state is final.state is State.ACTIVE):
            continue
        clock = times.of(project.row.code)
        before_it = (each for each in gates[project.row.code] if _promised(each) <= _promised(final))
        for each in _waited_for(final, {fold(each.milestone.code) for each in before_it}, known):
            push = Push(final.milestone.code, _later(final, each, clock), weight(project))
            before = found.get(each.milestone.code)
            if push.wd > 0 and (before is None or push.cost > before.cost):
                found[each.milestone.code] = push
    return found


def weight(project: ProjectVerdict) -> int:
    """What a working day of a project counts for."""
    return WEIGHTS[min(rank(project.row.priority), len(WEIGHTS) - 1)]


def _waited_for(
    final: MilestoneVerdict, gates: Collection[str], known: Mapping[str, MilestoneVerdict]
) -> Iterator[MilestoneVerdict]:
    """The milestone, its gates and all that any of them waits for, each once; circles end."""
    seen = {fold(final.milestone.code), *gates}
    ahead = [final, *(known[code] for code in sorted(gates) if code != fold(final.milestone.code))]
    while ahead:
        each = ahead.pop()
        yield each
        new = {fold(code) for code in each.depends_on} - seen
        seen |= new
        ahead.extend(known[code] for code in sorted(new) if code in known)


def _later(final: MilestoneVerdict, each: MilestoneVerdict, clock: Clock) -> int:
    """The wd by which the final milestone ends behind its promise if it cannot end before the other is expected."""
    promised = _promised(final)
    if promised == NEVER or each.expected is None or each.actual is not None:
        return 0
    return clock.calendar.between(promised, each.expected.day)


def _promised(verdict: MilestoneVerdict) -> date:
    """The day by which it is judged; ``NEVER`` where there is none."""
    return verdict.current.day if verdict.current else verdict.first_target or NEVER


# ---------------------------------------------------------------- today's


def _of_milestones(
    listed: Sequence[MilestoneVerdict],
    heads: Mapping[str, str],
    pushed: Mapping[str, Push],
    weights: Mapping[str, int],
) -> Iterator[Concern]:
    for each in listed:
        code = each.milestone.code
        for rule, acts, why in _troubles((*each.rag.reasons, *_wish(each))):
            yield Concern(
                rule=rule,
                code=code,
                project=each.project,
                reason=why,
                acts=acts,
                who=_who(acts, "" if each.gone_since else each.owner, heads.get(each.project, "")),
                push=pushed.get(code),
                slip=each.judged_slip,
                weight=weights.get(each.project, 1),
                letter=str(effective(each.rag)),
                decided=_decided(each.rag),
            )


def _decided(rag: Rag) -> date | None:
    """Until when a decision says that a colour is better than it is; None where none does."""
    betters = bool(rag.override) and GRAVITY[effective(rag)] > GRAVITY[rag.shown]
    return rag.override_until if betters else None


def _of_projects(projects: Sequence[ProjectVerdict], clock: Clock) -> Iterator[Concern]:
    for each in projects:
        told = [why for why in own(each.rag.reasons) if why.key in {"review_overdue", "learning_undecided"}]
        for rule, acts, why in _troubles(told):
            yield Concern(
                rule=rule,
                code=each.row.code,
                project=each.row.code,
                reason=why,
                acts=acts,
                who=_who(acts, each.owner, each.owner),
                letter=str(effective(each.rag)),
                decided=_decided(each.rag),
            )


def _troubles(reasons: Iterable[Reason]) -> Iterator[tuple[str, str, Reason]]:
    """Each concern of a thing once, by its gravest reason: reasons come gravest first. Of what was missed it goes without
    saying that its dates lie in the past.
    """
    reasons = tuple(reasons)
    seen = {"past"} if any(why.key == "missed" for why in reasons) else set()
    for why in reasons:
        rule, acts = RULES.get(why.key, ("", ""))
        if rule and rule not in seen:
            seen.add(rule)
            yield rule, acts, why


def _wish(verdict: MilestoneVerdict) -> tuple[Reason, ...]:
    """A date that is wished for and not decided."""
    if verdict.row is None or verdict.wished is None:
        return ()
    return (reason("wish_waiting", wish=verdict.wished, words=verdict.row.wish_reason),)


def _who(acts: str, owner: str, manager: str) -> str:
    """Whose turn it is; where a milestone has no owner, its project's manager's."""
    return {"owner": owner or manager, "manager": manager}.get(acts, "")


def _since(stretch: Stretch | None, now: datetime) -> datetime:
    """Since when a concern stands; one that came back begins anew."""
    return now if stretch is None or stretch.until is not None else stretch.since


# ---------------------------------------------------------------- this week's


def _gone(
    kept: Mapping[str, Stretch],
    ended: Mapping[str, datetime],
    week: datetime,
    known: Mapping[str, MilestoneVerdict],
    heads: Mapping[str, str],
) -> Iterator[Concern]:
    """The concerns that went away this week; of what is known no more there is nothing to say."""
    for name, over in ended.items():
        rule, _, code = name.partition(":")
        if over < week or not (code in known or code in heads):
            continue
        verdict = known.get(code)
        yield Concern(
            rule=rule,
            code=code,
            project=verdict.project if verdict else code,
            letter=str(effective(verdict.rag)) if verdict else "",
            since=kept[name].since,
            over=over,
        )


def _turn(each: Concern) -> tuple[bool, bool, bool, int, int, int, str]:
    """Open before decided before gone, what rests behind all; the dearest first; then the latest by its own slip, weighed too,
    the gravest, by name.
    """
    cost = each.push.cost if each.push else 0
    own = (each.slip or 0) * each.weight
    gravity = GRAVITY.get(each.letter, len(GRAVITY))
    return (each.rests, each.over is not None, each.decided is not None, -cost, -own, gravity, each.id)
