"""The only configurer of logs: JSON lines on standard error, secrets cut out last.

structlog, which makes the lines, is loaded with the first of them: it takes a quarter of the time in which the program starts
(it brings a highlighter of source code along), and a run that is well says nothing.
"""

from __future__ import annotations

import base64
import json
import logging
import sys
import threading
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from functools import cache
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    import structlog

MASK = "•••"

# What is shorter stands in every other line.
LEAST = 4


class Redactor:
    """Knows the secrets of this process and cuts every form of them out of a log event: raw, URL-encoded, base64
    (also behind other text, as in basic authentication), JSON-escaped. Any thread may teach it.
    """

    def __init__(self) -> None:
        self._forms: tuple[str, ...] = ()
        self._lock = threading.Lock()

    def learn(self, secrets: Iterable[str]) -> None:
        """Add secrets; the longest form is cut first, so that none leaves a tail."""
        pieces = {piece for secret in secrets for piece in (secret, *_lines(secret))}
        forms = {form for piece in pieces if len(piece) >= LEAST for form in forms_of(piece)}
        with self._lock:
            self._forms = tuple(sorted({*self._forms, *forms}, key=len, reverse=True))

    def clean(self, text: str) -> str:
        """``text`` without any secret."""
        for form in self._forms:
            text = text.replace(form, MASK)
        return text

    def __call__(self, logger: Any, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        cleaned: Mapping[str, Any] = {key: self._deep(value) for key, value in event.items()}
        return cleaned

    def _deep(self, value: Any) -> Any:
        match value:
            case str():
                return self.clean(value)
            case dict():
                return {self.clean(str(key)): self._deep(part) for key, part in value.items()}
            case list() | tuple():
                return [self._deep(part) for part in value]
            case _:
                return value


def forms_of(secret: str) -> tuple[str, ...]:
    """The disguises in which a secret travels, each once."""
    plain = (secret, urllib.parse.quote(secret, safe=""), json.dumps(secret)[1:-1])
    return tuple(dict.fromkeys((*plain, *_base64(secret.encode()))))


def _lines(secret: str) -> list[str]:
    """The lines of a key file's key; its first and last are no secret."""
    return [line for line in secret.splitlines() if not line.startswith("-----")]


def _base64(secret: bytes) -> Iterator[str]:
    """The characters that stand for the secret alone, wherever it begins in a group of three bytes, in both alphabets."""
    for before, first in enumerate((0, 2, 3)):
        last = 8 * (before + len(secret)) // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            form = encode(bytes(before) + secret).decode()[first:last]
            if len(form) >= LEAST:
                yield form


redactor = Redactor()


def configure(level: str = "WARNING", stream: TextIO | None = None) -> None:
    """Set up the standard library's logging (client libraries speak through it) and ours to one JSON stream."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.addFilter(_uninterrupted)
    handler.setFormatter(_Lines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    # DEBUG of this logger dumps request headers and bodies.
    logging.getLogger("jira.resilientsession").setLevel(logging.WARNING)
    logging.getLogger("googleapiclient.discovery_cache").setLevel(logging.ERROR)


class _Lines(logging.Formatter):
    """A JSON line a record."""

    def format(self, record: logging.LogRecord) -> str:
        return _formatter().format(record)


@cache
def _formatter() -> logging.Formatter:
    import structlog

    _configured()
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[_brief, *_shared()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


@cache
def _configured() -> None:
    """Let structlog's own loggers speak through the standard library's."""
    import structlog

    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _shared() -> list[Any]:
    """What becomes of every event."""
    import structlog
    from structlog.tracebacks import ExceptionDictTransformer

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
        redactor,
    ]


def _uninterrupted(record: logging.LogRecord) -> bool:
    """Whether a record tells anything: that a library was cut short by Ctrl-C is no fault."""
    kind = record.exc_info[0] if record.exc_info else None
    return kind is None or not issubclass(kind, (KeyboardInterrupt, SystemExit))


def _brief(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A library's own words without its traceback: whoever called it tells the fault, and what to do about it."""
    raised = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if isinstance(raised, tuple) and raised[0] is not None:
        event["error"] = raised[0].__name__
    return event


def logger(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of one speaker: ``engine``, ``cli`` …"""
    import structlog

    _configured()
    bound: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return bound
