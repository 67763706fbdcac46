# Shortcuts; all of them only call ./mvnw or ./ratchet.
.PHONY: fmt test it check run dist bench

fmt: ; ./mvnw -q spotless:apply
test: ; ./mvnw test
it: ; ./mvnw verify -pl $(or $(M),ratchet-cli) -am
check: ; .ci/run
run: ; ./ratchet $(A)
dist: ; ./mvnw -Dratchet.fast -pl ratchet-cli -am package
bench: ; ./mvnw -q -Pbench -Dratchet.fast -pl bench -am package && java -jar bench/target/benchmarks.jar $(A)
