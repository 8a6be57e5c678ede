# Everything from nothing: `make demo` tells the story, `make test` runs the tests. Both make .venv when it is missing.

VENV ?= .venv
YOLO_VENV ?= .venv-yolo
# So many processes share the tests; 0 runs them one after another.
JOBS ?= 2
BIN := $(VENV)/bin
INSTALL := -m pip --disable-pip-version-check --no-input install --quiet
PIP := $(BIN)/python $(INSTALL)
# Of scikit-image only a photo is read, never its code: its 200 MB of dependencies stay away.
PHOTO := $(PIP) --no-deps 'scikit-image>=0.24'

.PHONY: demo test soak test-yolo check clean

demo: $(VENV)/.demo
	$(BIN)/proactive demo

test: $(VENV)/.test
	$(BIN)/python -m pytest -n $(JOBS)

# Kafka workers killed, frozen and cut off for an hour: PROACTIVE_CHAOS_SECONDS and PROACTIVE_CHAOS_SEED say otherwise.
soak: $(VENV)/.test
	PROACTIVE_CHAOS_SECONDS=$${PROACTIVE_CHAOS_SECONDS:-3600} $(BIN)/python -m pytest -s tests/streams/kafka/test_chaos.py

# Ultralytics brings torch: 6 GB and minutes to install, so it has an environment of its own, which is kept.
test-yolo: $(YOLO_VENV)/.test
	$(YOLO_VENV)/bin/python -m pytest tests/vision/test_yolo.py tests/vision/test_models.py

# What CI runs besides the tests.
check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(BIN)/python:
	"$$(.ci/python)" -m venv $(VENV)
	$(PIP) --upgrade 'pip>=25.1'

$(YOLO_VENV)/bin/python:
	"$$(.ci/python)" -m venv $(YOLO_VENV)

# Ultralytics brings the OpenCV that needs a screen's libraries; the one that needs none is put over it. onnx writes what a test reads.
$(YOLO_VENV)/.test: pyproject.toml | $(YOLO_VENV)/bin/python
	$(YOLO_VENV)/bin/python $(INSTALL) --upgrade 'pip>=25.1'
	$(YOLO_VENV)/bin/python $(INSTALL) --editable '.[yolo]' --group test onnx
	$(YOLO_VENV)/bin/python $(INSTALL) --force-reinstall --no-deps opencv-python-headless
	touch $@

# A stamp a purpose: what it needs is installed again when pyproject.toml changes.
$(VENV)/.demo: pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[offline,web]'
	$(PHOTO)
	touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[offline,openvino,kafka,postgresql,voice,web]' --group test
	$(PHOTO)
	touch $@

$(VENV)/.dev: pyproject.toml | $(BIN)/python
	$(PIP) --editable '.[offline,openvino,kafka,postgresql,voice,web]' --group dev
	$(PHOTO)
	touch $@ $(VENV)/.test

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
