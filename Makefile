# The project's tasks. A bare machine with python3, git and make is enough; `make` alone lists them.

.DEFAULT_GOAL := help
.PHONY: help setup demo test coverage check format bench catalogue docs clean

# Without bytecode every command would start two to three times slower.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
LOCALES := newsletter/locale
TEMPLATE := build/newsletter.pot
# How many tests run at once (a third of their time is waiting, so more than cores), and what else pytest is told:
# make test WORKERS=8 ARGS="-k sms"
WORKERS ?= 3
ARGS ?=

help: ## List these tasks
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Make .venv with all it needs (the other tasks do this themselves)
	@scripts/setup.sh

demo: setup ## Walk a sample newsroom from first article to who unsubscribed, in demo/
	@$(BIN)/newsletter demo demo

test: setup ## Run every test, slow ones included
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile $(ARGS)

coverage: setup ## Run every test and list the lines and branches none of them reached
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --cov $(ARGS)

check: setup ## Check format, lint, types, the direction of imports, and the installed packages
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m pip check --disable-pip-version-check

format: setup ## Put the code into the one format, and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: setup ## Measure against the budgets
	@$(BIN)/python -m tests.benchmarks $(ARGS)

catalogue: setup ## Gather the sentences users see, update the translations, compile them
	@mkdir -p build
	@$(BIN)/python -m babel.messages.frontend --quiet extract --mapping-file babel.cfg --no-default-keywords \
		--keyword _ --keyword gettext --keyword mark --keyword ngettext:1,2 --add-location file --sort-by-file --no-wrap \
		--project mobile-newsroom --output-file $(TEMPLATE) .
	@$(BIN)/python -m babel.messages.frontend --quiet update --input-file $(TEMPLATE) --output-dir $(LOCALES) \
		--domain newsletter --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap
	@$(BIN)/python hatch_build.py $(LOCALES)/*/LC_MESSAGES/*.po

docs: setup ## Write docs/reference from the program's own help and tables
	@$(BIN)/python scripts/write_reference.py docs/reference

clean: ## Remove what the other tasks made, .venv excepted
	@rm -rf build dist demo .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@find newsletter tests scripts -name __pycache__ -prune -exec rm -rf {} +
