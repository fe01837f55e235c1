# make run     installs what is missing, builds, serves on http://127.0.0.1:4080
# make test    the whole suite
# make contract  puts the OpenAPI documents to the test for longer; EXAMPLES=1000 for longer still
# make lint    the formatting (make format mends it)
# make image   the container image

SHELL := /bin/bash
ARGS ?=
BUILD := swift build -c release --static-swift-stdlib --product understudy
APT := libmicrohttpd-dev libsqlite3-dev libgnutls28-dev pkg-config tzdata
TEST_APT := python3 python3-venv
VENV := .build/venv

.PHONY: run build test contract lint image deps test-deps format
.DEFAULT_GOAL := run

run: build
	@exec "$$($(BUILD) --show-bin-path)/understudy" $(ARGS)

build: deps
	@$(BUILD)

test: deps $(VENV)/ready
	swift build --build-tests --explicit-target-dependency-import-check error
	swift test --skip-build
	PYTHONDONTWRITEBYTECODE=1 UNDERSTUDY="$$(swift build --show-bin-path)/understudy" $(VENV)/bin/pytest Tests/python

# The bounded form of this is part of `make test`.
EXAMPLES ?= 300
contract: build $(VENV)/ready
	PYTHONDONTWRITEBYTECODE=1 CONTRACT_EXAMPLES=$(EXAMPLES) UNDERSTUDY="$$($(BUILD) --show-bin-path)/understudy" \
	    $(VENV)/bin/pytest Tests/python/test_contract.py

# What tests of other clients need, with pinned versions, in a place of its own.
$(VENV)/ready: Tests/python/requirements.txt | test-deps
	python3 -m venv --clear $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -r $<
	touch $@

lint:
	swift format lint --strict --recursive Package.swift Sources Tests

format:
	swift format --in-place --recursive Package.swift Sources Tests

image:
	docker build -t understudy .

# What Debian has to add to a machine with Swift. Nothing happens when all of it is there.
deps:
	@$(call install,$(APT))

test-deps:
	@$(call install,$(TEST_APT))

define install
missing=$$(for package in $(1); do \
    dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || echo $$package; done); \
if [ -n "$$missing" ]; then \
    echo "installing" $$missing; \
    as_root=$$([ "$$(id -u)" = 0 ] || echo sudo); \
    $$as_root apt-get update -qq && $$as_root apt-get install -y -qq --no-install-recommends $$missing; \
fi
endef
