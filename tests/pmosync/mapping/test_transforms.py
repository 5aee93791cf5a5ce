"""Transforms: values of a system become values of the model, or are refused with what is expected."""

from __future__ import annotations

from typing import Any

import pytest

from pmosync.mapping.context import Context, Env
from pmosync.mapping.instants import UnfitError
from pmosync.mapping.transforms import TRANSFORMS


def apply(name: str, value: Any, **args: Any) -> Any:
    """The value after the transform."""
    return TRANSFORMS[name].make(args)(
        value, Env(Context(base_url="https://site.example/", ids={"PAY-1": "7"}), "site")
    )


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("text", 12, "12"),
        ("text", " a\x07 ", "a"),
        ("word", {"any": "shape"}, ""),
        ("number", "2.5", 2.5),
        ("count", 57, 57),
        ("hours_from_seconds", 5400, 1.5),
        ("hours_from_seconds", 0, 0.0),
        ("hours_if_any", 0, None),
        ("present", {"id": 1}, True),
        ("present", [], False),
        ("names", [{"name": "a"}, "b", {"other": 1}], ("a", "b")),
        ("first", [{"name": "a"}, {"name": "b"}], "a"),
        ("first", [], ""),
        ("url", "https://x.example/1", "https://x.example/1"),
        ("url", "javascript:alert(1)", ""),
        ("item", "PAY-1", "7"),
        ("item", "PAY-2", "PAY-2"),
        ("item", {"id": 9, "key": "PAY-9"}, "9"),
        ("item", {"key": "PAY-9"}, "PAY-9"),
    ],
)
def test_values(name: str, value: Any, expected: Any) -> None:
    """Each transform on the values systems really send."""
    assert apply(name, value) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", True),
        ("text", ["a"]),
        ("number", "many"),
        ("number", True),
        ("number", float("nan")),
        ("number", "inf"),
        ("number", 10**400),
        ("count", 2.5),
        ("count", "3"),
        ("count", True),
        ("count", -1),
        ("hours_from_seconds", "1h"),
        ("boolean", "yes"),
        ("names", [{"name": []}]),
        ("date", "12/05/2026"),
        ("instant", "2026-12-05"),
    ],
)
def test_refused(name: str, value: Any) -> None:
    """What does not fit is refused; nothing is bent to fit."""
    with pytest.raises(UnfitError):
        apply(name, value)


def test_an_address_needs_all_its_parts() -> None:
    """An address with a part missing is no address; the base's last slash does not count."""
    form = "{base}/projects/{project.key}/versions/{id}"
    assert (
        apply("address", {"project": {"key": "PAY"}, "id": 3}, form=form)
        == "https://site.example/projects/PAY/versions/3"
    )
    assert apply("address", {"id": 3}, form=form) == ""


def test_keys_inside_text() -> None:
    """Keys stand alone: not inside addresses, versions or longer words; numbers belong to the own project."""
    record = {
        "title": "PAY-41 PAY-42, OPS-1.",
        "text": "v1.PAY-43 XPAY-44x UTF-8 #8 ops/run#9 &#10; a#11",
        "home": "pay/api!4",
    }
    found = apply("issue_keys", record, texts=("title", "text"), home="home", ignore=("UTF",))
    assert found == ("PAY-41", "PAY-42", "OPS-1", "pay/api#8", "ops/run#9")


@pytest.mark.parametrize(
    ("branch", "found"),
    [
        ("feature/PAY-41-retry", ("PAY-41",)),
        ("pay-41", ("PAY-41",)),
        ("feat/pay-41_x", ("PAY-41",)),
        ("release-v2.1", ()),
        ("main", ()),
    ],
)
def test_keys_in_branches(branch: str, found: tuple[str, ...]) -> None:
    """A branch may spell the key in small letters, at the beginning of a part."""
    assert apply("issue_keys", {"b": branch}, texts=(), branch="b") == found


def test_a_day_in_words() -> None:
    """GitLab writes due dates in English; what is no day of the calendar is refused."""
    note = "changed due date to February 28, 2027 and removed start date"
    assert apply("day_in_words", note, after="changed due date to") == "2027-02-28"
    assert apply("day_in_words", "removed due date", after="changed due date to") == ""
    with pytest.raises(UnfitError):
        apply("day_in_words", "changed due date to February 30, 2027", after="changed due date to")
