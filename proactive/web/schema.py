"""What the OpenAPI document says of records: the bodies that may be posted, and what is answered."""

from __future__ import annotations

from typing import Any, get_args

from rules.record import Kind
from streams.posted import EVENT, EVENTS, JSON, LINES, MOST

_COUNTS = ("taken", "known", "aside", "shed", "refused")
_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
RECORD: dict[str, Any] = {
    "type": "object",
    "required": ["id", "type", "time", "home"],
    "properties": {
        "specversion": {"type": "string", "enum": ["1.0"]},
        "id": _TEXT,
        "type": {"type": "string", "enum": [kind for kind in get_args(Kind) if kind != "tick"]},
        "time": {"type": "string", "format": "date-time", "description": "RFC 3339 with an offset: when it happened."},
        "source": _TEXT,
        "subject": {"type": ["string", "null"]},
        "home": _TEXT,
        "data": {"type": "object", "description": "Flat, scalars only, except in rule.put."},
    },
    "example": {
        "id": "bell-1",
        "type": "event",
        "source": "doorbell.front",
        "time": "2026-03-09T11:02:03Z",
        "home": "maple",
        "data": {"name": "pressed"},
    },
}
_LIST: dict[str, Any] = {"type": "array", "items": RECORD, "maxItems": MOST}
_CLOUD_EVENT: dict[str, Any] = {**RECORD, "required": ["specversion", *RECORD["required"]]}
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("code", "where", "message", "hint")},
}
TOLD: dict[str, Any] = {
    "type": "object",
    "required": ["index", "result"],
    "properties": {
        "index": {"type": "integer", "description": "Which entry, from 0."},
        "id": {"type": "string"},
        "result": {"type": "string", "enum": [*_COUNTS]},
        "reason": {"type": "string", "description": "Why it was set aside, in a word."},
        "why": {"type": "string", "description": "The same as a sentence."},
        "problem": _PROBLEM,
    },
}

BODY: dict[str, Any] = {
    "required": True,
    "description": "In CloudEvents' binary mode the attributes are `ce-` headers (`ce-home` too), and the body is `data`.",
    "content": {
        JSON: {"schema": {"oneOf": [RECORD, _LIST]}},
        LINES[0]: {"schema": {"type": "string", "description": "A record on each line."}},
        EVENT: {"schema": _CLOUD_EVENT},
        EVENTS: {"schema": {**_LIST, "items": _CLOUD_EVENT}},
    },
}
ANSWER: dict[str, Any] = {
    JSON: {
        "schema": {
            "type": "object",
            "required": [*_COUNTS, "records"],
            "properties": {
                **{name: {"type": "integer"} for name in _COUNTS},
                "records": {"type": "array", "items": TOLD},
            },
        }
    }
}
