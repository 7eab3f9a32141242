"""The built-in model in burn's conformance kit, over a scripted server on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from burn.api import Model, Turn
from burn.builtin.models.openai import OpenAIModel
from burn.builtin.models.settings import OpenAISettings
from burn.testing import ModelConformance
from tests.servers.model import Counted, ScriptedModel, scripted_model

STATUS = {"refused": 401, "busy": 429, "failed": 400}


class TestOpenAI(ModelConformance):
    plugin = "openai"
    about = "Chat completions"

    @pytest.fixture(autouse=True)
    def _server(self) -> Iterator[None]:
        with scripted_model() as self.server:
            yield

    server: ScriptedModel

    def make(self) -> Model:
        settings: dict[str, Any] = {"key": self.key, "price_in": 3.0, "price_out": 15.0}
        return OpenAIModel(OpenAISettings(url=self.server.url, model="kit", attempts=1, **settings))

    def will_say(self, *turns: Turn) -> None:
        self.server.steps = [
            Counted(
                one.text or [(c.name, dict(c.arguments)) for c in one.calls], one.sent, one.said
            )
            for one in turns
        ]

    def will_fail(self, how: str) -> None:
        self.server.message = f"{how}: {self.key}"
        self.server.ended = "length" if how == "cut" else ""
        if how == "cut":
            self.server.steps = ["It is $1,0"]
        elif how == "nonsense":
            self.server.raw = json.dumps({"choices": self.key}).encode()
        else:
            self.server.faults = [(STATUS[how], {})]

    def heard(self) -> Sequence[str]:
        return [json.dumps(one, ensure_ascii=False) for one in self.server.requests]
