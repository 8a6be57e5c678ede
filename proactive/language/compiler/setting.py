"""Settings of the compiler: how far a model is trusted, when it is asked, and what it may cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from rules.problem import InputError, Problem, nearest

Cut = Literal["hints", "strict"]
Asked = Literal["unsure", "always"]
_Choice = TypeVar("_Choice", bound=str)


@dataclass(frozen=True, slots=True)
class Setting:
    """How a model is used.

    `cut` is `strict` for small models, whose schema lists only what the words show, and `hints` for others. `asked` is `unsure`
    where the model is called only when its answer can change the outcome, or `always`. `rounds` are the times problems go
    back to it, `timeout` the seconds it has for all of them, `thinking` its budget in tokens (0: none), `debug` shows
    how a request was read.
    """

    cut: Cut = "hints"
    asked: Asked = "unsure"
    rounds: int = 2
    timeout: float = 20.0
    thinking: int = 0
    debug: bool = False


def setting_of(environ: Mapping[str, str]) -> Setting:
    """Return the setting of the variables `PROACTIVE_LLM_*`. Raise InputError for a value that is none of theirs.

    `PROACTIVE_LLM_CUT=hints|strict`, `PROACTIVE_LLM_WHEN=unsure|always`, `PROACTIVE_LLM_TIMEOUT=SECONDS`,
    `PROACTIVE_LLM_ROUNDS=0..2`, `PROACTIVE_LLM_THINKING=TOKENS`, `PROACTIVE_LLM_DEBUG=1`.
    """
    plain = Setting()
    return Setting(
        cut=_choice("PROACTIVE_LLM_CUT", environ, plain.cut, get_args(Cut)),
        asked=_choice("PROACTIVE_LLM_WHEN", environ, plain.asked, get_args(Asked)),
        rounds=int(_number("PROACTIVE_LLM_ROUNDS", environ, plain.rounds, 0, 2)),
        timeout=_number("PROACTIVE_LLM_TIMEOUT", environ, plain.timeout, 0.1, 600),
        thinking=int(_number("PROACTIVE_LLM_THINKING", environ, plain.thinking, 0, 100_000)),
        debug=environ.get("PROACTIVE_LLM_DEBUG", "") not in ("", "0"),
    )


def _choice(name: str, environ: Mapping[str, str], plain: _Choice, known: tuple[_Choice, ...]) -> _Choice:
    said = environ.get(name) or plain
    for value in known:
        if value == said:
            return value
    message = f"expected one of {', '.join(known)}; found {said!r}."
    raise InputError([Problem("invalid", name, message, nearest(said, known))])


def _number(name: str, environ: Mapping[str, str], plain: float, least: float, most: float) -> float:
    said = environ.get(name)
    if not said:
        return plain
    try:
        value = float(said)
    except ValueError:
        value = least - 1
    if not least <= value <= most:
        message = f"expected a number from {least:g} to {most:g}, found {said!r}."
        raise InputError([Problem("invalid", name, message)])
    return value
