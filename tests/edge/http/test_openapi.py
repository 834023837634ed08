"""The description says what the server does."""

import re
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from nvserver.errors import NoteVaultError
from tests.edge.http.policy import POLICY, PUBLIC
from tests.edge.http.running import Api
from tests.edge.http.test_workspaces import make


def refs(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(refs(child) for child in node.values()))
    if isinstance(node, list):
        return set().union(*(refs(child) for child in node))
    return set()


async def test_every_route_is_described_with_its_answers_and_errors(api: Api) -> None:
    reply = await api.nobody("GET", "/api/openapi.json")
    assert reply.headers["content-type"] == "application/json"
    document = reply.json
    assert document["openapi"] == "3.1.0"
    described = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert described == set(POLICY)
    operations = {(m.upper(), path): op for path, item in document["paths"].items() for m, op in item.items()}
    assert len({op["operationId"] for op in operations.values()}) == len(operations)
    for (method, path), operation in operations.items():
        row = POLICY[method, path]
        statuses = set(operation["responses"])
        assert {"429", "500", "503"} <= statuses
        assert ("401" in statuses) or row.needs == PUBLIC
        assert (operation.get("security") == []) == (row.needs == PUBLIC)
        assert ("requestBody" in operation) == (row.body is not None or row.raw is not None)
        assert str(row.status) in statuses
        names = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
        assert names == set(re.findall(r"{(\w+)}", path))
        if names:
            assert "404" in statuses
    for ref in refs(document):
        assert ref.removeprefix("#/components/schemas/") in document["components"]["schemas"]


async def test_every_code_is_listed(api: Api) -> None:
    def kinds_of(kind: type[NoteVaultError]) -> set[type[NoteVaultError]]:
        return {kind}.union(*(kinds_of(one) for one in kind.__subclasses__()))

    text = (await api.nobody("GET", "/api/openapi.json")).body.decode()
    product = {kind for kind in kinds_of(NoteVaultError) if kind.__module__ == "nvserver.errors"}
    assert {kind.code for kind in product if f"`{kind.code}`" not in text} == set()


async def test_answers_have_exactly_the_described_fields(api: Api) -> None:
    document = await api.nobody.get("/api/openapi.json")
    schemas = document["components"]["schemas"]
    ada = await api.register("Ada")
    workspace = await make(ada)
    note = (await ada.post(f"/api/workspaces/{workspace}/notes", {"title": "T"}))["note"]["id"]

    def check(value: Any, schema: dict[str, Any]) -> None:
        if "$ref" in schema:
            check(value, schemas[schema["$ref"].rpartition("/")[2]])
        elif schema.get("type") == "object" and "properties" in schema:
            assert set(schema.get("required", ())) <= set(value) <= set(schema["properties"])
            for name, part in value.items():
                check(part, schema["properties"][name])
        elif schema.get("type") == "array" and "items" in schema:
            for part in value:
                check(part, schema["items"])

    checked = 0
    ids = {"workspaceId": workspace, "noteId": note}
    for path, item in document["paths"].items():
        if "get" in item and set(re.findall(r"{(\w+)}", path)) <= set(ids):
            content = item["get"]["responses"]["200"].get("content")
            if content is not None and "application/json" in content:
                query = POLICY["GET", path].query.format(**ids)
                check(await ada.get(path.format(**ids) + query), content["application/json"]["schema"])
                checked += 1
    assert checked >= 9


async def test_every_body_and_answer_has_an_example_that_is_one(api: Api) -> None:
    document = (await api.nobody("GET", "/api/openapi.json")).json
    checked = 0
    for path, item in document["paths"].items():
        for method, operation in item.items():
            good = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
            for part in [operation.get("requestBody", {}), *good]:
                for kind, content in part.get("content", {}).items():
                    if kind == "application/json":
                        schema = {**content["schema"], "components": document["components"]}
                        Draft202012Validator(schema, format_checker=FormatChecker()).validate(content["example"])
                        checked += 1
                        assert not refs(content["example"]), (method, path)
    assert checked > 120
