"""Installs small real distributions: a package and its dist-info in a folder on sys.path."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

GOOD_SINK = """
    from burn.api import OutputSinkSpec, hookimpl

    class Sink:
        def write(self, request):
            print("written by {name}")

    @hookimpl
    def burn_output_sinks():
        return [OutputSinkSpec(name="{name}", summary="a sink", make=lambda settings: Sink())]
"""


def sink(name: str) -> str:
    """The source of a plugin that offers one output sink."""
    return GOOD_SINK.format(name=name)


@dataclass
class Site:
    """A site-packages folder of our own."""

    folder: Path
    modules: list[str] = field(default_factory=list)

    def install(
        self,
        dist: str,
        version: str = "1.0",
        *,
        points: dict[str, str] | None = None,
        code: str = "",
        requires: tuple[str, ...] = ("burn-core>=0.1,<1",),
        group: str = "burn.v1",
        more: str = "",
    ) -> str:
        """One distribution with one module.

        Args:
            points: entry points, name → value; by default the name is the distribution's without
                `burn-`, and the value is the module.
            code: the module's source.
            group: the entry points' group.
            more: further text for entry_points.txt.

        Returns:
            The module's name.
        """
        module = dist.replace("-", "_").lower() + "_" + self.folder.name.replace("-", "_")
        if points is None:
            points = {dist.removeprefix("burn-"): module}
        listed = "".join(f"{name} = {value}\n" for name, value in points.items())
        needs = "".join(f"Requires-Dist: {one}\n" for one in requires)
        info = f"{dist.replace('-', '_')}-{version}.dist-info"
        files = {
            f"{module}.py": dedent(code),
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {dist}\nVersion: {version}\n{needs}",
            f"{info}/entry_points.txt": f"[{group}]\n{listed}{more}",
        }
        record = ""
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            digest = hashlib.sha256(text.encode()).digest()
            code_ = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            record += f"{name},sha256={code_},{len(text.encode())}\n"
        (self.folder / info / "RECORD").write_text(f"{record}{info}/RECORD,,\n")
        self.modules.append(module)
        return module
