"""Examples for the API's description, made from the shapes: what a field is called says what it may hold."""

from typing import Any, Final, TypeAlias

Json: TypeAlias = dict[str, Any]

_ID: Final = "7f9c24e8-3b12-4fef-91e0-5a1f6c2d8b03"
_TIME: Final = "2026-01-31T12:00:00.000Z"
_BY_NAME: Final[Json] = {
    "accessToken": "eyJhbGciOiJIUzI1NiIsImtpZCI6IjFhMmIzYyJ9.e30.c2lnbmF0dXJl",
    "action": "member.remove",
    "actionUrl": f"/workspaces/{_ID}",
    "address": "192.0.2.7",
    "checksum": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "client": "Firefox on Linux",
    "code": "287082",
    "color": "#ffd966",
    "content": "Seeds\n\nBeds\n",
    "currentPassword": "a long and rare one",
    "description": "What grows where",
    "displayName": "Ada",
    "email": "ada@example.com",
    "emoji": "👍",
    "end": "2026-01-31T13:00:00Z",
    "error": None,
    "excerpt": "Seeds Beds",
    "icon": "🌱",
    "inviterName": "Ada",
    "iss": "https://id.example.com",
    "label": "leads to",
    "length": 12,
    "location": "Greenhouse",
    "message": "Not found",
    "mimeType": "text/plain",
    "name": "Garden",
    "newPassword": "another long and rare one",
    "nextCursor": None,
    "noteTitle": "Spring",
    "outcome": "OK",
    "password": "a long and rare one",
    "path": "Notes/Spring.md",
    "query": "seeds tag:plan",
    "quote": "Seeds",
    "reason": "is no Markdown",
    "recoveryCodes": ["abcd-efgh-ijkl-mnop"],
    "refreshToken": "q3pXk2nJ5v8sTzYbWcRdFgHhKmNpQrStUvXyZ012345",
    "requestId": "req_0123456789abcdef",
    "rrule": "FREQ=WEEKLY;BYDAY=SA",
    "secret": "JBSWY3DPEHPK3PXP",
    "sizeBytes": 2048,
    "snippet": "<mark>Seeds</mark> and beds",
    "start": "2026-01-31T12:00:00Z",
    "state": "kQ2tq0uV1f6mSg8b",
    "style": "solid",
    "tags": ["plan"],
    "text": "Shall we sow today?",
    "thumbnailUrl": f"/api/files/{_ID}/thumbnail",
    "ticket": "c2VhbGVk",
    "timeZone": "Europe/Vienna",
    "title": "Spring",
    "token": "q3pXk2nJ5v8sTzYbWcRdFgHhKmNpQrStUvXyZ012345",
    "uid": f"{_ID}@notevault",
    "uri": "otpauth://totp/NoteVault:ada%40example.com?secret=JBSWY3DPEHPK3PXP&issuer=NoteVault",
    "url": "https://notes.example.com/",
    "version": "1.0.0",
    "workspaceName": "Garden",
    "allDay": False,
    "body": "Ada wrote of you",
    "exdates": [],
    "rdates": [],
    "avatarUrl": f"https://notes.example.com/api/avatars/{_ID}",
}
_NUMBERS: Final = {"integer": 1, "number": 1.0}


def example_of(schema: Json, schemas: Json, name: str = "") -> Any:
    """A value of that shape; `name`: what the field is called. Only fields that must be there, unless the name is known
    or the field is a reference: an example shows no more than it can show well."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas, name)
    if "anyOf" in schema:
        if name in _BY_NAME:
            return _BY_NAME[name]
        (first, *_) = [part for part in schema["anyOf"] if part.get("type") != "null"]
        return example_of(first, schemas, name) if _is_telling(first) else None
    kind = schema.get("type")
    if kind == "object" and "properties" in schema:
        return _fields(schema, schemas)
    if "enum" in schema:
        return schema.get("default", schema["enum"][0])
    if name in _BY_NAME and _fits(_BY_NAME[name], kind):
        return _BY_NAME[name]
    if kind == "array":
        return [example_of(schema["items"], schemas, name.removesuffix("s"))]
    if kind == "string":
        return _text(schema, name)
    if kind in _NUMBERS:
        return schema.get("default", max(schema.get("minimum", 1), _NUMBERS[kind]))
    if kind == "boolean":
        return schema.get("default", True)
    return {} if kind == "object" else None


def _fields(schema: Json, schemas: Json) -> Json:
    needed = schema.get("required", ())
    return {
        name: example_of(part, schemas, name)
        for name, part in schema["properties"].items()
        if name in needed or name in _BY_NAME
    }


def _text(schema: Json, name: str) -> str:
    if schema.get("format") == "uuid" or name == "id" or name.endswith("Id"):
        return _ID
    if schema.get("format") == "date-time" or name.endswith("At") or name in ("at", "timestamp"):
        return _TIME
    return "x" * max(1, int(schema.get("minLength", 1)))


def _is_telling(schema: Json) -> bool:
    return "$ref" in schema or schema.get("type") in _NUMBERS


def _fits(value: object, kind: str | None) -> bool:
    kinds = {"string": str, "array": list, "integer": int, "number": (int, float), "boolean": bool}
    return kind is None or isinstance(value, kinds.get(kind, object))  # type: ignore[arg-type]
