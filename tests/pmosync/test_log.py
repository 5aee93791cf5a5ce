"""Logs are JSON lines, and no form of a secret is in them."""

from __future__ import annotations

import base64
import io
import json
import logging
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest

from pmosync import log

SECRET = 'p@ss "word"/漢'


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    """Leave the root logger as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level


@pytest.mark.parametrize(
    "form", [SECRET, quote(SECRET, safe=""), base64.b64encode(SECRET.encode()).decode(), json.dumps(SECRET)[1:-1]]
)
def test_every_disguise_is_cut(form: str) -> None:
    """Raw, URL-encoded, base64 and JSON-escaped forms of a secret are masked, also deep inside values."""
    redactor = log.Redactor()
    redactor.learn([SECRET])
    event = redactor(None, "info", {"event": f"before {form} after", "deep": {"list": [form]}})
    assert form.rstrip("=") not in json.dumps(event, ensure_ascii=False)
    assert log.MASK in str(event)


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("before", ["", "a@b.c:", "ab@b.c:", "abc@b.c:"])
def test_basic_authentication_is_cut(before: str, encode: Callable[[bytes], bytes]) -> None:
    """Behind an account of any length, the token stands in no line, whatever its characters have become."""
    redactor = log.Redactor()
    redactor.learn([SECRET])
    whole = encode(f"{before}{SECRET}".encode()).decode()
    cleaned = redactor.clean(f"Authorization: Basic {whole}")
    left = cleaned.removeprefix("Authorization: Basic ").partition(log.MASK)
    assert left[1] == log.MASK
    assert len(left[0]) <= len(whole) - 4 * len(SECRET.encode()) // 3 + 2
    assert len(left[2].rstrip("=")) <= 1


def test_a_key_of_many_lines_is_cut_line_by_line() -> None:
    """A library may print one line of a private key; the lines around it are in every key."""
    redactor = log.Redactor()
    redactor.learn(["-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\nkqhkiG9w0BAQEF\n-----END PRIVATE KEY-----\n"])
    assert redactor.clean("x kqhkiG9w0BAQEF y") == f"x {log.MASK} y"
    assert redactor.clean("-----BEGIN PRIVATE KEY-----") == "-----BEGIN PRIVATE KEY-----"


def test_client_libraries_speak_through_the_same_mask() -> None:
    """What a library logs by itself is one JSON line too, without the secret."""
    stream = io.StringIO()
    log.redactor.learn(["tok-12345"])
    log.configure("INFO", stream)
    logging.getLogger("urllib3.connectionpool").warning("calling with %s", "tok-12345")
    line = json.loads(stream.getvalue())
    assert line["event"] == f"calling with {log.MASK}"
    assert (line["level"], line["logger"]) == ("warning", "urllib3.connectionpool")


def test_tracebacks_hold_no_local_variables() -> None:
    """A traceback names places, never values."""
    stream = io.StringIO()
    log.configure("INFO", stream)
    harmless = "local-value-4711"
    try:
        raise ValueError(harmless[:5])
    except ValueError:
        log.logger("test").exception("broke")
    assert "local-value-4711" not in stream.getvalue()
    assert "ValueError" in stream.getvalue()


def test_a_library_prints_no_traceback() -> None:
    """What a client library logs with an exception is one line with the exception's type: its caller tells the fault."""
    stream = io.StringIO()
    log.configure("INFO", stream)
    try:
        raise OSError(5, "canary")
    except OSError:
        logging.getLogger("sqlalchemy.pool").error("closing failed", exc_info=True)
    line = json.loads(stream.getvalue())
    assert (line["event"], line["error"]) == ("closing failed", "OSError")
    assert "canary" not in stream.getvalue()
    assert "frames" not in stream.getvalue()


def test_ctrl_c_inside_a_library_is_no_log_line() -> None:
    """A pool that is cut short while it closes a connection says so at length; nobody has to act on it."""
    stream = io.StringIO()
    log.configure("INFO", stream)
    try:
        raise KeyboardInterrupt
    except KeyboardInterrupt:
        logging.getLogger("sqlalchemy.pool").error("Exception closing connection", exc_info=True)
    assert stream.getvalue() == ""
