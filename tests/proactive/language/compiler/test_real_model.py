"""A real model file reads requests: what its server keeps of the prompt. Skipped without weights (PROACTIVE_TEST_GGUF)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from proactive.language.backends.llama import LlamaModel
from proactive.language.backends.patience import Patience
from proactive.language.compiler.compiler import Compiler
from proactive.language.compiler.setting import Setting
from proactive.language.request import Request
from rules.home import Home

pytest.importorskip("xllamacpp", reason="xllamacpp is not installed: pip install 'proactive[llama]'")


@pytest.fixture(scope="module")
def model() -> Iterator[LlamaModel]:
    path = Path(os.environ.get("PROACTIVE_TEST_GGUF", ""))
    if not path.is_file():
        pytest.skip("no weights: set PROACTIVE_TEST_GGUF to a GGUF file of an instruction model")
    made = LlamaModel(path, Patience(seconds=300))
    yield made
    made.close()


def test_a_server_keeps_the_prefix_of_one_request_for_the_next(model: LlamaModel, home: Home) -> None:
    compiler = Compiler(model, Setting(cut="strict", asked="always", rounds=0, timeout=300))
    texts = ("tell me when the back door opens", "Sag mir Bescheid wenn jemand in die Driveway kommt")
    first, second = (compiler.read(Request(text, home, home.speaker)).usage[0] for text in texts)
    assert first.cached < 100
    assert second.cached > 0.8 * second.tokens_in
