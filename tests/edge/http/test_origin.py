"""Which address a request comes from, and who may say so."""

import pytest

from nvserver.edge.http.origin import OriginReader


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "6.6.6.6, nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("203.0.113.9", "6.6.6.6", "203.0.113.9"),
        ("2001:db8::1", "2001:db8::7", "2001:db8::1"),
    ],
)
def test_only_trusted_proxies_are_believed(peer: str, forwarded: str | None, address: str) -> None:
    for network in ("10.0.0.0/8", "10.1.2.3/8"):
        assert OriginReader([network]).origin(peer, forwarded, None).address == address


def test_without_trusted_proxies_the_header_means_nothing() -> None:
    assert OriginReader([]).origin("127.0.0.1", "6.6.6.6", None).address == "127.0.0.1"


def test_the_program_is_cut_and_printable() -> None:
    assert OriginReader([]).origin("a", None, "x\r\n\0" + "y" * 500).client == "x" + "y" * 196


def test_a_wrong_network_is_refused() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        OriginReader(["nonsense"])
