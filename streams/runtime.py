"""What a running installation is to those who feed it and change its rules, wherever the rules are decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from rules.home import Home
from rules.record import Record
from rules.rule import Rule
from streams.embedded import Ingested
from streams.log import Log

Rules = dict[tuple[str, str], Rule]  # by home and id


class Runtime(Protocol):
    """`Embedded` decides in this process; `kafka.remote.Remote` leaves it to workers. Any thread may call any method."""

    @property
    def homes(self) -> Mapping[str, Home]:
        """Return the homes that are watched over, by id."""

    @property
    def log(self) -> Log:
        """Return the log of what happened, as far as this process has it."""

    def ingest(self, records: Sequence[Record]) -> Ingested:
        """Keep records, and say what became of each. Raise LogFull when they cannot be kept: offer them again."""

    def put_rule(self, rule: Rule) -> None:
        """Put a rule, with the earlier records it may rest on. Raise KeyError for a home that is not here."""

    def drop_rule(self, home: str, rule: str) -> None:
        """Drop a rule and what is pending of it."""

    def rules(self) -> Rules:
        """Return the rules that are in force, as far as is known here."""

    def adopt(self, homes: Iterable[Home]) -> bool:
        """Go on with homes as they are listed now, and say whether that is news."""

    def erase(self, home: str) -> None:
        """Delete all that this process has of a home that is listed here no more, for good. Raise LogError: ask again."""
