"""How payloads lie on disk."""

from __future__ import annotations

import zlib

from hypothesis import given
from hypothesis import strategies as st

from pmosync.store.codec import WORTHWHILE, packed, payload_of, squeezed

texts = st.text(max_size=40)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**62), 2**62) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(texts, values), st.sampled_from([0, WORTHWHILE // 2, WORTHWHILE, 3 * WORTHWHILE]))
def test_a_payload_comes_back_whatever_its_size(payload: dict[str, object], size: int) -> None:
    """Small ones lie as they are, large ones compressed; both read the same."""
    payload = {**payload, "filling": "字" * (size // 3)}
    body = squeezed(payload)
    assert payload_of(body) == payload
    assert len(body) <= max(WORTHWHILE, len(packed(payload)) // 2)


def test_a_small_one_that_was_compressed_is_read_too() -> None:
    """Stores that were written when everything was compressed stay readable."""
    assert payload_of(zlib.compress(packed({"key": "PAY-1"}), 1)) == {"key": "PAY-1"}
