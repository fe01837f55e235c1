# make run     installs the libraries that are missing (DEPS=no does not), builds, serves on http://127.0.0.1:4080
# make test    the whole suite: prints what failed and a summary; the whole output is in .build/test.log
# make sanitize  the suite under the address and the thread sanitizer
# make fuzz    random inputs for FUZZ_SECONDS (30) each
# make contract  puts the OpenAPI documents to the test for longer; EXAMPLES=1000 for longer still
# make lint    the formatting (make format mends it)
# make image   the container image
# make seeds   writes the built-in seeds again, after a generator in seed-data/ or the schema has changed
# make bench   measures it beside a bare program (docs/PERFORMANCE.md); ONLY=create,reset measures a part
# make compare OLD=PATH  measures it beside another build of itself, in turns
# make torture, soak, image-check   what takes minutes: docs/TESTING.md

SHELL := /bin/bash
ARGS ?=
DEPS ?= yes
BUILD := swift build -c release --static-swift-stdlib --product understudy
APT := libmicrohttpd-dev libsqlite3-dev libgnutls28-dev pkg-config tzdata
TEST_APT := python3 python3-venv
VENV := .build/venv
BY_RELEASE = PYTHONDONTWRITEBYTECODE=1 UNDERSTUDY="$$($(BUILD) --show-bin-path)/understudy" $(VENV)/bin/python

.PHONY: run build where test contract sanitize fuzz torture soak lint seeds image image-check bench compare deps test-deps format
.DEFAULT_GOAL := run

run: build
	@exec "$$($(BUILD) --show-bin-path)/understudy" $(ARGS)

build: deps
	@$(BUILD)

# Where the program is that `make build` has made.
where:
	@echo "$$($(BUILD) --show-bin-path)/understudy"

test: deps $(VENV)/ready
	@Tests/run

# The bounded form of this is part of `make test`.
EXAMPLES ?= 300
contract: build $(VENV)/ready
	PYTHONDONTWRITEBYTECODE=1 CONTRACT_EXAMPLES=$(EXAMPLES) UNDERSTUDY="$$($(BUILD) --show-bin-path)/understudy" \
	    $(VENV)/bin/pytest Tests/python/test_contract.py

# What tests of other clients need, with pinned versions, in a place of its own.
$(VENV)/ready: Tests/python/requirements.txt | test-deps
	@echo "make: installing the Python packages that $< names into $(VENV)" >&2
	@python3 -m venv --clear $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

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

seeds: deps
	python3 seed-data/generate.py
	UNDERSTUDY_PREPARE_SEEDS=1 swift test --filter PreparedSeedTests

lint:
	swift format lint --strict --recursive Package.swift Sources Tests Fuzzing

format:
	swift format --in-place --recursive Package.swift Sources Tests Fuzzing

# Kills a server in a loop, and looks what it has kept.
torture: build $(VENV)/ready
	$(BY_RELEASE) Tests/python/torture.py $(ARGS)

# Keeps a server busy for minutes, and looks at its memory and file descriptors; then how long others wait beside many.
soak: build $(VENV)/ready
	$(BY_RELEASE) Tests/python/soak.py $(ARGS)
	$(BY_RELEASE) Tests/python/soak.py --data $(ARGS)
	$(BY_RELEASE) Tests/python/soak.py --hostile 2 $(ARGS)
	$(BY_RELEASE) Tests/python/soak.py --hostile 2 --strict --data $(ARGS)
	$(BY_RELEASE) Tests/python/delays.py

image:
	docker build -t understudy .

bench:
	@$(MAKE) --no-print-directory deps APT="$(APT) wrk python3"
	@$(BUILD)
	@mkdir -p .build/bench
	@clang -O2 -Wall -Wextra -Werror Benchmarks/bare.c $$(pkg-config --cflags --libs libmicrohttpd) -o .build/bench/bare
	@clang -O2 -Wall -Wextra -Werror Benchmarks/paced.c -o .build/bench/paced
	@python3 -B Benchmarks/bench.py "$$($(BUILD) --show-bin-path)/understudy" .build/bench/bare .build/bench/paced \
	    $(if $(ONLY),--only $(ONLY)) $(if $(ACTIVITY),--activity "$(ACTIVITY)")

# OLD is another build's program.
compare:
	@$(MAKE) --no-print-directory deps APT="$(APT) wrk python3"
	@$(BUILD)
	@python3 -B Benchmarks/compare.py "$(OLD)" "$$($(BUILD) --show-bin-path)/understudy" $(ARGS)

image-check:
	Tests/image-check.sh

# What Debian has to add to a machine with Swift. Nothing happens when all of it is there, or with DEPS=no.
deps:
	@$(call install,$(APT))

test-deps:
	@$(call install,$(TEST_APT))

install = $(if $(filter no,$(DEPS)),:,Scripts/deps $(1))
