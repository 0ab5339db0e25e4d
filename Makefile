# Redaksi. `make run` starts it, `make test` proves it; both set up what they need.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
JOBS   ?= auto

.PHONY: run setup test fast road real thorough postgres storm lint bench screens lock clean help

help:           ## what can be made
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: setup      ## set up and start Redaksi (web server and worker) with a sample office
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py sample_office --if-new
	@exec $(BIN)/python manage.py run

setup: $(VENV)/runtime.done ## make the virtual environment from requirements.lock

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Redaksi memerlukan Python 3.11 atau lebih baru. Coba: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Modul venv belum ada. Pada Debian/Ubuntu: apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/runtime.done: requirements.lock | $(VENV)/bin/python
	@echo "Memasang pustaka (sekali saja) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/test.done: requirements-test.lock $(VENV)/runtime.done
	@echo "Memasang alat uji (sekali saja) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

test: lint fast road real ## everything: lint, the fast suite, the road, the suites against real parts

lint: $(VENV)/test.done ## ruff, mypy, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

# Tests start many programs; each would compile our modules anew.
fast road real: export PYTHONDONTWRITEBYTECODE =

# What fails is tried once more, alone, and named when it passes then: a peer on a busy machine may stumble,
# a fault of ours fails twice.
twice = $(BIN)/python -m pytest $(1) -n $(JOBS) -q || { [ $$? -eq 1 ] && echo "Once more, alone:" && \
  $(BIN)/python -m pytest $(1) -n 0 -q -rA --last-failed --last-failed-no-failures none --maxfail 3 --show-capture no; }

fast: $(VENV)/test.done ## the tests that need no real part
	@$(call twice,-m "not real" --ignore tests/pipeline --ignore tests/real)

road: $(VENV)/test.done ## the tests that walk the whole road again and again, killed at every step too
	@$(call twice,tests/pipeline -m "not real")

# A file's tests share a server or a program that is started once.
BY_FILE = --dist loadfile --no-loadscope-reorder

real: $(VENV)/test.done ## the tests against Dovecot, WordPress and Chromium
	@$(BIN)/python -m tests.real.prepare
	@$(call twice,-m "real and not thorough" $(BY_FILE))

thorough: $(VENV)/test.done ## the further cases of those suites: before a release
	@$(BIN)/python -m tests.real.prepare
	@$(call twice,-m "real and thorough" $(BY_FILE))

postgres: $(VENV)/test.done ## the tests of newsroom, web and road once more, with their rows on PostgreSQL
	@$(BIN)/python -m tests.real.postgres tests/newsroom tests/web tests/pipeline -m "not real and not sqlite" -n $(JOBS) -q

storm: $(VENV)/test.done ## the whole product in bad weather on real WordPress: STORIES=100 MINUTES=6 SEED=…
	@$(BIN)/python -m tests.real.prepare
	@$(BIN)/python -m tests.real.storm --stories $(or $(STORIES),100) --minutes $(or $(MINUTES),6) $(if $(SEED),--seed $(SEED))

screens: $(VENV)/test.done ## pictures of every page, into docs/screens/
	@$(BIN)/python -m tests.real.screens

bench: $(VENV)/test.done ## measure, beside a stated floor in the same run
	@$(BIN)/python -m bench

lock:           ## renew the pinned versions
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header \
	  --no-emit-index-url --upgrade pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header \
	  --no-emit-index-url --upgrade --extra test -c requirements.lock pyproject.toml -o requirements-test.lock

clean:          ## remove what was made, never var/
	rm -rf $(VENV) .cache .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
