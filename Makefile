# Porchlight. `make run` and `make test` install what they need; the others assume nothing either.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not (3,11) <= sys.version_info[:2] < (3,14))' 2>/dev/null && { echo $$p; break; }; done)
V := .venv/bin
PACK := build/atlas/chicago
NODE = $(V)/python packaging/npm.py

.PHONY: help run tour test check format bench attack bundle smoke clean system lock pack pack-ny web

help: ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: system .venv/ready web pack ## open the console in the training city (without a display: the tour)
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ] || [ "$$(uname)" = Darwin ]; then $(V)/python -m console; else $(MAKE) --no-print-directory tour; fi

tour: system .venv/ready web pack ## the main job, driven by mouse and keys on a virtual display
	@$(V)/python -m tests.tour
	@$(V)/python -m tests.tour.map
	@$(V)/python -m tests.tour.feed

test: system .venv/ready web pack ## every test, the journeys with real processes included
	@$(V)/python packaging/run_tests.py

check: system .venv/ready web ## format, lint, types, imports
	@$(V)/ruff format --check .
	@$(V)/ruff check .
	@$(V)/mypy
	@$(V)/lint-imports --no-cache

format: .venv/ready ## mend what can be mended
	@$(V)/ruff format .
	@$(V)/ruff check --fix .

bench: system .venv/ready web pack ## figures as JSON lines, each with its limit of the same run
	@$(V)/python -m tests.bench

attack: system .venv/ready pack pack-ny ## the attacker program in full: tens of thousands of requests against the rules
	@$(V)/python -m tests.attacker

bundle: system .venv/ready web pack ## a folder that runs on its own (PyInstaller)
	@PYTHONHASHSEED=0 SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct)} $(V)/pyinstaller --noconfirm --log-level WARN --distpath dist --workpath build/pyinstaller packaging/porchlight.spec

smoke: ## start the bundle, wait for its map, reject any surprise
	@$(V)/python packaging/smoke.py dist/porchlight/porchlight

system: ## system libraries, by apt where it may
	@packaging/system-packages

.venv/ready: packaging/dev.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Porchlight needs Python 3.11, 3.12 or 3.13. Install one (Debian: apt install python3 python3-venv) and try again."; exit 1; }
	@echo "Python packages: making .venv from packaging/dev.lock"
	@$(PYTHON) -m venv .venv
	@$(V)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r packaging/dev.lock
	@$(V)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

web: resources/web/dist/map.js ## the map page's scripts and styles
resources/web/dist/map.js: .venv/ready $(wildcard resources/web/src/*) resources/web/build.mjs resources/web/package-lock.json
	@echo "Web assets: installing and bundling the map page's parts"
	@cd resources/web && ../../$(V)/python ../../packaging/npm.py ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@cd resources/web && ../../$(V)/python ../../packaging/npm.py run --silent build
	@touch $@

pack: .venv/ready ## the Chicago training city
	@$(V)/python -m console.training.chicago $(PACK)

pack-ny: .venv/ready ## a second city: New York's precincts, without streets
	@$(V)/python -m console.training.new_york build/atlas/new_york

lock: ## write the lock files anew
	@python3 -m venv build/uv && build/uv/bin/pip install --quiet uv
	@build/uv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet pyproject.toml --output-file packaging/runtime.lock
	@build/uv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet pyproject.toml --group dev --output-file packaging/dev.lock

clean: ## remove everything that was made
	@rm -rf .venv build dist resources/web/dist resources/web/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
