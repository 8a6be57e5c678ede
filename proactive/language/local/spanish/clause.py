"""Clauses: what a Spanish clause says of the home, in English: the subject, its verb, what else there is, and the times."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from proactive.language.local.spanish.lexicon import DEEDS, Deed
from proactive.language.local.spanish.noun import Names
from proactive.language.local.spanish.piece import Piece, Stand, Verb

_STAYS = frozenset(("quedar", "andar", "seguir", "permanecer", "continuar", "llevar", "dejar", "mantener", "encontrar"))
_NUMERIC = frozenset(
    "subir bajar caer pasar superar exceder sobrepasar alcanzar llegar estar ser haber hacer descender aumentar ir quedar tener disminuir crecer".split()
)
_BEYOND = {
    "subir": "goes above", "pasar": "goes above", "superar": "goes above", "exceder": "goes above", "sobrepasar": "goes above", "aumentar": "goes above", "crecer": "goes above",
    "bajar": "drops below", "caer": "drops below", "descender": "drops below", "disminuir": "drops below", "alcanzar": "reaches", "llegar": "reaches",
}  # fmt: skip
_STATIC = frozenset(("estar", "ser", "haber", "hacer", "quedar", "tener", "seguir", "llevar"))
_LEAKS = frozenset(("water", "leak", "leaks"))
_FOUND = frozenset(("motion", "water", "smoke", "leak", "leaks", "power"))
_PERSONAL = frozenset(
    "ir marchar llegar salir volver regresar venir acostar levantar entrar comer cenar desayunar almorzar".split()
)
_POWER = frozenset(("light", "lights", "power", "electricity"))
_HEAD = frozenset(("name", "who", "pronoun", "unknown"))
_BEING = Deed("is", "been", "being", "be")


@dataclass(slots=True)
class _Clause:
    """A clause on its way: its subject's pieces, its verb, the pieces after it, and its times."""

    subject: list[Piece]
    verb: Verb
    rest: list[Piece]
    times: list[Piece]


def clause(pieces: Sequence[Piece], names: Names, *, opened: bool = False) -> str:
    """Return a clause in English; without a verb its pieces stay in their order. `opened` where no clause before names a subject."""
    position = next((i for i, piece in enumerate(pieces) if piece.verb is not None), None)
    if position is None:
        return " ".join(_timed(piece) for piece in pieces)
    verb = pieces[position].verb
    assert verb is not None
    before, after = list(pieces[:position]), list(pieces[position + 1 :])
    times = [piece for piece in (*before, *after) if piece.kind == "time"]
    found = _Clause([p for p in before if p.kind != "time"], verb, [p for p in after if p.kind != "time"], times)
    return _spoken(found, names, opened)


def _spoken(found: _Clause, names: Names, opened: bool) -> str:
    if found.subject and found.subject[-1].kind == "not" and not found.verb.negated:
        found.verb = replace(found.verb, negated=True)
        found.subject.pop()
    if any(piece.kind == "number" for piece in found.rest) and found.verb.lemma in _NUMERIC:
        return _numeric(found, names)
    _move_subject(found)
    reflexive = "me" in found.verb.clitics and found.verb.lemma in _PERSONAL
    if (found.verb.first or reflexive) and not any(piece.kind in _HEAD for piece in found.subject):
        found.subject = [Piece("who", "we" if found.verb.plural else "I"), *found.subject]
    if opened and found.verb.lemma in _PERSONAL and not any(piece.kind in _HEAD for piece in found.subject):
        found.subject = [Piece("pronoun", "he"), *found.subject]  # nobody is named, so it is asked who
    elif (
        opened and found.verb.lemma in ("estar", "seguir", "quedar") and not any(p.kind in _HEAD for p in found.subject)
    ):
        found.subject = [Piece("pronoun", "it"), *found.subject]
    _one_negation(found)
    said = _verb(found)
    body = " ".join(filter(None, (_words(found.subject), said, _words(found.rest))))
    again = " again" if found.verb.again else ""
    return " ".join(filter(None, (body + again, *(_timed(time) for time in found.times))))


def _words(pieces: Sequence[Piece]) -> str:
    # A verb that nothing took up stands as it was said, so that the grammar meets a word that it does not know.
    return " ".join(piece.english if piece.verb is None else piece.said for piece in pieces)


def _timed(piece: Piece) -> str:
    """Return a time with a preposition: a bare length lasts."""
    bare_length = (
        piece.kind == "time"
        and piece.bare
        and piece.english.split()[-1].rstrip("s") in ("minute", "hour", "second", "day", "week", "while", "half")
    )
    return f"for {piece.english}" if bare_length else piece.english


