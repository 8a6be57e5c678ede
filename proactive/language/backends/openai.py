"""`openai:NAME`: any server that speaks OpenAI's chat completions, over httpx.

llama.cpp, vLLM, Ollama, LM Studio, Mistral, OpenAI and many more. `PROACTIVE_LLM_URL` is the base, usually ending in `/v1`;
`PROACTIVE_LLM_KEY` goes into the `Authorization` header and nowhere else. What the server takes is found by asking for the
most (`dialect`) and kept for the next request.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from threading import Event
from time import monotonic
from typing import Any, NoReturn

import httpx

from proactive.language.backends.background import Emit, carry_out, start
from proactive.language.backends.dialect import Dialect
from proactive.language.backends.heard import LARGEST, Heard, billed, charged
from proactive.language.backends.patience import Passing, Patience, persist, read_wish
from proactive.language.backends.schema import Shape, shape
from proactive.language.backends.wire import complaint, events, take_in
from proactive.language.model import Completion, FailureKind, ModelError, Prompt
from proactive.settings import HIDDEN, Settings, hide_password
from rules.problem import InputError, Problem

OPENAI = "https://api.openai.com/v1"
_PASSING = {408, 409, 425, 429, 500, 502, 503, 504, 529}


class OpenAIModel:
    """A model behind an OpenAI-compatible server. May be used from several threads at once."""

    def __init__(
        self,
        model: str,
        url: str = OPENAI,
        key: str | None = None,
        patience: Patience | None = None,
        provider: str = "openai",
    ) -> None:
        """Keep where the model is; nothing is sent. Raise InputError for an address or a key that is none."""
        check_server(url, key)
        self._model, self._url, self._provider, self._key = model, url.rstrip("/"), provider, key
        self._patience = patience or Patience()
        self._client: httpx.AsyncClient | None = None
        self.dialect = Dialect(template=httpx.URL(url).host != httpx.URL(OPENAI).host)

    @property
    def name(self) -> str:
        """Return `openai:NAME`."""
        return f"{self._provider}:{self._model}"

    def __repr__(self) -> str:
        return f"OpenAIModel({self.name!r}, {self._shown!r})"

    @property
    def _shown(self) -> str:
        return hide_password(self._url)

    def complete(
        self, prompt: Prompt, *, on_text: Callable[[str], None] | None = None, cancel: Event | None = None
    ) -> Completion:
        """Return the answer; it is streamed where somebody listens. Raise ModelError."""
        asked = shape(prompt.schema)
        with billed(self.name) as clock:
            deadline = monotonic() + self._patience.seconds
            work = partial(self._answer, prompt, asked, deadline, on_text is not None)
            completion = carry_out(work, self._patience.seconds, on_text, cancel)
            return replace(completion, usage=clock.stamp(completion.usage))

    def probe(self) -> str:
        """Return what the server says of itself, in words. Raise ModelError where it does not answer."""
        return carry_out(self._probe, self._patience.seconds)

    def close(self) -> None:
        """Close the connections that are kept open."""
        if self._client is not None:
            start(self._client.aclose).result()
            self._client = None

    # --- in the background ---

    async def _answer(self, prompt: Prompt, asked: Shape, deadline: float, stream: bool, emit: Emit) -> Completion:
        first = await self._ask(prompt, asked, deadline, stream, emit)
        try:
            return first.completion(prompt, asked)
        except ModelError:
            if first.end != "stop" or stream or self.dialect.told or self.dialect.format != "json_schema":
                raise
        # The server took the schema and did not hold the model to it: from now on the model is told of it as well.
        self.dialect = replace(self.dialect, told=True)
        with charged(first.usage):
            second = await self._ask(prompt, asked, deadline, stream, emit)
            completion = second.completion(prompt, asked)
        return replace(completion, usage=completion.usage + first.usage)

    async def _ask(self, prompt: Prompt, asked: Shape, deadline: float, stream: bool, emit: Emit) -> Heard:
        """Return what the server says, in the richest way of asking that it takes."""
        while True:
            body = self.dialect.body(self._model, prompt, asked, stream=stream)
            try:
                return await persist(partial(self._once, body, emit), self._patience, deadline)
            except _NotTaken as error:
                simpler = self.dialect.without(str(error))
                if simpler is None:
                    raise ModelError("invalid", f"{self._shown} refuses the request: {error}") from error
                self.dialect = simpler

    async def _once(self, body: dict[str, Any], emit: Emit) -> Heard:
        heard = Heard()
        try:
            async with self._http().stream("POST", "/chat/completions", json=body) as response:
                if response.status_code != httpx.codes.OK:
                    await self._refused(response)
                if body.get("stream"):
                    await self._follow(response, heard, emit)
                else:
                    take_in(heard, await _whole(response))
        except httpx.HTTPError as error:
            self._failed(error, heard)
        if heard.end is None and not heard.text:
            raise ModelError("invalid", f"{self._shown} gave an empty answer.", heard.usage)
        return heard

    async def _follow(self, response: httpx.Response, heard: Heard, emit: Emit) -> None:
        async for data in events(response.aiter_bytes()):
            if data == b"[DONE]":
                break
            if text := take_in(heard, data):
                emit(text)
        if heard.end is None and heard.text:
            raise ModelError("unavailable", f"{self._shown} broke off in the middle of an answer.", heard.usage)

    async def _probe(self, _: Emit) -> str:
        try:
            response = await self._http().get("/models")
        except httpx.HTTPError as error:
            self._failed(error, Heard())
        if response.status_code in {401, 403}:
            await self._refused(response)
        return f"{self._shown} answers ({response.status_code})"

    def _http(self) -> httpx.AsyncClient:
        """Return the client, made where it is used: its connections belong to the loop."""
        if self._client is None:
            timeout = httpx.Timeout(self._patience.seconds, connect=self._patience.connect)
            headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
            self._client = httpx.AsyncClient(base_url=self._url, headers=headers, timeout=timeout)
        return self._client

    async def _refused(self, response: httpx.Response) -> NoReturn:
        status, said = response.status_code, self._without_key(complaint(await _whole(response)))
        message = f"{self._shown} answers {status}: {said or response.reason_phrase}"
        if status in {401, 403}:
            raise ModelError("denied", f"{message} Check PROACTIVE_LLM_KEY.")
        if status in _PASSING:
            kind: FailureKind = "throttled" if status == 429 else "timeout" if status == 408 else "unavailable"
            raise Passing(kind, message).wanting(read_wish(response.headers.get("retry-after")))
        if status in {400, 422}:
            raise _NotTaken(said)
        if status == 404:
            raise ModelError("unavailable", f"{message} Check PROACTIVE_LLM_URL and the model's name {self._model!r}.")
        raise ModelError("unavailable", message)

    def _failed(self, error: httpx.HTTPError, heard: Heard) -> NoReturn:
        """Raise what a broken connection means: nothing came yet, so it may be tried again, or something did."""
        why = self._without_key(str(error)) or type(error).__name__
        if isinstance(error, httpx.ConnectTimeout):
            raise ModelError("unavailable", f"{self._shown} cannot be reached: no connection in time.") from error
        if isinstance(error, httpx.TimeoutException):
            raise ModelError("timeout", f"{self._shown} fell silent for {self._patience.seconds:g} s.") from error
        if heard.text:
            raise ModelError(
                "unavailable", f"{self._shown} broke off in the middle of an answer.", heard.usage
            ) from error
        raise Passing("unavailable", f"{self._shown} cannot be reached: {why}") from error

    def _without_key(self, text: str) -> str:
        """Return what a server said without the key, which some repeat."""
        return text.replace(self._key, HIDDEN) if self._key else text


class _NotTaken(Exception):
    """What a server says of a request that it does not take."""


async def _whole(response: httpx.Response) -> bytes:
    body = b""
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > 2 * LARGEST:
            raise ModelError("invalid", f"expected an answer, found more than {2 * LARGEST >> 20} MB.")
    return body


def check_server(url: str, key: str | None, of: str = "PROACTIVE_LLM") -> None:
    """Raise InputError for an address or a key that is none; `of` begins the names of the settings that hold them."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL()
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        message = "expected an address such as http://127.0.0.1:8080/v1, found something else."
        raise InputError([Problem("bad_address", f"{of}_URL", message)])
    if key is not None and not re.fullmatch(r"[!-~]+", key):
        message = "expected letters, digits and signs without spaces, found something else."
        raise InputError([Problem("bad_key", f"{of}_KEY", message, "Copy the key again.")])


def load(name: str, settings: Settings) -> OpenAIModel:
    """Return the model of this name behind the server that the settings mean. Raise InputError where they do not suffice."""
    label = settings.llm_server
    if not name:
        raise InputError([Problem("no_model", "PROACTIVE_LLM", "expected openai:NAME, found no name.")])
    if settings.llm_url is None and (label or settings.llm_key is None):
        variable = f"PROACTIVE_LLM_URL_{label.upper()}" if label else "PROACTIVE_LLM_URL"
        hint = (
            f"Set {variable}, such as http://127.0.0.1:8080/v1{'' if label else ', or PROACTIVE_LLM_KEY for OpenAI'}."
        )
        raise InputError([Problem("no_server", "PROACTIVE_LLM", f"nothing says where {name!r} is.", hint)])
    provider = f"openai@{label}" if label else "openai"
    return OpenAIModel(name, settings.llm_url or OPENAI, settings.llm_key, Patience(settings.llm_timeout), provider)
