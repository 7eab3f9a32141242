from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from burn.api import AccessError, BurnError, UsageError
from burn.config.layers import Tree, Value, merge
from burn.config.load import Config, load, user_file


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of our own; the working folder is another one."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def came_from(config: Config, key: str) -> tuple[object, str]:
    (entry,) = [e for e in config.entries if e.key == key]
    return entry.value, entry.origin


def test_each_layer_wins_over_the_one_below_and_is_named(home: Path) -> None:
    key = "run.cluster"
    env: dict[str, str] = {"HOME": str(home)}
    assert came_from(load(environ=env), key) == ("", "default")
    write(home / ".config/burn/burn.toml", "[run]\ncluster = 'user'")
    assert came_from(load(environ=env), key) == ("user", "~/.config/burn/burn.toml")
    write(home / "work/burn.toml", "[run]\ncluster = 'file'")
    assert came_from(load(environ=env), key) == ("file", "burn.toml")
    env["BURN_RUN__CLUSTER"] = "env"
    assert came_from(load(environ=env), key) == ("env", "BURN_RUN__CLUSTER")
    assert came_from(load(sets=["run.cluster=set"], environ=env), key) == ("set", "--set")
    config = load({"cluster": "flag"}, ["run.cluster=set"], environ=env)
    assert came_from(config, key) == ("flag", "--cluster")
    assert config.run.cluster == "flag"


def test_layers_are_merged_key_by_key(home: Path) -> None:
    write(home / ".config/burn/burn.toml", "[run]\nbasis = 'list'\nformat = 'json'")
    write(home / "work/burn.toml", "[run]\nformat = 'csv'")
    run = load(environ={"HOME": str(home), "BURN_RUN__SOURCE": "snapshot"}).run
    assert (run.basis, run.format, run.source) == ("list", "csv", "snapshot")


def test_config_replaces_the_file_in_the_working_folder(home: Path) -> None:
    write(home / "work/burn.toml", "[run]\ncluster = 'here'\nbasis = 'list'")
    other = write(home / "other.toml", "[run]\ncluster = 'there'")
    run = load(file=other, environ={"HOME": str(home)}).run
    assert (run.cluster, run.basis) == ("there", "effective")


def test_a_sample_ignores_the_users_files_but_not_flags_and_environment(home: Path) -> None:
    write(home / ".config/burn/burn.toml", "[run]\ncluster = 'user'")
    write(home / "work/burn.toml", "[run]\ncluster = 'mine'\nbasis = 'list'")
    write(home / "sample/burn.toml", "[run]\ncluster = 'demo'\nsource = 'snapshot'")
    env = {"HOME": str(home), "BURN_RUN__SOURCE": "prometheus"}
    run = load({"format": "json"}, sample=home / "sample", environ=env).run
    assert (run.cluster, run.source, run.format) == ("demo", "prometheus", "json")
    assert run.basis == "effective"


def test_here_stands_for_the_files_folder_in_every_string(home: Path) -> None:
    text = (
        "[run]\noutput = '{here}/out'\npolicies = ['{here}']\n[provider.x]\nbill = 'file://{here}'"
    )
    path = write(home / "conf/burn.toml", text)
    config = load(file=path, environ={})
    assert config.run.output == f"{home}/conf/out"
    assert config.run.policies == (f"{home}/conf",)
    config = load(sets=["run.output={here}/x"], environ={})
    assert config.run.output == "{here}/x", "a flag is in no file"


def test_the_users_file_follows_xdg(home: Path) -> None:
    assert user_file({"XDG_CONFIG_HOME": "/etc/mine"}) == Path("/etc/mine/burn/burn.toml")
    relative = user_file({"XDG_CONFIG_HOME": "rel", "HOME": "/h"})
    assert relative == Path("/h/.config/burn/burn.toml"), "the standard: relative does not count"


def test_environment_names_and_empty_values() -> None:
    env = {
        "BURN_PROVIDER__AWS__BILL": "b",
        "BURN_POLICY__SHARE_MAX__RATE": "2",
        "BURN_RUN__BASIS": "",
        "BURN_DEBUG": "1",
        "BURN_CASES": "/x",
        "OTHER__THING": "1",
    }
    config = load(environ=env)
    assert list(config.plugin_tables()) == [
        ("provider", "aws", "BURN_PROVIDER__AWS__BILL"),
        ("policy", "share-max", "BURN_POLICY__SHARE_MAX__RATE"),
    ]
    assert config.run.basis == "effective", "an empty variable counts as not set"


