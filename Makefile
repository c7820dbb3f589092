# The few commands of a day; the build itself is Meson's.

PREFIX ?= /usr/local
SAMPLES ?=
JOBS ?= $(shell nproc)

program:
	@tools/install-packages.sh build
	@[ -e build/build.ninja ] || meson setup build --buildtype=debugoptimized
	@ninja -C build -j $(JOBS)

install: program
	meson configure build --prefix=$(abspath $(PREFIX))
	meson install -C build

demo: program
	@GODWIT=$(abspath build/godwit) tools/demo.sh

check:
	@tools/check.py all

check-samples:
	@tools/check.py samples --samples=$(SAMPLES)

check-long:
	@tools/check.py all --long

fuzz:
	@tools/fuzz.sh

bench: program
	@tools/install-packages.sh bench
	@GODWIT_BIN=$(abspath build/godwit) tests/bench/run

format:
	@tools/install-packages.sh check
	@find src include tests -name '*.[ch]' -exec clang-format -i {} +

clean:
	rm -rf build build-check build-faults build-fuzz build-release build-tsan

.PHONY: program install demo check check-samples check-long fuzz bench format clean
