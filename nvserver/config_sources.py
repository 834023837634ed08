"""Fills frozen settings classes from a TOML file, the environment and flags; knows no setting by name.

A settings class is a frozen dataclass with defaults, defined beside its user. Its fields may be `bool`, `int`, `float`,
`str`, `Path`, a `Literal` of strings, `tuple[str, ...]`, or one of these `| None`. Field metadata may hold `min` and
`max` (inclusive; without `min` a number must be above zero), `schemes` (the URL schemes allowed), `networks: True`
(only `ADDRESS/BITS` and addresses), `secret: True` (never shown) and `derived: True` (no setting: the composition root
sets it from others).

A section may also be a mapping of names to one class: then each name that the operator gives makes a section of its
own, `section.NAME`.
"""

import json
import math
import tomllib
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from nvserver.errors import OperatorError

T = TypeVar("T")

ENVIRONMENT_PREFIX = "NV_"
BOOLEAN_WORDS = {
    "on": True,
    "true": True,
    "yes": True,
    "1": True,
    "off": False,
    "false": False,
    "no": False,
    "0": False,
}


class ConfigError(OperatorError):
    """A setting that cannot be used: one sentence that names the key and its source."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class RawValue:
    """A value as a source gave it; `is_text` when it came as text and has yet to become its type."""

    value: object
    source: str
    is_text: bool


RawValues = Mapping[str, RawValue]
"""By key, `section.name` or `section.NAME.name`."""


def read_file(path: Path) -> dict[str, RawValue]:
    """The values of a TOML file whose tables are the sections, and tables within them the named ones."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: the settings file cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: this is not valid TOML: {error}") from error
    values: dict[str, RawValue] = {}
    for section, table in document.items():
        if not isinstance(table, dict):
            raise ConfigError(f"{path}: '{section}' stands outside a [section]")
        values |= _leaves(section, table, str(path))
    return values


def _leaves(prefix: str, table: Mapping[str, object], source: str) -> dict[str, RawValue]:
    found: dict[str, RawValue] = {}
    for name, value in table.items():
        key = f"{prefix}.{name}"
        found |= _leaves(key, value, source) if isinstance(value, dict) else {key: RawValue(value, source, False)}
    return found


def read_environment(
    environment: Mapping[str, str], short_names: Mapping[str, str], foreign: frozenset[str] = frozenset()
) -> dict[str, RawValue]:
    """The values of all `NV_…` variables: `NV_SECTION__KEY`, `NV_SECTION__NAME__KEY`, `short_names` (variable → key).

    `foreign` are variables of other programs of the project. Empty variables count as absent.
    """
    values: dict[str, RawValue] = {}
    for variable, text in sorted(environment.items()):
        if not variable.startswith(ENVIRONMENT_PREFIX) or variable in foreign or not text:
            continue
        key = short_names.get(variable)
        if key is None:
            section, separator, name = variable.removeprefix(ENVIRONMENT_PREFIX).lower().partition("__")
            if not separator:
                hint = _suggestion(variable, short_names)
                raise ConfigError(f"environment variable {variable} is not a known setting{hint}")
            key = f"{section}.{name.replace('__', '.')}"
        values[key] = RawValue(text, f"environment variable {variable}", is_text=True)
    return values


def known_keys(settings_class: type) -> dict[str, "Field[Any]"]:
    """Every key `section.name` of a class whose fields are settings classes, with its field; none of named sections."""
    return {
        f"{section}.{field.name}": field
        for section, section_class in _sections(settings_class).items()
        for field in setting_fields(section_class)
    }


def setting_fields(section_class: type) -> Iterable["Field[Any]"]:
    """Those that an operator sets."""
    return [field for field in fields(section_class) if not field.metadata.get("derived")]


def named_sections(settings_class: type) -> dict[str, type]:
    """The sections of which there is one for each name that the operator gives, with the class of each."""
    hints = get_type_hints(settings_class).items()
    return {section: get_args(hint)[1] for section, hint in hints if get_origin(hint) is Mapping}


def filled_sections(settings: object) -> Iterator[tuple[str, Any]]:
    """All sections of filled settings, by `section` or `section.NAME`."""
    named = named_sections(type(settings))
    for section in get_type_hints(type(settings)):
        value = getattr(settings, section)
        if section in named:
            yield from ((f"{section}.{name}", one) for name, one in value.items())
        else:
            yield section, value


def check_keys(settings_class: type, raw_values: RawValues) -> None:
    """Refuse a key that no section has."""
    known = known_keys(settings_class)
    named = named_sections(settings_class)
    for key, raw in raw_values.items():
        section, _, rest = key.partition(".")
        name, _, field_name = rest.rpartition(".")
        if section in named and name and "." not in name:
            if field_name in [field.name for field in setting_fields(named[section])]:
                continue
        elif key in known:
            continue
        raise ConfigError(f"{raw.source}: '{key}' is not a known setting{_suggestion(key, known)}")


