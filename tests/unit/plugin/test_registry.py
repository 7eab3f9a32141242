from __future__ import annotations

import sys

import pytest

from burn.api import BurnError, OutputSinkSpec, PluginError, WriteRequest
from burn.plugin.registry import Registry
from burn.plugin.state import State
from tests.unit.plugin.dists import Site, sink


def refused(registry: Registry, name: str, kind: str = "output_sink") -> tuple[str, str]:
    with pytest.raises(PluginError) as caught:
        getattr(registry, kind)(name)
    assert caught.value.exit_code == 3
    return caught.value.message, caught.value.hint or ""


def test_only_the_named_plugin_is_imported(site: Site) -> None:
    wanted = site.install("burn-tin", code=sink("tin"))
    other = site.install("burn-zinc", code="raise RuntimeError('never')")
    offer = Registry.discover().output_sink("tin")
    assert (offer.spec.name, offer.author) == ("tin", "burn-tin 1.0")
    assert wanted in sys.modules
    assert other not in sys.modules


def test_a_built_in_is_found_without_importing_strangers(site: Site) -> None:
    other = site.install("burn-zinc", code="raise RuntimeError('never')")
    assert Registry.discover().output_sink("table").author.startswith("burn-core ")
    assert other not in sys.modules


@pytest.mark.parametrize("point", ["json", "p"])
def test_a_stranger_never_takes_a_built_in_name(site: Site, point: str) -> None:
    module = site.install("burn-json", points={point: "x"}, code=sink("json"))
    site.install("burn-json", points={point: module}, code=sink("json"))
    registry = Registry.discover()
    assert registry.output_sink("json").author.startswith("burn-core ")
    assert module not in sys.modules
    assert registry.rivals == ({"json": "burn-json 1.0"} if point == "json" else {})
    (theirs,) = [plugin for plugin in registry.all() if plugin.found.dist == "burn-json"]
    assert theirs.state is State.CONFLICT
    assert "`json` is provided by burn-core " in theirs.why
    assert theirs.why.endswith("and burn-json 1.0")


def test_a_stranger_never_takes_the_name_of_anothers_entry_point(site: Site) -> None:
    site.install("burn-greet", code=sink("greet"))
    site.install("burn-greet2", code=sink("greet"))
    registry = Registry.discover()
    assert registry.output_sink("greet").author == "burn-greet 1.0"
    states = {p.found.name: p.state for p in registry.all()}
    assert (states["greet"], states["greet2"]) == (State.READY, State.CONFLICT)


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("pass", "format `tin` has no method `write`"),
        ("async def write(self, request): ...", "`write` of format `tin` is async"),
        (
            "def write(self, report, target): ...",
            "`write` of format `tin` cannot be called as write(",
        ),
    ],
)
def test_what_a_plugin_makes_is_looked_at_before_the_work(site: Site, body: str, what: str) -> None:
    code = sink("tin").replace("def write(self, request):", "def unused(self):")
    site.install("burn-tin", code=code.replace("class Sink:", f"class Sink:\n        {body}"))
    offer = Registry.discover().output_sink("tin")
    with pytest.raises(PluginError) as caught:
        offer.make(None)
    assert caught.value.message.startswith(f"burn-tin 1.0: {what}")


@pytest.mark.parametrize(
    ("kind", "declared", "what"),
    [
        ("policy", "label_keys=lambda s: 'team'", "`label_keys` of policy `tin` gives 'team', not"),
        (
            "policy",
            "label_keys=lambda s: [1]",
            "`label_keys` of policy `tin` gives [1], not a list",
        ),
        (
            "provider",
            "pod_billing=lambda s: True",
            "`pod_billing` of provider `tin` gives True, not",
        ),
    ],
)
def test_what_a_spec_declares_is_looked_at_too(
    site: Site, kind: str, declared: str, what: str
) -> None:
    spec = {"policy": "AllocationPolicySpec", "provider": "BillingProviderSpec"}[kind]
    hook = {"policy": "burn_allocation_policies", "provider": "burn_billing_providers"}[kind]
    site.install("burn-tin", code=DECLARES.format(spec=spec, hook=hook, declared=declared))
    registry = Registry.discover()
    offer = (
        registry.allocation_policy("tin") if kind == "policy" else registry.billing_provider("tin")
    )
    with pytest.raises(PluginError) as caught:
        offer.make(None)
    assert what in caught.value.message


