# StudyHub: `make demo` to try it, `make test` to trust it. Both need Python 3.11-3.13 and make, no more.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PORT ?= 8000
DATA ?= instance/demo
export PYTHONPATH := $(CURDIR)

CODE = studyhub tests migrations benchmarks
RUN = $(VENV)/.installed
DEVELOP = $(VENV)/.installed-develop

.PHONY: demo test check quick bench clean

demo: $(RUN)
	$(BIN)/python -m studyhub demo --port $(PORT) --data-dir $(DATA)

test: $(DEVELOP)
	$(BIN)/python -m tests.machine
	$(BIN)/python -m pytest -n 2 --dist loadscope

check: $(DEVELOP)
	$(BIN)/ruff check --quiet $(CODE)
	$(BIN)/ruff format --quiet --check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint studyhub
	$(BIN)/python -m studyhub.web.catalogue check
	$(BIN)/python -m pytest -q tests/migrations tests/architecture

# What a developer runs before each landing: fast, no browser, formats what it can.
quick:
	$(BIN)/ruff format --quiet $(CODE)
	$(BIN)/ruff check --quiet $(CODE)
	$(BIN)/mypy

bench: $(DEVELOP)
	$(BIN)/python -m benchmarks

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(RUN): setup.cfg constraints.txt | $(VENV)/bin/python
	@echo "Installing into $(VENV). This happens once and takes about a minute."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(DEVELOP): setup.cfg constraints.txt | $(VENV)/bin/python
	@echo "Installing into $(VENV), with what tests and checks need. This happens once."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test,check]'
	touch $@ $(RUN)

clean:
	rm -rf $(VENV) instance build dist *.egg-info
