# The commands. `make run` serves the dashboard, `make test` tests it; both work on a machine with
# nothing but Python 3.11 or newer, and install what they need into .venv once.

PORT ?= 8501
HOST ?= localhost
CHROMIUM ?=
PYTEST_ARGS ?=
# As many at once as there are cores, one file each, the browser's first: they are the longest.
# `make test AT_ONCE=` runs one after the other.
AT_ONCE ?= -n auto --dist loadfile --no-loadscope-reorder

PYTHON = .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run workshop test test-heavy check data words bench

help:  ## Say what there is
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

run: .venv/requirements.done  ## Serve the dashboard (PORT=8501 HOST=localhost)
	exec $(PYTHON) -m streamlit run dashboard.py --server.port "$(PORT)" --server.address "$(HOST)"

workshop: .venv/requirements.done  ## Serve a workshop to the phones in this network (PORT=8501)
	@$(PYTHON) -m workshop "$(PORT)"
	exec $(PYTHON) -m streamlit run dashboard.py --server.port "$(PORT)" --server.address 0.0.0.0

test: .venv/requirements-dev.done  ## Run every test that fits in ten minutes
	export GCS_CHROMIUM="$$(tools/chromium "$(CHROMIUM)")" && $(PYTHON) -m pytest --timeout 300 $(AT_ONCE) $(PYTEST_ARGS)

test-heavy: .venv/requirements-dev.done .venv/spark.done  ## Run the kills, full disks, races, load and what else takes long
	export GCS_CHROMIUM="$$(tools/chromium "$(CHROMIUM)")" && $(PYTHON) -m pytest --timeout 1800 -m heavy $(AT_ONCE) $(PYTEST_ARGS)

check: .venv/requirements-dev.done  ## Check style, types and layers
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy .
	$(PYTHON) -m pytest -q tests/test_layers.py

data: .venv/requirements.done  ## Write the shipped datasets from data/source
	$(PYTHON) -m gcs_data build

bench: .venv/requirements-dev.done .venv/bench.done  ## Measure what the README claims, beside its peers (half an hour)
	export GCS_CHROMIUM="$$(tools/chromium "$(CHROMIUM)")" && $(PYTHON) -m benchmarks

words: .venv/requirements.done  ## Bring the translations' catalogues up to date
	$(PYTHON) locale/update.py

# In a folder of its own: Dash brings a plugin that stops pytest.
.venv/bench.done: requirements-bench.txt | .venv/requirements-dev.done
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target .venv/bench -r $<
	@touch $@

# In a folder of its own, and only where there is a Java for it: 490 MB that nobody else needs.
.venv/spark.done: requirements-spark.txt | .venv/requirements-dev.done
	@if command -v java >/dev/null; then \
		$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target .venv/spark -r $< && touch $@; fi

# Installed once for each content of the file, not for each date on it.
.venv/%.done: FORCE
	@tools/install $*.txt $@

FORCE:
