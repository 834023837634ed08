"""The API's description (OpenAPI 3.1), made from the routes: what the dispatcher obeys is what is described."""

import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any, Final, TypeAlias

import msgspec

import nvserver
from nvserver import errors
from nvserver.edge.http.errors import ErrorAnswer, FieldProblem
from nvserver.edge.http.examples import example_of
from nvserver.edge.http.routing import Answer, AnyRoute, Call, Route
from nvserver.edge.http.wire import END

Json: TypeAlias = dict[str, Any]
PATH: Final = "/api/openapi.json"
JSON: Final = "application/json"

_OF_ALL: Final = (errors.RateLimited, errors.Internal, errors.Unavailable)
_OF_NO_ROUTE: Final = (
    errors.BadRequest,
    errors.NotFound,
    errors.MethodNotAllowed,
    errors.UpgradeRequired,
    errors.HeadTooLarge,
)
_OF_TOKENS: Final = (errors.Unauthenticated, errors.TokenExpired)
_OF_BODIES: Final = (
    errors.InvalidJson,
    errors.ValidationFailed,
    errors.PayloadTooLarge,
    errors.UnsupportedMediaType,
    errors.RequestTimeout,
)


_INVALID: Final = errors.ValidationFailed.code
_BINARY: Final[Json] = {"type": "string", "format": "binary"}
_FORMS: Final[dict[str, Json]] = {
    "multipart/form-data": {
        "type": "object",
        "properties": {
            "workspaceId": {"type": "string", "format": "uuid"},
            "file": {"type": "array", "items": {"type": "string", "format": "binary"}, "minItems": 1},
        },
        "required": ["file"],
    },
}


def openapi_route(routes: Sequence[AnyRoute]) -> AnyRoute:
    """The route that tells of all routes, itself included."""

    async def tell(_call: Call[None, None]) -> Answer:
        return Answer(document, headers=(("Content-Type", JSON), ("Cache-Control", "no-cache")))

    route = Route("GET", PATH, tell, "This description", is_public=True)
    document = msgspec.json.encode(_in_ecma(describe((*routes, route))))
    return route


