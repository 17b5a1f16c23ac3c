# Python >= 3.11 and make are all a machine needs; everything else is set up in .venv.

PORT ?= 8501
SEEDS ?= 10
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/.ready
# A test file stays on one core, and with it what its tests share, until another core has nothing left to do.
AT_ONCE := -n auto --dist worksteal
# Tests write many small files, and wait for the disk: they write to memory where 4 GB of it may be written to.
IN_MEMORY := $(shell df -Pk /dev/shm 2>/dev/null | awk '$$4 > 4000000 && $$6 == "/dev/shm" {print "TMPDIR=/dev/shm"}')

PIN := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	--no-annotate --upgrade

.DEFAULT_GOAL := help
.PHONY: help demo serve test test-long test-wheel coverage types check format docs texts screenshots sample evaluate inspect-report bench wheel requirements clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(READY): requirements.txt requirements-dev.txt pyproject.toml setup.py
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 found. Install one, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Setting up .venv (once, about a minute)"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt -r requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY) ## Load the sample and open the dashboard (PORT=8501)
	@$(BIN)/stepsight demo --port $(PORT)

serve: $(READY) ## Open the dashboard on your own data (PORT=8501)
	@$(BIN)/stepsight serve --port $(PORT)

test: $(READY) ## Run the whole test suite
	$(IN_MEMORY) $(BIN)/python -m pytest $(AT_ONCE)

test-long: $(READY) ## The same with the full-size versions of long tests
	$(IN_MEMORY) STEPSIGHT_LONG_TESTS=1 $(BIN)/python -m pytest $(AT_ONCE)

test-wheel: $(READY) ## Install the wheel into a clean environment elsewhere and use it (two minutes)
	$(BIN)/python -m pytest -n 0 -m wheel tests/test_wheel.py

coverage: $(READY) ## Run the whole test suite and list the lines that no test reaches (twice as long)
	$(BIN)/python -m coverage erase
	$(IN_MEMORY) $(BIN)/python -m coverage run -m pytest $(AT_ONCE)
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report

types: $(READY) ## Check the types
	$(BIN)/mypy

check: $(READY) ## Format, lint, types, tests: what must be green before landing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(MAKE) --jobs 2 types test

format: $(READY) ## Bring the code into form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(READY) ## Make the tables and the picture of the docs anew from the code
	$(BIN)/python -m etl.documentation
	$(BIN)/python -m metrics.documentation
	$(BIN)/python -m tests.architecture_picture

texts: $(READY) ## Add new texts of the pages to each language's file, drop those that are gone
	$(BIN)/python -m dashboard.language.catalogue

screenshots: $(READY) ## Picture every page, light, dark and on a phone, into screenshots/
	STEPSIGHT_SCREENSHOTS=screenshots $(BIN)/python -m pytest -q -n 0 tests/dashboard/browser/test_screenshots.py

sample: $(READY) ## Make data/sample anew; same seed, same bytes
	$(BIN)/python -m etl.simulator.sample

evaluate: $(READY) ## Simulate desks with planted trouble and print what is found (SEEDS=10, half an hour)
	$(BIN)/python -m tests.evaluation --seeds $(SEEDS) $(if $(PARTS),--parts $(PARTS))

inspect-report: $(READY) ## Print how far the mappings that inspect writes are right, per helpdesk (ONLY=zendesk)
	@$(BIN)/python -m tests.inspection $(ONLY)

bench: $(READY) ## Measure how long the large things take
	$(BIN)/python -m benchmarks.step_statistics
	$(BIN)/python -m benchmarks.load

wheel: $(READY) ## Build the source distribution, and the wheel from it, into dist/
	@$(BIN)/python -m build --no-isolation --outdir dist . >/dev/null
	@ls dist

requirements: ## Pin the newest versions, of what runs and of what develops (needs uv)
	$(PIN) pyproject.toml -o requirements.txt
	$(PIN) --group dev --constraints requirements.txt -o requirements-dev.txt

clean: ## Remove everything that can be made again, except loaded data
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist *.egg-info
