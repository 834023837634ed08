"""A browser as far as signing in elsewhere needs one: it follows redirects on this machine and keeps cookies."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urljoin, urlsplit

from tests.edge.http.client import Client, Reply


@dataclass
class Wanderer:
    """Cookies are kept for each host and port; their paths do not matter here."""

    cookies: dict[int, dict[str, str]] = field(default_factory=dict)

    async def ask(
        self, port: int, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """One request, with the cookies that belong there."""
        jar = self.cookies.setdefault(port, {})
        sent = {**(headers or {}), "Host": f"127.0.0.1:{port}"}
        if jar:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        reply = await Client(port)(method, path, body, headers=sent)
        for line in reply.cookies:
            for name, morsel in SimpleCookie(line).items():
                jar[name] = morsel.value
        return reply

    async def follow(self, url: str, home: str, headers: Mapping[str, str]) -> Mapping[str, str]:
        """The query of the page below `home` that the redirects end at."""
        for _ in range(10):
            if url.startswith(home):
                return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
            parts = urlsplit(url)
            assert parts.hostname == "127.0.0.1" and parts.port is not None, url
            reply = await self.ask(parts.port, "GET", f"{parts.path}?{parts.query}", headers=headers)
            assert 300 <= reply.status < 400, (url, reply.status, reply.body[:300])
            url = urljoin(url, reply.headers["location"])
        raise AssertionError("too many redirects")
