"""`bedrock:MODEL_ID`: models on Amazon Bedrock, over boto3's Converse.

Region, credentials and endpoint are boto3's own business: `AWS_DEFAULT_REGION`, `AWS_PROFILE`, `AWS_BEARER_TOKEN_BEDROCK`,
`AWS_ENDPOINT_URL_BEDROCK_RUNTIME` and so on; `AWS_REGION`, which AWS's other kits read, counts too. boto3 is told not to try again: `patience` does.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from threading import Event, Lock
from time import monotonic
from typing import Any

from proactive.error import ProactiveError
from proactive.language.backends.background import Emit, carry_out, in_thread
from proactive.language.backends.converse import Manners, follow, whole
from proactive.language.backends.heard import Heard, billed
from proactive.language.backends.patience import Passing, Patience, persist
from proactive.language.backends.schema import Shape, shape
from proactive.language.model import Completion, FailureKind, ModelError, Prompt
from proactive.settings import Settings
from rules.problem import InputError, Problem

# Codes as they come in replies; in a stream they begin in lower case.
_PASSING: dict[str, FailureKind] = {
    "throttlingexception": "throttled",
    "servicequotaexceededexception": "throttled",
    "toomanyrequestsexception": "throttled",
    "modelnotreadyexception": "unavailable",
    "modeltimeoutexception": "timeout",
    "internalserverexception": "unavailable",
    "serviceunavailableexception": "unavailable",
    "modelerrorexception": "unavailable",
    "modelstreamerrorexception": "unavailable",
}
_DENIED = (
    "accessdenied",
    "unrecognizedclient",
    "expiredtoken",
    "invalidsignature",
    "incompletesignature",
    "invalidclienttoken",
)


class BedrockModel:
    """A model on Bedrock. May be used from several threads at once."""

    def __init__(
        self, model: str, region: str | None = None, endpoint: str | None = None, patience: Patience | None = None
    ) -> None:
        """Keep which model it is; nothing is sent. Raise ProactiveError where boto3 is not installed."""
        _require_boto3()
        self._model, self._region, self._endpoint = model, region, endpoint
        self._patience = patience or Patience()
        self._client: Any = None
        self._making = Lock()
        self.manners = Manners()

    @property
    def name(self) -> str:
        """Return `bedrock:MODEL_ID`."""
        return f"bedrock:{self._model}"

    def __repr__(self) -> str:
        return f"BedrockModel({self.name!r})"

    def complete(
        self, prompt: Prompt, *, on_text: Callable[[str], None] | None = None, cancel: Event | None = None
    ) -> Completion:
        """Return the answer. It comes as a stream where somebody listens or may cancel: only a stream can be left."""
        asked, stream = shape(prompt.schema), on_text is not None or cancel is not None
        with billed(self.name) as clock:
            deadline = monotonic() + self._patience.seconds
            work = partial(self._ask, prompt, asked, deadline, stream)
            heard = carry_out(work, self._patience.seconds, on_text, cancel)
            completion = heard.completion(prompt, asked)
            return replace(completion, usage=clock.stamp(completion.usage))

    def probe(self) -> str:
        """Return where the model is and whose credentials are used, in words; nothing is sent to it. Raise ModelError."""
        return carry_out(lambda _: self._probe(), self._patience.seconds)

    # --- in the background ---

    async def _ask(self, prompt: Prompt, asked: Shape, deadline: float, stream: bool, emit: Emit) -> Heard:
        while True:
            request = self.manners.request(self._model, prompt, asked)
            once = partial(self._once, request, stream and self.manners.stream, emit)
            try:
                return await persist(once, self._patience, deadline)
            except _NotTaken as error:
                simpler = self.manners.without(str(error))
                if simpler is None:
                    raise ModelError("invalid", f"Bedrock refuses the request: {error}") from error
                self.manners = simpler

    async def _once(self, request: dict[str, Any], stream: bool, emit: Emit) -> Heard:
        given_up = Event()
        try:
            return await in_thread(partial(self._converse, request, stream, emit, given_up))
        finally:
            given_up.set()

    def _converse(self, request: dict[str, Any], stream: bool, emit: Emit, given_up: Event) -> Heard:
        begun = Event()

        def tell(text: str) -> None:
            begun.set()
            emit(text)

        with _translated(begun):
            if not stream:
                return whole(self._bedrock().converse(**request))
            events = self._bedrock().converse_stream(**request)["stream"]
            with closing(events):
                return follow(events, tell, given_up.is_set)

    async def _probe(self) -> str:
        return await in_thread(self._look)

    def _look(self) -> str:
        import boto3

        with _translated(Event()):
            credentials = boto3.Session().get_credentials()
            found = self._bedrock().meta.endpoint_url
        if credentials is None:
            raise ModelError(
                "denied", "no AWS credentials were found. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and its secret."
            )
        return f"{found}, credentials by {credentials.method} (not asked whether they are taken)"

    def _bedrock(self) -> Any:
        """Return the client, made once: that takes a second, and boto3's sessions are not made for two threads."""
        import boto3
        from botocore.config import Config

        with self._making:
            if self._client is None:
                config = Config(
                    connect_timeout=self._patience.connect,
                    read_timeout=self._patience.seconds,
                    retries={"total_max_attempts": 1, "mode": "standard"},
                )
                session = boto3.Session(region_name=self._region or os.environ.get("AWS_REGION"))
                self._client = session.client("bedrock-runtime", endpoint_url=self._endpoint, config=config)
            return self._client


