"""What a source makes of answers that are none: each at every request that it sends."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from msgspec import Struct

from pmosync.emulation import faults
from pmosync.emulation.faults import Fault
from pmosync.errors import AuthError, ConfigError, HeldError, PmosyncError, TransientError
from pmosync.guard import PluginError
from pmosync.raw import Ref
from pmosync.testing.contract.trial import Memory, Outcome, Trial, hold, told
from pmosync.testing.contract.world import Deed

FURTHER = 2
"""So many requests at most may be begun behind one that told that the credential is dead."""
FOR_EVER = 1_000_000


class Refusal(Struct, frozen=True):
    """A way to fail. ``allowed`` are the errors that tell it rightly; ``alone``: it befalls one request too, and not only
    all from one on.
    """

    name: str
    allowed: tuple[type[PmosyncError], ...]
    status: int = 200
    body: bytes = b""
    fault: Fault | None = None
    alone: bool = False

    def made(self, secrets: Sequence[str]) -> Fault:
        """As a fault. A refusing server repeats what it was told: the secrets stand in its answer."""
        if self.fault:
            return self.fault
        if self.status == 200:
            return faults.Body(self.body)
        echo = json.dumps(
            {"message": " ".join(secrets), "errorMessages": list(secrets), "error": {"code": self.status}}
        )
        return faults.Status(self.status, {"Retry-After": "1"}, echo.encode())


NOT_OURS = (AuthError, HeldError, ConfigError, TransientError)
"""Who is refused one thing may hold it back, or ask for a right or a setting; some servers answer so for an hour."""

REFUSALS = (
    Refusal("401", (AuthError,), 401),
    Refusal("403", NOT_OURS, 403, alone=True),
    Refusal("404", NOT_OURS, 404, alone=True),
    Refusal("429", (TransientError,), 429),
    Refusal("500", (TransientError,), 500),
    Refusal("garbage", (TransientError,), body=b"<html><body>Please sign in</body></html>"),
    Refusal("empty object", (TransientError,), body=b"{}"),
    Refusal("null", (TransientError,), body=b"null"),
    Refusal("half a body", (TransientError,), fault=faults.Cut()),
    Refusal("reset", (TransientError,), fault=faults.Reset()),
)


def refused(trial: Trial, refusal: Refusal, every: int = 1) -> None:
    """From any request on, or at any one alone: an error of the right kind, and never "nothing there" for "failed"."""
    truth = _truth(trial)
    count = trial.count(trial.fully)
    fault = refusal.made(trial.world.secrets)
    for number in _numbers(count, every, refusal.name):
        for last in (FOR_EVER, number) if refusal.alone else (FOR_EVER,):
            trial.stand.faults.clear()
            trial.stand.faults.plan = faults.burst(number, last, fault)
            outcome = trial.read()
            where = f"{refusal.name} at request {number} of {count}{' alone' if last == number else ''}"
            _right(outcome, refusal, where)
            _true(trial, outcome, truth, where)
            _silent(trial, outcome.errors, where)
            if refusal.allowed == (AuthError,):
                _stopped(trial, number, where)


def revoked(trial: Trial, share: float) -> None:
    """A credential that dies behind this share of a reading, as this system lets it die, is told, and nothing more is
    asked.
    """
    truth = _truth(trial)
    number = 1 + round(share * (trial.count(trial.fully) - 1))

    def plan(now: int, _method: str, _path: str) -> Fault | None:
        if now == number:
            trial.world.do(Deed.REVOKE)
        return None

    trial.stand.faults.clear()
    trial.stand.faults.plan = plan
    outcome = trial.read()
    where = f"a credential that died at request {number}"
    hold(any(isinstance(error, AuthError) for error in outcome.errors), f"{where} is not told: {_said(outcome)}")
    _true(trial, outcome, truth, where)
    _silent(trial, outcome.errors, where)
    _stopped(trial, number, where)


def unanswered(trial: Trial, every: int = 1) -> None:
    """A question for single things that fails says of none that it is gone."""
    trial.fill(4)
    memory = trial.fully().memory
    refs = [trial.ref(item) for item in trial.items]
    asked = trial.count(lambda: trial.source(memory.kept).visible(refs, memory.kept(refs)))
    for refusal in (one for one in REFUSALS if not one.alone):
        for number in _numbers(asked, every, refusal.name):
            trial.stand.faults.clear()
            trial.stand.faults.plan = faults.burst(number, FOR_EVER, refusal.made(trial.world.secrets))
            _answered(trial, memory, refs, f"{refusal.name} at request {number} of a question for single things")


def _answered(trial: Trial, memory: Memory, refs: list[Ref], where: str) -> None:
    try:
        answers = trial.source(memory.kept).visible(refs, memory.kept(refs))
    except PmosyncError as error:
        _silent(trial, [error], where)
    else:
        hold(all(answers.values()), f"{where}: things are taken for gone")


def checked(trial: Trial) -> None:
    """``check`` finds nothing wrong where nothing is, and something where the credential is refused."""
    trial.fill(2)
    wrong = [finding for finding in trial.source().check() if not finding.ok]
    hold(not wrong, f"check finds fault with what is well: {wrong}")
    trial.stand.faults.plan = faults.burst(1, FOR_EVER, REFUSALS[0].made(trial.world.secrets))
    try:
        said = list(trial.source().check())
    except PmosyncError as error:
        _silent(trial, [error], "check")
        return
    hold(any(not finding.ok for finding in said), "check finds nothing wrong with a credential that is refused")
    text = " ".join(f"{finding.place} {finding.message} {finding.remedy}" for finding in said)
    _without(trial, text, "check")


def _truth(trial: Trial) -> Outcome:
    trial.fill(trial.world.page + 1)
    outcome = trial.fully()
    trial.complete(outcome.memory, "an undisturbed reading")
    return outcome


def _numbers(count: int, every: int, name: str) -> Iterator[int]:
    """The requests to break: the first, the last, and each ``every``-th between, beginning elsewhere for each name."""
    hold(count > 0, "nothing is asked")
    offset = sum(name.encode()) % every
    return iter(sorted({1, count, *range(1 + offset, count, every)}))


def _right(outcome: Outcome, refusal: Refusal, where: str) -> None:
    for error in outcome.errors:
        trail = f"\n{error.trail}" if isinstance(error, PluginError) else ""
        hold(isinstance(error, refusal.allowed), f"{where} is told as {type(error).__name__}: {error}{trail}")


def _true(trial: Trial, outcome: Outcome, truth: Outcome, where: str) -> None:
    """Units that were read to the end hold everything; what was told of others is true as far as it goes."""
    for key, refs in outcome.listed.items():
        lost = truth.listed.get(key, set()) - refs
        hold(not lost, f"{where}: {key} is told to the end without {sorted(map(str, lost))[:3]}")
    ours = (record for ref, record in outcome.memory.records.items() if ref.kind == trial.world.kind)
    for record in ours:
        known = truth.memory.records.get(record.ref)
        hold(known is not None and told(known) == told(record), f"{where}: {record.ref} is told otherwise")
    if not outcome.errors:
        trial.complete(outcome.memory, where)


def _stopped(trial: Trial, number: int, where: str) -> None:
    further = trial.stand.faults.requests() - number
    hold(further <= FURTHER, f"{where}: {further} more requests were sent with it, {FURTHER} are allowed")


def _silent(trial: Trial, errors: Sequence[PmosyncError], where: str) -> None:
    """No error shows a secret, nor does what it was made from."""
    for error in errors:
        _without(trial, f"{error} {error.args} {error.__cause__!r}", where)


def _without(trial: Trial, text: str, where: str) -> None:
    for secret in trial.world.secrets:
        forms = (secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode())
        hold(not any(form in text for form in forms), f"{where}: an error shows a secret")


def _said(outcome: Outcome) -> str:
    return "; ".join(map(str, outcome.errors)) or "no error at all"
