"""Patterns: predicates over one event, and the scalars and lists that JSON may write in two ways."""

from __future__ import annotations

from datetime import date as Date
from datetime import datetime
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    Tag,
    model_serializer,
    model_validator,
)

from rules.units import (
    FIRST_YEAR,
    LAST_YEAR,
    Weekday,
    has_known_year,
)


def _storable(value: Any) -> Any:
    """Refuse a whole number that other JSON readers and the packed form do not hold."""
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63:
        raise ValueError("expected a whole number of at most 64 bits")
    return value


Whole = Annotated[StrictInt, BeforeValidator(_storable)]
Scalar = Annotated[StrictBool | StrictInt | StrictFloat | StrictStr | None, BeforeValidator(_storable)]
Number = Annotated[StrictInt | StrictFloat, BeforeValidator(_storable)]


class Model(BaseModel):
    """A frozen value of the rule language; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)


_Day = TypeVar("_Day", bound=Date)


def of_known_year(day: _Day) -> _Day:
    if not has_known_year(day):
        raise ValueError(f"expected a date in the years {FIRST_YEAR} to {LAST_YEAR}, found {day.isoformat()!r}")
    return day


def as_text(value: Any) -> Any:
    if value is None or isinstance(value, str | datetime):
        return value
    raise ValueError(f"expected RFC 3339 such as '2026-03-09T00:00:00-05:00', found {value!r}")


def as_list(value: Any) -> Any:
    return value if value is None or isinstance(value, list | tuple) else [value]


def _as_some(value: Any) -> Any:
    """Make a tuple of a scalar; here null is a value like others."""
    return value if isinstance(value, list | tuple) else [value]


def not_empty(value: Any) -> Any:
    if value is not None and not value:
        raise ValueError("expected at least one entry")
    return value


def _as_scalar(value: tuple[Any, ...] | None) -> Any:
    return value[0] if value is not None and len(value) == 1 else value


# A scalar or a list of them in JSON; always a tuple inside.
_one_or_many = (BeforeValidator(as_list), AfterValidator(not_empty), PlainSerializer(_as_scalar))
Names = Annotated[tuple[str, ...] | None, *_one_or_many]
Scalars = Annotated[tuple[Scalar, ...], BeforeValidator(_as_some), PlainSerializer(_as_scalar)]
Days = Annotated[tuple[Weekday, ...], AfterValidator(not_empty)]


class Comparison(Model):
    """Operators on one value of `data`; every one given must hold. `ge gt le lt` need numbers."""

    ge: Number | None = None
    gt: Number | None = None
    le: Number | None = None
    lt: Number | None = None
    ne: Scalar = None

    @model_validator(mode="after")
    def _some(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("expected at least one of 'ge', 'gt', 'le', 'lt', 'ne'")
        for name in self.model_fields_set - {"ne"}:
            if getattr(self, name) is None:
                raise ValueError(f"{name!r} needs a number, found null")
        return self

    @model_serializer
    def _given(self) -> dict[str, Any]:
        """Keep `ne: null`, which is a test, though null is what an operator is when it is not given."""
        return {name: getattr(self, name) for name in ("ge", "gt", "le", "lt", "ne") if name in self.model_fields_set}


def _test_tag(value: Any) -> str:
    if isinstance(value, dict | Comparison):
        return "comparison"
    return "list" if isinstance(value, list | tuple) else "scalar"


ValueTest = Annotated[
    Annotated[Scalar, Tag("scalar")]
    | Annotated[tuple[Scalar, ...], Tag("list")]
    | Annotated[Comparison, Tag("comparison")],
    Discriminator(_test_tag),
]

RecordType = Literal["detection", "state", "event"]
Types = Annotated[tuple[RecordType, ...] | None, *_one_or_many]


class Pattern(Model):
    """A predicate over one detection, state or event: it matches when every key given holds."""

    type: Types = None
    source: Names = None
    subject: Names = None
    where: dict[str, ValueTest] = Field(default_factory=dict)


Patterns = Annotated[tuple[Pattern, ...], Field(min_length=1)]
