# dualcarbon: the usual commands. `make` or `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXCHANGE := .venv-exchange

# Modules are compiled once, not by each of the hundred processes that the tests start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test test-exchange bench-exchange lint bench clean schema

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /  make \1|/' | column -t -s '|'

run: $(VENV)/.core ## run the bundled scenarios into out/, with tables and figures
	$(BIN)/dualcarbon run scenarios/*.yaml -o out --plot --force

test: $(VENV)/.dev ## lint, types, import contracts, then the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto

test-exchange: $(EXCHANGE)/.ready ## exports against the real pyam and nomenclature (about 1 GB, in .venv-exchange)
	$(EXCHANGE)/bin/python -m pytest tests/exchange -o addopts= -o filterwarnings=ignore --import-mode=importlib -q -rs

bench-exchange: $(EXCHANGE)/.ready ## measure the export against pandas and pyam
	$(EXCHANGE)/bin/python -m pytest tests/bench/test_export_speed.py -o addopts= -o filterwarnings=ignore --import-mode=importlib -q -s

lint: $(VENV)/.dev ## mend what ruff can mend, then show what is left
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev ## measure speed and memory against the references in tests/bench
	$(BIN)/python -m pytest tests/bench --override-ini addopts= -q -s --benchmark-columns=min,median,rounds --benchmark-sort=name

schema: $(VENV)/.dev ## write scenarios/scenario.schema.json anew from the code
	$(BIN)/dualcarbon schema > scenarios/scenario.schema.json

clean: ## remove the environment, caches and out/
	rm -rf $(VENV) $(EXCHANGE) out .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.core: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.dev: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.core

$(EXCHANGE)/.ready: pyproject.toml tests/exchange/requirements.txt
	test -x $(EXCHANGE)/bin/python || $(PYTHON) -m venv $(EXCHANGE)
	$(EXCHANGE)/bin/python -m pip install --quiet --disable-pip-version-check -e '.[excel]' -r tests/exchange/requirements.txt
	@touch $@
