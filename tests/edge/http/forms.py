"""Forms with files, as a browser sends them."""

from collections.abc import Sequence
from typing import Any

from tests.edge.http.client import Client, Reply

BOUNDARY = "-----nv0123456789"
CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"
File = tuple[str, str, bytes]
"""Name, the type that the sender claims, content."""


END = f"--{BOUNDARY}--\r\n".encode()


def form(fields: dict[str, str], files: Sequence[File], *, part: str = "file") -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, claimed, content in files:
        quoted = name.replace("\r", "%0D").replace("\n", "%0A").replace("\\", "\\\\").replace('"', "%22")
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{part}"; filename="{quoted}"\r\n'
        parts.append(head.encode(errors="surrogateescape") + f"Content-Type: {claimed}\r\n\r\n".encode())
        parts.append(content + b"\r\n")
    return b"".join(parts) + END


async def send(client: Client, fields: dict[str, str], files: Sequence[File], **more: Any) -> Reply:
    path = more.pop("path", "/api/files/upload")
    headers = {"Content-Type": CONTENT_TYPE, **more.pop("headers", {})}
    return await client("POST", path, form(fields, files, **more), headers=headers)


async def upload(client: Client, workspace_id: str, *files: File) -> list[dict[str, Any]]:
    reply = await send(client, {"workspaceId": workspace_id}, files)
    assert reply.status == 201, reply.body
    return reply.json["files"]  # type: ignore[no-any-return]
