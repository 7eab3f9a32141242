"""Several kubeconfigs as kubectl merges them, and kubeconfigs that cannot be."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from burn.api import UsageError
from burn.builtin.metrics.kubernetes.access import kubeconfig
from tests.unit.builtin.metrics.kubernetes.access.conftest import World

KUBECTL = shutil.which("kubectl")


def part(folder: Path, **kinds: Any) -> Path:
    """A kubeconfig of named things, in a folder of its own; YAML, with a comment."""
    folder.mkdir()
    lines = ["# by hand", f"current-context: {kinds.pop('current', '')}"]
    for kind, named in kinds.items():
        rows = [{"name": name, kind[:-1]: values} for name, values in named.items()]
        lines.append(f"{kind}: {json.dumps(rows)}")
    (folder / "config").write_text("\n".join(lines), encoding="utf-8")
    return folder / "config"


@pytest.fixture
def parts(tmp_path: Path) -> list[Path]:
    first = part(
        tmp_path / "a",
        clusters={"c": {"server": "https://first", "certificate-authority": "ca.crt"}},
        users={"u": {"tokenFile": "t"}},
    )
    second = part(
        tmp_path / "b",
        current="two",
        clusters={"c": {"server": "https://second"}, "d": {"server": "https://d"}},
        users={"u": {"token": "x", "username": "y"}, "v": {"client-key": "../k"}},
        contexts={"two": {"cluster": "c", "user": "v"}, "one": {"cluster": "d", "user": "u"}},
    )
    third = part(tmp_path / "c", current="one", contexts={"two": {"cluster": "d"}})
    return [first, tmp_path / "nowhere", second, third, first]


def test_files_are_merged_as_kubectl_merges_them(
    parts: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", os.pathsep.join(["", *map(str, parts)]))
    found = kubeconfig.load("")
    chosen = found.chosen("")
    assert (chosen.name, chosen.cluster.name, chosen.user.name) == ("two", "c", "v")
    assert chosen.cluster.text("server") == "https://first"
    assert chosen.cluster.path("certificate-authority") == parts[0].parent / "ca.crt"
    one = found.chosen("one").user
    assert dict(one.values) == {"tokenFile": "t"}, "nothing of the second user of that name"
    assert one.path("tokenFile") == parts[0].parent / "t"
    if KUBECTL is None:
        return
    said = subprocess.check_output([KUBECTL, "config", "view", "--raw", "-o", "json"], text=True)
    view = json.loads(said)
    assert view["current-context"] == found.current
    for kind, of in (("clusters", "cluster"), ("users", "user"), ("contexts", "context")):
        theirs = {row["name"]: {k: v for k, v in row[of].items() if v} for row in view[kind]}
        ours = {name: dict(entry.values) for name, entry in found.entries[kind].items()}
        for paths in theirs.values():  # kubectl shows where they lead
            for key in {"certificate-authority", "tokenFile", "client-key"} & paths.keys():
                paths[key] = Path(paths[key]).name
        for values in ours.values():
            for key in {"client-key"} & values.keys():
                values[key] = Path(values[key]).name
        assert ours == theirs


def test_files_named_outright_must_be_there(
    parts: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", "/elsewhere")
    with pytest.raises(UsageError, match=r"no kubeconfig at /elsewhere"):
        kubeconfig.load("")
    with pytest.raises(UsageError, match=r"nowhere: no such file"):
        kubeconfig.load(os.pathsep.join(map(str, parts)))
    assert kubeconfig.load(str(parts[2])).chosen("one").cluster.text("server") == "https://d"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("users:\n- name: u\n  user: {token: 'hidden-1}\n", "is no YAML in line 4"),
        ("a: *hidden-1", "is no YAML in line 1"),
        ("[" * 3000, "is no YAML"),
        ("\x00hidden-1", "is no YAML"),
        ("hidden-1", "is no kubeconfig"),
        ("clusters: hidden-1", "clusters of kubeconfig .* is no list"),
        ("clusters: [hidden-1]", "clusters of kubeconfig .* is no list"),
        ("clusters: [{cluster: {}}]", "an entry without a name"),
        ("users: [{name: a}, {name: a}]", "names `a` twice"),
        ("contexts: [{name: a}, {name: b}]", "has no current-context"),
        ("current-context: [hidden-1]", "current-context .* is not text"),
        ("current-context: z\ncontexts: [{name: a}]", "has no context `z`"),
        ("current-context: a\ncontexts: [{name: a, context: {cluster: z}}]", "cluster .* is `z`"),
        (
            "current-context: a\nclusters: [{name: c}]\n"
            "contexts: [{name: a, context: {cluster: c, user: z}}]",
            "user .* is `z`",
        ),
        (
            "current-context: a\nclusters: [{name: c}]\ncontexts: [{name: a, context: {cluster: c}}]",
            "server of cluster `c` .* is no URL",
        ),
    ],
)
def test_kubeconfigs_that_cannot_be(world: World, text: str, says: str) -> None:
    path = world.folder / "kubeconfig"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=says) as caught:
        world.ask(path)
    assert str(path) in caught.value.message
    assert "hidden-1" not in f"{caught.value.message}{caught.value.hint}"
    assert caught.value.hint