def _move_subject(found: _Clause) -> None:
    """Put the subject that follows its verb before it: "si se abre la puerta", "cuando llegue Tom"."""
    if (
        any(piece.kind in _HEAD for piece in found.subject)
        and found.verb.lemma not in ("ver", "detectar", "dar de comer", "alimentar", "dejar")
        and not found.verb.lemma.startswith("olvidar")
    ):
        return
    if found.verb.lemma in ("ver", "detectar") and any(
        piece.kind == "name" and ("sensor" in piece.english or "detector" in piece.english) for piece in found.subject
    ):
        return
    start = next((i for i, piece in enumerate(found.rest) if piece.kind in ("determiner", "quantifier", *_HEAD)), None)
    if start is None:
        return
    personal = start > 0 and found.rest[start - 1].kind == "prep"
    if personal and not (
        found.rest[start - 1].english == "to" and found.verb.lemma in ("ver", "detectar", "dar de comer", "alimentar")
    ):
        return
    end = start
    while end < len(found.rest) and found.rest[end].kind in ("determiner", "quantifier"):
        end += 1
    end += end < len(found.rest)
    while end + 1 < len(found.rest) and found.rest[end].kind == "prep" and found.rest[end].english == "of":
        end += 2 + (found.rest[end + 1].kind == "determiner")
    moved = found.rest[start:end]
    left = found.rest[: start - personal] + found.rest[end:]
    agent = found.subject
    found.subject, found.rest = moved, left
    if found.verb.lemma in ("ver", "detectar", "dar de comer", "alimentar", "dejar") or found.verb.lemma.startswith(
        "olvidar"
    ):
        _passive(found, agent)


def _passive(found: _Clause, agent: Sequence[Piece]) -> None:
    """Keep what a passive leaves of its agent: nobody denies it, a camera says where, a person goes unsaid."""
    if any(piece.english == "nobody" for piece in agent):
        found.verb = replace(found.verb, negated=True)
    elif any(piece.kind == "name" for piece in agent) and found.verb.lemma in ("ver", "detectar"):
        found.rest = [Piece("prep", "at"), *agent, *found.rest]


def _one_negation(found: _Clause) -> None:
    """Say one "not": "no llega nadie" is that nobody comes, "no hay ninguna puerta abierta" that no door is open."""
    everything = (*found.subject, *found.rest)
    if found.verb.negated and any(piece.english in ("nobody", "no", "none of", "never", "nor") for piece in everything):
        found.verb = replace(found.verb, negated=False)


# --- verbs ------------------------------------------------------------------------------------------------------


def _verb(found: _Clause) -> str:
    verb, lemma = found.verb, found.verb.lemma
    if lemma in ("ver", "detectar") and found.subject and found.subject[-1].english in _LEAKS:
        return _leaks(found)
    head = next((piece.english.split()[-1] for piece in reversed(found.subject) if piece.kind in _HEAD), "")
    if head in _POWER and (lemma in ("cortar", "fallar", "faltar", "caer") or (lemma == "ir" and "se" in verb.clitics)):
        found.subject = [Piece("name", "the power")]
        return _said(verb, Deed("goes out", "gone out", "going out", "go out"))
    if head in _POWER and lemma in ("volver", "regresar", "venir"):
        found.subject = [Piece("name", "the power")]
        return _said(verb, Deed("comes back", "come back", "coming back", "come back"))
    if lemma == "haber":
        return _there_is(found, head)
    if lemma == "olvidar":
        return "is left"
    if lemma.startswith("olvidar "):
        return "is left " + {
            "cerrar": "open",
            "apagar": "on",
            "bloquear": "unlocked",
            "enchufar": "unplugged",
            "encender": "off",
        }.get(lemma.split()[1], "")
    if lemma in _STAYS or lemma == "estar" or (lemma == "pasar" and any(p.kind == "state" for p in found.rest)):
        return _stays(found)
    key = _key(found)
    deed = DEEDS.get(key) or DEEDS.get(lemma)
    if deed is None:
        return f"{'not ' if verb.negated else ''}{lemma}"
    if deed.drops:
        found.rest = _without_preposition(found.rest)
    return _said(_looking_back(verb, found), deed)


def _looking_back(verb: Verb, found: _Clause) -> Verb:
    """Return "no come desde las seis" as "has not eaten since six": what is not done until now has not been done."""
    back = any(time.ago or time.english.startswith(("since", "in the last")) for time in found.times)
    return replace(verb, stand="perfect") if back and verb.stand == "present" and verb.negated else verb


