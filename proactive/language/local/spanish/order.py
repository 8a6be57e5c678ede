"""Orders: what a Spanish sentence asks for ("avísame", "mándale un mensaje a Laura", "apágala"), in English."""

from __future__ import annotations

from collections.abc import Sequence

from proactive.language.local.spanish.lexicon import NOTICES, ORDERS
from proactive.language.local.spanish.piece import Piece, Verb

_TO_WHOM = frozenset(("me", "nos", "le", "les", "os"))
_IT = frozenset(("lo", "la", "los", "las"))


def is_action(piece: Piece, after: Sequence[Piece], *, asked: bool, border: bool) -> bool:
    """Say whether a verb asks for something here: `asked` where no condition is open, `border` at a clause's beginning."""
    verb = piece.verb
    if verb is None or verb.stand in ("past", "perfect") or (verb.stand == "progressive"):
        return False
    if verb.lemma in ("dar", "llamar", "contar", "mostrar") and not _is_notice(verb, after):
        return False
    if verb.lemma in NOTICES:
        aimed = bool(_TO_WHOM & set(verb.clitics))
        return (
            verb.wish
            or (verb.hung and verb.order)
            or ((asked or border) and (verb.order or aimed or verb.stand == "infinitive"))
        )
    if verb.lemma == "sonar":
        return verb.wish or (border and asked) or (border and _is_alarm(after))
    if verb.lemma in ORDERS or verb.lemma == "grabar":
        hung = verb.hung and bool(_IT & set(verb.clitics))
        plain = verb.order and not verb.clitics and not verb.negated
        return verb.wish or hung or (border and (plain if not asked else verb.order or verb.stand == "infinitive"))
    return False


def _is_notice(verb: Verb, after: Sequence[Piece]) -> bool:
    if verb.lemma == "llamar":
        return bool({"me", "nos"} & set(verb.clitics)) and verb.order
    if verb.lemma == "dar":
        return any(piece.kind == "sent" for piece in after[:2])
    return bool({"me", "nos"} & set(verb.clitics))


def _is_alarm(after: Sequence[Piece]) -> bool:
    return any(piece.english in ("alarm", "siren") for piece in after[:3])


def order(pieces: Sequence[Piece], asked: Piece) -> str:
    """Return a clause that asks for something: who is told, or what is done to which device."""
    position = pieces.index(asked)
    before, after = list(pieces[:position]), list(pieces[position + 1 :])
    verb = asked.verb
    assert verb is not None
    lead = " ".join(piece.english for piece in before if piece.kind in ("time", "quantifier"))
    if verb.lemma == "sonar":
        return f"{lead} alert me".strip()
    said = _notice(verb, after) if verb.lemma in NOTICES else _deed(verb, after)
    negation = "do not " if verb.negated else "stop " if verb.stops else ""
    return f"{lead} {negation}{said}".strip()


def _notice(verb: Verb, after: list[Piece]) -> str:
    english = NOTICES[verb.lemma]
    whom = "us" if "nos" in verb.clitics else "me" if "me" in verb.clitics else ""
    rest = [piece for piece in after if piece.kind != "sent"]
    sent = len(rest) < len(after)
    if sent:
        rest = [piece for i, piece in enumerate(rest) if not (piece.kind == "determiner" and i == 0)]
    named, rest = _addressee(rest)
    whom = named or whom or ("" if english == "watch" else "me")
    tail = " ".join(piece.english for piece in rest)
    if english in ("send", "give", "show") and (sent or english != "show"):
        return f"send {whom} a notification {tail}".strip()
    if verb.stops:
        return f"{english}ing {whom} {tail}".strip()
    return f"{english} {whom} {tail}".strip()


def _addressee(rest: list[Piece]) -> tuple[str, list[Piece]]:
    """Take "a Laura" or "a mi mujer" from what follows a verb of telling."""
    if len(rest) < 2 or rest[0].kind != "prep" or rest[0].english != "to":
        return "", rest
    at = 1 + (rest[1].kind == "determiner")
    if at < len(rest) and rest[at].kind in ("name", "who", "unknown"):
        return " ".join(piece.english for piece in rest[1 : at + 1]), rest[at + 1 :]
    return "", rest


def _deed(verb: Verb, after: list[Piece]) -> str:
    english = ORDERS.get(verb.lemma, verb.lemma)
    names = [piece for piece in after if piece.kind == "name"]
    blinds = bool(names) and any(
        word in names[0].english for word in ("blind", "curtain", "persiana", "cortina", "shutter")
    )
    if blinds and verb.lemma in ("subir", "bajar"):
        english = "open" if verb.lemma == "subir" else "close"
    if any(piece.english == "lock" or piece.said == "llave" for piece in after) and verb.lemma == "cerrar":
        english = "lock"
    state = next((piece for piece in after if piece.kind == "state" and piece.english == "locked"), None)
    if state is not None and verb.lemma == "cerrar":
        english, after = "lock", [piece for piece in after if piece is not state]
    it = "it" if _IT & set(verb.clitics) else ""
    return " ".join(
        filter(
            None, (english, it, *(piece.english for piece in after if piece.kind != "prep" or piece.english != "to"))
        )
    )
