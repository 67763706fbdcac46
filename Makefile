# Shortcuts for ./mvnw and ./ratchet. M=module for `it`, A='arguments' for `run` and `bench`.
.PHONY: fmt test it check run dist bench

fmt: ; ./mvnw -q spotless:apply
test: ; ./mvnw test
it: ; ./mvnw verify -pl $(or $(M),ratchet-cli) -am
check: ; .ci/run
run: ; ./ratchet $(A)
dist: ; ./mvnw -Dratchet.fast -pl ratchet-cli -am package
bench: ; bench/run $(A)