def _said(verb: Verb, deed: Deed) -> str:
    denied = "not " if verb.negated else ""
    if verb.stops:
        return f"stops {deed.doing}"
    if verb.stand == "perfect":
        return f"has {denied}{deed.done}"
    if verb.stand == "progressive":
        return f"is {denied}{deed.doing}"
    if verb.negated and deed.does.startswith("is "):
        return f"is not {deed.does[3:]}"
    if verb.negated:
        return f"{'did' if verb.stand == 'past' else 'does'} not {deed.do}"
    return deed.done if verb.stand == "past" and deed.does != "is" else "was" if verb.stand == "past" else deed.does


def _there_is(found: _Clause, head: str) -> str:
    verb = found.verb
    denied = " not" if verb.negated else ""
    if head in _POWER and verb.negated and not found.rest:
        found.subject = [Piece("name", "the power")]
        return "is out"
    if head in _LEAKS and not verb.negated:
        return "is detected" if head == "water" and not found.rest else _leaks(found)
    if head in _FOUND:
        return f"is{denied} detected"
    if doing := _taken(found, "progressive"):
        return _said(replace(doing, negated=verb.negated), DEEDS.get(doing.lemma) or _BEING)
    if verb.stand in ("past", "perfect"):
        return f"{'was' if verb.stand == 'past' else 'has been'}{denied}"
    return f"is{denied}"


def _leaks(found: _Clause) -> str:
    """Return "hay una fuga en el sótano" as "the basement leaks"; without a place it is any leak sensor."""
    place = [piece for piece in found.rest if piece.kind in ("determiner", "name", "unknown")]
    found.rest = [piece for piece in found.rest if piece not in place and piece.kind != "prep"]
    found.subject = [*place, Piece("name", "leak sensor")] if place else [Piece("name", "a leak sensor")]
    return "is wet"


def _stays(found: _Clause) -> str:
    """Return "is open", "stays open", "has been open", "is left open", "has not eaten" of "lleva doce horas sin comer"."""
    verb = found.verb
    denied = " not" if verb.negated else ""
    inner = next((piece for piece in found.rest if piece.verb is not None), None)
    if (
        inner is not None
        and inner.verb is not None
        and any(p.kind == "prep" and p.english == "without" for p in found.rest)
    ):
        found.rest = [p for p in found.rest if p is not inner and p.english != "without"]
        found.verb = replace(inner.verb, stand="perfect", negated=True)
        deed = DEEDS.get(_key(found)) or DEEDS.get(inner.verb.lemma)
        return _said(found.verb, deed) if deed else f"not {inner.verb.lemma}"
    if doing := _taken(found, "progressive"):
        return _said(replace(doing, negated=verb.negated), DEEDS.get(doing.lemma) or _BEING)
    if verb.lemma == "llevar":
        return f"has{denied} been"
    if verb.lemma in ("seguir", "continuar"):
        return f"is{denied} still"
    if verb.lemma in ("quedar", "dejar", "permanecer", "mantener") and any(p.kind == "state" for p in found.rest):
        if verb.lemma == "dejar" or verb.stand in ("perfect", "past"):
            return f"is{denied} left"
        return "does not stay" if verb.negated else "stays"
    if verb.lemma == "dejar":
        return f"is{denied} left"
    if verb.stand in ("perfect", "past"):
        return f"{'has' if verb.stand == 'perfect' else 'was'}{denied}{' been' if verb.stand == 'perfect' else ''}"
    return f"is{denied}"


def _taken(found: _Clause, stand: Stand) -> Verb | None:
    """Take what somebody does out of what follows the verb: "hay alguien merodeando", "lleva una hora ladrando"."""
    for piece in found.rest:
        if piece.verb is not None and piece.verb.stand == stand:
            found.rest.remove(piece)
            return piece.verb
    return None


