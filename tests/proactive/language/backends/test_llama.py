"""`llama:` with real weights, where they are: a server of llama.cpp in this process, asked as any other server is.

Weights are not part of the project: `PROACTIVE_TEST_GGUF` names a file, such as SmolLM2-135M-Instruct.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Timer
from time import monotonic

import pytest

from proactive.language.backends.llama import LlamaModel
from proactive.language.backends.patience import Patience
from proactive.language.model import Message, ModelError, Prompt, check_language_model
from rules.problem import InputError

pytest.importorskip("xllamacpp", reason="xllamacpp is not installed: pip install 'proactive[llama]'")

WEIGHTS = Path(os.environ.get("PROACTIVE_TEST_GGUF", ""))
NUMBERS = {
    "type": "object",
    "properties": {"numbers": {"type": "array", "items": {"type": "integer"}, "minItems": 400}},
    "required": ["numbers"],
    "additionalProperties": False,
}
SYSTEM = Message("system", "You answer with numbers. " + "A house has rooms, doors and windows. " * 8)
PROMPT = Prompt((SYSTEM,), (Message("user", "Count."),), NUMBERS, max_tokens=2000)
SHORT = replace(PROMPT, schema={"type": "object", "properties": {}, "required": [], "additionalProperties": False})


@pytest.fixture(scope="module")
def model() -> Iterator[LlamaModel]:
    if not WEIGHTS.is_file():
        pytest.skip("no weights: set PROACTIVE_TEST_GGUF to a GGUF file of an instruction model")
    model = LlamaModel(WEIGHTS, Patience(seconds=120, tries=1))
    yield model
    model.close()


def test_the_backend_keeps_the_obligations_of_the_port(model: LlamaModel) -> None:
    check_language_model(model)


def test_the_prefix_of_a_prompt_is_read_once(model: LlamaModel) -> None:
    first, second = (model.complete(replace(SHORT, turn=(Message("user", text),))).usage for text in ("a", "b c"))
    assert second.tokens_in >= 40
    assert second.cached >= 0.7 * second.tokens_in, (first, second)


def test_an_answer_streams_and_stops_when_it_is_cancelled(model: LlamaModel) -> None:
    cancel, heard = Event(), list[str]()
    Timer(1.0, cancel.set).start()
    with pytest.raises(ModelError) as raised:
        model.complete(PROMPT, on_text=heard.append, cancel=cancel)
    assert raised.value.kind == "cancelled"
    assert "".join(heard).lstrip().startswith("{")
    started = monotonic()
    model.complete(SHORT)
    assert monotonic() - started < 30, "the server went on with what nobody waits for"


def test_an_answer_that_is_too_long_is_cut_off_and_charged(model: LlamaModel) -> None:
    with pytest.raises(ModelError, match="cut off at 8 tokens") as raised:
        model.complete(replace(PROMPT, max_tokens=8))
    assert (raised.value.kind, raised.value.usage.tokens_out) == ("invalid", 8)


def test_a_prompt_that_is_too_long_is_invalid(model: LlamaModel) -> None:
    with pytest.raises(ModelError, match="context size") as raised:
        model.complete(replace(SHORT, turn=(Message("user", "word " * 9000),)))
    assert raised.value.kind == "invalid"


def test_a_file_that_is_no_model_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "bad.gguf"
    path.write_bytes(b"no model" * 100)
    with pytest.raises(ModelError, match="expected a GGUF file") as raised:
        LlamaModel(path).complete(SHORT)
    assert raised.value.kind == "unavailable"


def test_a_file_that_is_not_there_is_said_at_once() -> None:
    with pytest.raises(InputError, match=r"found no file '/nowhere/x\.gguf'"):
        LlamaModel(Path("/nowhere/x.gguf"))


def test_naming_a_model_loads_nothing(tmp_path: Path) -> None:
    path = tmp_path / "small.gguf"
    path.touch()
    code = f"import sys\nfrom proactive.language.model import load_model\nmodel = load_model('llama:{path}')\n"
    code += "assert model.name == 'llama:small.gguf' and 'xllamacpp' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[4])