class _NotTaken(Exception):
    """What Bedrock says of a request that it does not take."""


@contextmanager
def _translated(begun: Event) -> Iterator[None]:
    """Raise our errors for boto3's. What fails before anything of an answer has come may be tried again."""
    from botocore.eventstream import ParserError
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError
    from urllib3.exceptions import HTTPError

    try:
        yield
    except ClientError as error:
        raise _refusal(error.response.get("Error", {}), begun.is_set()) from error
    except (BotoCoreError, HTTPError) as error:
        raise _trouble(error, begun.is_set()) from error
    except (ParserError, ResponseParserError, KeyError, TypeError, ValueError) as error:
        raise ModelError(
            "unavailable", f"expected a reply of Converse, found something else: {str(error)[:160]}"
        ) from error


def _refusal(said: dict[str, str], begun: bool) -> Exception:
    code, words = said.get("Code", ""), said.get("Message", "")
    message, key = f"Bedrock answers {code}: {words}", code.lower()
    if key in _PASSING:
        return ModelError(_PASSING[key], message) if begun else Passing(_PASSING[key], message)
    if key.startswith(_DENIED) or code in {"401", "403"}:
        return ModelError("denied", f"{message} Check the AWS credentials, and that the account may use the model.")
    if key == "validationexception":
        return ModelError("invalid", message) if begun else _NotTaken(words)
    if key == "resourcenotfoundexception":
        return ModelError("unavailable", f"{message} Check the model's id and the region.")
    return Passing("unavailable", message) if code.startswith("5") and not begun else ModelError("unavailable", message)


def _trouble(error: Exception, begun: bool) -> ModelError:
    name = type(error).__name__
    if name in {"NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "ProfileNotFound"}:
        return ModelError("denied", f"{error}. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and its secret.")
    if name == "NoRegionError":
        return ModelError("denied", "Bedrock needs a region. Set AWS_DEFAULT_REGION.")
    if name == "ParamValidationError":
        return ModelError("invalid", f"boto3 refuses the request: {error}")
    if name == "ConnectTimeoutError":
        return ModelError("unavailable", "Bedrock cannot be reached: no connection in time.")
    if name == "ReadTimeoutError":
        return ModelError("timeout", f"Bedrock fell silent: {error}")
    if begun:
        return ModelError("unavailable", "Bedrock broke off in the middle of an answer.")
    return Passing("unavailable", f"Bedrock cannot be reached: {error}")


def _require_boto3() -> None:
    from importlib.util import find_spec

    if find_spec("boto3") is None:
        raise ProactiveError("Models on Bedrock need boto3. Install it with: pip install 'proactive[aws]'")


def load(name: str, settings: Settings) -> BedrockModel:
    """Return the model with this id. Raise InputError without one, ProactiveError where boto3 is not installed."""
    if not name:
        raise InputError([Problem("no_model", "PROACTIVE_LLM", "expected bedrock:MODEL_ID, found no id.")])
    return BedrockModel(name, patience=Patience(settings.llm_timeout))
