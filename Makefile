# Debrief: run `make` for the list of targets.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
RECORDING ?=
HEADLESS ?=
ONLY ?=
TARGETS := help demo test check format bench screenshots player lock clean

.PHONY: $(TARGETS)

help: ## Show this list
	@echo "make TARGET, with one of:"
	@grep -hE '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  %-12s %s\n", $$1, $$2}'

demo: $(VENV)/.installed ## Process the sample lesson (or RECORDING=file) and open the reviewer; HEADLESS=1 only processes
	@$(BIN)/debrief demo $(if $(RECORDING),--recording "$(RECORDING)") $(if $(HEADLESS),--headless)

test: $(VENV)/.installed-dev ## Run the tests; what is missing on this machine is named at the end
	@$(BIN)/python -m pytest $(PYTEST)

check: $(VENV)/.installed-dev ## Format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(VENV)/.installed-dev ## Bring the sources into the house's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.installed-dev ## Measure every figure (or ONLY=group) and print the table
	@$(BIN)/python -m bench $(if $(ONLY),--only $(ONLY))

screenshots: $(VENV)/.installed-dev ## Take docs/screenshots/ of every page at three widths (needs Chromium)
	@$(BIN)/python -m tests.journeys.screenshots

player: ## Build the player from its TypeScript (needs Node; users don't)
	cd review/ui/player && npm ci --no-audit --no-fund && npm run check && npm test && npm run build

lock: ## Choose versions anew and write them down with their hashes (needs uv)
	uv pip compile -q --upgrade --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 -c requirements.lock pyproject.toml --group dev -o requirements-dev.lock

clean: ## Remove what was built and installed; recordings and comments (var/) stay
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache bench/work *.egg-info

ifdef UV
INSTALL = uv pip install -q --python $(BIN)/python
VENV_MADE = uv venv -q --allow-existing --python $(PYTHON) $(VENV)
else
INSTALL = $(BIN)/python -m pip install -q --disable-pip-version-check
VENV_MADE = $(PYTHON) -m venv $(VENV)
endif

$(VENV)/.installed: requirements.lock pyproject.toml debrief.py
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { echo "Debrief needs Python 3.11 to 3.13; say which with: make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "Installing Debrief into $(VENV) (once, a minute or two) ..." >&2
	@$(VENV_MADE)
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@echo "Installing the test tools into $(VENV) ..." >&2
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

# A typo prints the list of targets instead of make's bare complaint.
%:
	@echo "There is no target '$@'." >&2
	@$(MAKE) --no-print-directory -s help >&2
	@exit 2
