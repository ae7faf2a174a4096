# The entry points of this project. The work is done by scripts/.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export CARGO_TARGET_DIR := target

.PHONY: help run build dev test matrix soak bench people lint audit screenshots docs release clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## set up, build and start Portal
	@exec target/debug/portal serve

build: ## set up, and build the browser part and the server
	@scripts/setup build
	@scripts/build-frontend
	@cargo build -p server --bin portal

dev: ## rebuild and restart on every change
	@scripts/setup build
	@exec node scripts/dev.mjs

test: ## all tests, on SQLite, on PostgreSQL and in a browser
	@scripts/test

matrix: build ## browser tests, each database with and without JavaScript
	@scripts/setup test
	@PORTAL_BROWSER_MATRIX=1 scripts/with-postgres npx --no-install playwright test --config end2end/playwright.config.js

soak: ## long searches: races 1000 times, parsers, fuzzing
	@scripts/soak

bench: ## measure it against its targets (ARGS=--postgres: on both databases)
	@scripts/bench $(ARGS)

people: ## measure a page of 100,000 people on both databases
	@scripts/setup test
	@scripts/with-postgres cargo test -q -p backend --lib store::people::tests::measured -- --ignored --nocapture --test-threads=1

lint: ## formatting, clippy, the arrows between crates, documentation
	@scripts/lint

audit: ## advisories, licenses and sources of the crates
	@scripts/audit

screenshots: build ## images of all pages, into docs/screenshots
	@node end2end/screenshots.js --docs

docs: ## the documentation as a website, into target/book
	@scripts/docs

release: ## one optimized binary that contains the assets
	@scripts/setup build
	@scripts/build-frontend
	@cargo build --release -p server --bin portal --features embed
	@ls -sh1 target/release/portal

clean: ## remove everything that was built or installed here (not data/)
	rm -rf target .tools node_modules test-results
