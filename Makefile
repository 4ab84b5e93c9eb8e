# One front door for every task; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
SITE_ARGS ?= --strict
export NO_MKDOCS_2_WARNING := 1

.DEFAULT_GOAL := help
.PHONY: help site serve test lint types generate check format clean

help: ## List the tasks
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 12

$(INSTALLED): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@

site: $(INSTALLED) ## Build the sample knowledge base and the documentation into site/
	$(BIN)/mkdocs build $(SITE_ARGS)
	@echo "The site is in site/. To look at it, run 'make serve' and open http://127.0.0.1:8000/"

serve: $(INSTALLED) ## Serve the site on this machine and follow changes
	$(BIN)/mkdocs serve

test: $(INSTALLED) lint types ## Everything: lint, types, tests, the browser where there is a Chromium
	$(BIN)/mkdocs-incident check --as-of 2025-10-01 --fail-on warning
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

lint: $(INSTALLED) ## Style of the code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED) ## Types of the code
	$(BIN)/mypy

generate: $(INSTALLED) ## Write the generated pages of the documentation and the texts to translate
	$(BIN)/python scripts/generate_docs.py
	$(BIN)/python scripts/update_catalogue.py

check: $(INSTALLED) ## Run this project's own gate on its own records
	$(BIN)/mkdocs-incident check

format: $(INSTALLED) ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## Remove what the tasks have made
	rm -rf $(VENV) site build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
