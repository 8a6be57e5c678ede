# Everything from nothing: `make demo` tells the story, `make test` runs the tests. Both make .venv when it is missing.

VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
# Of scikit-image only a photo is read, never its code: its 200 MB of dependencies stay away.
PHOTO := $(PIP) install --quiet --no-deps 'scikit-image>=0.24'

.PHONY: demo test check clean

demo: $(VENV)/.demo
	$(BIN)/proactive demo

test: $(VENV)/.test
	$(BIN)/python -m pytest

# What CI runs besides the tests.
check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(BIN)/python:
	"$$(.ci/python)" -m venv $(VENV)
	$(PIP) install --quiet --upgrade 'pip>=25.1'

# A stamp a purpose: what it needs is installed again when pyproject.toml changes.
$(VENV)/.demo: pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --editable '.[offline]'
	$(PHOTO)
	touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --editable '.[offline,openvino]' --group test
	$(PHOTO)
	touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --editable '.[offline,openvino]' --group dev
	$(PHOTO)
	touch $@ $(VENV)/.test

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
