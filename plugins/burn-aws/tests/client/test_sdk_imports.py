"""The SDK is imported by the client alone."""

from __future__ import annotations

import re
from pathlib import Path

import burn_aws

HOME = Path(burn_aws.__file__).parent


def test_only_the_client_imports_the_sdk() -> None:
    imports = re.compile(r"^\s*(?:from|import) boto", re.MULTILINE)
    found = {
        path.relative_to(HOME).parts[0]
        for path in HOME.rglob("*.py")
        if imports.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"client"}
