# Every recipe sets up what it needs in .venv first; a second run starts at once.
# PYTHON=python3.12 chooses the interpreter, ARGS="…" is handed on to pytest.

SHELL := /bin/sh
BIN := .venv/bin
export PYTHONUNBUFFERED := 1
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo agent test test-all check lint fix acceptance reliability mutants bench screenshots docs wheel messages locks clean

help:  ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

demo:  ## Set everything up and run the panel with demo data
	@scripts/bootstrap panel
	@exec $(BIN)/python -m panel.demo

agent:  ## Connect a scripted client to the running demo
	@scripts/bootstrap panel agent
	@$(BIN)/python -m panel.agent || [ $$? -eq 1 ]  # 1: it was cut off, as it should be

test:  ## Set everything up and run the tests
	@scripts/bootstrap test
	@scripts/test $(ARGS)

test-all:  ## The tests on every Python and database found
	@scripts/test-all $(ARGS)

check: export COVERAGE = yes
check: lint test docs wheel  ## What "done" means: lint, tests with coverage, docs, wheel

lint:  ## Judge style, types, import directions, migrations, spelling; write nothing
	@scripts/bootstrap test dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo
	env -u TEST_POSTGRES_URL $(BIN)/python manage.py makemigrations --check --dry-run --settings tests.settings
	$(BIN)/typos
	find src panel -name '*.html' -exec $(BIN)/djade --target-version 5.2 --check {} +

fix:  ## Let the tools mend what they can
	@scripts/bootstrap test dev
	-$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	find src panel -name '*.html' -exec $(BIN)/djade --target-version 5.2 {} +

acceptance:  ## Other people's clients against the panel (npm needed; Node 22 comes from the lock)
	@scripts/bootstrap test
	@scripts/bootstrap-clients
	$(BIN)/python -m pytest -m acceptance $(ARGS)

reliability:  ## The long runs
	@scripts/bootstrap test
	$(BIN)/python -m pytest -m reliability -o faulthandler_timeout=3600 $(ARGS)

mutants:  ## Change the code in small ways; a test should notice (ARGS names rooms)
	@scripts/bootstrap test
	env -u TEST_POSTGRES_URL $(BIN)/python -m tests.mutants $(ARGS)

bench:  ## The benchmarks, each beside its floor
	@scripts/bootstrap test
	env -u TEST_POSTGRES_URL $(BIN)/python -m pytest -m bench -o faulthandler_timeout=3600 $(ARGS)
	[ -z "$$TEST_POSTGRES_URL" ] || $(BIN)/python -m pytest -m bench -o faulthandler_timeout=3600 $(ARGS)

screenshots:  ## Take the pictures in docs/images anew (Chromium needed)
	@scripts/bootstrap test
	$(BIN)/python -m tests.screenshots

docs:  ## Build the documentation into docs/_build; a warning is an error
	@scripts/bootstrap docs
	$(BIN)/python -m sphinx -W --keep-going -n -q -b html docs docs/_build
	@echo "Built: docs/_build/index.html"

wheel:  ## Build the wheel into dist and look at what is in it
	@scripts/bootstrap test
	$(BIN)/python -m hatchling build -t wheel -d dist
	$(BIN)/python -m pytest -q tests/architecture/test_wheel.py

messages:  ## Bring the translation catalogues up to date (gettext needed)
	@scripts/bootstrap test
	@scripts/messages

locks:  ## Make requirements/*.txt anew (UPGRADE=--upgrade takes newer releases)
	@scripts/bootstrap dev
	@scripts/locks $(UPGRADE)

clean:  ## Remove what building and testing leave behind, the environment too
	rm -rf .venv .venv-* dist docs/_build .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis tests/acceptance/node_modules
