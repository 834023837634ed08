"""Settings: what is documented is what is in force, later sources win, and a mistake names its key and its source."""

import math
import re
import tomllib
from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass, field, fields
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nvserver.config import SHORT_NAMES, Settings, describe, load_settings
from nvserver.config_sources import ConfigError, RawValue, default_of, fill, known_keys
from nvserver.signing_key import FILE_NAME, read_or_create_key
from scripts.settings_file import default_file

DEFAULT_FILE = Path(__file__).parent.parent / "config" / "default.toml"
KEY = "k" * 32


def flag(text: str) -> RawValue:
    return RawValue(text, "flag --x", is_text=True)


# --- the documented defaults -------------------------------------------------------------------


def test_every_setting_stands_in_the_default_file_with_its_default() -> None:
    text = DEFAULT_FILE.read_text()
    documented = {
        f"{section}.{name}": value for section, table in tomllib.loads(text).items() for name, value in table.items()
    }
    commented = re.findall(r"^(?:\[(\w+)\]|# (\w+) = )", text, re.MULTILINE)
    section, without_value = "", set[str]()
    for heading, name in commented:
        section = heading or section
        if name:
            without_value.add(f"{section}.{name}")
    expected = {key: default_of(setting) for key, setting in known_keys(Settings).items()}
    assert without_value == {key for key, value in expected.items() if value is None}
    plain = {
        key: str(v) if isinstance(v, Path) else list(v) if isinstance(v, tuple) else v for key, v in expected.items()
    }
    assert documented == {key: value for key, value in plain.items() if value is not None}


def test_the_default_file_is_what_the_classes_say() -> None:
    assert DEFAULT_FILE.read_text() == default_file(), "run `make settings`"


def test_every_setting_says_what_it_is_for() -> None:
    """Not its bounds alone."""
    comment, mute = "", []
    for line in DEFAULT_FILE.read_text().splitlines():
        if key := re.match(r"(?:# )?(\w+) = ", line):
            if not re.sub(r"^(At least|[-\d.]+ to) [-\d.]+\.$", "", comment.strip()):
                mute.append(key[1])
            comment = ""
        else:
            comment = f"{comment} {line.removeprefix('# ')}" if line.startswith("# ") else ""
    assert mute == []


def test_the_default_file_as_settings_file_changes_nothing() -> None:
    assert load_settings(DEFAULT_FILE, environment={}).settings == load_settings(environment={}).settings


def test_every_short_name_is_told_in_the_default_file() -> None:
    text = DEFAULT_FILE.read_text()
    assert [name for name in SHORT_NAMES if name not in text] == []
    assert set(SHORT_NAMES.values()) <= set(known_keys(Settings))


# --- sources -----------------------------------------------------------------------------------


