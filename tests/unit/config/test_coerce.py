from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest

from burn.api import BurnError, PluginError, UsageError, setting
from burn.config.load import load
from burn.text import secrets


@dataclass(frozen=True, slots=True)
class Settings:
    url: str = setting(help="where it is")
    token: str = setting(help="its password", secret=True)
    headers: dict[str, str] = setting({}, help="sent along", secret=True)
    weights: dict[str, float] = setting({}, help="by team")
    names: tuple[str, ...] = setting(("a",), help="of what")
    numbers: list[int] = setting([], help="some")
    ratio: float = setting(0.5, help="how much")
    budget: Decimal | None = setting(None, help="at most")
    mode: Literal["auto", "off"] = setting("auto", help="how")
    folder: Path = setting(Path("."), help="where to")
    on: bool = setting(False, help="whether")
    some: list[str] | None = setting(None, help="perhaps")
    owners: Mapping[str, str] = setting({}, help="of what")
    places: Sequence[str] = setting((), help="where")

    def __post_init__(self) -> None:
        if self.ratio > 1:
            raise ValueError("ratio is over 1")
        if self.mode == "off" and self.on:
            raise UsageError("off and on exclude each other")


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(secrets, "_known", {})
    return


def made(sets: list[str], toml: str = "", tmp: Path | None = None) -> Settings:
    return config(sets, toml, tmp).settings


def config(sets: list[str], toml: str = "", tmp: Path | None = None) -> Any:
    file = None
    if tmp is not None:
        file = tmp / "burn.toml"
        file.write_text(f"[source.s]\n{toml}")
    loaded = load(sets=[f"source.s.{one}" for one in sets], file=file, environ={})
    return loaded.plugin("source", "s", Settings)


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [
        ("names=x, y,,z", "names", ("x", "y", "z")),
        ('names=["a,b", "c"]', "names", ("a,b", "c")),
        ("names=", "names", ()),
        ("numbers=1,2", "numbers", [1, 2]),
        ("some=a,b", "some", ["a", "b"]),
        ("weights=a=1, b=2.5", "weights", {"a": 1.0, "b": 2.5}),
        ('weights={"a": 1}', "weights", {"a": 1.0}),
        ("weights.team-a=3", "weights", {"team-a": 3.0}),
        ("owners=shop=store", "owners", {"shop": "store"}),
        ("places=a,b", "places", ["a", "b"]),
        ("ratio=0.25", "ratio", 0.25),
        ("budget=12.30", "budget", Decimal("12.30")),
        ("on=yes", "on", True),
        ("folder=/x", "folder", Path("/x")),
        ("url=a,b", "url", "a,b"),
        ("url=[1]", "url", "[1]"),
    ],
)
def test_what_is_typed_becomes_what_the_plugin_declared(typed: str, name: str, value: Any) -> None:
    assert getattr(made([typed]), name) == value


def test_toml_values_keep_their_kind_and_numbers_may_stand_for_text(tmp_path: Path) -> None:
    toml = "names = [123456789012, 'x']\nratio = 1\nheaders = {A = 'b'}\nweights.x = 2"
    settings = made([], toml, tmp_path)
    assert settings.names == ("123456789012", "x")
    assert settings.ratio == 1.0
    assert settings.headers == {"A": "b"}
    assert settings.weights == {"x": 2.0}


def test_a_comma_in_a_file_parts_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"`source\.s\.names` is `x,y` \(from .*burn\.toml\)"):
        made([], "names = 'x,y'", tmp_path)


