# The commands of this project, for people, hooks and CI alike. `make` lists them.
#
# Every command works in a virtual environment that make keeps up to date: .venv, or, for a Python named by
# PYTHON=..., one of its own (.venv-python3.12), so that versions do not mix.

# The first Python that will do: 3.11 to 3.13 and able to make virtual environments. Debian ships venv apart.
SUITABLE := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
DEFAULT_PYTHON := $(shell for python in python3.11 python3.12 python3.13 python3; do \
	"$$python" -c '$(SUITABLE)' 2>/dev/null && echo "$$python" && break; done)
PYTHON ?= $(or $(DEFAULT_PYTHON),python3)

ifeq ($(PYTHON),$(or $(DEFAULT_PYTHON),python3))
VENV := .venv
else
VENV := .venv-python$(shell "$(PYTHON)" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
endif

BIN := $(VENV)/bin
# -qq: errors only
INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check
DEMO := experiments/brunel_2000/ai.yaml
# Two points at a time, unless make was told how many: then points are jobs like any other.
JOBS = $(if $(findstring --jobserver,$(MAKEFLAGS)),,$(or $(filter -j1,$(MAKEFLAGS)),-j2))
# Sweeps of their own: the plans of the whole ones stay as they are.
SHORT_SWEEP = $(BIN)/snnrun sweep run --name short $(JOBS)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test check format sweep sweeps bench clean

help: ## list these commands
	@echo "Usage: make COMMAND [PYTHON=python3.12]"
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name text; do \
		printf '  %-8s %s\n' "$$name" "$$text"; done

setup: $(VENV)/installed ## make the virtual environment and install snnrun into it

demo: setup ## simulate Brunel's asynchronous irregular state and draw it
	$(BIN)/snnrun simulate $(DEMO)

test: $(VENV)/installed-test ## run the tests; ARGS="-k raster" chooses
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(ARGS)

check: $(VENV)/installed-dev ## lint, format, types and the layers of the house, as CI does
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/installed-dev ## mend what ruff can mend
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

sweep: setup ## run what is left of a sweep: make sweep EXP=FILE -j2; ARGS="g=3:8:6 seeds=2" varies more; -n only shows
	$(if $(EXP),,$(error name the experiment: make sweep EXP=experiments/activity_states/plane.yaml -j2))
	+@$(BIN)/snnrun sweep run "$(EXP)" $(ARGS)

sweeps: setup ## run the sweeps of the experiments, shortened, in two minutes
	+@$(SHORT_SWEEP) experiments/activity_states/plane.yaml \
		g=3,4,5,6 eta=0.9,2,3,4 spread='0 ms,1.4 ms' seeds=1 --set simulation.duration='0.6 s'
	+@$(SHORT_SWEEP) experiments/connectivity_sweep/connectivity_sweep.yaml k=50,200,800 scaling=0.5,1 N=2000,8000 seeds=2
	+@$(SHORT_SWEEP) experiments/reliability_sweep/reliability_sweep.yaml \
		fluctuation='6 pA,25 pA,100 pA' tau='1 ms,30 ms' seeds=4 --set simulation.trials=10
	@echo "Figures of all three: results/*/sweep-short/figures/"

bench: setup ## time it beside Brian 2 and NEST; ARGS="--large --write" for all
	$(BIN)/python experiments/benchmarks/run.py $(ARGS)

clean: ## remove the virtual environments and the tools' leftovers; results/ stays
	rm -rf .venv .venv-python* *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The three stages of the environment, each a file that is younger than what it was installed from. They follow each
# other so that `make -j` never runs two pips in one environment.
$(VENV)/installed: pyproject.toml snnrun/__init__.py
	@"$(PYTHON)" -c 'import sys' 2>/dev/null || { \
		echo "make: '$(PYTHON)' does not run here; give a Python 3.11, 3.12 or 3.13 by command or path:" \
			"make setup PYTHON=/usr/bin/python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { \
		echo "make: '$(PYTHON)' is $$("$(PYTHON)" --version); snnrun needs Python 3.11, 3.12 or 3.13:" \
			"make setup PYTHON=/usr/bin/python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "make: '$(PYTHON)' cannot make virtual environments; install its venv module" \
			"(Debian, Ubuntu: apt install python3-venv)" >&2; exit 1; }
	@test -x $(BIN)/python || { echo "Making $(VENV) with $$("$(PYTHON)" --version)"; "$(PYTHON)" -m venv --clear $(VENV); }
	@echo "Installing snnrun and what it needs into $(VENV)"
	@$(INSTALL) --editable .
	@touch $@
	@echo "Ready: $(BIN)/snnrun --help"

$(VENV)/installed-test: $(VENV)/installed
	@echo "Installing what the tests need"
	@$(INSTALL) --editable '.[test]'
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed-test
	@echo "Installing ruff, mypy and import-linter"
	@$(INSTALL) --editable '.[dev]'
	@touch $@
