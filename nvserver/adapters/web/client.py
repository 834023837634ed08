"""HTTP/1.1 requests on h11 and trio, to public addresses only: nobody makes us knock at doors inside."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import h11
import trio

import nvserver
from nvserver.errors import Unavailable
from nvserver.ports.web_client import NoAnswer, WebAnswer

_CHUNK_BYTES: Final = 65_536


@dataclass(frozen=True, slots=True)
class WebClientSettings:
    """Section `[web_client]`: requests that the server itself sends, to webhooks and to providers of sign-ins."""

    deadline_seconds: float = field(default=10.0, metadata={"min": 0.1, "max": 120})
    """How long a whole request may take."""
    max_answer_bytes: int = field(default=65_536, metadata={"min": 1024})
    """How much of an answer is read."""
    allow_private_addresses: bool = False
    """Whether webhooks may lie at addresses of this machine and of private networks."""


class PublicWebClient:
    """Fills the port `WebClient`. The address that was looked at is the one that is connected to, so that no name can
    change its meaning in between; redirects are answers like any."""

    def __init__(self, settings: WebClientSettings) -> None:
        self._settings = settings
        self._tls = ssl.create_default_context()

    async def get(self, url: str, headers: Mapping[str, str]) -> WebAnswer:
        """See `WebClient.get`."""
        return await self._request("GET", url, headers, b"")

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> WebAnswer:
        """See `WebClient.post`."""
        return await self._request("POST", url, headers, body)

    async def _request(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> WebAnswer:
        try:
            with trio.fail_after(self._settings.deadline_seconds):
                return await self._exchange(method, url, headers, body)
        except trio.TooSlowError:
            raise Unavailable(NoAnswer.TOO_SLOW) from None
        except (OSError, trio.BrokenResourceError, ssl.SSLError) as error:
            raise Unavailable(f"{NoAnswer.NO_CONNECTION}: {type(error).__name__}") from None
        except (h11.ProtocolError, ValueError):
            raise Unavailable(NoAnswer.NOT_HTTP) from None

    async def _exchange(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> WebAnswer:
        parts = urlsplit(url)
        host, is_tls = parts.hostname or "", parts.scheme == "https"
        port = parts.port or (443 if is_tls else 80)
        stream: trio.abc.Stream = await trio.open_tcp_stream(await self._address(host, port), port)
        async with stream:
            if is_tls:
                stream = trio.SSLStream(stream, self._tls, server_hostname=host, https_compatible=True)
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            sent = {
                "Host": parts.netloc.rpartition("@")[2],
                "User-Agent": f"NoteVault/{nvserver.__version__}",
                "Content-Length": str(len(body)),
                "Connection": "close",
                **headers,
            }
            connection = h11.Connection(h11.CLIENT)
            for event in (
                h11.Request(method=method, target=target, headers=list(sent.items())),
                h11.Data(data=body),
                h11.EndOfMessage(),
            ):
                await stream.send_all(connection.send(event) or b"")
            return await self._answer(stream, connection)

    async def _answer(self, stream: trio.abc.Stream, connection: h11.Connection) -> WebAnswer:
        status, body = 0, bytearray()
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                connection.receive_data(bytes(await stream.receive_some(_CHUNK_BYTES)))
            elif isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > self._settings.max_answer_bytes:
                    return WebAnswer(status, bytes(body[: self._settings.max_answer_bytes]))
            elif not isinstance(event, h11.InformationalResponse):
                return WebAnswer(status, bytes(body))

    async def _address(self, host: str, port: int) -> str:
        """The first address of the host. Raises `Unavailable` if any of them is not public."""
        found = await trio.socket.getaddrinfo(host, port, type=trio.socket.SOCK_STREAM)
        addresses = [str(place[0]) for *_, place in found]
        if not self._settings.allow_private_addresses and not all(_is_public(address) for address in addresses):
            raise Unavailable(NoAnswer.NOT_PUBLIC)
        return addresses[0]


def _is_public(text: str) -> bool:
    address = ip_address(text.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None) or address
    return mapped.is_global and not mapped.is_multicast