def test_dictionaries_merge_over_layers(tmp_path: Path) -> None:
    assert made(["weights.b=2"], "weights = {a = 1, b = 1}", tmp_path).weights == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("ratio=much", "`source.s.ratio` is `much` (from --set): input should be a valid number"),
        ("mode=on", "`source.s.mode` is `on` (from --set): input should be 'auto' or 'off'"),
        ("numbers=1,x", "`source.s.numbers[1]` is `x` (from --set): input should be a valid int"),
        ("weights=1", "`source.s.weights` is `1` (from --set): input should be a valid dict"),
        ("weights.a=x", "`source.s.weights[a]` is `x` (from --set): input should be a valid num"),
        ('names=["a"', '`source.s.names` is `["a"` (from --set): input should be a valid tuple'),
        ("ratio=2", "settings `source.s` do not fit together: ratio is over 1"),
        ("ratio.x=2", "`source.s.ratio` is `{'x': '2'}` (from --set): input should be a valid num"),
    ],
)
def test_a_bad_value_names_key_value_and_origin(typed: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        made([typed])
    assert caught.value.message.startswith(message)
    assert "\n" not in caught.value.message
    assert "pydantic" not in caught.value.message


def test_the_hint_is_what_the_setting_means() -> None:
    with pytest.raises(UsageError) as caught:
        made(["ratio=much"])
    assert caught.value.hint == "ratio: how much"


def test_a_plugins_own_check_passes_through() -> None:
    with pytest.raises(BurnError, match=r"^off and on exclude each other$"):
        made(["mode=off", "on=true"])


def test_unknown_keys_are_errors_with_a_suggestion() -> None:
    with pytest.raises(UsageError) as caught:
        made(["rato=1"])
    assert caught.value.message == "unknown setting `source.s.rato` (from --set)"
    assert (caught.value.hint or "").startswith("did you mean `source.s.ratio`? `source.s` has url")


def test_secrets_are_in_no_listing_and_no_message(tmp_path: Path) -> None:
    table = config(["token=hunter2secret", "headers.Authorization=Bearer xyz9"])
    shown = {e.key.rpartition(".")[2]: e.value for e in table.entries}
    assert shown["token"] == "<redacted>"
    assert shown["headers"] == {"Authorization": "<redacted>"}
    assert table.settings.token == "hunter2secret"
    assert secrets.scrub("401 for hunter2secret, Bearer xyz9!") == "401 for <redacted>, <redacted>!"
    with pytest.raises(UsageError) as caught:
        made([], "token = ['hunter3']\n", tmp_path)
    assert caught.value.message.endswith("burn.toml): it is not valid")
    assert "hunter3" not in str(caught.value.__dict__)


def test_an_unset_secret_is_shown_as_unset() -> None:
    assert {e.key: e.value for e in config([]).entries}["source.s.token"] == ""


def test_user_info_in_a_url_is_a_secret_though_nobody_said_so() -> None:
    table = config(["url=https://me:pass@host/x"])
    shown = {e.key: e.value for e in table.entries}["source.s.url"]
    assert shown == "https://<redacted>@host/x"
    assert secrets.scrub("s3://bucket/a@b and mail x@y.z") == "s3://bucket/a@b and mail x@y.z"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/c?sv=1&sig=5igned%2Fx", "https://a.example/c?sv=1&sig=<redacted>"),
        ("s3://b/x?X-Amz-Signature=5igned", "s3://b/x?X-Amz-Signature=<redacted>"),
        ("abfss://me:5igned@a.example/c", "abfss://<redacted>@a.example/c"),
        ("abfss://container@a.example/c?day=1", "abfss://container@a.example/c?day=1"),
    ],
)
def test_what_signs_a_url_is_a_secret_and_a_container_is_none(url: str, shown: str) -> None:
    table = config([f"url={url}"])
    assert {e.key: e.value for e in table.entries}["source.s.url"] == shown
    assert secrets.scrub(f"`{url}` is no place") == f"`{shown}` is no place"


def test_a_library_may_quote_a_part_of_a_url() -> None:
    config(["url=abfss://me:pass1@a.example/c?sig=5igned%2Fx"])
    said = secrets.scrub("https://a.example/me:pass1 failed (5igned%2Fx)")
    assert said == "https://a.example/me:<redacted> failed (<redacted>)"


def test_origins_of_a_table_are_joined(tmp_path: Path) -> None:
    table = config(["weights.b=2"], "weights = {a = 1}", tmp_path)
    origin = {e.key: e.origin for e in table.entries}["source.s.weights"]
    assert origin.endswith("burn.toml, --set")


@dataclass(frozen=True)
class Strange:
    what: NoSuchType = setting(None, help="")  # type: ignore[name-defined]  # noqa: F821


@dataclass(frozen=True)
class Required:
    key: str


def test_settings_that_cannot_be_read_are_the_plugins_fault() -> None:
    loaded = load(environ={})
    with pytest.raises(
        PluginError, match=r"settings of `source\.s` have a type that cannot be read"
    ):
        loaded.plugin("source", "s", Strange)


def test_a_setting_without_default_must_be_set() -> None:
    with pytest.raises(UsageError, match=r"setting `source\.s\.key` is missing"):
        load(environ={}).plugin("source", "s", Required)
    assert (
        load(sets=["source.s.key=x"], environ={}).plugin("source", "s", Required).settings.key
        == "x"
    )


@pytest.mark.parametrize("bad", ["-0.1", "nan", "inf"])
def test_a_tolerance_that_would_let_anything_pass_is_refused(bad: str) -> None:
    with pytest.raises(UsageError, match="it must be 0 or more"):
        load(sets=[f"run.tolerance={bad}"], environ={})
