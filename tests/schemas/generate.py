"""Make any JSON value that a schema allows, for the little JSON Schema we speak."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from hypothesis import strategies as st

Schema = Mapping[str, Any]
Strategy = st.SearchStrategy[Any]

MANY_LEVELS = 50
HUGE = 10**30

TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12
) | st.sampled_from(
    ("'", '"', "%", "_", "\\", "../..", "ß\u202eİ", "null", "x" * 300, "\r\n\t", "1e5")
)
WHOLE = st.integers(-3, 300) | st.sampled_from((2**31, 2**63, -(2**63) - 1, HUGE))
NUMBERS = WHOLE | st.floats(allow_nan=False, allow_infinity=False)


def nested(levels: int) -> Any:
    value: Any = "deep"
    for _level in range(levels):
        value = [value]
    return value


JSON = (
    st.none()
    | st.booleans()
    | NUMBERS
    | TEXT
    | st.lists(TEXT | WHOLE, max_size=2)
    | st.dictionaries(TEXT, TEXT | WHOLE, max_size=2)
    | st.just(nested(MANY_LEVELS))
)
NAMES = st.from_regex(r"[a-z][a-z0-9-]{2,9}", fullmatch=True)
_FORMATS: dict[str, Strategy] = {
    "date": st.dates().map(str),
    "date-time": st.datetimes(timezones=st.just(UTC)).map(str),
    "decimal": st.decimals(0, 500, places=2).map(str),
    "email": NAMES.map("{}@example.com".format),
}


def mostly(often: Strategy, seldom: Strategy) -> Strategy:
    """Return `often` nine times in ten; `one_of` would count equal ones once."""
    return st.integers(0, 9).flatmap(lambda roll: seldom if roll == 9 else often)


def values_of(
    schema: Schema,
    *,
    likely: Mapping[str, Strategy] | None = None,
    named: Mapping[str, Schema] | None = None,
) -> Strategy:
    """Return values that `schema` allows.

    `likely` makes more of certain values of the top level's properties, and `named`
    are the definitions that a reference leads to.
    """
    named = schema.get("$defs", named or {})
    if "$ref" in schema:
        return values_of(named[schema["$ref"].rpartition("/")[2]], named=named)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "oneOf" in schema:
        return st.sampled_from([one["const"] for one in schema["oneOf"]])
    kinds = schema.get("type", "any")
    return st.one_of(
        [
            _OF_KIND[kind](schema, likely or {}, named)
            for kind in ([kinds] if isinstance(kinds, str) else kinds)
        ]
    )


def _string(schema: Schema, _likely: object, _named: object) -> Strategy:
    return _FORMATS.get(schema.get("format", ""), mostly(NAMES, TEXT))


def _integer(schema: Schema, _likely: object, _named: object) -> Strategy:
    least, most = schema.get("minimum", -HUGE), schema.get("maximum", HUGE)
    usual = st.integers(max(least, 0), min(most, 60))
    return mostly(usual, WHOLE.filter(lambda number: least <= number <= most))


def _array(schema: Schema, _likely: object, named: Mapping[str, Schema]) -> Strategy:
    return st.lists(values_of(schema.get("items", {}), named=named), max_size=3)


def _object(
    schema: Schema, likely: Mapping[str, Strategy], named: Mapping[str, Schema]
) -> Strategy:
    if "properties" not in schema:
        others = values_of(schema.get("additionalProperties") or {}, named=named)
        least = schema.get("minProperties", 0)
        return st.dictionaries(TEXT, others, min_size=least, max_size=3)
    of_names = {}
    for name, one in schema["properties"].items():
        allowed = values_of(one, named=named)
        of_names[name] = mostly(likely.get(name, allowed), allowed)
    needed = schema.get("required", ())
    return st.fixed_dictionaries(
        {name: of_names.pop(name) for name in needed}, optional=of_names
    )


_OF_KIND = {
    "any": lambda *_: JSON,
    "array": _array,
    "boolean": lambda *_: st.booleans(),
    "integer": _integer,
    "null": lambda *_: st.none(),
    "number": lambda *_: NUMBERS,
    "object": _object,
    "string": _string,
}
