"""Schemas as strict decoders take them, and answers held against what was asked."""

from __future__ import annotations

import json
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, TypeAdapter

from proactive.language.backends.schema import shape
from proactive.language.model import ModelError

OBJECT = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"], "additionalProperties": False}


class Cat(BaseModel, extra="forbid"):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel, extra="forbid"):
    kind: Literal["dog"]
    discriminator: str


class Home(BaseModel, extra="forbid"):
    pet: Annotated[Cat | Dog, Field(discriminator="kind")]


def test_what_pydantic_writes_becomes_what_strict_decoders_take() -> None:
    sent = shape(Home.model_json_schema())
    assert "oneOf" not in json.dumps(sent.sent) and sent.strict and not sent.wrapped
    assert set(sent.sent["$defs"]["Dog"]["properties"]) == {"kind", "discriminator"}
    assert sent.read('{"pet": {"kind": "cat", "lives": 9}}') == {"pet": {"kind": "cat", "lives": 9}}


def test_a_union_at_the_root_is_wrapped_and_its_definitions_stay_reachable() -> None:
    union = TypeAdapter[Cat | Dog](Annotated[Cat | Dog, Field(discriminator="kind")])
    sent = shape(union.json_schema())
    assert sent.wrapped and sent.strict and set(sent.sent["$defs"]) == {"Cat", "Dog"}
    assert sent.read('{"answer": {"kind": "dog", "discriminator": "nose"}}') == {"kind": "dog", "discriminator": "nose"}
    with pytest.raises(ModelError, match="does not fit the schema at answer"):
        sent.read('{"answer": {"kind": "bird"}}')


def test_a_schema_that_leaves_keys_open_is_not_called_strict() -> None:
    assert shape(OBJECT).strict
    assert not shape({**OBJECT, "required": []}).strict
    assert not shape({**OBJECT, "additionalProperties": True}).strict
    nested = {"type": "object", "properties": {}, "additionalProperties": False, "required": []}
    assert shape({**nested, "properties": {"x": OBJECT}, "required": ["x"]}).strict
    assert not shape({**nested, "properties": {"x": {"type": "object"}}, "required": ["x"]}).strict


def test_the_schema_that_was_given_is_left_as_it_is() -> None:
    given_schema = Home.model_json_schema()
    before = json.dumps(given_schema)
    shape(given_schema)
    assert json.dumps(given_schema) == before


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}',
        ' \n{"a": 1}\n',
        '```json\n{"a": 1}\n```',
        'Sure! {"a": 1} There you are.',
        '<think>{"a": 2}? No.</think>{"a": 1}',
        'With {braces} and then {"a": 1}',
    ],
)
def test_an_answer_is_found_in_what_stands_around_it(text: str) -> None:
    assert shape(OBJECT).read(text) == {"a": 1}


@pytest.mark.parametrize(
    "text", ["", "no", "{", '{"a": NaN}', '{"a": "1"}', '{"a": 1, "b": 2}', "[1]", "null", "{" * 100_000]
)
def test_what_does_not_fit_is_invalid(text: str) -> None:
    with pytest.raises(ModelError) as raised:
        shape(OBJECT).read(text)
    assert raised.value.kind == "invalid" and len(str(raised.value)) < 400


@given(st.text())
def test_no_text_makes_reading_raise_anything_else(text: str) -> None:
    with pytest.raises(ModelError):
        shape({**OBJECT, "properties": {"a": {"const": "x" * 99}}}).read(text)
