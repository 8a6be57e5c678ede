"""Who reads requests: `local`, or a language model with `local` as its draft and its check."""

from __future__ import annotations

from proactive.language.request import Reader


def load_reader(setting: str = "local") -> Reader:
    """Return the reader of a setting: `local`, or `PROVIDER:MODEL`. Raise InputError for an unknown one."""
    from proactive.language.local.model import LocalModel
    from proactive.language.model import load_model

    if setting == "local":
        return LocalModel()
    model = load_model(setting)
    raise NotImplementedError(model.name)  # the compiler is made here
