"""Facts, rows and records as bytes, and refs as text: one place that knows how a value lies on disk."""

from __future__ import annotations

import zlib
from typing import Any

import msgspec

from pmosync.compute.cuts import Cut
from pmosync.model import (
    BindingRow,
    Change,
    Colour,
    Fact,
    Freshness,
    Hold,
    Move,
    Part,
    Planned,
    PlanRow,
    Problem,
    Progress,
    Report,
    UnitRun,
)
from pmosync.raw import Ref

BINDING_ROW = "binding_input"

WORTHWHILE = 4096
"""Bytes below which compressing a payload costs more of a first sync's time than its disk space is worth."""
COMPRESSED = b"x"

_pack = msgspec.msgpack.Encoder()
_facts = msgspec.msgpack.Decoder(Fact | PlanRow)
_changes = msgspec.msgpack.Decoder(Change)
_problems = msgspec.msgpack.Decoder(Problem)
_payloads = msgspec.msgpack.Decoder(dict[str, Any])
_colours = msgspec.msgpack.Decoder(Colour)
_freshness = msgspec.msgpack.Decoder(Freshness)
_holds = msgspec.msgpack.Decoder(Hold)
_tallies = msgspec.msgpack.Decoder(Progress)
_units = msgspec.msgpack.Decoder(UnitRun)
_moves = msgspec.msgpack.Decoder(Move)
_planned = msgspec.msgpack.Decoder(Planned)
_reports = msgspec.msgpack.Decoder(Report)
_parts = msgspec.msgpack.Decoder(Part)
_cuts = msgspec.msgpack.Decoder(Cut)

packed = _pack.encode
fact_of = _facts.decode
change_of = _changes.decode
problem_of = _problems.decode
colour_of = _colours.decode
freshness_of = _freshness.decode
hold_of = _holds.decode
progress_of = _tallies.decode
unit_of = _units.decode
part_of = _parts.decode
move_of = _moves.decode
planned_of = _planned.decode
report_of = _reports.decode
cut_of = _cuts.decode


def entity_of(fact: Fact | PlanRow) -> str:
    """The word of a fact or row: its tag.

    A row of the Bindings tab is ``binding_input``, as ``binding`` is the dated tie itself.
    """
    return BINDING_ROW if isinstance(fact, BindingRow) else str(fact.__struct_config__.tag)


def squeezed(payload: dict[str, Any]) -> bytes:
    """A record's payload as it is kept: msgpack, compressed where that saves more than it costs."""
    body = packed(payload)
    return body if len(body) < WORTHWHILE else zlib.compress(body, 1)


def payload_of(body: bytes) -> dict[str, Any]:
    """The payload of a kept record. A compressed one begins with a byte that no msgpack map begins with."""
    return _payloads.decode(zlib.decompress(body) if body[:1] == COMPRESSED else body)


def ref_of(text: str) -> Ref:
    """The ref of its text. Connection names and kinds hold no colon; ids may."""
    connection, kind, own = text.split(":", 2)
    return Ref(connection, kind, own)
