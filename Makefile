# Every target makes .venv first if it is missing or older than its requirements.
PYTHON ?= python3
BIN := .venv/bin

# Bytecode is kept: without it each process of the tests compiles everything again, which is half of its start.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo playground browser node test faults soak year properties fuzz check format documents requirements bench profile run help

help:
	@echo "make demo    two whole stories against the Slack and Discord playgrounds, printed as they happen"
	@echo "make playground  both platforms and the bot in a browser; ARGUMENTS='--port 8025 --data build/playground'"
	@echo "make test    the test suite"
	@echo "make faults  the proofs that take minutes: kills, faults, power cuts (needs strace)"
	@echo "make soak    1,000 kills"
	@echo "make browser the playground's page in a real browser (needs Chromium)"
	@echo "make node    bots on the JavaScript SDKs against the playground (needs Node.js 20.18)"
	@echo "make year    promises of 100,000 tickets, reckoned and counted minute by minute"
	@echo "make properties  what holds for every text and every order, tried ten times as hard as in the suite"
	@echo "make fuzz    payloads and texts by what they reach, for SECONDS=300"
	@echo "make bench   measurements against baselines of the same run; SUBJECTS=intake for one of them"
	@echo "make profile where the time of a message goes"
	@echo "make check   formatting, lint, types, import contracts"
	@echo "make documents  docs/configuration.md, made of what the settings say of themselves, and the table in docs/playground.md"
	@echo "make run     the bot, with the settings in .env"

demo: .venv/.demo
	@$(BIN)/chatdesk demo

playground: .venv/.playground
	@$(BIN)/chatdesk playground $(ARGUMENTS)

run: .venv/.demo
	@$(BIN)/chatdesk run

test: .venv/.dev
	@$(BIN)/pytest --numprocesses auto

faults: .venv/.dev
	@$(BIN)/pytest tests/faults -m matrix --numprocesses 8
	@$(BIN)/pytest tests/faults -m "kill or power_cut or replicas"

year: .venv/.dev
	@$(BIN)/pytest tests/domain/test_sla_year.py -m year

properties: .venv/.dev
	@CHATDESK_EFFORT=10 CHATDESK_FUZZ_TRIES=1000 $(BIN)/pytest tests/properties tests/fuzz --numprocesses auto --timeout 900

browser: .venv/.dev
	@$(BIN)/pytest tests/browser -m browser

# Without Node.js the tests say so and are skipped.
node: .venv/.dev
	@if command -v npm > /dev/null; then npm ci --silent --prefix tests/playground/node; fi
	@$(BIN)/pytest tests/playground/node -m node

soak: .venv/.dev
	@CHATDESK_KILLS=1000 $(BIN)/pytest tests/faults/test_kill.py -m kill

fuzz: .venv/.fuzz
	@$(BIN)/python -m tests.fuzz.guided -max_total_time=$(or $(SECONDS),300)

bench: .venv/.dev
	@$(BIN)/python -m bench $(SUBJECTS)

profile: .venv/.dev
	@$(BIN)/python -m bench.profile

check: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

documents: .venv/.demo
	@$(BIN)/chatdesk config document > docs/configuration.md.new
	@mv docs/configuration.md.new docs/configuration.md
	@test -z "$$CHATDESK_REFERENCE_DIR" || $(BIN)/python -m chatdesk_playground.table docs/playground.md

.venv/.demo: requirements/run.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.playground: requirements/playground.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/playground.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@ .venv/.demo

.venv/.dev: requirements/dev.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@ .venv/.demo .venv/.playground

.venv/.fuzz: requirements/fuzz.txt .venv/.dev
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/fuzz.txt
	@touch $@

# Needs uv. Writes no address of a package index.
requirements:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --output-file requirements/run.txt pyproject.toml requirements/build.in
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --extra playground --output-file requirements/playground.txt pyproject.toml requirements/build.in
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --group dev --output-file requirements/dev.txt pyproject.toml requirements/build.in
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --output-file requirements/fuzz.txt requirements/fuzz.in