def test_a_later_source_wins_and_is_named(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[server]\nport = 1\nhost = "0.0.0.0"\nworkers = 3\n')
    loaded = load_settings(
        file,
        environment={"NV_SERVER__PORT": "2", "NV_SERVER__HOST": "::1"},
        flags={"server.port": RawValue("3", "flag --port", is_text=True)},
    )
    assert (loaded.settings.server.port, loaded.settings.server.host, loaded.settings.server.workers) == (3, "::1", 3)
    assert loaded.sources == {
        "server.port": "flag --port",
        "server.host": "environment variable NV_SERVER__HOST",
        "server.workers": str(file),
    }


@pytest.mark.parametrize(
    ("variable", "text", "read", "expected"),
    [
        ("NV_DATABASE_URL", "sqlite:///x.db", lambda s: s.database_url, "sqlite:///x.db"),
        ("NV_REDIS_URL", "rediss://h", lambda s: s.redis.url, "rediss://h"),
        ("NV_FILES_URL", "s3://b/p?region=eu", lambda s: s.files_url, "s3://b/p?region=eu"),
        ("NV_SECRET_KEY", f"{KEY}, {KEY}2", lambda s: s.signing_keys(), (KEY.encode(), f"{KEY}2".encode())),
        ("NV_PUBLIC_URL", "https://n.example", lambda s: s.server.public_url, "https://n.example"),
        ("NV_ORIGINS", "https://a.example,http://b", lambda s: s.server.origins, ("https://a.example", "http://b")),
        ("NV_NODE_NAME", "n1", lambda s: s.node.name, "n1"),
        ("NV_NODE_URL", "http://n1:8000", lambda s: s.node.url, "http://n1:8000"),
        ("NV_SMTP_URL", "smtp://h:25", lambda s: s.mail.smtp_url, "smtp://h:25"),
        ("NV_LEASE_SECONDS", "1.5", lambda s: s.node.lease_seconds, 1.5),
        ("NV_RATE_LIMITS", "off", lambda s: s.security.rate_limits, False),
        ("NV_SERVER__DATA_DIR", "/d", lambda s: s.server.data_dir, Path("/d")),
        ("NV_LOG__LEVEL", "debug", lambda s: s.log.level, "debug"),
    ],
)
def test_variables(variable: str, text: str, read: Callable[[Settings], object], expected: object) -> None:
    assert read(load_settings(environment={variable: text}).settings) == expected


def test_other_variables_are_left_alone() -> None:
    environment = {
        "PATH": "/bin",
        "NV_SEED": "1",
        "NV_CASES": "1",
        "NV_SKIP_WEB": "1",
        "NV_REDIS_URL": "",
        "NVM_DIR": "x",
    }
    assert load_settings(environment=environment).sources == {}


def test_derived_addresses_lie_in_the_data_dir(tmp_path: Path) -> None:
    settings = load_settings(environment={"NV_SERVER__DATA_DIR": str(tmp_path)}).settings
    assert settings.database_url == f"sqlite:///{tmp_path}/notevault.sqlite3"
    assert settings.files_url == f"file://{tmp_path}/files"
    assert settings.sqlite_path == tmp_path / "notevault.sqlite3"


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///x/y.db", Path("x/y.db")),
        ("sqlite:////x/y.db", Path("/x/y.db")),
        ("postgresql://h/sqlite:///x", None),
    ],
)
def test_the_path_of_a_sqlite_address(url: str, path: Path | None) -> None:
    settings = load_settings(environment={"NV_DATABASE_URL": url, "NV_SECRET_KEY": KEY}).settings
    assert settings.sqlite_path == path


