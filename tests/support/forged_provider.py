"""A provider of OpenID Connect on loopback that says whatever a test wants it to say."""

import json
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

import h11
import jwt
import trio
from cryptography.hazmat.primitives.asymmetric import ec


class ForgedProvider:
    """Honest until something is changed. `form` is what its token endpoint was sent last; `asked` counts requests."""

    def __init__(self) -> None:
        self.issuer = self.nonce = ""
        self.form: dict[str, str] = {}
        self.asked: Counter[str] = Counter()
        self.changes: Mapping[str, Any] = {}
        """Claims otherwise than they should be; None leaves one out."""
        self.user_info: Mapping[str, Any] = {}
        self.description: Mapping[str, str] = {}
        self.instead: dict[str, bytes] = {}
        """Answers by path, as they stand."""
        self.sign: Callable[[Mapping[str, Any]], str] = self.signed
        self.rotate()

    def rotate(self) -> None:
        """Another key from now on."""
        self.key, self.kid = ec.generate_private_key(ec.SECP256R1()), secrets.token_hex(4)

    def signed(self, claims: Mapping[str, Any]) -> str:
        """By its own key."""
        return jwt.encode(dict(claims), self.key, "ES256", {"kid": self.kid})

    def answer(self, path: str, body: bytes) -> object:
        """What stands at that path."""
        if path == "/token":
            self.form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            now = time.time()
            claims = {
                "iss": self.issuer,
                "sub": "ada-1",
                "aud": "notevault",
                "iat": now,
                "exp": now + 300,
                "nonce": self.nonce,
                "email": "ada@notes.test",
                **self.changes,
            }
            claims = {name: value for name, value in claims.items() if value is not None}
            return {"id_token": self.sign(claims), "access_token": "a", "token_type": "Bearer"}
        if path == "/jwks":
            key = jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
            return {"keys": [{**key, "kid": self.kid, "use": "sig", "alg": "ES256"}]}
        if path == "/user":
            return self.user_info
        pages = {"authorization_endpoint": "/auth", "token_endpoint": "/token", "jwks_uri": "/jwks"}
        pages["userinfo_endpoint"] = "/user"
        urls = {name: self.issuer + page for name, page in pages.items()}
        return {"issuer": self.issuer, **urls, **self.description}

    async def serve(self, stream: trio.SocketStream) -> None:
        """One request a connection."""
        async with stream:
            protocol = h11.Connection(h11.SERVER)
            path, body = "", b""
            while True:
                event = protocol.next_event()
                if event is h11.NEED_DATA:
                    protocol.receive_data(await stream.receive_some())
                elif isinstance(event, h11.Request):
                    path = event.target.decode()
                elif isinstance(event, h11.Data):
                    body += event.data
                else:
                    break
            self.asked[path] += 1
            answer = self.instead.get(path)
            answer = json.dumps(self.answer(path, body)).encode() if answer is None else answer
            headers = [("Content-Length", str(len(answer))), ("Connection", "close")]
            for part in (h11.Response(status_code=200, headers=headers), h11.Data(data=answer), h11.EndOfMessage()):
                await stream.send_all(protocol.send(part) or b"")


@asynccontextmanager
async def open_forged_provider() -> AsyncIterator[ForgedProvider]:
    """It, on a free port, until the block is left."""
    provider = ForgedProvider()
    async with trio.open_nursery() as nursery:
        listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
        nursery.start_soon(trio.serve_listeners, provider.serve, listeners)
        provider.issuer = f"http://127.0.0.1:{listeners[0].socket.getsockname()[1]}"
        yield provider
        nursery.cancel_scope.cancel()