@pytest.mark.parametrize(
    ("sets", "message"),
    [
        (["run.cluster"], "`--set run.cluster` has no value"),
        (["cluster=x"], "`--set cluster` names no table"),
        (["=x"], "`--set ` is not a key"),
        (["run.=x"], "`--set run.` is not a key"),
        (["provider.x.token:s3cr3t"], "`--set provider.x.token` has no value"),
    ],
)
def test_a_bad_set_is_told_without_its_value(sets: list[str], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(sets=sets, environ={})
    assert caught.value.message == message
    assert "s3cr3t" not in message + (caught.value.hint or "")


def test_quoted_parts_of_a_key_may_hold_dots() -> None:
    config = load(
        sets=['policy.owners."app.kubernetes.io/part-of"=x', "run.cluster=a=b"], environ={}
    )
    assert config.run.cluster == "a=b"
    assert [name for _, name, _ in config.plugin_tables()] == ["owners"]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("[run]\nwindw = '7d'", "unknown setting `run.windw` (from burn.toml)", "`run.window`?"),
        ("[providers.x]\na = 1", "unknown table `providers` (from burn.toml)", "`provider`?"),
        ("provider = 'x'", "`provider` is not a table (from burn.toml)", "write [run] provider"),
        ("run = 'x'", "`run` is not a table (from burn.toml)", ""),
        ("[source]\nx = 1", "`source.x` is not a table (from burn.toml)", ""),
        ("[run\n", "burn.toml is not valid TOML: ", ""),
        (
            "[plugins]\nblok = []",
            "unknown setting `plugins.blok` (from burn.toml)",
            "plugins.block",
        ),
    ],
)
def test_a_wrong_file_says_what_and_where(home: Path, text: str, message: str, hint: str) -> None:
    write(home / "work/burn.toml", text)
    with pytest.raises(UsageError) as caught:
        load(environ={"HOME": str(home)})
    assert caught.value.message.startswith(message)
    assert hint in (caught.value.hint or "")


def test_a_named_file_must_exist_and_be_readable(home: Path) -> None:
    with pytest.raises(UsageError, match=r"config file .*nowhere\.toml does not exist"):
        load(file=home / "nowhere.toml", environ={})
    with pytest.raises(AccessError, match="cannot be read: Is a directory"):
        load(file=home, environ={})
    binary = home / "b.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BurnError, match="is not valid TOML"):
        load(file=binary, environ={})


LEAF = st.integers().map(lambda n: Value(n, "somewhere"))
TREE = st.recursive(
    LEAF,
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, min_size=1, max_size=3),
    max_leaves=8,
).filter(lambda node: isinstance(node, dict))


def leaves(tree: Tree, path: str = "") -> dict[str, Value]:
    """Every value by its dotted path."""
    out: dict[str, Value] = {}
    for key, node in tree.items():
        out |= {f"{path}{key}.": node} if isinstance(node, Value) else leaves(node, f"{path}{key}.")
    return out


@given(TREE, TREE)
def test_the_high_layer_wins_and_the_rest_of_the_low_one_stays(low: Tree, high: Tree) -> None:
    over, under = leaves(high), leaves(low)
    kept = {
        path: value
        for path, value in under.items()
        if not any(path.startswith(other) or other.startswith(path) for other in over)
    }
    assert leaves(merge(low, high)) == kept | over
    assert merge(low, low) == merge(low, {}) == merge({}, low) == low


def test_block_comes_from_every_layer(home: Path) -> None:
    write(home / "work/burn.toml", "[plugins]\nblock = ['aws']")
    assert load(environ={"HOME": str(home)}).block == ("aws",)
    assert load(environ={"BURN_PLUGINS__BLOCK": "aws, gcp"}).block == ("aws", "gcp")


def test_a_variable_of_another_program_stops_nothing_and_a_near_miss_is_told() -> None:
    load(environ={"HOME": "/nowhere", "BURN_FOO__BAR": "1"})
    with pytest.raises(UsageError, match=r"unknown table `provder`"):
        load(environ={"HOME": "/nowhere", "BURN_PROVDER__AWS__BILL": "x"})
