"""Transfer: a Spanish sentence as the plain English that the grammar reads, clause by clause.

Clauses stay in their order. Inside one the subject comes before its verb, the negation after the auxiliary, and what is
impersonal in Spanish ("hay", "abren", "se ve") gets its subject. Nothing is guessed: a word that no table knows is
carried over as it stands, and the grammar treats it like any word that it does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from proactive.language.local.catalogue import catalogue_of
from proactive.language.local.spanish import lexicon
from proactive.language.local.spanish.clause import clause
from proactive.language.local.spanish.noun import Names
from proactive.language.local.spanish.order import is_action, order
from proactive.language.local.spanish.piece import Piece, pieces_of
from proactive.language.local.spanish.word import fold, words_of
from rules.home import Home


@dataclass(frozen=True, slots=True)
class English:
    """A sentence carried over: its `text`, and the words that no table knew, as they were written."""

    text: str
    unknown: tuple[str, ...] = ()
    alarmed: bool = False


_COMMA = Piece("stop", ",")


@dataclass(slots=True)
class _Part:
    """The pieces of one clause, what opened it, and whether it asks for something."""

    opener: Piece | None
    pieces: list[Piece] = field(default_factory=list)
    asks: bool = False


def in_english(text: str, home: Home) -> English:
    """Return a Spanish sentence in the plain English that `local` reads; never raises, whatever the text holds."""
    names = Names.of(catalogue_of(home))
    pieces = _with_spaces(pieces_of(words_of(text), names))
    parts = _parts(pieces)
    said = [_said(part, names) for part in _watched(parts)]
    unknown = tuple(piece.said for piece in pieces if piece.kind == "unknown")
    alarmed = any(_asks_for_sound(part) for part in parts)
    text = _tidy(" ".join(filter(None, said)))
    return English(_tidy(" ".join((text, *_lost(parts, text)))), unknown, alarmed)


def _lost(parts: Sequence[_Part], text: str) -> list[str]:
    """Return what was said and is not in the English, in its own words: nothing may be left out on the way."""
    pieces = [piece for part in parts if not _asks_for_sound(part) for piece in part.pieces]
    held = [piece for piece in pieces if piece.kind in ("unknown", "time", "number", "name")]
    return [piece.said for piece in held if piece.english not in text and not _is_taken_up(piece, text)]


def _is_taken_up(piece: Piece, text: str) -> bool:
    """Say whether a name is part of what else is said: "se va la luz", "cerrar con llave", the place of a temperature."""
    if fold(piece.english).startswith("camara ") and piece.english.split()[-1] in text:
        return True
    return piece.said.lower() == "llave" or piece.english.split()[-1] in ("light", "lights", "power", "leak", "water")


def _asks_for_sound(part: _Part) -> bool:
    return any(piece.verb is not None and piece.verb.lemma == "sonar" and piece.verb.wish for piece in part.pieces)


def _with_spaces(pieces: Sequence[Piece]) -> list[Piece]:
    """Return pieces with what hangs together put together: "en" before a home state goes, "a" before a person stays."""
    found: list[Piece] = []
    for piece in pieces:
        if piece.kind == "state" and piece.english in ("home", "away") and found and found[-1].kind == "prep":
            found.pop()
        found.append(piece)
    return found


def _parts(pieces: Sequence[Piece]) -> list[_Part]:
    """Cut a sentence at its conjunctions and stops, and where an action begins."""
    parts = [_Part(None, asks=True)]
    for position, piece in enumerate(pieces):
        current = parts[-1]
        border = not current.pieces
        if piece.kind in ("mark", "join", "stop", "asks"):
            parts.append(_Part(piece, asks=current.asks and piece.kind != "mark"))
        elif piece.verb is not None and is_action(
            piece, pieces[position + 1 :], asked=current.asks, border=border or _is_complete(current)
        ):
            if current.pieces and not _only_small(current.pieces):
                parts.append(_Part(None if current.asks else _COMMA))
                current = parts[-1]
            current.asks = True
            current.pieces.append(replace(piece, verb=replace(piece.verb, wish=True)))
        else:
            current.pieces.append(piece)
    return parts


def _watched(parts: list[_Part]) -> list[_Part]:
    """Put the place of "vigila el jardín y avísame si llega alguien" into the clause that it is about."""
    place: list[Piece] = []
    kept: list[_Part] = []
    for part in parts:
        lead = part.pieces[0].verb if part.pieces and part.asks else None
        if lead is not None and lead.wish and lead.lemma in ("vigilar", "monitorear", "mirar") and len(parts) > 1:
            place = [piece for piece in part.pieces[1:] if piece.kind in ("determiner", "name", "prep")]
        elif part.opener is not None and part.opener.kind == "join" and place and not kept:
            kept.append(_Part(None, part.pieces, part.asks))
        else:
            kept.append(part)
    clauses = [part for part in kept if part.opener is not None and part.opener.kind == "mark"]
    if place and clauses and not any(piece.kind == "prep" for piece in clauses[0].pieces):
        clauses[0].pieces += [Piece("prep", "at", "en"), *place]
    return kept


def _is_complete(part: _Part) -> bool:
    """Say whether a clause has its verb and what it is about, so that an order after it begins something new."""
    verbs = [piece.verb for piece in part.pieces if piece.verb is not None]
    return not part.asks and bool(verbs) and part.pieces[-1].verb is None


def _only_small(pieces: Sequence[Piece]) -> bool:
    return all(piece.kind in ("time", "not", "determiner") for piece in pieces)


def _said(part: _Part, names: Names) -> str:
    opener = part.opener.english if part.opener is not None else ""
    asked = next((piece for piece in part.pieces if piece.verb is not None and piece.verb.wish), None)
    body = (
        order(part.pieces, asked)
        if asked is not None
        else clause(part.pieces, names, opened=part.opener is not None and part.opener.kind == "mark")
    )
    return f"{opener} {body}".strip()


def _tidy(text: str) -> str:
    return text.replace(" ,", ",").replace(" .", ".").replace(" ?", "?").replace(" %", "%").strip()


__all__ = ["English", "in_english", "lexicon"]