def _key(found: _Clause) -> str:
    """Return which sense of a verb is meant, by what follows it: "salir de", "subir a", "llegar casa"."""
    lemma, rest = found.verb.lemma, found.rest
    if lemma == "tomar" and any(piece.english == "water" for piece in rest):
        return "beber"
    if any(piece.kind == "home" or (piece.kind == "state" and piece.english == "home") for piece in rest[:1]):
        found.rest = rest[1:]
        return f"{lemma} casa" if lemma != "ir" or rest[0].said != "de" else "ir de casa"
    if lemma == "cerrar" and any(piece.said == "llave" or piece.english == "locked" for piece in rest):
        found.rest = [p for p in rest if p.said != "llave" and p.english not in ("with", "locked")]
        return "cerrar con llave"
    if lemma in ("tocar", "llamar") and rest and rest[0].kind == "prep":
        found.subject, found.rest = rest[1:], []
        return lemma
    if lemma in ("tocar", "llamar", "pulsar") and not found.rest and not any(p.kind == "name" for p in found.subject):
        found.subject = [Piece("name", "the doorbell")]
        return lemma
    if lemma == "sonar" and any(piece.english.endswith(("alarm", "detector")) for piece in found.subject):
        return "disparar"
    place = next((i for i, piece in enumerate(rest) if piece.kind == "prep"), None)
    if place is None or place + 1 >= len(rest):
        if lemma == "ir" and "se" in found.verb.clitics:
            return "ir se"
        return {"salir": "salir casa", "entrar": "entrar solo" if not rest else "entrar"}.get(lemma, lemma)
    said = "a" if rest[place].english in ("to", "on") else "de" if rest[place].english == "of" else rest[place].said
    if lemma in ("llegar", "venir", "aparecer", "entrar") and said in ("a", "en") and lemma != "entrar":
        found.rest = [*rest[:place], replace(rest[place], english="to"), *rest[place + 1 :]]
        return "llegar a" if lemma != "aparecer" else lemma
    return f"{lemma} {said}"


def _without_preposition(rest: Sequence[Piece]) -> list[Piece]:
    place = next((i for i, piece in enumerate(rest) if piece.kind == "prep"), None)
    return [piece for i, piece in enumerate(rest) if i != place]


# --- numbers ----------------------------------------------------------------------------------------------------


def _numeric(found: _Clause, names: Names) -> str:
    """Return "the freezer temperature goes above 5 degrees" of any of the ways to say so."""
    verb, rest = found.verb, found.rest
    number = next(piece for piece in rest if piece.kind == "number")
    compare = next((piece.english for piece in rest if piece.kind == "compare"), "")
    others = [
        p
        for p in rest
        if p != number and p.kind != "compare" and not (p.kind in ("prep", "determiner") and _leads(p, rest, number))
    ]
    if not any(piece.kind in _HEAD for piece in found.subject):
        found.rest = [p for p in others if not (p.kind == "prep" and p.english in ("in", "at"))]
        found.subject = [p for p in found.rest if p.kind in ("determiner", "quantifier", *_HEAD)] or found.subject
        others = []
    subject = _words(found.subject)
    place = re.sub(r"^(the )?c[aá]mara (de la|del|de) ", "", subject)
    warmth = verb.lemma in ("haber", "hacer") and "degrees" in number.english
    warm = names.said(f"{place} temperature") if warmth else None
    subject = warm or subject
    said = " ".join((_beyond(verb, compare, rest, number), number.english))
    return " ".join(filter(None, (subject, said, _words(others), *(_timed(time) for time in found.times))))


def _leads(piece: Piece, rest: Sequence[Piece], number: Piece) -> bool:
    """Say whether a small word stands right before the number or its comparison: "a", "de", "los"."""
    return rest.index(piece) < rest.index(number) and all(
        p.kind in ("prep", "determiner", "compare", "number", "extreme")
        for p in rest[rest.index(piece) : rest.index(number)]
    )


def _beyond(verb: Verb, compare: str, rest: Sequence[Piece], number: Piece) -> str:
    moved = _BEYOND.get(verb.lemma, "is")
    if compare in ("more than", "above") or (compare == "" and moved == "goes above" and not _reaches(rest, number)):
        base, static = "go above", "above"
    elif compare in ("less than", "below") or (compare == "" and moved == "drops below"):
        base, static = ("drop to" if compare == "" and _reaches(rest, number) else "drop below"), "below"
    elif compare == "at least" or moved == "reaches" or _reaches(rest, number):
        base, static = "reach", "at least"
    else:
        return f"is {'not ' if verb.negated else ''}at"
    if verb.lemma in _STATIC:
        perfect = verb.stand == "perfect" or verb.lemma == "llevar"
        return f"{'has' if perfect else 'is'}{' not' if verb.negated else ''}{' been' if perfect else ''} {static}"
    if verb.stand == "perfect":
        return f"has {'not ' if verb.negated else ''}been {static}"
    first, *others = base.split()
    third = {"go": "goes", "drop": "drops", "reach": "reaches"}[first]
    return f"does not {base}" if verb.negated else " ".join((third, *others))


def _reaches(rest: Sequence[Piece], number: Piece) -> bool:
    """Say whether "a" stands before the number: "sube a 30" reaches it."""
    return any(piece.kind == "prep" and piece.english == "to" and _leads(piece, rest, number) for piece in rest)
