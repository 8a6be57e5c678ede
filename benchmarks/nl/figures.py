"""The figures of a set of results: what was right, what was wrongly made, what was asked, and what it took."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.nl.result import Result


def figures(results: Sequence[Result]) -> dict[str, Any]:
    """Return the figures by name; rates are between 0 and 1, and None where nothing was asked."""
    wanted = [result for result in results if result.replay is not None]
    kinds = _by_kind((result.kind, result.replay) for result in wanted)
    scored = _by_kind((result.kind, result.scored) for result in wanted if result.scored is not None)
    times = sorted(result.cpu_ms for result in results)
    return {
        "items": len(results),
        "rules wanted": len(wanted),
        "rules exact by replay": rate(result.replay for result in wanted),
        "rules exact by score": rate(result.scored for result in results),
        "told and done": rate(result.told for result in results),
        **{f"  {kind}": f"{sum(right)}/{len(right)}" for kind, right in sorted(kinds.items())},
        "macro (replay)": _mean([sum(right) / len(right) for right in kinds.values()]),
        "macro (score)": _mean([sum(right) / len(right) for right in scored.values()]),
        "outcome right": rate(result.outcome_right for result in results),
        "invented ids": sum(result.invented for result in results),
        "false rules": count(result.false_rule for result in results),
        "unsafe became rules": count(result.unsafe_rule for result in results),
        "asked when needed": count(result.asked_needed for result in results),
        "asked when clear": count(result.asked_clear for result in results),
        "CPU ms p50": _at(times, 0.5),
        "CPU ms p95": _at(times, 0.95),
        **_model(results),
    }


def _by_kind(rows: Iterable[tuple[str, bool | None]]) -> dict[str, list[bool]]:
    kinds: dict[str, list[bool]] = defaultdict(list)
    for kind, right in rows:
        kinds[kind].append(bool(right))
    return kinds


def _model(results: Sequence[Result]) -> dict[str, Any]:
    asked = [result for result in results if result.tokens_in]
    if not asked:
        return {}
    return {
        "requests to a model": len(asked),
        "tokens in": round(sum(result.tokens_in for result in asked) / len(asked), 1),
        "tokens in, cached": round(sum(result.tokens_cached for result in asked) / len(asked), 1),
        "tokens out": round(sum(result.tokens_out for result in asked) / len(asked), 1),
        "ms per request": _mean([result.took_ms for result in asked]),
        "ms to the draft p95": _at(sorted(result.draft_ms for result in results if result.draft_ms is not None), 0.95),
        "ms p95": _at(sorted(result.took_ms for result in asked), 0.95),
    }


def rate(values: Iterable[bool | None]) -> float | None:
    """Return the share of what is true among what is known."""
    return _mean([float(value) for value in values if value is not None])


def count(values: Iterable[bool | None]) -> str:
    """Return how many of how many are true, as `3/60`."""
    known = [value for value in values if value is not None]
    return f"{sum(known)}/{len(known)}"


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 3) if values else None


def _at(ordered: Sequence[float], share: float) -> float | None:
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1) if ordered else None


def compared(before: dict[str, dict[str, Any]], now: Sequence[Result]) -> tuple[list[str], list[str]]:
    """Return the ids of what was wrong and is right now, and of what was right and is wrong now."""
    known = [(result, bool(before[result.id]["right"])) for result in now if result.id in before]
    turned = [result.id for result, was in known if result.right and not was]
    return turned, [result.id for result, was in known if was and not result.right]