def fill(settings_class: type[T], raw_values: RawValues) -> T:
    """An instance of `settings_class` (its fields are the sections) with the given values over its defaults."""
    sections: dict[str, object] = {
        section: section_class(**dict(_section_values(section, section_class, raw_values)))
        for section, section_class in _sections(settings_class).items()
    }
    for section, section_class in named_sections(settings_class).items():
        names = dict.fromkeys(key.split(".")[1] for key in raw_values if key.startswith(f"{section}."))
        sections[section] = {
            name: section_class(**dict(_section_values(f"{section}.{name}", section_class, raw_values)))
            for name in names
        }
    return settings_class(**sections)


def _sections(settings_class: type) -> dict[str, Any]:
    named = named_sections(settings_class)
    return {section: hint for section, hint in get_type_hints(settings_class).items() if section not in named}


def default_of(field: "Field[Any]") -> object:
    """The default of a settings field."""
    return field.default if field.default_factory is MISSING else field.default_factory()


def toml_text(value: object) -> str:
    """A value of a settings field as TOML spells it."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case tuple():
            return f"[{', '.join(toml_text(item) for item in value)}]"
        case _:
            return json.dumps(str(value), ensure_ascii=False)


def _section_values(section: str, section_class: Any, raw_values: RawValues) -> Iterator[tuple[str, object]]:
    hints = get_type_hints(section_class)
    for field in fields(section_class):
        key = f"{section}.{field.name}"
        if raw := raw_values.get(key):
            hidden = field.metadata.get("secret") or "@" in str(raw.value)  # a URL may hold a password
            shown = "the given value" if hidden else repr(raw.value)
            try:
                value = _coerce(raw.value, hints[field.name], is_text=raw.is_text)
                _check_range(value, field.metadata)
                _check_schemes(value, field.metadata)
                _check_networks(value, field.metadata)
            except ValueError as error:
                raise ConfigError(f"{raw.source}: {key} must be {error}, not {shown}") from None
            yield field.name, value


def _coerce(value: object, kind: Any, *, is_text: bool) -> object:
    """`value` as `kind`; a ValueError says what was expected ("a whole number")."""
    if get_origin(kind) in (Union, types.UnionType):
        (kind,) = (option for option in get_args(kind) if option is not types.NoneType)
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise ValueError(f"one of {', '.join(get_args(kind))}")
        return value
    if get_origin(kind) is tuple:
        items = [item.strip() for item in value.split(",")] if isinstance(value, str) and is_text else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise ValueError("a list of texts")
        return tuple(item for item in items if item)
    if kind is bool:
        word = BOOLEAN_WORDS.get(value.lower()) if isinstance(value, str) else value
        if not isinstance(word, bool):
            raise ValueError("on or off")
        return word
    if kind is int:
        return _whole_number(value, is_text=is_text)
    if kind is float:
        return _number(value, is_text=is_text)
    if kind in (str, Path):
        if not isinstance(value, str) or not value:
            raise ValueError("a text")
        return kind(value)
    raise TypeError(f"a settings field cannot have the type {kind}")


def _whole_number(value: object, *, is_text: bool) -> int:
    try:
        number = int(value) if is_text and isinstance(value, str) else value
    except ValueError:
        number = None
    if not isinstance(number, int) or isinstance(number, bool):
        raise ValueError("a whole number")
    return number


def _number(value: object, *, is_text: bool) -> float:
    try:
        number = float(value) if is_text and isinstance(value, str) else value
    except ValueError:
        number = None
    if not isinstance(number, int | float) or isinstance(number, bool) or not math.isfinite(number):
        raise ValueError("a number")
    return float(number)


def _check_range(value: object, metadata: Mapping[str, Any]) -> None:
    if not isinstance(value, int | float):
        return
    low, high = metadata.get("min"), metadata.get("max")
    if low is None and value <= 0 and not isinstance(value, bool):
        raise ValueError("above zero")
    if low is not None and value < low:
        raise ValueError(f"at least {low}")
    if high is not None and value > high:
        raise ValueError(f"at most {high}")


def _check_schemes(value: object, metadata: Mapping[str, Any]) -> None:
    schemes = metadata.get("schemes")
    if not schemes or value is None:
        return
    for url in value if isinstance(value, tuple) else (value,):
        if not isinstance(url, str) or url.partition("://")[0] not in schemes or "://" not in url:
            raise ValueError(f"a URL that begins with {' or '.join(f'{scheme}://' for scheme in schemes)}")


def _check_networks(value: object, metadata: Mapping[str, Any]) -> None:
    if metadata.get("networks") and isinstance(value, tuple):
        try:
            for network in value:
                ip_network(network, strict=False)
        except ValueError:
            raise ValueError("networks such as 10.0.0.0/8, or addresses") from None


def _suggestion(name: str, known: Mapping[str, object]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""
