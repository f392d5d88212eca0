# make run    set up what is missing, then run everything in the foreground (PORT=8000)
# make worker one more worker, on a machine whose servers are elsewhere (docs/operations.md)
# make test   set up with the development tools, then run every test on throw-away servers
# make setup  the set-up alone, development tools included
# make bench  what this machine does, against the goals (QUICK=1 small, ONLY=name one)
# make chaos  kill -9 at random through a small month; nothing may differ (CHAOS_S=600)
# make audit  known faults of what is locked, as a report
PYTHON ?= python3
# Every core tests, each with servers of its own.
SIDE_BY_SIDE = --numprocesses auto --maxprocesses 4 --dist worksteal

.PHONY: run worker test thorough bench chaos setup lint audit

run:
	@$(PYTHON) -m bss.embedded.setup
	@exec .venv/bin/python -m bss.embedded.supervisor

worker:
	@$(PYTHON) -m bss.embedded.setup
	@exec .venv/bin/python -m bss.embedded.supervisor.worker

setup:
	@$(PYTHON) -m bss.embedded.setup --develop

test: setup
	@.venv/bin/python -m pytest $(SIDE_BY_SIDE)

thorough: setup
	@.venv/bin/python -m pytest $(SIDE_BY_SIDE) -m "thorough or not thorough"

bench: setup
	@.venv/bin/python -m tests.bench

chaos: setup
	@.venv/bin/python -m tests.chaos

lint: setup
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/lint-imports
	@.venv/bin/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	@.venv/bin/django-upgrade --check --target-version 5.2 $$(git ls-files '*.py')
	@.venv/bin/mypy bss customers channels packages_wo billing orders complaints

audit: setup
	@.venv/bin/python -m bss.embedded.setup.advisories
