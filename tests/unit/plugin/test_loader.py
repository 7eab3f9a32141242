from __future__ import annotations

import pytest

from burn.plugin.installed import find
from burn.plugin.loader import load
from burn.plugin.state import Loaded, State
from tests.unit.plugin.dists import Site, sink

HEAD = """
    import sys
    from burn.api import BillingProviderSpec, OutputSinkSpec, hookimpl, hookspec

    def spec(name="tin", **more):
        return OutputSinkSpec(name=name, summary="s", make=more.pop("make", print), **more)
"""


def loaded(site: Site, code: str) -> Loaded:
    site.install("burn-tin", "0.3.0", code=code)
    (found,) = [f for f in find() if f.name == "tin"]
    return load(found)


def test_a_good_plugin_is_ready_with_what_it_offers(site: Site) -> None:
    plugin = loaded(site, sink("tin"))
    assert (plugin.state, plugin.why, plugin.observer) == (State.READY, "", None)
    assert [spec.name for spec in plugin.specs] == ["tin"]


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("import no_such_sdk", "ModuleNotFoundError: No module named 'no_such_sdk'"),
        ("raise ValueError('first\\nsecond')", "ValueError: first"),
        ("sys.exit(3)", "SystemExit: 3"),
        ("class Panic(BaseException): ...\n    raise Panic('rust')", "Panic: rust"),
        ("def burn_output_sinks(): return [spec()]", "`burn_output_sinks` is not marked @hookimpl"),
        ("x = 1", "`burn_tin_"),
        (
            "@hookimpl\n    def burn_output_sinks(): pass",
            "hook `burn_output_sinks` returned None, not a list of specs",
        ),
        ("def broken(:", "SyntaxError: invalid syntax ("),
        (
            "@hookimpl\n    def burn_output_sink(): return []",
            "unknown hook `burn_output_sink`; did you mean `burn_output_sinks`?",
        ),
        (
            "@hookimpl(wrapper=True)\n    def burn_output_sinks():\n        return (yield)",
            "hook `burn_output_sinks` uses wrapper=True, which burn does not allow",
        ),
        (
            "@hookimpl(tryfirst=True)\n    def burn_output_sinks(): return []",
            "hook `burn_output_sinks` uses tryfirst=True, which burn does not allow",
        ),
        (
            "@hookspec(firstresult=True)\n    def burn_output_sinks(): return []",
            "`burn_output_sinks` is marked @hookspec; a plugin marks its hooks @hookimpl",
        ),
        (
            "@hookimpl\n    def burn_output_sinks():\n        yield spec()",
            "hook `burn_output_sinks` is a generator; return a list instead of yielding",
        ),
        (
            "@hookimpl\n    async def burn_output_sinks(): return []",
            "hook `burn_output_sinks` is a coroutine; hooks are plain functions",
        ),
        (
            "@hookimpl\n    def burn_stage_finished(stage='x'): pass",
            "hook `burn_stage_finished` gives argument `stage` a default; leave it out",
        ),
        (
            "@hookimpl\n    def burn_output_sinks(): return spec()",
            "hook `burn_output_sinks` returned OutputSinkSpec, not a list of specs",
        ),
        (
            "@hookimpl\n    def burn_output_sinks():\n"
            "        return [BillingProviderSpec(name='tin', summary='', make=print)]",
            "hook `burn_output_sinks` returned BillingProviderSpec, not OutputSinkSpec",
        ),
        (
            "@hookimpl\n    def burn_output_sinks(): return [spec('Tin')]",
            "hook `burn_output_sinks` offers the name 'Tin'; names are lower case, "
            "with digits and single hyphens",
        ),
        (
            "@hookimpl\n    def burn_output_sinks(): return [spec(), spec()]",
            "hook `burn_output_sinks` offers `tin` twice",
        ),
        (
            "@hookimpl\n    def burn_output_sinks(): return [spec(settings=dict)]",
            "`tin` has settings that are not a dataclass",
        ),
        (
            "@hookimpl\n    def burn_output_sinks(): return [spec(make=None)]",
            "`tin` has a `make` that cannot be called",
        ),
        (
            "@hookimpl\n    def burn_output_sinks(): raise KeyError('x')",
            "KeyError: 'x'",
        ),
        (
            "@hookimpl\n    def burn_output_sinks(x): return []",
            "hook `burn_output_sinks` takes `x`, which burn does not pass",
        ),
    ],
)
def test_a_bad_plugin_is_broken_and_says_why(site: Site, body: str, what: str) -> None:
    plugin = loaded(site, f"{HEAD}\n    {body}\n")
    assert plugin.state is State.BROKEN
    assert plugin.why.startswith(f"burn-tin 0.3.0 is broken: {what}")
    assert "\n" not in plugin.why
    raised = "Error: " in what or what.startswith(("SystemExit", "Panic"))
    if "no_such_sdk" not in what:
        assert plugin.remedy.startswith("its author mends " if raised else "its author finds the")
    assert plugin.remedy.endswith('until then leave it out: [plugins] block = ["tin"]')


