# StudyHub: `make demo` to try it, `make test` to trust it.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PORT ?= 8000
DATA ?= instance/demo
export PYTHONPATH := $(CURDIR)

.PHONY: demo test check quick bench install

# What a developer runs before each landing: fast, no browser.
quick:
	$(BIN)/ruff format --quiet studyhub tests migrations benchmarks
	$(BIN)/ruff check --quiet studyhub tests migrations benchmarks
	$(BIN)/mypy studyhub
