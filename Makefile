# The ways into this project. What each of them does stands in scripts/.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
export CARGO_TARGET_DIR := target

.PHONY: help run build dev test matrix soak bench people lint audit screenshots release clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## set up, build and start the portal
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

soak: ## the races, 1000 rounds each instead of 50
	@scripts/setup test
	@PORTAL_TEST_ROUNDS=1000 scripts/with-postgres cargo test -p backend --test rules code_races
	@PORTAL_TEST_ROUNDS=1000 scripts/with-postgres cargo test -p server --test process two_servers

bench: ## measure it beside its limits (ARGS=--postgres: on both databases)
	@scripts/bench $(ARGS)

people: ## how long a page of 100,000 people takes on both databases
	@scripts/setup test
	@scripts/with-postgres cargo test -q -p backend --lib store::people::tests::measured -- --ignored --nocapture --test-threads=1

lint: ## formatting, clippy, the arrows between crates, documentation
	@scripts/lint

audit: ## known holes, licences and origins of the crates used
	@scripts/audit

screenshots: build ## pictures of all pages, into docs/screenshots
	@node end2end/screenshots.js --docs

release: ## one optimised binary that carries the assets
	@scripts/setup build
	@scripts/build-frontend
	@cargo build --release -p server --bin portal --features embed
	@ls -sh1 target/release/portal

clean: ## remove all that was built or installed here (not data/)
	rm -rf target .tools node_modules test-results
