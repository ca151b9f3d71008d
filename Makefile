# Every target may be called from any folder (make -C), again and again.
#   PORT           where `make run` listens on 127.0.0.1          (default 8000)
#   CHAINRULE_DATA where `make run` keeps its database and logs   (default .chainrule)
#   PYTHON         the Python that .venv is made of               (default: the system's, from 3.11 on)
#   TORCH_INDEX    a package index with torch's CPU build, which saves gigabytes (optional)
#   TESTS          what `make test` runs                          (default: all)
#   LOCK           options of `make lock`, such as --upgrade      (default: none)
#   JOBS           in how many processes the tests run            (default: one a core)

SHELL := /bin/sh
# The system's own comes first: it is built with optimisations, and what pyenv builds by itself is not,
# which makes all that is Python take a third longer.
PYTHON ?= $(shell for p in /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && \
	echo $$p && exit; done; echo python3)
TORCH_INDEX ?=
PORT ?= 8000
CHAINRULE_DATA ?= .chainrule
TESTS ?=
JOBS ?= auto
export PORT CHAINRULE_DATA
unexport PYTHONDONTWRITEBYTECODE  # hundreds of processes would each compile everything anew

BOOTSTRAP = $(PYTHON) bootstrap.py --torch-index "$(TORCH_INDEX)"
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test test-fast test-compose mutants coverage check format lock bench assets \
	assets-check images images-check sbom licences example

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

setup: ## Make .venv and install Chainrule into it
	@command -v $(firstword $(PYTHON)) >/dev/null || { \
		echo "setup: there is no $(PYTHON) here. Install Python 3.11 or newer." >&2; exit 1; }
	@$(BOOTSTRAP)

setup-dev:
	@$(BOOTSTRAP) --dev

run: setup ## Start everything on this machine; Ctrl-C stops it
	@exec $(BIN)/chainrule up --with-parent

test: setup-dev ## Run all tests against the real things
	@$(BIN)/python -m pytest --numprocesses $(JOBS) $(TESTS)

test-fast: setup-dev ## Run what answers within a minute: no service, no browser, nothing long
	@$(BIN)/python -m pytest --numprocesses $(JOBS) -m "not stack and not long" $(TESTS)

coverage: setup-dev ## Run the tests and show which lines and branches none of them runs
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest --numprocesses $(JOBS) $(TESTS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

check: setup-dev ## Lint, formatting, types and the rules of who imports whom
	@$(BIN)/ruff check --no-cache .
	@$(BIN)/ruff format --no-cache --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: setup-dev ## Put the code into its format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

test-compose: setup-dev ## Build and start docker-compose.yml, hand in, kill containers, check
	@CHAINRULE_COMPOSE=1 $(BIN)/python -m pytest tests/compose --timeout 1800

images: ## Pin the images of docker-compose.yml by the digests that their tags have now
	@$(PYTHON) -m supply.images

images-check: ## Say which image has no digest yet
	@$(PYTHON) -m supply.images --check

sbom: ## Write sbom-web.json, sbom-worker.json, sbom-cell.json: what each built image holds
	@for part in web worker cell; do \
		docker run --rm -i --network none --entrypoint python chainrule-$$part - chainrule-$$part \
			<supply/sbom.py >sbom-$$part.json && echo "sbom-$$part.json" || exit 1; \
	done

licences: setup-dev ## Write LICENCES.md: the licence of everything that is shipped
	@$(BIN)/python -m supply.licences

mutants: setup-dev ## Put wrong files to the graders by the thousand; print and keep the table
	@$(BIN)/python -m tests.mutants

example: setup-dev ## Grade the files that pages show, as they are graded now
	@for name in swapped upstream_forgotten:sigmoid forward_only:product; do \
		file=docs/examples/$${name%:*}; exercise=$${name#*:}; \
		test $$exercise = $$name || only="--exercise $$exercise"; \
		$(BIN)/chainrule grade --json $$only $$file.py >$$file.json || exit 1; \
	done

lock: setup-dev ## Pin anew, with hashes, what pyproject.toml asks for
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python requirements/lock.py $(LOCK)

bench: setup-dev ## Measure latency and throughput on this machine
	@$(BIN)/python -m bench

assets: ## Build app/static/vendor anew from assets/; needs Node 18 or newer
	@cd assets && npm ci && npm run build

assets-check: ## Compare app/static/vendor with what assets/ builds; needs Node
	@cd assets && npm ci && npm run check
