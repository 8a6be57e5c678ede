"""Who reads requests: `local`, or a language model with `local` as its draft and its check."""

from __future__ import annotations

import os
from collections.abc import Mapping

from proactive.language.request import Reader


def load_reader(setting: str = "local", environ: Mapping[str, str] | None = None) -> Reader:
    """Return the reader of a setting: `local`, or `PROVIDER:MODEL` with the `PROACTIVE_LLM_*` of the environment.

    Raise InputError for an unknown one.
    """
    from proactive.language.local.model import LocalModel

    if setting == "local":
        return LocalModel()
    from proactive.language.compiler.compiler import Compiler
    from proactive.language.compiler.setting import setting_of
    from proactive.language.model import load_model

    return Compiler(load_model(setting), setting_of(os.environ if environ is None else environ))
