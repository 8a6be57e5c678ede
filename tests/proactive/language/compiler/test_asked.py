"""What is not asked for is no rule, whatever a model answers: every form that its schema allows is tried."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from threading import Event
from typing import Any

import pytest

from proactive.language.compiler.compiler import task_of
from proactive.language.compiler.form import schema_of
from proactive.language.compiler.propose import Task, propose
from proactive.language.compiler.setting import Setting
from proactive.language.compiler.weigh import can_matter, weigh
from proactive.language.local.model import LocalModel
from proactive.language.request import Request
from rules.home import Home
from tests.proactive.language.compiler.scripted import Scripted, form

NOT_ASKED = (
    "tell me when Bruno came home yesterday",
    "please don't notify me when the doorbell rings",
    "I do not want an alert if Daisy is on the couch",
    "Cleo said tell me if the washer is done, but she was joking",
    "Bruno used to get a text whenever the back door opened",
    "suppose the back door opened at night, would you have told me?",
    "in my old house the system would warn me if the window was open for two hours",
    "Wie geht es dem Hund in der Driveway?",
    "Was ist in der Driveway los wenn ich weg bin",
)
LACKING = (
    "tell me when the sauna is open",
    "alert me if the shed door lock opens",
    "Sag mir Bescheid wenn die Sauna warm ist",
    "tell me if my neighbour opens his front door",
)


def forms(task: Task) -> Iterator[dict[str, Any]]:
    """Yield every form of one thing that the words of a text could be given."""
    fields = schema_of(task.roster, task.found, "strict")["properties"]
    who, what, where = (fields.get(key, {}).get("items", {}).get("enum", []) for key in ("who", "what", "where"))
    kinds = [kind for kind in fields["kind"]["enum"] if kind not in ("none", "then", "unanswered")]
    for one, thing, place in product(["", *who], ["", *what], ["", *where]):
        for does, kind in product(fields["does"]["enum"], kinds):
            yield form(
                who=[one] * bool(one), what=[thing] * bool(thing), where=[place] * bool(place), does=does, kind=kind
            )


@pytest.mark.parametrize("text", [*NOT_ASKED, *LACKING])
def test_no_form_makes_a_rule_of_what_is_none(text: str, home: Home) -> None:
    request = Request(text, home, home.speaker)
    local, task = LocalModel().read(request), task_of(request)
    for answer in forms(task) if can_matter(local, task) else ():  # else no model is asked, nor heard
        outcome = weigh(local, propose(Scripted([answer]), task, Setting(rounds=0), Event()), task).outcome
        assert outcome.outcome != "rule", (answer, outcome.reply)
