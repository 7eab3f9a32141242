# `make demo` and `make test` set up everything they need: Python 3.11+, git and make are enough.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PROVIDER ?= aws
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := -e . $(patsubst %/pyproject.toml,-e %,$(wildcard plugins/*/pyproject.toml))
QUICK := $(addprefix tests/unit/,allocation api builtin/rules combine config findings ledger plugin stages text validation view work) \
	$(addprefix tests/contract/test_,imports.py rooms.py sizes.py startup.py)
MANIFESTS := pyproject.toml $(wildcard plugins/*/pyproject.toml) constraints.txt
# Debian's Prometheus and npm's Azurite, beside the tools where the system has none.
export PATH := $(CURDIR)/$(BIN):$(CURDIR)/$(VENV)/helm/bin:$(CURDIR)/$(VENV)/prometheus/usr/bin:$(CURDIR)/$(VENV)/azurite/node_modules/.bin:$(PATH)

help: ## Say what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.runtime ## Run burn on the sample bill and cluster of PROVIDER (default aws)
	@burn run --provider $(PROVIDER) --sample

test: lint tested ## Lint, then run all tests (with -j2: beside each other)

tested: prometheus azurite browser helm
	@python -m pytest $(PYTEST_ARGS)

check: lint ## Lint, then run the quick tests (a minute or two)
	@python -m pytest -q -n auto -m "not slow and not prometheus" $(QUICK)

lint: $(VENV)/.dev ## Check style, types and layers
	@ruff check .
	@ruff format --check .
	@mypy
	@lint-imports

docs: $(VENV)/.dev ## Rewrite the generated parts of the documentation
	@python -m docs.generate

bench: $(VENV)/.dev ## Measure time and memory; rewrites the table in benchmarks/README.md
	@python -m benchmarks

sample: $(VENV)/.dev ## Rebuild the samples that the providers ship
	@python -m tests.lab.make_sample
	@python -m tests.lab.gcp_sample
	@python -m tests.lab.azure_sample

clean: ## Forget the environment and all caches
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist build

prometheus: $(VENV)/.dev
	@tools/get-prometheus $(VENV)/prometheus

azurite: $(VENV)/.dev
	@tools/get-azurite $(VENV)/azurite

helm: $(VENV)/.dev
	@tools/get-helm $(VENV)/helm

browser: $(VENV)/.dev
	@tools/get-browser $(VENV)/axe

$(VENV)/.runtime: $(MANIFESTS) tools/install
	@PYTHON=$(PYTHON) tools/install $(VENV) $(PACKAGES)
	@touch $@

$(VENV)/.dev: $(MANIFESTS) tools/install
	@PYTHON=$(PYTHON) tools/install $(VENV) $(PACKAGES) --group dev
	@touch $@ $(VENV)/.runtime

.PHONY: help demo test tested check lint docs bench sample clean prometheus azurite browser helm
