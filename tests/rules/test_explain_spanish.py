"""Rules in Spanish: what a rule does, as a family that speaks Spanish would read it, and the notice that it gives."""

from __future__ import annotations

from typing import Any

import pytest

from rules.explain import explain
from rules.home import Home, parse_home
from rules.rule import parse_rule
from rules.words.spanish.notices import notice

HOME: Home = parse_home(
    {
        "home": "encina",
        "time_zone": "Europe/Madrid",
        "people": [{"id": "person.ana", "name": "Ana", "role": "owner"}, {"id": "person.ivo", "name": "Ivo"}],
        "pets": [{"id": "pet.luz", "name": "Luz", "species": "dog"}],
        "cameras": [{"id": "cam.cocina", "name": "cámara de la cocina", "zones": {"food_bowls": [[0, 0], [1, 0], [1, 1]]}}],
        "devices": [
            {"id": "contact.front", "type": "door", "name": "front door", "attributes": {"state": ["open", "closed"]}},
            {"id": "contact.patio", "type": "door", "name": "puerta del patio", "attributes": {"state": ["open", "closed"]}},
            {"id": "light.porche", "type": "light", "name": "porche", "attributes": {"state": ["on", "off"]}},
            {"id": "sensor.frio", "type": "temperature", "name": "temperatura del congelador", "attributes": {"value": "number"}, "unit": "C"},
            {"id": "car.leaf", "type": "car", "name": "Leaf", "attributes": {"plugged_in": "boolean"}},
        ],
    }
)  # fmt: skip
EATS = [
    {
        "type": "detection",
        "source": "cam.cocina",
        "subject": "pet.luz",
        "where": {"activity": "eating", "zone": "food_bowls"},
    }
]
FRONT = [{"type": "state", "source": "contact.front", "where": {"value": "open"}}]
PATIO = [{"type": "state", "source": "contact.patio", "where": {"value": "closed"}}]
ROWS: list[tuple[dict[str, Any], list[dict[str, Any]], str, str]] = [
    ({"op": "absent", "of": EATS, "window": {"from": "00:00", "until": "12:00"}}, [],
     "Si no se ha visto a Luz comer en la zona «food bowls» con la cámara de la cocina entre medianoche y mediodía, todos los días, avisaré a Ana. Si no pude ver bastante, lo diré.",
     "No se ha visto a Luz comer en la zona «food bowls» antes del mediodía"),
    ({"op": "occurs", "of": FRONT}, [{"home": "nobody"}],
     "Cuando la puerta «front door» se abre, pero solo si no hay nadie en casa, avisaré a Ana.", "La puerta «front door» se ha abierto y no hay nadie en casa"),
    ({"op": "holds", "state": {"state": "contact.patio", "is": "open"}, "lasting": "10m"}, [],
     "Cuando la puerta del patio está abierta durante 10 minutos, avisaré a Ana. Si no pude saberlo, porque un aparato no respondía, lo diré.",
     "La puerta del patio está abierta desde hace 10 minutos"),
    ({"op": "holds", "state": {"state": "sensor.frio", "above": -4.5}}, [],
     "En cuanto la temperatura del congelador está por encima de -4,5 °C, avisaré a Ana. Si no pude saberlo, porque un aparato no respondía, lo diré.",
     "La temperatura del congelador está por encima de -4,5 °C"),
    ({"op": "count", "of": FRONT, "at_least": 3, "within": "1h"}, [{"days": ["sat", "sun"]}],
     "Cuando ocurre 3 veces en 1 hora que la puerta «front door» se abre, pero solo si es sábado o domingo, avisaré a Ana.",
     "La puerta «front door» se ha abierto 3 veces en 1 hora"),
    ({"op": "sequence", "first": FRONT, "then": PATIO, "within": "2m"}, [{"between": ["22:00", "01:00"]}],
     "Cuando la puerta «front door» se abre y menos de 2 minutos después la puerta del patio se cierra, pero solo si la hora está entre las 22:00 y la 1:00, avisaré a Ana.",
     "La puerta «front door» se ha abierto y menos de 2 minutos después la puerta del patio se ha cerrado"),
    ({"op": "at", "sun": "sunset", "offset": "-30m"}, [{"state": "car.leaf", "attribute": "plugged_in", "is_not": True}],
     "30 minutos antes del atardecer todos los días, pero solo si el coche «Leaf» no está enchufado, avisaré a Ana.", "El coche «Leaf» no está enchufado"),
    ({"op": "at", "time": "23:00", "days": ["mon", "fri"]}, [{"not": {"any": [{"home": "person.ivo"}, {"state": "light.porche", "is": "on"}]}}],
     "A las 23:00 los lunes y viernes, pero solo si Ivo no está en casa y la luz «porche» no está encendida, avisaré a Ana.",
     "Ivo no está en casa y la luz «porche» no está encendida"),
]  # fmt: skip


@pytest.mark.parametrize(("when", "guards", "text", "told"), ROWS, ids=[row[3] for row in ROWS])
def test_a_rule_is_said_in_spanish_as_it_is_in_english(
    when: dict[str, Any], guards: list[dict[str, Any]], text: str, told: str
) -> None:
    rule = parse_rule(
        {
            "id": "r",
            "home": "encina",
            "owner": "person.ana",
            "when": when,
            "while": guards,
            "notify": {"to": ["person.ana"], "message": "-"},
        }
    )
    assert explain(rule, HOME, "es") == text
    assert notice(rule, HOME) == told


def test_what_is_done_and_what_follows_is_said_too() -> None:
    rule = parse_rule(
        {"id": "r", "home": "encina", "owner": "person.ana", "when": {"op": "occurs", "of": FRONT, "cooldown": "30m"},
         "notify": {"to": ["person.ana", "person.ivo"], "message": "-", "urgency": "high", "remind": {"every": "5m", "times": 3}, "escalate": {"after": "10m", "to": ["person.ivo"]}},
         "do": [{"device": "light.porche", "command": "turn_on"}], "once": True}
    )  # fmt: skip
    assert explain(rule, HOME, "es") == (
        "Cuando la puerta «front door» se abre, avisaré a Ana y a Ivo (prioridad alta) y encenderé la luz «porche». "
        "Lo repetiré cada 5 minutos, hasta 3 veces, mientras nadie reaccione. Si nadie reacciona en 10 minutos, avisaré a Ivo. "
        "Como mucho una vez cada 30 minutos. Solo una vez: después la regla desaparece."
    )
