# Shortcuts for ./mvnw and ./ratchet. M=module for `it`, A='arguments' for `run` and `bench`.
.PHONY: fmt test it check run dist bench
bench_java = . ratchet-cli/src/main/dist/bin/find-java && find_java && "$$java_home/bin/java"

fmt: ; ./mvnw -q spotless:apply
test: ; ./mvnw test
it: ; ./mvnw verify -pl $(or $(M),ratchet-cli) -am
check: ; .ci/run
run: ; ./ratchet $(A)
dist: ; ./mvnw -Dratchet.fast -pl ratchet-cli -am package
bench: ; ./mvnw -q -Pbench -Dratchet.fast -pl bench -am package && $(bench_java) -Dratchet.home=ratchet-cli/target/dist -jar bench/target/bench/benchmarks.jar $(A)
