"""Schemas as strict decoders take them, and answers held against the schema that was asked.

Three things that pydantic writes are not taken everywhere: `oneOf` with a `discriminator` (becomes `anyOf`, which means the
same where the kinds exclude each other), a root that is no plain object (is wrapped), and objects that leave keys open (strict
mode is not asked for then: OpenAI wants every key required and no other allowed).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from proactive.language.model import ModelError

Json = Mapping[str, Any]

WRAP = "answer"


@dataclass(frozen=True)
class Shape:
    """A schema as it is sent: an object at its root, without `oneOf`; `wrapped` where the answer is inside `answer`."""

    sent: Json
    wrapped: bool

    @cached_property
    def strict(self) -> bool:
        """Say whether every object in it lists all its keys as required and allows no other."""
        return all(_closed(node) for node in _nodes(self.sent))

    @cached_property
    def instruction(self) -> str:
        """Return the schema as a person would ask for it, for servers that cannot hold a model to one."""
        text = json.dumps(self.sent, ensure_ascii=False, separators=(",", ":"))
        return f"Answer with one JSON object and nothing else. It must fit this JSON schema:\n{text}"

    def read(self, text: str) -> Any:
        """Return the answer in a text: fences, reasoning and chatter around it are left out. Raise ModelError `invalid`."""
        value = _decode(text)
        self._validate(value)
        return value[WRAP] if self.wrapped else value

    def _validate(self, value: Any) -> None:
        from jsonschema import Draft202012Validator
        from jsonschema.exceptions import best_match

        error = best_match(Draft202012Validator(dict(self.sent)).iter_errors(value))
        if error is not None:
            where = error.json_path.removeprefix("$.")
            raise ModelError("invalid", f"the answer does not fit the schema at {where}: {_short(error.message)}")


def shape(schema: Json) -> Shape:
    """Return a schema as it is sent."""
    plain = _without_one_of(schema)
    if plain.get("type") == "object" and not plain.keys() & {"anyOf", "allOf", "$ref"}:
        return Shape(plain, wrapped=False)
    definitions = {key: plain.pop(key) for key in ("$defs", "definitions") if key in plain}
    root = {"type": "object", "properties": {WRAP: plain}, "required": [WRAP], "additionalProperties": False}
    return Shape(root | definitions, wrapped=True)


def _without_one_of(node: Any) -> Any:
    """Return a schema with `anyOf` for `oneOf`, and without discriminators. A property of such a name stays."""
    if isinstance(node, list):
        return [_without_one_of(each) for each in node]
    if not isinstance(node, Mapping):
        return node
    found: dict[str, Any] = {}
    for key, value in node.items():
        if key in {"properties", "$defs", "definitions"}:
            found[key] = {name: _without_one_of(each) for name, each in value.items()}
        elif key in {"enum", "const", "default", "examples"}:
            found[key] = value
        elif key != "discriminator":
            found["anyOf" if key == "oneOf" else key] = _without_one_of(value)
    return found


def _nodes(node: Any) -> Iterator[Json]:
    if isinstance(node, Mapping):
        yield node
        for key, value in node.items():
            if key in {"properties", "$defs", "definitions"}:
                for each in value.values():
                    yield from _nodes(each)
            elif key not in {"enum", "const", "default", "examples"}:
                yield from _nodes(value)
    elif isinstance(node, list):
        for each in node:
            yield from _nodes(each)


def _closed(node: Json) -> bool:
    if node.get("type") != "object" and "properties" not in node:
        return True
    return node.get("additionalProperties") is False and set(node.get("required", ())) == set(
        node.get("properties", ())
    )


def _decode(text: str) -> Any:
    """Return the JSON value of a text, or the first object in it. Raise ModelError `invalid`."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        found = next(_objects(text.rpartition("</think>")[2]), None)
        if found is not None:
            return found
        said = repr(_short(text)) if text.strip() else "nothing"
        raise ModelError("invalid", f"expected JSON, found {said}.") from error


def _objects(text: str) -> Iterator[Any]:
    """Yield the JSON objects that stand in a text, looked for at its first hundred braces."""
    decoder, start, tries = json.JSONDecoder(), text.find("{"), 0
    while start >= 0 and (tries := tries + 1) <= 100:
        try:
            value, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            end = start + 1
        else:
            yield value
        start = text.find("{", end)


def _short(text: str, length: int = 160) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[:length]}..."
