"""Fixtures: an AWS over HTTP and made-up credentials; the world's bill in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.cur2 import write_cur2
from tests.servers.aws import aws_environment, aws_url
from tests.servers.aws_world import world

__all__ = ["aws_environment", "aws_url"]


@pytest.fixture(scope="module")
def cur2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("cur2")
    write_cur2(world()[1], root)
    return root
