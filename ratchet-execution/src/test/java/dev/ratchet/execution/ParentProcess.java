package dev.ratchet.execution;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.stream.Collectors;

/** A program that has a pool, prints the process numbers of its workers and waits to be killed. */
final class ParentProcess {
    private ParentProcess() {}

    public static void main(String... arguments) throws Exception {
        WorkerPool pool = new WorkerPool(
                WorkerPoolSettings.forCommand(1).withSizing(new WorkerPoolSettings.Sizing(1, 1, 1, 1, 10)),
                WorkerClasspath.ofClassPath(
                        System.getProperty("java.class.path"), Path.of(System.getProperty("java.home"))),
                InstantSource.system());
        if (!pool.awaitReady(1, Duration.ofMinutes(1))) {
            throw new IllegalStateException("no workers");
        }
        pool.start(Requests.request("() => { while (true) {} }").build());
        if (!pool.await(
                all -> all.stream().anyMatch(worker -> worker.state() == WorkerInfo.State.BUSY),
                Duration.ofMinutes(1))) {
            throw new IllegalStateException("no run");
        }
        System.out.println(pool.workers().stream()
                .map(worker -> Long.toString(worker.pid()))
                .collect(Collectors.joining(" ")));
        Thread.currentThread().join();
    }
}
