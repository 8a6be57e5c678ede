"""Who reads requests: `local`, or a language model with `local` as its draft and its check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from proactive.language.request import Reader

if TYPE_CHECKING:
    from threading import Event

    from proactive.language.answerer.answerer import Answerer
    from proactive.language.compiler.compiler import OnDraft
    from proactive.language.model import LanguageModel


def load_reader(setting: str = "local", options: Mapping[str, str] | None = None) -> Reader:
    """Return the reader of a setting: `local`, or `PROVIDER:MODEL` (several with commas between).

    `options` are variables `PROACTIVE_LLM_*` as `compiler.setting` knows them, by default those in force. Raise InputError for
    an unknown one.
    """
    from proactive.language.model import load_model
    from proactive.settings import load

    if setting == "local":
        return reader_of(None, {})
    return reader_of(load_model(setting), load().llm_options if options is None else options)


def reader_of(
    model: LanguageModel | None,
    options: Mapping[str, str],
    router: LanguageModel | None = None,
    answerer: LanguageModel | None = None,
) -> Reader:
    """Return `local`, or a compiler with the models of each role that has one. Raise InputError for an option that is none."""
    from proactive.language.local.model import LocalModel

    if model is None and router is None and answerer is None:
        return LocalModel()
    from proactive.language.compiler.compiler import Compiler
    from proactive.language.compiler.setting import setting_of

    setting = setting_of(options)
    return Compiler(model, setting, router=router, answerer=answerer_of(answerer, options))


def answerer_of(model: LanguageModel | None, options: Mapping[str, str]) -> Answerer | None:
    """Return who reads questions that `local` cannot, or None without a model. Raise InputError for an option that is none."""
    if model is None:
        return None
    from proactive.language.answerer.answerer import Answerer
    from proactive.language.compiler.setting import setting_of

    return Answerer(model, setting_of(options))


def aloud(reader: Reader, on_draft: OnDraft, cancel: Event | None = None) -> Reader:
    """Return a reader that tells `on_draft` what `local` found before a model has answered, and stops waiting at `cancel`.

    A reader that makes no drafts is returned as it is.
    """
    from proactive.language.compiler.compiler import Aloud, Compiler

    return Aloud(reader, on_draft, cancel) if isinstance(reader, Compiler) else reader
