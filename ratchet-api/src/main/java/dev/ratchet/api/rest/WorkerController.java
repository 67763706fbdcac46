package dev.ratchet.api.rest;

import dev.ratchet.api.WorkerList;
import dev.ratchet.api.WorkerList.Status;
import dev.ratchet.api.WorkerList.Worker;
import dev.ratchet.api.json.View;
import dev.ratchet.api.web.Answer;
import dev.ratchet.api.web.Call;
import dev.ratchet.api.web.Controller;
import dev.ratchet.api.web.Envelopes;
import dev.ratchet.api.web.Reply;
import dev.ratchet.api.web.Route;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** {@code /workers}. */
final class WorkerController implements Controller {
    private static final double MEBIBYTE = 1024.0 * 1024.0;

    static final View<Worker> WORKER = View.<Worker>named("Worker")
            .text("id", worker -> String.valueOf(worker.id()))
            .optionalInteger("pid", worker -> boxed(worker.pid()))
            .choice("status", Status.class, Worker::status)
            .integer("taskCount", Worker::taskCount)
            .optionalId("currentTask", Worker::current)
            .texts(
                    "executions",
                    worker -> worker.executions().stream().map(Object::toString).toList())
            .integer("uptimeSeconds", worker -> worker.uptime().toSeconds())
            .optionalNumber(
                    "memoryUsageMb", worker -> boxed(worker.residentBytes()).map(bytes -> bytes / MEBIBYTE))
            .optionalNumber("cpuUsagePercent", worker -> boxed(worker.cpuPercent()))
            .time("lastHeartbeat", Worker::lastHeartbeat)
            .text("engine", Worker::engine)
            .build();

    static final View<List<Worker>> STATS = View.<List<Worker>>named("WorkerStats")
            .integer("totalWorkers", List::size)
            .integer("idleWorkers", workers -> count(workers, Status.IDLE))
            .integer("runningWorkers", workers -> count(workers, Status.RUNNING))
            .integer("stoppingWorkers", workers -> count(workers, Status.STOPPING))
            .integer("errorWorkers", workers -> count(workers, Status.ERROR))
            .integer(
                    "totalTasks",
                    workers -> workers.stream().mapToLong(Worker::taskCount).sum())
            .integer("runningExecutions", workers -> workers.stream()
                    .mapToLong(worker -> worker.executions().size())
                    .sum())
            .number(
                    "totalMemoryMb",
                    workers -> workers.stream()
                                    .mapToLong(worker -> worker.residentBytes().orElse(0))
                                    .sum()
                            / MEBIBYTE)
            .build();

    private final WorkerList workers;

    WorkerController(WorkerList workers) {
        this.workers = workers;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/workers", "listWorkers")
                        .does("Shows the processes in which tasks run")
                        .answers(Reply.all(WORKER))
                        .by(_ -> Envelopes.all(WORKER, workers.workers())),
                Route.get("/workers/stats", "getWorkerStats")
                        .does("Counts the processes in which tasks run")
                        .answers(Reply.stats(STATS))
                        .by(call -> Envelopes.stats(call, STATS, workers.workers(), Optional.empty())),
                Route.get("/workers/{id}", "getWorker")
                        .does("Shows one process")
                        .answers(Reply.one(200, WORKER, "The process"))
                        .by(this::get));
    }

    private Answer get(Call call) {
        String id = call.variable("id");
        return workers.workers().stream()
                .filter(worker -> String.valueOf(worker.id()).equals(id))
                .findFirst()
                .map(worker -> Envelopes.one(200, WORKER, worker))
                .orElseThrow(() -> new RatchetException(ErrorCode.NOT_FOUND, "there is no worker of this number now"));
    }

    private static long count(List<Worker> workers, Status status) {
        return workers.stream().filter(worker -> worker.status() == status).count();
    }

    private static Optional<Long> boxed(OptionalLong number) {
        return number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
    }

    private static Optional<Double> boxed(OptionalDouble number) {
        return number.isPresent() ? Optional.of(number.getAsDouble()) : Optional.empty();
    }
}