# --- mistakes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"NV_SERVER__PORT": "eighty"}, ["NV_SERVER__PORT", "server.port", "whole number", "'eighty'"]),
        ({"NV_SERVER__PORT": "70000"}, ["NV_SERVER__PORT", "server.port", "at most 65535"]),
        ({"NV_LEASE_SECONDS": "0"}, ["NV_LEASE_SECONDS", "node.lease_seconds", "at least 0.2"]),
        ({"NV_LEASE_SECONDS": "nan"}, ["NV_LEASE_SECONDS", "a number"]),
        ({"NV_LEASE_SECONDS": "inf"}, ["NV_LEASE_SECONDS", "a number"]),
        ({"NV_RATE_LIMITS": "maybe"}, ["NV_RATE_LIMITS", "security.rate_limits", "on or off"]),
        ({"NV_LOG__LEVEL": "loud"}, ["NV_LOG__LEVEL", "log.level", "debug, info, warning, error"]),
        ({"NV_DATABASE_URL": "mysql://h/d"}, ["NV_DATABASE_URL", "database.url", "sqlite:// or postgresql://"]),
        ({"NV_DATABASE_URL": "sqlite://x.db"}, ["NV_DATABASE_URL", "database.url", "sqlite:///PATH"]),
        ({"NV_HTTP__TRUSTED_PROXIES": "10.0.0.1/8,nginx"}, ["NV_HTTP__TRUSTED_PROXIES", "networks", "10.0.0.0/8"]),
        ({"NV_DATABASE_URL": "sqlite:///"}, ["NV_DATABASE_URL", "database.url", "sqlite:///PATH"]),
        ({"NV_ORIGINS": "https://a,b.example"}, ["NV_ORIGINS", "server.origins", "http:// or https://"]),
        ({"NV_SERVER__PROT": "1"}, ["NV_SERVER__PROT", "server.prot", "did you mean server.port?"]),
        ({"NV_DATABSE_URL": "x"}, ["NV_DATABSE_URL", "did you mean NV_DATABASE_URL?"]),
        ({"NV_NOTHING__LIKE": "x"}, ["NV_NOTHING__LIKE", "nothing.like"]),
        ({"NV_SECRET_KEY": "short"}, ["NV_SECRET_KEY", "security.secret_keys", "32 bytes"]),
        ({"NV_SECRET_KEY": f"{KEY},short"}, ["NV_SECRET_KEY", "32 bytes"]),
        ({"NV_DATABASE_URL": "postgresql://h/d"}, ["security.secret_keys", "PostgreSQL", "NV_SECRET_KEY"]),
    ],
)
def test_a_wrong_variable_is_one_sentence_with_key_and_source(environment: dict[str, str], words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(environment=environment)
    assert [word for word in words if word not in str(caught.value)] == []
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[server\n", ["TOML"]),
        ("port = 1\n", ["port", "[section]"]),
        ("[server]\nport = '1'\n", ["server.port", "whole number"]),
        ("[server]\nport = true\n", ["server.port", "whole number"]),
        ("[server]\nport = 1.0\n", ["server.port", "whole number"]),
        ("[server]\nhost = 1\n", ["server.host", "a text"]),
        ("[server]\nhost = ''\n", ["server.host", "a text"]),
        ("[server]\norigins = 'https://a'\n", ["server.origins", "list of texts"]),
        ("[server]\norigins = [1]\n", ["server.origins", "list of texts"]),
        ("[node]\nlease_seconds = '3'\n", ["node.lease_seconds", "a number"]),
        ("[security]\nrate_limits = 1\n", ["security.rate_limits", "on or off"]),
        ("[log]\nlevel = 3\n", ["log.level", "one of"]),
        ("[sever]\nport = 1\n", ["sever.port", "did you mean server.port?"]),
    ],
)
def test_a_wrong_file_is_one_sentence_with_key_and_source(tmp_path: Path, text: str, words: list[str]) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_settings(file, environment={})
    assert [word for word in (str(file), *words) if word not in str(caught.value)] == []


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: the settings file cannot be read"):
        load_settings(tmp_path / "none.toml", environment={})


