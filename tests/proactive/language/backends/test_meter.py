"""What models cost: every call is priced as the user says, recorded, and summed by day, model and role."""

from __future__ import annotations

from pathlib import Path

import pytest

from proactive.error import ProactiveError
from proactive.language.backends.meter import Metered, Price, read_prices, unknown_prices
from proactive.language.model import Message, ModelError, Prompt, Usage, check_language_model
from proactive.store import Store
from proactive.usage import Spent, day_of, spent, total
from rules.problem import InputError
from tests.proactive.conftest import at
from tests.proactive.language.backends.fakes import Scripted

PROMPT = Prompt((), (Message("user", "Is water wet?"),), {"type": "object"})
PRICES = {"a": Price(into=2.0, cached=0.5, out=10.0)}
NOW = at("2026-03-09T23:30:00-05:00")


def test_a_metered_model_keeps_the_obligations_of_the_port() -> None:
    check_language_model(Metered(Scripted("a"), {}, lambda usage, failed: None))


def test_each_call_is_priced_and_recorded_and_so_is_one_that_failed() -> None:
    kept: list[tuple[Usage, bool]] = []
    model = Metered(Scripted("a", ["invalid", None]), PRICES, lambda usage, failed: kept.append((usage, failed)))
    with pytest.raises(ModelError) as raised:
        model.complete(PROMPT)
    completion = model.complete(PROMPT)
    cost = (50 * 2.0 + 50 * 0.5 + 10 * 10.0) / 1_000_000
    assert (raised.value.usage.cost, completion.usage.cost) == (cost, cost)
    assert kept == [(raised.value.usage, True), (completion.usage, False)]


def test_an_unknown_price_is_not_guessed() -> None:
    assert Metered(Scripted("b"), PRICES, lambda usage, failed: None).complete(PROMPT).usage.cost is None


def test_tokens_from_and_into_the_cache_cost_as_others_unless_said() -> None:
    usage = Usage(tokens_in=1_000_000, cached=400_000, written=100_000)
    assert Price(into=2.0, out=0.0).cost(usage) == 2.0
    assert Price(into=2.0, out=0.0, cached=0.0, written=4.0).cost(usage) == pytest.approx(1.0 + 0.4)


def test_an_answer_is_given_although_it_cannot_be_recorded() -> None:
    def full(usage: Usage, failed: bool) -> None:
        raise ProactiveError("the disk is full")

    assert Metered(Scripted("a"), {}, full).complete(PROMPT).value == {"answer": "yes"}


def test_prices_are_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text("a: {in: 2, cached: 0.5, out: 10}\n'bedrock:x-v1:0': {in: 0, out: 0}\n")
    prices = read_prices(path)
    assert prices == PRICES | {"bedrock:x-v1:0": Price(into=0.0, out=0.0)}
    [problem] = unknown_prices(prices, ["a", "bedrock:x-v1"], path)
    assert "Did you mean 'bedrock:x-v1:0'" in str(problem)


@pytest.mark.parametrize(
    "text", ["a: 3", "a: {in: 1}", "a: {in: -1, out: 1}", "a: {in: 1, out: 1, cashed: 1}", "- a", "a: ["]
)
def test_a_file_of_prices_that_is_none_says_what_is_expected(text: str, tmp_path: Path) -> None:
    path = tmp_path / "prices.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=r"prices\.yaml: expected lines such as"):
        read_prices(path)
    with pytest.raises(InputError, match="No such file"):
        read_prices(tmp_path / "nowhere.yaml")


def test_sums_grow_by_day_model_and_role(store: Store) -> None:
    usage = Usage("a", tokens_in=100, tokens_out=10, cached=50, took_ms=5.0, cost=0.25)
    for failed in (False, True):
        store.spend(spent(usage, "compiler", failed=failed, now=NOW))
    store.spend(spent(Usage("a", took_ms=5.0), "compiler", failed=True, now=NOW))
    store.spend(spent(Usage("a", tokens_in=1), "router", failed=False, now=at("2026-03-11T12:00:00Z")))
    first, second = store.spent()
    assert first == Spent(
        day="2026-03-10",
        model="a",
        role="compiler",
        calls=3,
        failures=2,
        tokens_in=200,
        cached=100,
        tokens_out=20,
        took_ms=15.0,
        cost=0.5,
    )
    assert (second.day, second.unpriced, store.spent("2026-03-11")) == ("2026-03-11", 1, [second])
    both = total([first, second])
    assert [row.cost_known for row in (first, second, both)] == ["$0.5000", "unknown", "at least $0.5000"]


def test_a_day_is_counted_as_providers_bill_it() -> None:
    assert (day_of(NOW), day_of(NOW, 9), day_of(NOW, 10)) == ("2026-03-10", "2026-03-01", "2026-02-28")
