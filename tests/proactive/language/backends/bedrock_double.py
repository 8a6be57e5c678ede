"""What Bedrock says over HTTP, for the double: replies of Converse, and frames of AWS's event stream."""

from __future__ import annotations

import json
import struct
from binascii import crc32
from typing import Any

from tests.proactive.language.backends.double import Act, Handler, send

USAGE = {
    "inputTokens": 20,
    "outputTokens": 7,
    "totalTokens": 27,
    "cacheReadInputTokens": 90,
    "cacheWriteInputTokens": 10,
}


def reply(*content: dict[str, Any], stop: str = "tool_use") -> Act:
    """Answer with content blocks."""
    message = {"role": "assistant", "content": list(content)}
    body = {"output": {"message": message}, "stopReason": stop, "usage": USAGE, "metrics": {"latencyMs": 5}}
    return send(json.dumps(body).encode())


def tool(value: Any) -> dict[str, Any]:
    """Return a block that calls the tool."""
    return {"toolUse": {"toolUseId": "t1", "name": "answer", "input": value}}


def thoughts(text: str) -> dict[str, Any]:
    """Return a block of thoughts."""
    return {"reasoningContent": {"reasoningText": {"text": text, "signature": "s"}}}


def refuse(code: str, status: int, message: str = "no") -> Act:
    """Answer with an error as AWS words it."""

    def act(handler: Handler) -> None:
        handler.reply(status, json.dumps({"message": message}).encode(), {"x-amzn-ErrorType": f"{code}:http://x/"})

    return act


def frame(kind: str, payload: dict[str, Any], *, message: str = "event") -> bytes:
    """Return one frame: prelude (lengths, CRC), headers, payload, CRC. Smithy, "Amazon Event Stream" specification."""
    names = {":message-type": message, ":content-type": "application/json"}
    names[":event-type" if message == "event" else ":exception-type"] = kind
    headers = b"".join(
        bytes([len(n)]) + n.encode() + b"\x07" + struct.pack(">H", len(v)) + v.encode() for n, v in names.items()
    )
    body = json.dumps(payload).encode()
    prelude = struct.pack(">II", 16 + len(headers) + len(body), len(headers))
    prelude += struct.pack(">I", crc32(prelude))
    whole = prelude + headers + body
    return whole + struct.pack(">I", crc32(whole))


def frames(text: str, size: int = 5, stop: str = "tool_use") -> list[bytes]:
    """Return a whole stream in which the tool's input comes in pieces."""
    start = {"start": {"toolUse": {"toolUseId": "t1", "name": "answer"}}, "contentBlockIndex": 0}
    pieces = [text[i : i + size] for i in range(0, len(text), size)]
    return [
        frame("messageStart", {"role": "assistant"}),
        frame("contentBlockStart", start),
        *(frame("contentBlockDelta", {"delta": {"toolUse": {"input": p}}, "contentBlockIndex": 0}) for p in pieces),
        frame("contentBlockStop", {"contentBlockIndex": 0}),
        frame("messageStop", {"stopReason": stop}),
        frame("metadata", {"usage": USAGE, "metrics": {"latencyMs": 5}}),
    ]


def stream(*parts: bytes, then: Act | None = None) -> Act:
    """Send frames, and end the stream, or do something else."""

    def act(handler: Handler) -> None:
        handler.begin("application/vnd.amazon.eventstream")
        for part in parts:
            handler.piece(part)
        if then is not None:
            then(handler)
        else:
            handler.finish_pieces()

    return act