@pytest.mark.parametrize(
    ("code", "point", "remedy"),
    [
        (
            "x = 1\nimport no_such_sdk",
            None,
            "it needs `no_such_sdk`, which is not installed: pip inst",
        ),
        (
            "from burn.api import OfTomorrow",
            None,
            "this burn lacks what it imports: pip install -U b",
        ),
        ("def broken(:", None, "its author mends {module}.py, line 1;"),
        ("\n\nraise KeyError(1)", None, "its author mends {module}.py, line 3;"),
        ("import json\njson.loads('{')", None, "its author mends {module}.py, line 2;"),
        ("", "burn_nowhere.hooks", "its entry point names `burn_nowhere.hooks`, which is not inst"),
        ("", "json:hooks", "its author corrects the entry point, `json:hooks`;"),
    ],
)
def test_the_hint_says_who_mends_it_and_where(
    site: Site, code: str, point: str | None, remedy: str
) -> None:
    if point:
        site.install("burn-tin", "0.3.0", points={"tin": point})
    else:
        site.install("burn-tin", "0.3.0", code=code)
    (found,) = [f for f in find() if f.name == "tin"]
    plugin = load(found)
    assert plugin.state is State.BROKEN
    assert plugin.remedy.startswith(remedy.format(module=found.entry.module))


def test_what_a_plugin_prints_at_import_is_not_data(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    assert loaded(site, f"{sink('tin')}\n    print('hello')\n").state is State.READY
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "hello\n")


def test_a_full_stop_by_the_user_is_not_swallowed(site: Site) -> None:
    site.install("burn-tin", code="raise KeyboardInterrupt")
    (found,) = [f for f in find() if f.name == "tin"]
    with pytest.raises(KeyboardInterrupt):
        load(found)


def test_a_broken_plugin_does_not_touch_another(site: Site) -> None:
    site.install("burn-bad", code=f"{HEAD}\n    @hookimpl\n    def burn_output_sinks(): return 1\n")
    site.install("burn-good", code=sink("good"))
    states = {f.name: load(f).state for f in find() if f.name in ("bad", "good")}
    assert states == {"bad": State.BROKEN, "good": State.READY}


def test_an_observer_may_take_fewer_arguments_than_the_hook_has(site: Site) -> None:
    code = f"""{HEAD}
    SEEN = []

    @hookimpl
    def burn_stage_finished(stage): SEEN.append(stage)
    """
    plugin = loaded(site, code)
    assert plugin.observer is not None
    plugin.observer("price", object(), "run-1")
    assert plugin.found.entry.load().SEEN == ["price"]


def test_an_import_that_hangs_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("burn.plugin.loader.IMPORT_SECONDS", 0.2)
    plugin = loaded(site, "import time\ntime.sleep(30)")
    assert plugin.state is State.BROKEN
    assert plugin.why.endswith("TimeoutError: its import takes more than 0.2 s")
