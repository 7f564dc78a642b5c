# Two commands: `make demo` does all the set-up and runs the main job, `make test` does all the set-up and passes the
# tests. Each works on a bare Debian 12.
PRESET ?= release
JOBS ?= $(shell nproc)
DEMO ?= demo
VIDEO ?=

.PHONY: help build demo test test-slow check install clean

help:
	@echo "make demo [VIDEO=film.mp4]  install, build, make data, train, evaluate, report, predict"
	@echo "make test                   install, build, run the default tests"
	@echo "make build                  install packages and build (PRESET=$(PRESET))"
	@echo "make test-slow              the long tests too"
	@echo "make check                  format, tests, architecture: what CI runs"
	@echo "make install                install to CMAKE_INSTALL_PREFIX (default /usr/local)"

build:
	tools/install-deps
	cmake --preset $(PRESET) -DFERV_BUILD_TESTS=OFF
	cmake --build --preset $(PRESET) --parallel $(JOBS)

demo: build
	tools/demo build/$(PRESET)/apps/ferv/ferv $(DEMO) $(VIDEO)

test:
	tools/install-deps --tests
	cmake --preset $(PRESET) -DFERV_BUILD_TESTS=ON
	cmake --build --preset $(PRESET) --parallel $(JOBS)
	ctest --preset $(PRESET) --parallel $(JOBS)
	@tools/list-skips build/$(PRESET)

test-slow: test
	ctest --preset slow

check:
	tools/check

install: build
	cmake --install build/$(PRESET)

clean:
	rm -rf build
