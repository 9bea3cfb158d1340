VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
LOWEST = $(VENV)/lowest
# What `make lowest` runs.
TESTS ?= tests/contract tests/hosting
HOST ?= 127.0.0.1
PORT ?= 8283
# The tests of a file go to one worker, so that what they share is set up once.
PARALLEL = --numprocesses=auto --dist=loadfile
# `make test RUN='coverage run'` also notes which lines are run; `make covered` tells of them.
RUN = python
# Told with Node; where there is none, or no registry to get the TypeScript SDK from, they are skipped.
PACKAGES = tests/typescript clients/typescript
STORIES = $(if $(shell command -v npm 2>/dev/null),$(PACKAGES:%=%/node_modules/.package-lock.json))

.PHONY: serve test check lint types coverage covered bench bench-peers bench-fleet bench-sync bench-streams package docs manifests oldest lowest matrix pythons terminal mutants nightly screenshots attack kills guided soak sdk-tests clean bench-recording

serve: $(VENV)/serving
	$(BIN)/mockletta serve --host $(HOST) --port $(PORT) $(ARGS)

test: $(VENV)/installed $(STORIES)
	$(BIN)/$(RUN) -m pytest $(PARALLEL) $(ARGS)

check: lint types coverage

lint: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed
	$(BIN)/mypy

coverage: $(VENV)/installed
	$(BIN)/coverage erase
	$(MAKE) test RUN='coverage run'
	$(MAKE) covered

covered: $(VENV)/installed
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --skip-covered --precision=2 --fail-under=99.95

bench: $(VENV)/installed
	$(BIN)/python -m bench --against bench/figures.json $(ARGS)

# Beside aimock, the nearest peer, in one run; needs Node.
bench-peers: $(VENV)/installed
	npm install --silent --no-save --prefix $(VENV)/peers @copilotkit/aimock@1.43
	$(BIN)/python -m bench.peers $(VENV)/peers $(ARGS)

# What a proxy costs and a second server brings; needs HAProxy.
bench-fleet: $(VENV)/installed
	$(BIN)/python -m bench.fleet $(ARGS)

# What a state file costs, by `--state-sync`.
bench-sync: $(VENV)/installed
	$(BIN)/python -m bench.state_sync $(ARGS)

# 10,000 streams held, 5,000 of them left, 1,000 never read.
bench-streams: $(VENV)/installed
	$(BIN)/python -m bench.held_streams $(ARGS)

# An hour of mixed traffic, and the chart of docs/speed.md.
soak: $(VENV)/installed
	$(BIN)/python -m bench.soak $(ARGS)

# What recording costs: requests, first frames and 1,000 streams through its proxy.
bench-recording: $(VENV)/installed
	$(BIN)/python -m bench.recording $(ARGS)

# Builds what a release has, checks it, and installs it in an environment of its own.
package: $(VENV)/installed
	rm -rf dist
	$(BIN)/uv build --quiet
	$(BIN)/uv tool run --quiet twine check --strict dist/*
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(VENV)/package
	$(BIN)/uv pip install --quiet --python $(VENV)/package/bin/python dist/*.whl
	$(VENV)/package/bin/mockletta serve --port 0 --seed demo --exec '$(VENV)/package/bin/mockletta wait'

# The documentation as a site, in site/.
docs: $(VENV)/installed
	$(BIN)/uv tool run --quiet --with mkdocs-material mkdocs build --strict --quiet

# Checks the manifests against the schemas of Kubernetes.
manifests: $(VENV)/installed
	$(BIN)/uv tool run --quiet kubernetes-validate --strict deploy/kubernetes/mockletta.yaml

# With the oldest SDK, and with the oldest that has conversations; `make matrix` takes all versions.
oldest: $(VENV)/installed
	$(BIN)/python -m tests.sdks 1.0.0 1.6.5 $(ARGS)

matrix: $(VENV)/installed
	$(BIN)/python -m tests.sdks $(ARGS)

# With the lowest versions of all packages that pyproject.toml declares.
lowest: $(LOWEST)/installed
	$(LOWEST)/bin/python -m pytest $(PARALLEL) $(TESTS) $(ARGS)

$(LOWEST)/installed: $(VENV)/installed
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(LOWEST)
	$(BIN)/uv pip install --quiet --python $(LOWEST)/bin/python --resolution lowest-direct \
		--editable '.[dev]'
	touch $@

pythons: $(VENV)/installed $(STORIES)
	$(BIN)/python -m tests.pythons $(ARGS)

# Talks to the server with the terminal client, in several versions from npm and PyPI.
terminal: $(VENV)/terminal/installed tests/terminal_client/node_modules/.package-lock.json
	$(BIN)/python -m pytest tests/terminal_client $(ARGS)

$(VENV)/terminal/installed: $(VENV)/installed
	$(PYTHON) -m venv $(VENV)/terminal
	$(VENV)/terminal/bin/pip install --quiet --disable-pip-version-check letta==0.34.12
	touch $@

tests/terminal_client/node_modules/.package-lock.json: tests/terminal_client/package.json
	-npm install --prefix tests/terminal_client --silent --no-package-lock && touch $@

# Changes the code in small ways, in a copy, and lists the changes that no test notices. ARGS selects
# some: `make mutants ARGS='mockletta.state.paging*'`. The settings are in pyproject.toml.
mutants: $(VENV)/mutmut
	$(BIN)/mutmut run $(ARGS)
	$(BIN)/mutmut results

$(VENV)/mutmut: $(VENV)/installed
	$(BIN)/pip install --quiet --disable-pip-version-check 'mutmut>=3.8,<4'
	touch $@

# The tests that the SDKs generate for themselves, against the world of its examples.
sdk-tests: $(VENV)/installed tests/typescript/node_modules/.package-lock.json
	$(BIN)/python -m tests.sdk_tests

# Random hostile requests, bytes, files and patterns: `make attack ARGS="--seconds 600 --seed 1"`.
attack: $(VENV)/installed kills
	$(BIN)/python -m tests.attack $(ARGS)

# Guided by coverage, over the parsers that read files; atheris has wheels for Linux only.
guided: $(VENV)/atheris
	$(BIN)/python -m tests.attack.guided $(ARGS)

$(VENV)/atheris: $(VENV)/installed
	$(BIN)/pip install --quiet --disable-pip-version-check 'atheris>=3,<4'
	touch $@

# Kills writers of state files; with the right to mount memory disks also on full ones.
kills: $(VENV)/installed
	$(BIN)/python -m tests.attack.kills

# What takes longer than continuous integration may. See tests/environment.py.
nightly: export NIGHTLY = 1
nightly: check attack guided matrix pythons terminal mutants manifests package docs sdk-tests
	$(MAKE) lowest TESTS=tests

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'mockletta needs Python 3.11 or newer: make PYTHON=python3.11'; exit 1; }
	@echo 'Setting up $(VENV), once...'
	$(PYTHON) -m venv $(VENV)
	touch $@

# What serving needs; tests and checks need more.
$(VENV)/serving: $(VENV)/made pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/installed: $(VENV)/made pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev,mcp]'
	touch $(VENV)/serving $@

%/node_modules/.package-lock.json: %/package-lock.json
	-npm ci --prefix $* --silent --fetch-retries=1 && touch $@

# Takes the pictures of docs/console.md; needs Chromium.
screenshots: $(VENV)/installed
	$(BIN)/python -m tests.console.screenshots

clean:
	rm -rf $(VENV)
