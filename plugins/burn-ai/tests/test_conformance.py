"""burn-ai in burn's conformance kit, with Anthropic's own library and its API on loopback."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import pytest

from burn.api import Model, Turn
from burn.testing import ModelConformance
from tests.servers.anthropic import Anthropic

STATUS = {"refused": 401, "busy": 429, "failed": 400}


class TestAnthropic(ModelConformance):
    plugin = "pydantic-ai"
    about = "Anthropic's messages"

    @pytest.fixture(autouse=True)
    def _made(self, api: Anthropic, make: Callable[..., Model]) -> None:
        self.api, self.maker = api, make

    def make(self) -> Model:
        return self.maker(key=self.key, price_in=3.0, price_out=15.0)

    def will_say(self, *turns: Turn) -> None:
        self.api.turns = list(turns)

    def will_fail(self, how: str) -> None:
        self.api.ended = "max_tokens" if how == "cut" else ""
        if how == "cut":
            self.api.turns = [Turn(text="It is $1,0", sent=1, said=1)]
        elif how == "nonsense":
            self.api.fault, self.api.turns = None, [Turn(text="x")]
            self.api.raw = json.dumps({"content": self.key}).encode()
        else:
            self.api.fault = STATUS[how], f"{how}: {self.key}"

    def heard(self) -> Sequence[str]:
        return [json.dumps(one, ensure_ascii=False) for one in self.api.requests]
