"""`llama:PATH.gguf`: a model file on this machine, served by llama.cpp inside this process.

The server listens on a free loopback port under a key of its own, made for this run, and `openai` talks to it: a model that is
served elsewhere tomorrow is asked in the same way. It is loaded at the first request, which takes as long as reading the file.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock
from typing import Any

from proactive.error import ProactiveError
from proactive.language.backends.openai import OpenAIModel
from proactive.language.backends.patience import Patience
from proactive.language.model import Completion, ModelError, Prompt
from proactive.settings import Settings
from rules.problem import InputError, Problem

CONTEXT = 8192  # tokens of prompt and answer together; llama.cpp's default, the model's own, may take gigabytes
PREFIXES_MB = 256  # memory for the prefixes of prompts that are not in use; llama.cpp's default is 8 GB


class LlamaModel:
    """A model file, served in this process from the first request on. May be used from several threads at once."""

    def __init__(self, path: Path, patience: Patience | None = None, threads: int | None = None) -> None:
        """Keep which file it is. Raise InputError where there is none, ProactiveError where xllamacpp is not installed."""
        if not path.is_file():
            message = f"expected llama:PATH of a GGUF file, found no file {str(path)!r}."
            raise InputError([Problem("no_model", "PROACTIVE_LLM", message)])
        _require_xllamacpp()
        self._path, self._patience = path, patience or Patience()
        # The home's cameras need the machine too; a second thread that waits for a busy core slows the first.
        self._threads = threads or max(1, (os.cpu_count() or 1) // 4)
        self._lock = Lock()
        self._server: Any = None
        self._client: OpenAIModel | None = None

    @property
    def name(self) -> str:
        """Return `llama:FILE`, without its folder."""
        return f"llama:{self._path.name}"

    def __repr__(self) -> str:
        return f"LlamaModel({self.name!r})"

    def complete(
        self, prompt: Prompt, *, on_text: Callable[[str], None] | None = None, cancel: Event | None = None
    ) -> Completion:
        """Return the answer. Raise ModelError; `unavailable` where the file cannot be loaded."""
        return self._served().complete(prompt, on_text=on_text, cancel=cancel)

    def probe(self) -> str:
        """Return what is known without loading the model: its size."""
        return f"{self._path}, {self._path.stat().st_size / (1 << 20):,.0f} MB, not loaded yet"

    def close(self) -> None:
        """Stop the server and free the model."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client = self._server = None

    def _served(self) -> OpenAIModel:
        with self._lock:
            if self._client is None:
                key = secrets.token_urlsafe(24)
                self._server = self._start(key)
                url = f"{self._server.listening_address}/v1"
                self._client = OpenAIModel(self._path.name, url, key, self._patience, provider="llama")
            return self._client

    def _start(self, key: str) -> Any:
        # Read when llama.cpp is loaded: threads that spin while they wait starve everything else on a small machine.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path, params.model_alias = str(self._path), {self._path.name}
        params.hostnames, params.port, params.api_keys = ["127.0.0.1"], 0, [key]
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = self._threads
        params.n_ctx, params.cache_ram_mib, params.n_parallel, params.n_threads_http = CONTEXT, PREFIXES_MB, 1, 2
        params.fit_params = params.warmup = params.ui = params.endpoint_slots = False
        params.offline, params.verbosity = True, 0
        try:
            return xllamacpp.Server(params)
        except RuntimeError as error:
            message = f"llama.cpp cannot load {self._path}: expected a GGUF file that fits into memory."
            raise ModelError("unavailable", message) from error


def _require_xllamacpp() -> None:
    from importlib.util import find_spec

    if find_spec("xllamacpp") is None:
        raise ProactiveError("A model file needs xllamacpp. Install it with: pip install 'proactive[llama]'")


def load(name: str, settings: Settings) -> LlamaModel:
    """Return the model of a GGUF file. Raise InputError where there is none, ProactiveError without xllamacpp."""
    return LlamaModel(Path(name).expanduser(), replace(Patience(), seconds=settings.llm_timeout, tries=1))
