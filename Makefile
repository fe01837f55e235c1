# make run     installs what is missing, builds, serves on http://127.0.0.1:4080
# make test    the whole suite
# make sanitize  the suite under the address and the thread sanitizer
# make fuzz    random inputs for FUZZ_SECONDS (30) each
# make lint    the formatting (make format mends it)
# make image   the container image

SHELL := /bin/bash
ARGS ?=
BUILD := swift build -c release --static-swift-stdlib --product understudy
APT := libmicrohttpd-dev libsqlite3-dev libgnutls28-dev pkg-config tzdata

.PHONY: run build test sanitize fuzz lint image deps format
.DEFAULT_GOAL := run

run: build
	@exec "$$($(BUILD) --show-bin-path)/understudy" $(ARGS)

build: deps
	@$(BUILD)

test: deps
	swift build --build-tests --explicit-target-dependency-import-check error
	swift test --skip-build

# docs/TESTING.md describes these two.
SANITIZERS ?= address thread

sanitize: deps
	@for sanitizer in $(SANITIZERS); do Tests/Sanitizers/run $$sanitizer || exit 1; done

FUZZ_SECONDS ?= 30
FUZZ_SANITIZERS ?= fuzzer,address
FUZZ_TARGETS ?= json filter windows texts cursor seed rules api http

fuzz: deps
	UNDERSTUDY_FUZZ=$(FUZZ_SANITIZERS) swift build -c release --scratch-path .build/fuzz --product Fuzz
	@for target in $(FUZZ_TARGETS); do Fuzzing/run $$target -max_total_time=$(FUZZ_SECONDS) || exit 1; done

lint:
	swift format lint --strict --recursive Package.swift Sources Tests Fuzzing

format:
	swift format --in-place --recursive Package.swift Sources Tests Fuzzing

image:
	docker build -t understudy .

# What Debian has to add to a machine with Swift. Nothing happens when all of it is there.
deps:
	@missing=$$(for package in $(APT); do \
	    dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || echo $$package; done); \
	if [ -n "$$missing" ]; then \
	    echo "installing" $$missing; \
	    as_root=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	    $$as_root apt-get update -qq && $$as_root apt-get install -y -qq --no-install-recommends $$missing; \
	fi
