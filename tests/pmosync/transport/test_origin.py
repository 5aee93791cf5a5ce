"""Which addresses may be talked to at all."""

from __future__ import annotations

import pytest

from pmosync.errors import ConfigError
from pmosync.transport.origin import Origin, configured, parsed, refused_peer


@pytest.mark.parametrize(
    "address",
    [
        "http://jira.example.com",
        "ftp://jira.example.com",
        "jira.example.com",
        "https://",
        "https://user@jira.example.com",
        "https://user:secret@jira.example.com",
        "https://jira.example.com:99999",
        "https://169.254.169.254/latest",
        "https://[fe80::1]",
        "https://100.100.100.200",
        "https://[::ffff:169.254.169.254]",
        "https://0.0.0.0",
        "http://10.0.0.1",
    ],
)
def test_unfit_addresses_are_refused(address: str) -> None:
    """Only https, or http on loopback; no user in the address; no link-local or metadata address. Nothing of it is
    echoed.
    """
    with pytest.raises(ConfigError) as caught:
        configured(address)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://Jira.Example.com/jira/", "https://jira.example.com"),
        ("https://jira.example.com:443", "https://jira.example.com"),
        ("https://gitlab.intern:8443/x?y", "https://gitlab.intern:8443"),
        ("https://10.2.3.4", "https://10.2.3.4"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:5", "http://[::1]:5"),
        ("https://例子.测试", "https://xn--fsqu00a.xn--0zwm56d"),
    ],
)
def test_origins_are_normalised(address: str, origin: str) -> None:
    """Case, default port, path and international names do not make two origins of one."""
    assert str(configured(address)) == origin


@pytest.mark.parametrize(
    "other", ["http://a.example:443", "https://a.example:444", "https://b.example", "https://а.example"]
)
def test_look_alikes_are_other_origins(other: str) -> None:
    """Another scheme, port or host is another origin, also where it looks the same (here a Cyrillic а)."""
    assert parsed(other) != Origin("https", "a.example", 443)


@pytest.mark.parametrize(
    ("scheme", "peer", "fine"),
    [
        ("https", "93.184.216.34", True),
        ("https", "10.0.0.7", True),
        ("https", "169.254.169.254", False),
        ("https", "fe80::1%eth0", False),
        ("https", "::ffff:169.254.1.1", False),
        ("https", "fd00:ec2::254", False),
        ("http", "127.0.0.1", True),
        ("http", "10.0.0.7", False),
        ("https", "not an address", False),
    ],
)
def test_the_reached_address_is_judged(scheme: str, peer: str, fine: bool) -> None:
    """After resolution: no name leads to a metadata address, and plain http leads to this machine only."""
    assert (refused_peer(scheme, peer) == "") is fine