def test_a_mistake_does_not_tell_a_secret(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(environment={"NV_REDIS_URL": "http://user:pa55word@host"})
    assert "pa55word" not in str(caught.value)
    with pytest.raises(ConfigError) as caught:
        load_settings(environment={"NV_SECRET_KEY": "tooshort"})
    assert "tooshort" not in str(caught.value)
    file = tmp_path / "settings.toml"
    file.write_text("[security]\nsecret_keys = 'pa55word'\n")
    with pytest.raises(ConfigError, match="secret_keys must be a list of texts") as caught:
        load_settings(file, environment={})
    assert "pa55word" not in str(caught.value)


# --- what is shown -----------------------------------------------------------------------------


def test_nothing_secret_is_shown() -> None:
    loaded = load_settings(
        environment={
            "NV_SECRET_KEY": KEY,
            "NV_DATABASE_URL": "postgresql://u:pa55@h:1/d?sslmode=require",
            "NV_REDIS_URL": "redis://:pa55@h",
            "NV_SMTP_URL": "smtp://u:pa55@h",
        }
    )
    text = describe(loaded)
    assert "pa55" not in text and KEY not in text
    assert "pa55" not in repr(loaded) and KEY not in repr(loaded)
    assert 'url = "postgresql://u:(hidden)@h:1/d?sslmode=require"' in text
    assert "# environment variable NV_SMTP_URL" in text


def test_every_setting_is_shown_once() -> None:
    lines = describe(load_settings(environment={})).splitlines()
    assert sum(" = " in line for line in lines) == len(known_keys(Settings))


def test_sections_of_the_operators_naming_are_shown_too() -> None:
    loaded = load_settings(environment={"NV_OIDC_PROVIDERS__FIRM__ISSUER": "https://id.test", **SECRET_OF_FIRM})
    section = describe(loaded).partition("[oidc_providers.firm]")[2].partition("\n[")[0]
    assert re.search(r'issuer = "https://id.test" +# environment variable NV_OIDC_PROVIDERS__FIRM__ISSUER', section)
    assert "client_secret = (hidden)" in section and "pa55" not in describe(loaded)


# --- the providers of sign-ins -----------------------------------------------------------------

SECRET_OF_FIRM = {"NV_OIDC_PROVIDERS__FIRM__CLIENT_SECRET": "pa55"}


def test_further_providers_have_sections_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(
        "[oidc]\nissuer = 'https://a.test'\n[oidc_providers.firm]\nissuer = 'https://b.test'\nname = 'Firm'\n"
        "[oidc_providers.my-school]\nissuer = 'https://c.test'\ntrust_email = true\n"
    )
    settings = load_settings(file, environment={**SECRET_OF_FIRM, "NV_OIDC_PROVIDERS__FIRM__NAME": "The Firm"}).settings
    assert settings.oidc.issuer == "https://a.test"
    firm, school = (settings.oidc_providers[name] for name in ("firm", "my-school"))
    assert (firm.issuer, firm.name, firm.client_secret) == ("https://b.test", "The Firm", "pa55")
    assert (school.issuer, school.name, school.trust_email) == ("https://c.test", "OpenID Connect", True)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"OIDC_PROVIDERS__FIRM__ISSUER": "http://b.test"}, "oidc_providers.firm.issuer must begin with https://"),
        ({"OIDC_PROVIDERS__FIRM__ISSUER": "b.test"}, "oidc_providers.firm.issuer must be a URL"),
        ({"OIDC_PROVIDERS__FIRM__NAME": "Firm"}, "oidc_providers.firm.issuer is not set"),
        ({"OIDC_PROVIDERS__FIRM__ISUER": "https://b.test"}, "'oidc_providers.firm.isuer' is not a known setting"),
        ({"OIDC_PROVIDERS__ISSUER": "https://b.test"}, "'oidc_providers.issuer' is not a known setting"),
        ({"OIDC_PROVIDERS__A__B__ISSUER": "https://b.test"}, "'oidc_providers.a.b.issuer' is not a known setting"),
        ({"SERVER__A__PORT": "1"}, "'server.a.port' is not a known setting"),
        ({"OIDC_PROVIDERS__OIDC__ISSUER": "https://b.test"}, "needs another name"),
        ({"OIDC_PROVIDERS__A B__ISSUER": "https://b.test"}, "needs another name"),
        (
            {"OIDC__ISSUER": "https://b.test", "OIDC_PROVIDERS__FIRM__ISSUER": "https://b.test"},
            "oidc_providers.firm.issuer is another provider's too",
        ),
        (
            {"OIDC_PROVIDERS__FIRM__ISSUER": "https://b.test", "OIDC_PROVIDERS__FIRM__SIGNED_IN_MINUTES": "0"},
            "oidc_providers.firm.signed_in_minutes must be at least 1",
        ),
    ],
)
def test_a_mistake_in_a_provider_names_its_key(values: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(words)):
        load_settings(environment={f"NV_{name}": value for name, value in values.items()})


# --- the generic filler ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sample:
    whole: int = field(default=1, metadata={"min": -5, "max": 5})
    number: float = field(default=0.5, metadata={"min": -math.inf})
    positive: int = 1
    switch: bool = False
    word: str = "w"
    maybe: str | None = None
    place: Path | None = None
    kind: Literal["a", "b"] = "a"
    words: tuple[str, ...] = ()
    derived: str = field(default="d", metadata={"derived": True})


