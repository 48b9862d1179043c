# Every command of this project. Needs GNU make and Python 3.11 or newer; the rest is fetched into .venv
# (locked, with hashes) and into a cache outside the checkout. PYTHON=... names the Python that makes .venv.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
# The tests start hundreds of processes: each would compile the package anew.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
# Tests of the engine wait half of their time: two for each core.
WORKERS ?= $(shell echo $$(( 2 * $$(getconf _NPROCESSORS_ONLN) )))

.PHONY: help demo test trouble check docs engine lock audit clean venv tests

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' Makefile

demo: engine ## the whole guide against an offline Exchange, step by step (under a minute)
	@$(BIN)/area1 demo

test: check engine ## everything: check, then all tests up to the real engine (under 5 minutes)
	@$(MAKE) --no-print-directory tests

tests: venv
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

trouble: engine ## 1000 random schedules, 10000 hostile answers, a kill at every call (an hour or so)
	@SCHEDULES=$(SCHEDULES) BODIES=$(BODIES) SEED=$(SEED) $(BIN)/python tests/trouble/run.py

check: venv ## lint, formatting, types, import contracts, reference pages
	@echo "check: ruff" && $(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@echo "check: mypy" && $(BIN)/mypy
	@echo "check: import contracts" && $(BIN)/lint-imports
	@echo "check: pipelines" && BIN=$(BIN) .ci/pipeline-lint
	@echo "check: reference pages" && $(BIN)/python docs/generate.py --check

docs: venv ## write the reference pages and tables anew from the code
	@$(BIN)/python docs/generate.py

engine: venv ## find or obtain the Pulumi engine (the first time it may be built: 6 to 7 minutes)
	@$(BIN)/python -m area1_provider.engine >/dev/null

lock: venv ## write requirements.txt anew from pyproject.toml, keeping versions that still fit, and the wheel's bill of materials
	@$(BIN)/python .ci/lock.py

audit: venv ## look up what is locked at an advisory service (needs one: AUDIT="--vulnerability-service osv" takes another)
	@$(BIN)/python .ci/audit.py $(AUDIT)

clean: ## remove .venv and the tools' caches; the engine's cache stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage dist build
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

venv:
	@python=$$(sh .ci/find-python $(PYTHON)) && "$$python" .ci/venv.py
