"""Plain requests for setting things up."""

import http.client
import json
from typing import Any


def request(port: int, method: str, path: str, body: object = None, token: str | None = None) -> Any:
    """The JSON of a good answer; raises RuntimeError for another."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]!r}")
    return json.loads(text)
