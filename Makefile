# One command for each intent; `make` alone lists them. What a command needs, it makes first.
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test check format lock bench storm mutants

PYTHON ?=
export PYTHON

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## make .venv with what the program needs, from requirements.lock
	@scripts/setup runtime

setup-dev: ## the same with what development needs, from requirements-dev.lock
	@scripts/setup dev

demo: setup ## see the program work: sandbox, queue, preview, publish, log
	@.venv/bin/bot demo

check: setup-dev ## format, lint, types and import contracts, without the tests
	@.venv/bin/ruff format --check
	@.venv/bin/ruff check
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo

test: check ## the whole check, as CI runs it
	@scripts/install-test-tools
	@.venv/bin/pytest -n auto --dist worksteal

format: setup-dev ## put the code into its format and mend what the linter can
	@.venv/bin/ruff check --fix-only --quiet
	@.venv/bin/ruff format

lock: setup-dev ## write the locks anew from pyproject.toml; newest versions: make lock UV_ARGS=--upgrade
	@scripts/lock $(UV_ARGS)

bench: setup-dev ## measure; benchmarks/README.md says what, and how to set a figure beside another library's
	@.venv/bin/python benchmarks/command_line.py
	@.venv/bin/python benchmarks/protocol.py
	@.venv/bin/python benchmarks/weighted_length.py

storm: setup-dev ## break the real program for MINUTES and count what is lost or doubled (SEED, WORKERS, ACCOUNTS, STORM_ARGS)
	@.venv/bin/python -m tests.storm --seed $(or $(SEED),1) --minutes $(or $(MINUTES),1) --workers $(or $(WORKERS),1) \
		--accounts $(or $(ACCOUNTS),10) $(STORM_ARGS)

mutants: setup-dev ## take each step of the protocol out of a copy and see which test fails: ten minutes; one: make mutants NAME=witness
	@.venv/bin/python scripts/mutate-protocol $(NAME)
