# make run     installs what is missing, builds, serves on http://127.0.0.1:4080
# make test    the whole suite
# make lint    the formatting (make format mends it)
# make image   the container image
# make bench   measures it beside a bare program (docs/PERFORMANCE.md); ONLY=create,reset measures a part

SHELL := /bin/bash
ARGS ?=
BUILD := swift build -c release --static-swift-stdlib --product understudy
APT := libmicrohttpd-dev libsqlite3-dev libgnutls28-dev pkg-config tzdata

.PHONY: run build test lint image bench deps format
.DEFAULT_GOAL := run

run: build
	@exec "$$($(BUILD) --show-bin-path)/understudy" $(ARGS)

build: deps
	@$(BUILD)

test: deps
	swift build --build-tests --explicit-target-dependency-import-check error
	swift test --skip-build

lint:
	swift format lint --strict --recursive Package.swift Sources Tests

format:
	swift format --in-place --recursive Package.swift Sources Tests

image:
	docker build -t understudy .

bench:
	@$(MAKE) --no-print-directory deps APT="$(APT) wrk python3"
	@$(BUILD)
	@mkdir -p .build/bench
	@clang -O2 -Wall -Wextra -Werror Benchmarks/bare.c $$(pkg-config --cflags --libs libmicrohttpd) -o .build/bench/bare
	@python3 -B Benchmarks/bench.py "$$($(BUILD) --show-bin-path)/understudy" .build/bench/bare $(if $(ONLY),--only $(ONLY))

# What Debian has to add to a machine with Swift. Nothing happens when all of it is there.
deps:
	@missing=$$(for package in $(APT); do \
	    dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || echo $$package; done); \
	if [ -n "$$missing" ]; then \
	    echo "installing" $$missing; \
	    as_root=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	    $$as_root apt-get update -qq && $$as_root apt-get install -y -qq --no-install-recommends $$missing; \
	fi
