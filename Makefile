# Shangmen: `make help` says what there is. Everything below works in a fresh clone.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PORT ?= 8000
# The newest interpreter that the locked wheels exist for; `make run PYTHON=/path/to/python3.12` overrides it.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
FAMILY ?= strsp
DIR ?= bench
ENGINE ?= hybrid
SECONDS ?= 10
PYTEST := $(BIN)/python -m pytest

.PHONY: help run setup test test-backend test-routing test-installed test-pwa e2e test-ops check check-python check-pwa check-wheel check-routing-alone fmt api bench wheel lock pictures

help: ## what there is
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-19s %s\n", $$1, $$2}'

run: interpreter ## set up what is missing and serve the demo day at http://localhost:8000 (PORT=9000 moves it)
	@$(PYTHON) -m tools.bootstrap run --port "$(PORT)"

setup: interpreter ## set up what tests and checks need
	@$(PYTHON) -m tools.bootstrap setup

test: setup ## every test: back end on SQLite and PostgreSQL, routing, front end, journeys in Chromium
	@$(BIN)/python -m tools.run_tests

test-backend: setup ## back end only, on SQLite and PostgreSQL
	$(PYTEST) tests/backend

test-routing: setup ## routing only
	$(PYTEST) tests/routing

test-pwa: setup ## front-end unit tests
	npm --prefix pwa test

e2e: setup ## journeys and pages in a real Chromium
	$(PYTEST) tests/e2e

test-installed: setup ## the wheel in a clean environment; routing/ by itself, away from this clone
	@$(MAKE) --no-print-directory -j2 check-wheel check-routing-alone

check-wheel: setup
	$(BIN)/python -m tools.check_wheel

check-routing-alone: setup
	$(BIN)/python -m tools.check_routing_alone

test-ops: setup ## starting, stopping and several processes, as an operator does it
	$(PYTEST) tests/ops

check: setup ## lint, format, types, locks and the generated API client
	@$(MAKE) --no-print-directory -j2 check-python check-pwa

check-python: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m tools.check_locks
	@$(BIN)/shangmen openapi - | cmp --silent - docs/openapi.json || \
		{ echo "docs/openapi.json is not what the server serves: run 'make api' and commit it" >&2; exit 1; }

check-pwa: setup
	npm --prefix pwa run lint
	npm --prefix pwa run check
	npm --prefix pwa run size
	npm --prefix pwa run api:check

fmt: setup ## format Python and TypeScript
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .
	npm --prefix pwa run fmt

api: setup ## the OpenAPI document and the front end's client, after a change of the API
	$(BIN)/shangmen openapi docs/openapi.json
	npm --prefix pwa run api:generate

pictures: setup ## the README's pictures, taken from the running system (wants a Chinese font)
	$(BIN)/python -m tests.e2e.take_pictures

bench: setup ## routing against its peers: make bench FAMILY=strsp DIR=folder ENGINE=pyvrp SECONDS=10
	$(BIN)/uv pip install --python $(BIN)/python --quiet --require-hashes -r requirements-bench.lock
	$(BIN)/python -m routing.bench $(FAMILY) "$(DIR)" --engine $(ENGINE) --seconds $(SECONDS)

wheel: setup ## the installable package, pages included, into dist/
	$(BIN)/python -m tools.build_wheel

lock: setup ## resolve the Python dependencies again after a change in pyproject.toml
	$(BIN)/python -m tools.check_locks --write

.PHONY: interpreter
interpreter:
	@$(if $(PYTHON),:,echo "Shangmen needs Python 3.11 to 3.14 and found none. Install one, or name it: make run PYTHON=/path/to/python3.12" >&2; exit 1)
