# Each target sets up what it needs. The only thing that must be there is Python 3.11 or newer.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python -m

.DEFAULT_GOAL := help
.PHONY: help check test lint types walls bench format clean

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1). Set PYTHON=…"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "Python cannot make a virtual environment; on Debian: apt install python3-venv"; exit 1; }

# A line in a .pth file finds the checkout; setuptools' usual finder is a module that every start of
# Python in this environment would import, 13 ms each time.
EDITABLE := --config-settings editable_mode=compat --editable

$(VENV)/checker: pyproject.toml | $(BIN)/python
	@echo "Installing the checker into $(VENV) …" >&2
	@$(BIN)/pip install --quiet --disable-pip-version-check $(EDITABLE) .
	@# Where PYTHONDONTWRITEBYTECODE is set, every run would compile the checker anew.
	@$(RUN) compileall -q checker
	@touch $@

$(VENV)/dev: pyproject.toml | $(BIN)/python
	@echo "Installing the tools of development into $(VENV) …" >&2
	@$(BIN)/pip install --quiet --disable-pip-version-check $(EDITABLE) '.[dev]'
	@$(RUN) compileall -q checker
	@touch $@ $(VENV)/checker

EXERCISE ?= exercise1

check: $(VENV)/checker ## Check an exercise (EXERCISE=exercise1); the place to begin
	@$(RUN) checker $(EXERCISE); code=$$?; [ $$code -le 1 ] || exit $$code; \
	  echo; echo "That was: $(BIN)/python -m checker $(EXERCISE)"

test: $(VENV)/dev ## Run every test this machine allows, lint, types and walls among them
	@$(RUN) pytest -n 2 --dist loadgroup

lint: $(VENV)/dev ## Style
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/dev ## Strict types
	@$(BIN)/mypy

walls: $(VENV)/dev ## The walls between the rooms
	@$(BIN)/lint-imports

format: $(VENV)/dev ## Format the code
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

bench: $(VENV)/dev ## Measure, beside the peers that are here, and write the book's page
	@# Both, though the first may fail: it does where a goal is missed.
	@$(RUN) tests.benchmarks; code=$$?; \
	  $(RUN) pytest tests/benchmarks --benchmark-only --override-ini testpaths=tests/benchmarks \
	  && exit $$code

clean: ## Remove what was built
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache book/_build book/_widget/dist book/_widget/node_modules

include book/book.mk
-include tests/cluster/cluster.mk
-include tests/live/live.mk
