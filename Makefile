VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8283

.PHONY: serve test check lint types coverage bench oldest clean

serve: $(VENV)/installed
	$(BIN)/mockletta serve --host $(HOST) --port $(PORT) $(ARGS)

test: $(VENV)/installed
	$(BIN)/python -m pytest $(ARGS)

check: lint types coverage

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed
	$(BIN)/mypy

coverage: $(VENV)/installed
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage report --fail-under=100

bench: $(VENV)/installed
	$(BIN)/python -m bench $(ARGS)

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV)
