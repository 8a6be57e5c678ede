"""What an OpenAI-compatible server sends: whole replies, the chunks of a stream, and errors, each with only what is read.

Everything is optional, and null means absent: servers leave out and add as they please.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec

from proactive.language.backends.heard import LARGEST, End, Heard
from proactive.language.model import ModelError, Usage

# finish_reason -> how it ended; any other word is an end like "stop".
_ENDS: dict[str, End] = {"length": "length", "content_filter": "filter"}


class Said(msgspec.Struct):
    """A message, or a piece of one. Thoughts go by either name."""

    content: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None
    refusal: str | None = None


class Choice(msgspec.Struct):
    """One answer of a reply, or a piece of it."""

    message: Said | None = None
    delta: Said | None = None
    finish_reason: str | None = None


class TokenDetails(msgspec.Struct):
    """Tokens of a kind."""

    cached_tokens: int | None = None
    reasoning_tokens: int | None = None


class Tokens(msgspec.Struct):
    """What a reply used. The cached ones stand in one of three places."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_tokens_details: TokenDetails | None = None
    completion_tokens_details: TokenDetails | None = None
    prompt_cache_hit_tokens: int | None = None


class Timings(msgspec.Struct):
    """llama.cpp's own count of tokens that its prompt cache had."""

    cache_n: int | None = None


class Fault(msgspec.Struct):
    """An error as most servers word it."""

    message: str | None = None


class Reply(msgspec.Struct):
    """A reply, or a chunk of one."""

    choices: list[Choice] | None = None
    usage: Tokens | None = None
    timings: Timings | None = None
    error: Fault | str | None = None


def take_in(heard: Heard, data: bytes) -> str:
    """Add a reply or a chunk to what was heard and return the new text of the answer. Raise ModelError."""
    try:
        reply = msgspec.json.decode(data, type=Reply)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        found = data[:80].decode(errors="replace")
        raise ModelError("unavailable", f"expected a chat completion, found {found!r}.", heard.usage) from error
    if reply.error is not None:
        said = reply.error if isinstance(reply.error, str) else reply.error.message
        raise ModelError("unavailable", f"the server broke off: {said or 'it gave no reason'}", heard.usage)
    heard.usage = _usage(reply, heard.usage)
    return "".join(_take_choice(heard, choice) for choice in (reply.choices or ())[:1])


def _take_choice(heard: Heard, choice: Choice) -> str:
    said = choice.delta or choice.message or Said()
    if said.refusal:
        raise ModelError("invalid", f"the model declined: {said.refusal[:160]}", heard.usage)
    heard.add(said.content or "", said.reasoning_content or said.reasoning or "")
    if choice.finish_reason:
        heard.end = _ENDS.get(choice.finish_reason, "stop")
    return said.content or ""


def _usage(reply: Reply, before: Usage) -> Usage:
    used = reply.usage
    if used is None or used.prompt_tokens is None:
        return before
    into, out = used.prompt_tokens_details or TokenDetails(), used.completion_tokens_details or TokenDetails()
    timings = reply.timings or Timings()
    return Usage(
        tokens_in=used.prompt_tokens,
        tokens_out=used.completion_tokens or 0,
        cached=into.cached_tokens or used.prompt_cache_hit_tokens or timings.cache_n or 0,
        reasoning=out.reasoning_tokens or 0,
    )


async def events(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the data of each server-sent event (WHATWG HTML 9.2) of a stream of bytes; comments and other fields are left out.

    Lines are split at LF only, with or without CR: a bare U+2028 inside JSON is no end of a line.
    """
    rest, data = b"", list[bytes]()
    async for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        for line in (line.removesuffix(b"\r") for line in lines):
            if line.startswith(b"data:"):
                data.append(line[5:].removeprefix(b" "))
            elif not line and data:
                yield b"\n".join(data)
                data = []
        if len(rest) > LARGEST:
            raise ModelError("invalid", f"expected a line of a stream, found more than {LARGEST >> 20} MB of one.")
    if data:
        yield b"\n".join(data)


def complaint(body: bytes) -> str:
    """Return what the body of an error says, in one short line."""
    try:
        error = msgspec.json.decode(body, type=Reply).error
        said = error if isinstance(error, str) else error.message if error is not None else None
    except (msgspec.DecodeError, UnicodeDecodeError):
        said = None
    return " ".join((said or body[:2000].decode(errors="replace")).split())[:300]