def describe(routes: Sequence[AnyRoute]) -> Json:
    """The whole document."""
    types = {kind for route in routes for kind in (route.body, route.query, route.answer) if kind is not None}
    types |= {kind for route in routes for _, kind in route.other_answers}
    ordered = sorted(types, key=lambda kind: kind.__name__)
    _, schemas = msgspec.json.schema_components(
        [*ordered, ErrorAnswer, FieldProblem], ref_template="#/components/schemas/{name}"
    )
    paths: Json = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    queries = {route.query.__name__ for route in routes if route.query is not None}
    return {
        "openapi": "3.1.0",
        "info": {"title": "NoteVault", "version": nvserver.__version__, "description": _description()},
        "security": [{"accessToken": []}],
        "paths": paths,
        "components": {
            "schemas": {name: schema for name, schema in schemas.items() if name not in queries},
            "securitySchemes": {"accessToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _description() -> str:
    """The errors of no route in particular."""
    others = "\n".join(f"- {kind.status} `{kind.code}`: {kind.default_message}" for kind in _OF_NO_ROUTE)
    return f"Every error has the shape of `ErrorAnswer`. Besides those of the routes there are:\n\n{others}"


def _operation(route: AnyRoute, schemas: Json) -> Json:
    operation: Json = {
        "operationId": _operation_id(route),
        "tags": [re.sub(r"^/(api/)?", "", route.path).partition("/")[0].removesuffix(".json")],
        "summary": route.summary,
        "parameters": list(_parameters(route, schemas)),
        "responses": _answer(route, schemas) | _errors(route),
    }
    if route.is_public:
        operation["security"] = []
    if route.body is not None:
        needed = _is_needed(route.body)
        operation["requestBody"] = {"required": needed, "content": {JSON: _shown(route.body, schemas)}}
    elif route.takes is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {route.takes: {"schema": _FORMS.get(route.takes, _BINARY)}},
        }
    return operation


def _operation_id(route: AnyRoute) -> str:
    """`getWorkspacesByWorkspaceIdNotes`."""
    words = re.sub(r"^/(api/)?", "", route.path).replace("{", "by-").replace("}", "")
    return route.method.lower() + "".join(word[0].upper() + word[1:] for word in re.split(r"[^a-zA-Z]+", words))


def _parameters(route: AnyRoute, schemas: Json) -> Iterable[Json]:
    for name in re.findall(r"{(\w+)}", route.path):
        yield {"name": name, "in": "path", "required": True, "schema": _path_schema(name)}
    if route.query is not None:
        query = schemas[route.query.__name__]
        for name, schema in query["properties"].items():
            yield {"name": name, "in": "query", "required": name in query.get("required", ()), "schema": schema}
    if route.method == "POST":
        limits = {"type": "string", "minLength": 1, "maxLength": 255}
        yield {"name": "Idempotency-Key", "in": "header", "required": False, "schema": limits}


def _path_schema(name: str) -> Json:
    if name.endswith("Id"):
        return {"type": "string", "format": "uuid"}
    if name == "seq":
        return {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}
    return {"type": "string", "minLength": 1}


def _is_needed(body: type) -> bool:
    """Whether a request without a body is refused: it is read as an empty object."""
    try:
        msgspec.json.decode(b"{}", type=body)
    except msgspec.ValidationError:
        return True
    return False


def _in_ecma(schema: Any) -> Any:
    """The schema with patterns as JSON Schema reads them (ECMA-262): there `$` is the end of the text and nothing
    else, so that every tool understands it."""
    if isinstance(schema, dict):
        return {
            name: part.replace(END, "$") if name == "pattern" and isinstance(part, str) else _in_ecma(part)
            for name, part in schema.items()
        }
    return [_in_ecma(part) for part in schema] if isinstance(schema, list) else schema


def _shown(kind: type, schemas: Json) -> Json:
    """The shape and an example of it."""
    return {"schema": _ref(kind), "example": example_of(_ref(kind), schemas)}


def _answer(route: AnyRoute, schemas: Json) -> Json:
    answer: Json = {"description": HTTPStatus(route.status).phrase}
    if route.answer is not None:
        answer["content"] = {JSON: _shown(route.answer, schemas)}
    elif route.gives is not None:
        answer["content"] = {kind: {"schema": _BINARY} for kind in route.gives.split(", ")}
    others = {
        str(status): {"description": HTTPStatus(status).phrase, "content": {JSON: _shown(kind, schemas)}}
        for status, kind in route.other_answers
    }
    return {str(route.status): answer, **others}


def _errors(route: AnyRoute) -> Json:
    """One answer a status, with the codes it may carry."""
    kinds: list[type[errors.NoteVaultError]] = [*route.errors, *_OF_ALL]
    if not route.is_public:
        kinds += _OF_TOKENS
    if route.body is not None:
        kinds += _OF_BODIES
    if route.query is not None or re.search(r"{\w+(?<!Id)}", route.path):
        kinds.append(errors.ValidationFailed)
    if route.method == "POST":
        kinds += (errors.Conflict, errors.ValidationFailed)
    by_status: dict[int, dict[str, str]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, {})[kind.code] = kind.default_message
    return {
        str(status): {
            "description": "; ".join(f"`{code}`: {message}" for code, message in sorted(codes.items())),
            "content": {
                JSON: {
                    "schema": _ref(ErrorAnswer),
                    "examples": {code: {"value": _example(code, message)} for code, message in sorted(codes.items())},
                }
            },
        }
        for status, codes in sorted(by_status.items())
    }


def _example(code: str, message: str) -> Json:
    details = [{"path": "title", "message": "is required", "code": "REQUIRED"}] if code == _INVALID else None
    told = {"details": details, "timestamp": "2026-01-31T12:00:00.000Z", "requestId": "req_0123456789abcdef"}
    return {"error": {"code": code, "message": message, **told}}


def _ref(kind: type) -> Json:
    return {"$ref": f"#/components/schemas/{kind.__name__}"}