@dataclass(frozen=True, slots=True)
class SampleSettings:
    one: Sample = field(default_factory=Sample)


TEXTS = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters=","), min_size=1)


@given(st.integers(-5, 5), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), TEXTS, st.lists(TEXTS))
def test_texts_become_the_values_they_spell(
    whole: int, number: float, switch: bool, word: str, words: list[str]
) -> None:
    given_values = {
        "one.whole": flag(f"{whole}"),
        "one.number": flag(repr(number)),
        "one.positive": flag("7"),
        "one.switch": flag("on" if switch else "off"),
        "one.word": flag(word),
        "one.maybe": flag(word),
        "one.place": flag(word),
        "one.kind": flag("b"),
        "one.words": flag(",".join(words)),
    }
    expected = Sample(whole, number, 7, switch, word, word, Path(word), "b", tuple(words))
    assert fill(SampleSettings, given_values).one == expected


@pytest.mark.parametrize("text", ["0", "-1"])
def test_a_number_without_bounds_is_above_zero(text: str) -> None:
    with pytest.raises(ConfigError, match=r"one\.positive must be above zero"):
        fill(SampleSettings, {"one.positive": flag(text)})


def test_what_is_derived_is_no_setting() -> None:
    assert "one.derived" not in known_keys(SampleSettings)
    assert fill(SampleSettings, {}).one.derived == "d"


@given(st.sampled_from([setting.name for setting in fields(Sample) if setting.name != "derived"]), st.text())
def test_any_text_is_taken_or_refused_with_its_key(name: str, text: str) -> None:
    try:
        fill(SampleSettings, {f"one.{name}": flag(text)})
    except ConfigError as error:
        assert f"one.{name}" in str(error)
        assert "flag --x" in str(error)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        load_settings(environment={}).settings.server.port = 1  # type: ignore[misc]


# --- the signing key ---------------------------------------------------------------------------


def test_the_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    data_dir = tmp_path / "new" / "data"
    key = read_or_create_key(data_dir)
    assert len(key) >= 32
    assert read_or_create_key(data_dir) == key
    assert [file.name for file in data_dir.iterdir()] == [FILE_NAME]
    assert (data_dir / FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert read_or_create_key(tmp_path / "other") != key


@pytest.mark.parametrize(("content", "mode", "word"), [("short", 0o600, "32 bytes"), (KEY, 0o644, "chmod 600")])
def test_an_unsafe_key_file_is_refused(tmp_path: Path, content: str, mode: int, word: str) -> None:
    file = tmp_path / FILE_NAME
    file.write_text(content)
    file.chmod(mode)
    settings = load_settings(environment={"NV_SERVER__DATA_DIR": str(tmp_path)}).settings
    with pytest.raises(ConfigError, match=word):
        settings.signing_keys()
    assert file.read_text() == content


def test_a_language_that_nobody_can_stem_is_told() -> None:
    assert load_settings(environment={"NV_SEARCH__LANGUAGES": "german, english"}).settings.search.languages == (
        "german",
        "english",
    )
    with pytest.raises(ConfigError, match=r"knows no klingon; it knows arabic, "):
        load_settings(environment={"NV_SEARCH__LANGUAGES": "english,klingon"})


def test_a_provider_of_sign_ins_is_asked_safely_only() -> None:
    for issuer in ("https://id.test/realms/firm", "http://127.0.0.1:9000", "http://localhost"):
        assert load_settings(environment={"NV_OIDC__ISSUER": issuer}).settings.oidc.issuer == issuer
    for issuer in ("http://id.test", "http://127.0.0.1.evil.test", "id.test"):
        with pytest.raises(ConfigError, match=r"oidc\.issuer must"):
            load_settings(environment={"NV_OIDC__ISSUER": issuer})