DECLARES = """
    from burn.api import {spec}, hookimpl

    class Made:
        check = period = identify = price = bill = lines = apply = lambda self, request: None

    @hookimpl
    def {hook}():
        return [{spec}(name="tin", summary="s", make=lambda s: Made(), {declared})]
"""


def test_a_plugin_is_found_by_what_it_offers_too(site: Site) -> None:
    site.install("burn-metals", code=sink("tin"))
    site.install("burn-broken", code="raise RuntimeError")
    assert Registry.discover().output_sink("tin").author == "burn-metals 1.0"


def test_two_plugins_offering_one_name_are_not_chosen_by_luck(site: Site) -> None:
    site.install("burn-metals", code=sink("tin"))
    site.install("burn-ores", "2.0", code=sink("tin"))
    said = refused(Registry.discover(), "tin")
    assert said[0] == "`tin` is provided by burn-metals 1.0 and burn-ores 2.0"


def test_asked_for_and_broken_stops_with_the_cause(site: Site) -> None:
    site.install("burn-tin", "0.3.0", code="import google_cloud_nowhere")
    message, hint = refused(Registry.discover(), "tin")
    assert message == (
        "burn-tin 0.3.0 is broken: ModuleNotFoundError: No module named 'google_cloud_nowhere'"
    )
    assert "install -U burn-tin" in hint


def test_incompatible_and_conflicting_plugins_stop_when_asked_for(site: Site) -> None:
    site.install("burn-azul", "2.0.0", group="burn.v2")
    site.install("burn-tin", points={"tin": "a"})
    site.install("acme-burn-tin", points={"tin": "b"})
    registry = Registry.discover()
    said = refused(registry, "azul")
    assert said[0] == "burn-azul 2.0.0 speaks plugin API v2; this burn speaks v1"
    assert "is provided by" in refused(registry, "tin")[0]


def test_blocked_falls_back_to_the_built_in_or_says_so(site: Site) -> None:
    module = site.install("burn-json", code=sink("json"))
    site.install("burn-tin", code=sink("tin"))
    registry = Registry.discover(["json", "tin"])
    assert registry.output_sink("json").author.startswith("burn-core ")
    message, hint = refused(registry, "tin")
    assert message == "format `tin` is blocked"
    assert hint == "take `tin` or `burn-tin` out of BURN_BLOCK or [plugins] block"
    assert module not in sys.modules


def test_unknown_names_get_a_suggestion_and_the_list(site: Site) -> None:
    site.install("burn-tin", code=sink("tin"))
    site.install("burn-bad", code="raise RuntimeError")
    message, hint = refused(Registry.discover(), "tim")
    assert message == "unknown format `tim`"
    assert hint.startswith("did you mean `tin`? installed: ")
    assert ", tin, " in hint
    assert hint.endswith("1 more cannot be used, see `burn plugins`")


