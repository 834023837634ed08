"""Where a request comes from."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from nvserver.services.accounts import Origin

Network: TypeAlias = IPv4Network | IPv6Network
MAX_CLIENT_CHARACTERS = 200


class OriginReader:
    """Reads the origin of requests. `X-Forwarded-For` counts only as far as it was written by proxies we trust."""

    def __init__(self, trusted_proxies: Sequence[str]) -> None:
        """Raises ValueError for what is no network."""
        self._trusted: tuple[Network, ...] = tuple(ip_network(proxy, strict=False) for proxy in trusted_proxies)

    def origin(self, peer: str, forwarded_for: str | None, user_agent: str | None) -> Origin:
        """`peer` is the address of the connection."""
        client = "".join(c for c in (user_agent or "")[:MAX_CLIENT_CHARACTERS] if c.isprintable())
        return Origin(client, self._address(peer, forwarded_for))

    def _address(self, peer: str, forwarded_for: str | None) -> str:
        address = peer
        for hop in reversed((forwarded_for or "").split(",")):
            if not self._is_trusted(address) or not _is_address(hop.strip()):
                break
            address = hop.strip()
        return address

    def _is_trusted(self, address: str) -> bool:
        return _is_address(address) and any(ip_address(address) in network for network in self._trusted)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
