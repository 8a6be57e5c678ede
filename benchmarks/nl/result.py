"""One sentence read, and what is to be said of it: right or wrong, and what it took."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from inspect import signature
from time import perf_counter, process_time
from typing import Any

from benchmarks.nl.annotation import rows_of
from benchmarks.nl.gold import Item
from benchmarks.nl.replay import alike, as_rule
from benchmarks.nl.scenes import NOW
from benchmarks.nl.shared import score
from proactive.language.outcome import Outcome
from proactive.language.request import Reader, Request
from proactive.language.understand import understand
from rules.check import check
from rules.rule import Rule

_NOT_RULES = frozenset({"question", "command", "manage", "chat", "refuse"})
_INVENTED = frozenset({"unknown_source", "unknown_subject", "unknown_person", "unknown_device"})


@dataclass
class _Timed:
    """A reader, and how long after `began` it showed a draft; one that shows none is only passed on to."""

    reader: Reader
    began: float
    draft_ms: float | None = None

    @property
    def name(self) -> str:
        return self.reader.name

    def read(self, request: Request) -> Outcome:
        read: Callable[..., Outcome] = self.reader.read
        if "on_draft" in signature(read).parameters:
            return read(request, on_draft=self._drafted)
        return read(request)

    def _drafted(self, _: Outcome) -> None:
        self.draft_ms = (perf_counter() - self.began) * 1000


@dataclass(frozen=True)
class Result:
    """What became of one item. `replay` and `scored` are None where no rule was wanted, `scored` also without the score.

    `draft_ms` is None where no draft was shown before the model answered. `told` says whether the right people are told and the right devices act, where a rule was wanted and made.
    """

    id: str
    kind: str
    wanted: str
    outcome: str
    outcome_right: bool
    replay: bool | None
    scored: bool | None
    told: bool | None
    invented: int
    false_rule: bool | None
    unsafe_rule: bool | None
    asked_needed: bool | None
    asked_clear: bool | None
    cpu_ms: float
    took_ms: float
    draft_ms: float | None = None
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    made: list[dict[str, Any]] = field(default_factory=list)

    @property
    def right(self) -> bool:
        """Tell whether it is what it should be: the rule by replay, else the outcome."""
        return self.outcome_right if self.replay is None else self.replay

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object of `--save`."""
        return asdict(self)


def judge(item: Item, reader: Reader) -> Result:
    """Read one item and judge what came of it."""
    began, cpu = perf_counter(), process_time()
    timed = _Timed(reader, began)
    found = understand(item.text, item.speaker, item.home, item.conversation, now=NOW, reader=timed, facts=item.facts)
    cpu, took = process_time() - cpu, perf_counter() - began
    wanted = item.wanted == "rule" and item.in_home
    right = found.outcome in item.outcomes
    ruled, asked = found.outcome == "rule", found.outcome == "clarify"
    return Result(
        id=item.id,
        kind=item.kind,
        wanted=item.wanted,
        outcome=found.outcome,
        outcome_right=right,
        replay=_exact(item, found) if wanted and item.rules else None,
        scored=_scored(item, found) if wanted else None,
        told=_told(item, found) if wanted and ruled else None,
        invented=sum(problem.code in _INVENTED for rule in found.rules for problem in check(rule, item.home)),
        false_rule=ruled if item.wanted in _NOT_RULES and not item.outcomes & {"rule"} else None,
        unsafe_rule=None if item.safe else ruled,
        asked_needed=right if item.wanted == "clarify" else None,
        asked_clear=asked if wanted and len(item.outcomes) == 1 else None,
        cpu_ms=cpu * 1000,
        took_ms=took * 1000,
        draft_ms=timed.draft_ms,
        tokens_in=sum(usage.tokens_in for usage in found.usage),
        tokens_cached=sum(usage.cached for usage in found.usage),
        tokens_out=sum(usage.tokens_out for usage in found.usage),
        made=[_decides(rule) for rule in found.rules],
    )


def _exact(item: Item, found: Outcome) -> bool:
    """Tell whether the rules fire as one of the gold rules; another outcome that is allowed is right as it is."""
    if found.outcome != "rule":
        return found.outcome in item.outcomes
    return any(_alike(item, list(found.rules), gold) for gold in item.rules)


def _alike(item: Item, rules: list[Rule], gold: dict[str, Any]) -> bool:
    wanted = as_rule(item.home, gold, "gold", now=NOW)
    return (len(rules) == 1 and _decisive(rules[0]) == _decisive(wanted)) or alike(item.home, rules, [wanted], item.id)


def _decisive(rule: Rule) -> tuple[object, ...]:
    return rule.when, rule.guards, rule.unknown, rule.blind_tolerance, rule.expires, rule.once


def _scored(item: Item, found: Outcome) -> bool | None:
    """Tell whether the shared score says exact, against any of the gold rules."""
    function = score()
    if function is None:
        return None
    line = {"id": item.id, **found.as_json()}
    home = item.home.model_dump(mode="json")
    return any(function([gold], [line], {item.home.home: home})[0]["exact"] for gold in rows_of(item))


def _told(item: Item, found: Outcome) -> bool:
    people = {person for rule in found.rules if rule.notify for person in rule.notify.to}
    devices = {action.device for rule in found.rules for action in rule.do}
    speaker = item.speaker or item.home.speaker
    wanted = set(item.to) or ({speaker} if speaker and not item.devices else set())
    return devices == set(item.devices) and (people == wanted or (bool(item.devices) and people <= {speaker or ""}))


def _decides(rule: Rule) -> dict[str, Any]:
    made = rule.as_json()
    return {key: made[key] for key in ("when", "while", "do", "expires", "once") if key in made}
