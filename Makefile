# The site's commands; plain `make` lists them.
# They need Python 3.11 or newer, GNU make and a package index, and find or install the rest.
# Settings pass through: `make run PORT=9000`, `PYTHON=/path/to/python3 make test`.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.SILENT:
.DEFAULT_GOAL := help
.PHONY: help run test test-next lint format bench bench-search drill screenshots pictures lock clean

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
PYTHONS = $(or $(PYTHON),python3.13 python3.12 python3.11 python3)
NEWER_PYTHONS = $(or $(PYTHON_NEXT),python3.14 python3.13 python3.12 python3)

# Node.js trusts the authorities that it was built with; the machine's own may be others.
node_options = --use-system-ca

# Recipes that need a Python environment begin with these functions.
define functions
fail() { echo "$$*" >&2; exit 1; }

# Installs Debian packages where that needs no question: as root, or with a sudo that does not ask.
debian_install() {
    local sudo=()
    [ "$$(id -u)" = 0 ] || sudo=(sudo -n)
    command -v apt-get >/dev/null && "$${sudo[@]}" true 2>/dev/null || return 1
    echo "Installing Debian's $$* …"
    local said
    said=$$("$${sudo[@]}" apt-get update -qq </dev/null 2>&1 &&
        "$${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -qq --no-install-recommends "$$@" </dev/null 2>&1) ||
        { echo "$$said" >&2; return 1; }
}

# find_python MINOR NAME…: the first NAME that runs (a pyenv shim may not) and is 3.MINOR or newer.
find_python() {
    local minor=$$1 name; shift
    for name; do
        if "$$name" -c "import sys; sys.exit(sys.version_info < (3, $$minor))" &>/dev/null; then
            echo "$$name"; return
        fi
    done
    return 1
}

# make_venv FOLDER PYTHON: by the first way that this Python has.
make_venv() {
    [ -w . ] || fail "Cannot write in $$PWD: make the folder yours, or copy the project elsewhere."
    rm -rf "$$1"
    local package; package=$$("$$2" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')
    if "$$2" -c 'import ensurepip, venv' &>/dev/null; then "$$2" -m venv "$$1"
    elif "$$2" -m virtualenv --version &>/dev/null; then "$$2" -m virtualenv -q "$$1"
    elif command -v virtualenv >/dev/null; then virtualenv -q -p "$$2" "$$1"
    elif "$$2" -c 'import pip, venv' &>/dev/null; then
        "$$2" -m venv --without-pip "$$1"
        "$$2" -m pip --python "$$1/bin/python" install -q pip
    elif debian_install "$$package"; then "$$2" -m venv "$$1"
    else fail "This Python has no venv module: run 'apt-get install $$package' as root first."
    fi || fail "Could not make the environment $$1 with $$2."
}

# environment FOLDER LOCK PYTHON: installs LOCK into FOLDER unless it is what is there already.
# A FOLDER that works keeps its Python; `make clean` comes before a change of it.
environment() {
    local python=$$1/bin/python
    if ! "$$python" -c 'import pip' &>/dev/null; then make_venv "$$1" "$$3"; fi
    if cmp -s "$$2" "$$1/$$2"; then return; fi
    [ -w "$$1" ] || fail "Cannot write in $$PWD/$$1: remove it, or make it yours."
    echo "Installing $$2 into $$1 …"
    rm -f "$$1/$$2"
    "$$python" -m pip install --quiet --require-hashes -r "$$2" ||
        fail "Could not install $$2: pip says why above (no network, or no package index?)."
    cp "$$2" "$$1/$$2"
}

# main_environment LOCK: requirements-dev.txt holds requirements.txt, so .venv serves both.
main_environment() {
    local python
    python=$$(find_python 11 $(PYTHONS)) ||
        fail "No Python 3.11 or newer found ($(PYTHONS)): install one, or set PYTHON=/path/to/it."
    environment .venv "$$1" "$$python"
    if [ "$$1" = requirements-dev.txt ]; then cp requirements.txt .venv/; fi
}

# static_server: unpacks Debian's nginx into .venv/nginx, where the machine has none. Installed as a
# package it would begin to serve. Where it cannot be had, the tests use Python's own server.
static_server() {
    local folder=.venv/nginx update=(sudo -n apt-get update -qq)
    if PATH=$$PATH:/usr/sbin command -v nginx >/dev/null || [ -d $$folder ]; then return; fi
    command -v apt-get >/dev/null || return 0
    echo "Unpacking Debian's nginx into $$folder …"
    [ "$$(id -u)" != 0 ] || update=("$${update[@]:2}")
    mkdir $$folder
    (
        cd $$folder
        apt-get download -qq nginx || { "$${update[@]}" && apt-get download -qq nginx; }
        dpkg-deb -x nginx_*.deb .
    ) </dev/null &>/dev/null || rm -rf $$folder
}

# checkers: installs what tests/checkers/package-lock.json names into .venv/checkers, once.
checkers() {
    local given=tests/checkers folder=.venv/checkers
    if cmp -s $$given/package-lock.json $$folder/installed; then return; fi
    echo "Installing $$given/package-lock.json into $$folder …"
    rm -rf $$folder
    mkdir $$folder
    cp $$given/{.npmrc,package.json,package-lock.json} $$folder
    (cd $$folder && NODE_OPTIONS=$(node_options) ../bin/npm ci --loglevel=error >/dev/null) ||
        fail "Could not install the checkers: npm says why above (no network, or no package index?)."
    cp $$given/package-lock.json $$folder/installed
}
endef

help: ## list the commands
	sed -nE 's/^([a-z-]+): ## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

run: ## make everything ready and serve the site at HOST:PORT (127.0.0.1:8000)
	$(functions)
	main_environment requirements.txt
	.venv/bin/python -m config.environment
	.venv/bin/python manage.py prepare
	exec .venv/bin/python manage.py serve

# A test file stays in one process, which makes what its tests share once.
pytest = pytest -n auto --maxprocesses 4 --dist loadfile

# PostgreSQL first: the run with every test comes last, so that its summary ends the output.
test: ## run every test, on PostgreSQL and on SQLite (ARGS="-k words" for some of them)
	$(functions)
	main_environment requirements-dev.txt
	checkers
	static_server
	if ! .venv/bin/python -m tests.environment 2>/dev/null; then
	    debian_install chromium fonts-liberation libatomic1 || true
	fi
	.venv/bin/python tests/with_postgres.py \
	    .venv/bin/python -m $(pytest) -m "not browser" $(ARGS) || $(unless_none_chosen)
	env -u DATABASE_URL .venv/bin/python -m $(pytest) $(ARGS)

test-next: ## run the tests on the next Django (SQLite), where a Python >= 3.12 is found
	$(functions)
	IFS=: read -ra path <<<"$$PATH"
	pyenv=()
	for folder in "$${path[@]}" "$${HOME-}/.pyenv/shims"; do
	    if [[ $$folder == */shims ]]; then pyenv+=("$${folder%shims}"versions/3.*/bin/python); fi
	done
	if ! python=$$(find_python 12 $(NEWER_PYTHONS) "$${pyenv[@]}"); then
	    echo "Tests on the next Django skipped: they need Python 3.12 or newer;" \
	         "install one, or set PYTHON_NEXT=/path/to/it."
	    exit 0
	fi
	main_environment requirements-dev.txt
	checkers
	static_server
	environment .venv-next requirements-next.txt "$$python"
	env -u DATABASE_URL .venv-next/bin/python -m $(pytest) -m "not browser" $(ARGS)

# pytest's 5, "no test ran", is no failure where ARGS chose tests that are not for PostgreSQL.
unless_none_chosen = { status=$$?; $(if $(ARGS),[ $$status = 5 ] ||) exit $$status; }

templates = find templates -name '*.html' -print0 | xargs -0 -r .venv/bin/djade

lint: ## check the code and the templates
	$(functions)
	main_environment requirements-dev.txt
	.venv/bin/python -m ruff check
	.venv/bin/python -m ruff format --check
	$(templates) --check

format: ## rewrite the code and the templates in the house style
	$(functions)
	main_environment requirements-dev.txt
	.venv/bin/python -m ruff check --fix-only --quiet
	.venv/bin/python -m ruff format
	$(templates)

bench: ## measure the site (scripts in tests/benchmarks)
	$(functions)
	main_environment requirements-dev.txt
	shopt -s nullglob
	scripts=(tests/benchmarks/[!_]*.py)
	[ $${#scripts[@]} != 0 ] || echo "There is no benchmark yet."
	for script in "$${scripts[@]}"; do PYTHONPATH=. .venv/bin/python "$$script" $(ARGS); done

QUERIES ?= ../shared/search

bench-search: ## measure search on real pages and questions (QUERIES=folder, MANY=50000)
	$(functions)
	main_environment requirements-dev.txt
	PYTHONPATH=. QUERIES="$(QUERIES)" MANY="$(MANY)" .venv/bin/python tests/benchmarks/search.py

drill: ## break a site in every way, in full: hours (scripts in tests/drills)
	$(functions)
	main_environment requirements-dev.txt
	static_server
	failed=()
	for script in tests/drills/[!_t]*.py; do
	    name=$$(basename "$$script" .py)
	    .venv/bin/python -m "tests.drills.$$name" || failed+=("$$name")
	done
	.venv/bin/python -m tests.drills.failover --synchronous || failed+=(failover)
	[ $${#failed[@]} = 0 ] || fail "Not as it should be: $${failed[*]}"

screenshots: ## take the pictures of the README's tour anew (needs a Chromium)
	$(functions)
	main_environment requirements-dev.txt
	.venv/bin/python -m tests.browser.screenshots

pictures: ## draw the icon's sizes and the social picture anew, after the icon or its color changed
	$(functions)
	main_environment requirements-dev.txt
	.venv/bin/python -m tests.pictures.draw

# Versions stay as they are unless pyproject.toml (or tests/checkers/package.json) asks for others;
# ARGS=--upgrade takes the newest.
lock: ## write the locks anew from what is asked for (ARGS=--upgrade)
	$(functions)
	main_environment requirements-dev.txt
	compile() {
	    .venv/bin/python -m uv pip compile --quiet --universal --generate-hashes --no-header \
	        --no-emit-index-url --no-emit-find-links --system-certs pyproject.toml "$$@" $(ARGS)
	}
	compile --python-version 3.11 --group lts -o requirements.txt
	compile --python-version 3.11 --group lts --group dev -c requirements.txt \
	    -o requirements-dev.txt
	cp requirements-dev.txt requirements-next.txt # to begin from the same versions
	compile --python-version 3.12 --group next --group dev -o requirements-next.txt
	(cd tests/checkers &&
	    NODE_OPTIONS=$(node_options) ../../.venv/bin/npm \
	        $(if $(findstring upgrade,$(ARGS)),update,install) --package-lock-only)
	.venv/bin/python -c "$$without_addresses"

# A lock holds hashes, no addresses: neither the registry's (.npmrc) nor those of who asks for funds.
define without_addresses
import json, pathlib
file = pathlib.Path("tests/checkers/package-lock.json")
lock = json.loads(file.read_text())
for package in lock["packages"].values():
    package.pop("funding", None)
file.write_text(json.dumps(lock, indent=2) + chr(10))
endef
export without_addresses

clean: ## remove environments, caches and collected static files; the site's data in var/ stay
	rm -rf .venv .venv-next .pytest_cache .ruff_cache var/static
	find . -name .git -prune -o -name __pycache__ -prune -exec rm -rf {} +