def test_a_well_known_provider_gets_its_install_command(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BURN_BLOCK", "aws,gcp,azure")
    monkeypatch.setattr(sys, "prefix", str(site.folder))
    registry = Registry([f for f in Registry.discover().found if f.dist == "burn-core"])
    assert refused(registry, "gcp", "billing_provider") == (
        "provider `gcp` is not installed",
        "pip install burn-gcp",
    )


def test_no_distribution_is_guessed_for_other_names() -> None:
    registry = Registry([f for f in Registry.discover().found if f.dist == "burn-core"])
    message, hint = refused(registry, "oracle", "billing_provider")
    assert message == "unknown provider `oracle`"
    assert "install " not in hint


MAKER = """
    from burn.api import AccessError, OutputSinkSpec, hookimpl

    class Sink:
        label = "plain"
        def write(self, request):
            raise {what}

    def make(settings):
        if {early}:
            raise {what}
        return Sink()

    @hookimpl
    def burn_output_sinks():
        return [OutputSinkSpec(name="tin", summary="s", make=make)]
"""


@pytest.mark.parametrize("what", ["KeyError('sku')", "SystemExit(1)"])
def test_what_make_raises_names_plugin_and_version(site: Site, what: str) -> None:
    site.install("burn-tin", "0.3.0", code=MAKER.format(early=True, what=what))
    offer = Registry.discover().output_sink("tin")
    with pytest.raises(PluginError, match=r"^burn-tin 0\.3\.0 failed to start format `tin`: ") as e:
        offer.make(offer.spec.settings())
    assert e.value.__cause__ is not None


def test_what_a_method_raises_later_has_an_author_too(site: Site) -> None:
    site.install("burn-tin", "0.3.0", code=MAKER.format(early=False, what="KeyError('sku')"))
    offer = Registry.discover().output_sink("tin")
    chosen = offer.make(offer.spec.settings())
    assert (chosen.name, chosen.author) == ("tin", "burn-tin 0.3.0")
    assert chosen.made.label == "plain"
    with pytest.raises(PluginError, match=r"burn-tin 0\.3\.0 failed to run write\(\): KeyError"):
        chosen.made.write(WriteRequest(report=None, target=None))  # type: ignore[arg-type]


@pytest.mark.parametrize("early", [True, False])
def test_a_plugins_own_burn_error_passes_through(site: Site, early: bool) -> None:
    what = "AccessError('bucket is closed', hint='open it')"
    site.install("burn-tin", code=MAKER.format(early=early, what=what))
    offer = Registry.discover().output_sink("tin")
    with pytest.raises(BurnError, match=r"^bucket is closed$") as caught:
        offer.make(offer.spec.settings()).made.write(WriteRequest(report=None, target=None))  # type: ignore[arg-type]
    assert (caught.value.exit_code, caught.value.hint) == (4, "open it")


OBSERVER = """
    from burn.api import OutputSinkSpec, hookimpl

    @hookimpl
    def burn_stage_finished(stage, frame, run_id):
        {body}

    @hookimpl
    def burn_output_sinks():
        return [OutputSinkSpec(name="tin", summary="s", make=print)]
"""


def test_observers_are_those_of_chosen_and_of_named_plugins(site: Site) -> None:
    site.install("burn-tin", code=OBSERVER.format(body="raise ValueError(stage)"))
    site.install("burn-watch", code=OBSERVER.format(body="pass").replace('"tin"', '"watch"'))
    registry = Registry.discover()
    assert registry.observers() == ()
    registry.output_sink("tin")
    assert len(registry.observers()) == 1
    watching = registry.observers(["watch"])
    assert len(watching) == 2
    with pytest.raises(PluginError, match=r"burn-tin 1\.0 failed to observe stage price: ValueErr"):
        watching[0]("price", object(), "run")
    with pytest.raises(PluginError, match="unknown observer `wach`") as caught:
        registry.observers(["wach"])
    assert "did you mean `watch`?" in (caught.value.hint or "")


def test_everything_is_listed_and_nothing_raises(site: Site) -> None:
    site.install("burn-bad", code="raise RuntimeError")
    site.install("burn-tin", code=sink("tin"))
    registry = Registry.discover()
    states = {p.found.name: str(p.state) for p in registry.all()}
    assert states["bad"] == "broken"
    assert states["tin"] == states["builtin"] == "ready"
    assert "tin" in registry.names(OutputSinkSpec)


def test_a_usage_error_at_import_counts_as_broken(site: Site) -> None:
    site.install("burn-tin", code="from burn.api import UsageError\nraise UsageError('mine')")
    with pytest.raises(PluginError, match=r"burn-tin 1\.0 is broken: UsageError: mine"):
        Registry.discover().output_sink("tin")
