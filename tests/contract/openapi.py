"""Holds JSON values against the operations and schemas of an OpenAPI 3 document."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Json = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """One thing that differs. `at` is the place in the value, [] for every element, {} for every key of a map."""

    at: str
    what: str

    def __str__(self) -> str:
        return f"{self.at or 'the answer'}: {self.what}"


@dataclass(frozen=True)
class Operation:
    """One path template and method."""

    template: str
    parameters: frozenset[str]
    schemas: dict[str, Any] = field(compare=False)
    """Status -> schema of its JSON body."""


class Spec:
    """A document. Paths are given as the server has them; `prefix` is what they carry beyond the document's."""

    def __init__(self, document: Json, prefix: str = "") -> None:
        self._document = document
        self._prefix = prefix
        self._keys = {
            scheme["name"].lower()
            for scheme in document.get("components", {}).get("securitySchemes", {}).values()
            if scheme.get("in") == "query"
        }
        self._templates = sorted(document["paths"], key=lambda template: template.count("{"))

    @classmethod
    def read(cls, file: Path, prefix: str = "") -> "Spec":
        """Read a JSON or YAML document."""
        text = file.read_text()
        return cls(json.loads(text) if file.suffix == ".json" else yaml.load(text, yaml.CSafeLoader), prefix)

    def operation(self, method: str, path: str) -> Operation | None:
        """Return what answers a concrete path, literal paths first; case does not count."""
        if not path.lower().startswith(self._prefix.lower()):
            return None
        path = path[len(self._prefix) :] or "/"
        for template in self._templates:
            pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(template))
            item = self._document["paths"][template]
            if re.fullmatch(pattern, path, re.IGNORECASE) and method.lower() in item:
                operation = item[method.lower()]
                declared = [*item.get("parameters", ()), *operation.get("parameters", ())]
                queries = {one["name"].lower() for one in map(self._resolved, declared) if one["in"] == "query"}
                return Operation(template, frozenset(queries | self._keys), self._schemas(operation))
        return None

    def faults(self, value: object, schema: Any, at: str = "") -> Iterator[Fault]:
        """Yield what of a value the schema does not know: keys, types, words, missing required keys."""
        schema = self._resolved(schema)
        if value is None:
            if not self._nullable(schema):
                yield Fault(at, "null where the schema allows none")
            return
        branches = schema.get("oneOf") or schema.get("anyOf")
        if branches:
            found = [list(self.faults(value, branch, at)) for branch in branches]
            yield from min(found, key=len)
            return
        schema = self._merged(schema)
        kind = schema.get("type")
        if kind is not None and not _is(value, kind):
            yield Fault(at, f"{_name(value)} where the schema says {kind}")
            return
        if "enum" in schema and value not in schema["enum"]:
            yield Fault(at, f"{value!r} is none of the schema's words")
        if isinstance(value, dict):
            yield from self._of_object(value, schema, at)
        elif isinstance(value, list) and "items" in schema:
            for one in value:
                yield from self.faults(one, schema["items"], f"{at}[]")

    def _of_object(self, value: Json, schema: Json, at: str) -> Iterator[Fault]:
        properties = schema.get("properties", {})
        others = schema.get("additionalProperties")
        for name in set(schema.get("required", ())) - set(value):
            yield Fault(f"{at}.{name}", "required key is missing")
        for name, one in value.items():
            if name in properties:
                yield from self.faults(one, properties[name], f"{at}.{name}")
            elif isinstance(others, dict):
                yield from self.faults(one, others, f"{at}.{{}}")
            elif properties:
                yield Fault(f"{at}.{name}", "unknown key")

    def _schemas(self, operation: Json) -> dict[str, Any]:
        found = {}
        for status, raw in operation.get("responses", {}).items():
            content = self._resolved(raw).get("content", {})
            body = content.get("application/json") or content.get("text/json") or {}
            if "schema" in body:
                found[status] = body["schema"]
        return found

    def _resolved(self, node: Any) -> Any:
        while isinstance(node, dict) and "$ref" in node:
            target: Any = self._document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def _merged(self, schema: Json) -> Json:
        """Return the schema with the parts of its `allOf` in one."""
        merged = {name: value for name, value in schema.items() if name != "allOf"}
        for part in schema.get("allOf", ()):
            one = self._merged(self._resolved(part))
            merged["properties"] = {**one.get("properties", {}), **merged.get("properties", {})}
            merged = {**one, **merged}
        return merged

    def _nullable(self, schema: Json) -> bool:
        if schema.get("nullable"):
            return True
        return not schema.get("type") and not any(word in schema for word in ("enum", "allOf", "oneOf", "anyOf"))


def _is(value: object, kind: str) -> bool:
    match kind:
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "string":
            return isinstance(value, str)
        case "array":
            return isinstance(value, list)
    return isinstance(value, dict)


def _name(value: object) -> str:
    return {bool: "boolean", str: "string", int: "integer", float: "number", list: "array"}.get(type(value), "object")
