package dev.ratchet.server.crash;

import dev.ratchet.server.crash.Sent.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What clients do meanwhile: they send work, look at it, cancel it, and remember what they were told. Thread-safe. */
final class Load {
    static final int LIMIT_OF_ONE = 1;
    static final int LIMIT_OF_TWO = 2;

    /** The schedule of which every planned time makes a job. */
    static final String STEADY = "crash-steady";

    /** Time between two of them. */
    static final int STEADY_SECONDS = 2;

    /** The schedule whose jobs take each other's place. */
    static final String REPLACING = "crash-replacing";

    /** Begins the name of everything that may be removed again: tasks, their jobs, schedules. */
    static final String SPARE = "crash-spare";

    /** Lines that a talking task logs. */
    static final int LINES = 12;

    private static final List<Kind> KINDS = List.of(Kind.values());

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String PLAIN = "export default (input) => ({ token: input.token, doubled: 2 * input.n });";

    private static final Map<String, String> TASKS = Map.of(
            "crash-plain",
            PLAIN,
            SPARE,
            PLAIN,
            Filler.TASK,
            PLAIN,
            "crash-effect",
            """
            export default async function (input, context) {
              const url = `${input.receiver}/effect/${input.token}/${context.executionId}`;
              const answer = await fetch(url, { method: 'POST', body: '{}' });
              if (!answer.ok) throw new Error(`the receiver said ${answer.status}`);
              return { token: input.token, doubled: 2 * input.n };
            }
            """,
            "crash-flaky",
            """
            export default function (input, context) {
              if (context.attempt <= input.failures) throw new Error('not yet');
              return { token: input.token, doubled: 2 * input.n };
            }
            """,
            "crash-failing",
            "export default () => { throw new ValidationError('never'); };",
            "crash-endless",
            "export default async () => { for (;;) await new Promise((done) => setTimeout(done, 100)); };",
            "crash-limited",
            """
            export default async function (input, context) {
              await fetch(`${input.receiver}/enter/${input.key}/${context.executionId}`);
              await new Promise((done) => setTimeout(done, 40));
              await fetch(`${input.receiver}/leave/${input.key}/${context.executionId}`);
              return { token: input.token, doubled: 2 * input.n };
            }
            """,
            "crash-talking",
            """
            export default async function (input, context) {
              for (let line = 0; line < %d; line++) {
                context.log.info(`line ${line}`);
                context.progress(line / %d, 'talking');
                await new Promise((done) => setTimeout(done, 100));
              }
              return { token: input.token, doubled: 2 * input.n };
            }
            """.formatted(LINES, LINES));

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Receiver receiver;
    private final InstantSource clock;
    private final ConcurrentLinkedQueue<Sent> sent = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> complaints = new ConcurrentLinkedQueue<>();
    private final List<String> schedules = new CopyOnWriteArrayList<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger published = new AtomicInteger();

    Load(Receiver receiver, InstantSource clock) {
        this.receiver = receiver;
        this.clock = clock;
    }

    /** Everything that was asked for so far. */
    List<Sent> sent() {
        return List.copyOf(sent);
    }

    /** Answers that nobody should get. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Stores the tasks, once. */
    void prepare(URI server) throws IOException, InterruptedException {
        for (Map.Entry<String, String> task : TASKS.entrySet()) {
            ObjectNode body = JsonMapper.shared().createObjectNode();
            body.put("name", task.getKey()).put("version", "1.0.0").put("sourceCode", task.getValue());
            body.putObject("permissions").putArray("net").add("127.0.0.1");
            // For the jobs of schedules, which bring no policy of their own.
            body.putObject("retry")
                    .put("maxRetries", 20)
                    .put("backoff", "fixed")
                    .put("initialDelay", "100ms")
                    .put("jitter", false);
            HttpResponse<String> answer = post(server, "/tasks", body, Optional.empty());
            if (answer.statusCode() != 201) {
                throw new IOException("the server does not take task " + task.getKey() + ": " + answer.body());
            }
        }
    }

    /**
     * Stores the schedules, once: one of which every planned time must make a job, however late, and one whose jobs never
     * end but for the next one that takes their place.
     */
    void schedule(URI server) throws IOException, InterruptedException {
        ObjectNode steady = JsonMapper.shared().createObjectNode();
        steady.put("name", STEADY).put("taskId", "crash-plain").put("intervalSeconds", STEADY_SECONDS);
        steady.put("misfirePolicy", "all").put("overlapPolicy", "allow").put("maxRetries", 20);
        steady.putObject("input").put("n", 21);
        ObjectNode replacing = JsonMapper.shared().createObjectNode();
        replacing.put("name", REPLACING).put("taskId", "crash-endless").put("intervalSeconds", 3);
        replacing
                .put("misfirePolicy", "once")
                .put("overlapPolicy", "cancel_previous")
                .put("maxRetries", 20);
        for (ObjectNode body : List.of(steady, replacing)) {
            HttpResponse<String> answer = post(server, "/schedules", body, Optional.empty());
            if (answer.statusCode() != 201) {
                throw new IOException("the server does not take a schedule: " + answer.body());
            }
            schedules.add(data(answer).path("id").asString());
        }
    }

    /** Lets no schedule fire any more; for the end. */
    void unschedule(URI server) throws IOException, InterruptedException {
        for (String schedule : schedules) {
            expect(post(server, "/schedules/" + schedule + "/disable", null, Optional.empty()), 200);
        }
    }

    /** What a killed client of the former server would do first: go on with what may have stopped half way. */
    void resume(URI server) throws InterruptedException {
        attempt(() -> expect(post(server, "/queue/resume", null, Optional.empty()), 200));
        attempt(() -> expect(post(server, "/tasks/crash-plain/resume", null, Optional.empty()), 200));
        for (Sent one : sent()) {
            if (one.kind() == Kind.KEPT && one.job().isEmpty()) {
                attempt(() -> submit(server, one));
            }
        }
    }

    /** One thing that a client does; false when the server is gone. */
    boolean step(URI server, RandomGenerator random) throws InterruptedException {
        return switch (random.nextInt(26)) {
            case 0 -> pauseAndResume(server, random.nextBoolean() ? "/queue" : "/tasks/crash-plain");
            case 1 -> publish(server);
            case 2 -> touch(server, random);
            case 3, 4, 5 -> look(server, random);
            case 6 -> removeJob(server);
            case 7 -> spareSchedule(server);
            case 8 -> spareTask(server);
            case 9 -> redeliver(server, random);
            case 10 -> inBulk(server);
            case 11 -> changeWaiting(server);
            case 12 -> removeAttempt(server);
            case 13 -> refused(server);
            default -> send(server, KINDS.get(random.nextInt(KINDS.size())), random);
        };
    }

    /** One thing that a client does to make a server take a step; false when the server is gone. */
    boolean provoke(URI server, String step, RandomGenerator random) throws InterruptedException {
        return switch (step) {
            case "JobStore.appendLog", "JobStore.progress" -> send(server, Kind.TALKING, random);
            case "JobStore.cancel" -> send(server, Kind.ENDLESS, random);
            case "JobStore.delete" -> removeJob(server);
            case "JobStore.deleteAttempt" -> removeAttempt(server);
            case "JobStore.pauseQueue" -> pauseAndResume(server, "/queue");
            case "JobStore.pauseTask" -> pauseAndResume(server, "/tasks/crash-plain");
            case "JobStore.promoteDue" -> send(server, Kind.LATER, random);
            case "JobStore.reclaim" -> send(server, Kind.PLAIN, random);
            case "JobStore.redrive" -> inBulk(server);
            case "JobStore.requestAnswered", "JobStore.requestIntended" -> send(server, Kind.EFFECT, random);
            case "JobStore.update" -> changeWaiting(server);
            case "DeliveryStore.claim", "DeliveryStore.complete" -> send(server, Kind.DELIVERED, random);
            case "DeliveryStore.postpone" -> refused(server);
            case "DeliveryStore.redeliver" -> send(server, Kind.DELIVERED, random) && redeliver(server, random);
            case "ScheduleStore.create", "ScheduleStore.delete", "ScheduleStore.lock", "ScheduleStore.replace" ->
                spareSchedule(server);
            case "TaskStore.create", "TaskStore.delete" -> spareTask(server);
            case "TaskStore.addActivation", "TaskStore.addVersion", "TaskStore.replaceUnhashed", "TaskStore.update" ->
                publish(server);
            default -> step(server, random);
        };
    }

    private boolean send(URI server, Kind kind, RandomGenerator random) throws InterruptedException {
        Sent one = make(kind, random);
        sent.add(one);
        boolean alive = attempt(() -> submit(server, one));
        if (alive && kind == Kind.ENDLESS) {
            alive = attempt(() -> cancel(server, one));
        }
        if (alive && kind == Kind.KEPT && random.nextBoolean()) {
            alive = attempt(() -> submit(server, one));
        }
        return alive;
    }

    private Sent make(Kind kind, RandomGenerator random) {
        int number = count.incrementAndGet();
        String token = "t" + number;
        ObjectNode body = JsonMapper.shared().createObjectNode();
        ObjectNode input = body.putObject("input");
        input.put("token", token).put("n", number).put("receiver", receiver.url());
        body.putObject("retryPolicy")
                .put("maxRetries", kind == Kind.FAILING ? 0 : 40)
                .put("backoff", "FIXED")
                .put("initialDelaySeconds", 0.1)
                .put("jitter", false);
        if (kind != Kind.DIRECT) {
            body.put("taskId", kind.task());
        }
        body.put("priority", random.nextBoolean() ? "NORMAL" : "HIGH");
        switch (kind) {
            case FLAKY -> input.put("failures", random.nextInt(1, 4));
            case LATER ->
                body.put(
                        "scheduledFor",
                        clock.instant().plusMillis(random.nextInt(2000)).toString());
            case LIMITED -> {
                int limit = random.nextBoolean() ? LIMIT_OF_ONE : LIMIT_OF_TWO;
                String key = "limit-" + limit;
                input.put("key", key);
                body.put("concurrencyKey", key).put("concurrencyLimit", limit);
            }
            case DELIVERED -> {
                ObjectNode destination = body.putArray("outputDestinations").addObject();
                destination.put("destinationType", "webhook");
                ObjectNode webhook = destination.putObject("webhook");
                webhook.put("url", receiver.url() + "/hook/" + token);
                webhook.put("signingSecret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
            }
            case PLAIN, DIRECT, KEPT, EFFECT, FAILING, ENDLESS, TALKING -> {
                // Nothing more to say.
            }
        }
        return new Sent(token, kind, number, body);
    }

    private boolean submit(URI server, Sent one) throws IOException, InterruptedException {
        boolean direct = one.kind() == Kind.DIRECT;
        String path = direct ? "/tasks/" + one.kind().task() + "/execute?wait=1" : "/jobs";
        Optional<String> key = one.kind() == Kind.KEPT ? Optional.of(one.token()) : Optional.empty();
        HttpResponse<String> answer = post(server, path, one.body(), key);
        if (!expect(answer, 200, 201, 202)) {
            return true;
        }
        JsonNode data = data(answer);
        String job = data.path(direct ? "jobId" : "id").asString("");
        if (!one.acknowledged(job)) {
            complaints.add("key " + one.token() + " made another job: " + job);
        }
        one.tell(data.path("status").asString(""));
        return true;
    }

    private boolean cancel(URI server, Sent one) throws IOException, InterruptedException {
        Optional<String> job = one.job();
        if (job.isPresent()) {
            HttpResponse<String> answer = post(server, "/jobs/" + job.get() + "/cancel", null, Optional.empty());
            if (expect(answer, 200, 202)) {
                one.cancelAcknowledged();
            }
        }
        return true;
    }

    /** Cancels what does not end by itself, if nobody has meanwhile; for the end. */
    void cancelEndless(URI server, List<String> jobs) throws InterruptedException {
        for (String job : jobs) {
            attempt(() -> expect(post(server, "/jobs/" + job + "/cancel", null, Optional.empty()), 200, 202, 409));
        }
    }

    private boolean look(URI server, RandomGenerator random) throws InterruptedException {
        return pick(random)
                .map(one -> attemptQuietly(() -> {
                    HttpResponse<String> answer = client.send(
                            HttpRequest.newBuilder(server.resolve(
                                            "/api/v1/jobs/" + one.job().orElseThrow()))
                                    .timeout(PATIENCE)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
                    if (expect(answer, 200)) {
                        one.tell(data(answer).path("status").asString(""));
                    }
                    return true;
                }))
                .orElse(true);
    }

    private Optional<Sent> pick(RandomGenerator random) {
        List<Sent> known = sent.stream().filter(one -> one.job().isPresent()).toList();
        return known.isEmpty() ? Optional.empty() : Optional.of(known.get(random.nextInt(known.size())));
    }

    /** Tries an ended job again, or changes one that waits. */
    private boolean touch(URI server, RandomGenerator random) throws InterruptedException {
        Optional<Sent> picked = pick(random);
        if (picked.isEmpty()) {
            return true;
        }
        Sent one = picked.get();
        String job = one.job().orElseThrow();
        if (one.kind() == Kind.FAILING) {
            one.touch();
            return attempt(
                    () -> expect(post(server, "/jobs/" + job + "/retry", null, Optional.empty()), 200, 202, 409));
        }
        ObjectNode change = JsonMapper.shared().createObjectNode();
        change.put("priority", "CRITICAL");
        return attempt(() -> expect(
                client.send(
                        HttpRequest.newBuilder(server.resolve("/api/v1/jobs/" + job))
                                .timeout(PATIENCE)
                                .header("Content-Type", "application/json")
                                .method("PATCH", HttpRequest.BodyPublishers.ofString(change.toString()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()),
                200,
                409,
                412));
    }

    private boolean pauseAndResume(URI server, String what) throws InterruptedException {
        return attempt(() -> expect(post(server, what + "/pause", null, Optional.empty()), 200)
                && expect(post(server, what + "/resume", null, Optional.empty()), 200));
    }

    private boolean publish(URI server) throws InterruptedException {
        int number = published.incrementAndGet();
        ObjectNode body = JsonMapper.shared().createObjectNode();
        // Every other time content that is known.
        body.put("version", "1.0." + (1 + number / 2));
        body.put("sourceCode", PLAIN + "// " + number / 2 + "\n");
        return attempt(
                () -> expect(post(server, "/tasks/crash-plain/versions", body, Optional.empty()), 200, 201, 409));
    }

    // ---- what may be removed again

    private static ObjectNode spareJob() {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        body.put("taskId", SPARE).putObject("input").put("n", 1);
        return body;
    }

    /** Queues a job for later, cancels it, and removes it. */
    private boolean removeJob(URI server) throws InterruptedException {
        return chain(() -> {
            ObjectNode body = spareJob();
            body.put("scheduledFor", clock.instant().plusSeconds(20).toString());
            HttpResponse<String> answer = post(server, "/jobs", body, Optional.empty());
            if (!expect(answer, 201)) {
                return true;
            }
            String job = "/jobs/" + data(answer).path("id").asString("");
            return expect(post(server, job + "/cancel", null, Optional.empty()), 200)
                    && expect(send(server, "DELETE", job, null), 204);
        });
    }

    /** Cancels a job, tries it again, and removes its first attempt. */
    private boolean removeAttempt(URI server) throws InterruptedException {
        return chain(() -> {
            ObjectNode body = spareJob();
            body.put("scheduledFor", clock.instant().plusSeconds(20).toString());
            HttpResponse<String> answer = post(server, "/jobs", body, Optional.empty());
            if (!expect(answer, 201)) {
                return true;
            }
            String job = "/jobs/" + data(answer).path("id").asString("");
            HttpResponse<String> attempts = send(server, "GET", job + "/executions", null);
            return expect(post(server, job + "/cancel", null, Optional.empty()), 200)
                    && expect(post(server, job + "/retry", null, Optional.empty()), 200)
                    && expect(attempts, 200)
                    && expect(
                            send(
                                    server,
                                    "DELETE",
                                    "/executions/"
                                            + data(attempts).path(0).path("id").asString(""),
                                    null),
                            204);
        });
    }

    /** Queues a job for later, changes it, and lets it go at once. */
    private boolean changeWaiting(URI server) throws InterruptedException {
        return chain(() -> {
            ObjectNode body = spareJob();
            body.put("scheduledFor", clock.instant().plusSeconds(3).toString());
            HttpResponse<String> answer = post(server, "/jobs", body, Optional.empty());
            if (!expect(answer, 201)) {
                return true;
            }
            String job = data(answer).path("id").asString("");
            ObjectNode change = JsonMapper.shared().createObjectNode();
            change.put("priority", "CRITICAL");
            return expect(send(server, "PATCH", "/jobs/" + job, change), 200, 409, 412)
                    && expect(post(server, "/jobs/" + job + "/retry", null, Optional.empty()), 200, 409);
        });
    }

    /** Queues jobs for much later, cancels them all at once, and tries them all again. */
    private boolean inBulk(URI server) throws InterruptedException {
        return chain(() -> {
            String tag = "bulk-" + count.incrementAndGet();
            for (int i = 0; i < 3; i++) {
                ObjectNode body = spareJob();
                body.put("scheduledFor", clock.instant().plusSeconds(20).toString());
                body.putArray("tags").add(tag);
                if (!expect(post(server, "/jobs", body, Optional.empty()), 201)) {
                    return false;
                }
            }
            ObjectNode those = JsonMapper.shared().createObjectNode();
            those.putObject("filter").put("tag", tag);
            return expect(post(server, "/jobs/cancel", those, Optional.empty()), 200)
                    && expect(post(server, "/jobs/retry", those, Optional.empty()), 200);
        });
    }

    /** Creates a schedule, fires it by hand, changes it and removes it. */
    private boolean spareSchedule(URI server) throws InterruptedException {
        return chain(() -> {
            ObjectNode body = JsonMapper.shared().createObjectNode();
            body.put("name", SPARE + "-" + count.incrementAndGet())
                    .put("taskId", SPARE)
                    .put("intervalSeconds", 3600);
            HttpResponse<String> answer = post(server, "/schedules", body, Optional.empty());
            if (!expect(answer, 201)) {
                return true;
            }
            String path = "/schedules/" + data(answer).path("id").asString("");
            ObjectNode change = JsonMapper.shared().createObjectNode();
            change.put("description", "changed");
            return expect(post(server, path + "/trigger", null, Optional.empty()), 200, 201)
                    && expect(send(server, "PATCH", path, change), 200, 412)
                    && expect(send(server, "DELETE", path, null), 204);
        });
    }

    /** Creates a task, queues a job of it for later, and removes it with its job. */
    private boolean spareTask(URI server) throws InterruptedException {
        return chain(() -> {
            String name = SPARE + "-" + count.incrementAndGet();
            ObjectNode body = JsonMapper.shared().createObjectNode();
            body.put("name", name).put("version", "1.0.0").put("sourceCode", PLAIN + "// " + name + "\n");
            if (!expect(post(server, "/tasks", body, Optional.empty()), 201)) {
                return false;
            }
            ObjectNode job = spareJob();
            job.put("taskId", name)
                    .put("scheduledFor", clock.instant().plusSeconds(20).toString());
            return expect(post(server, "/jobs", job, Optional.empty()), 201)
                    && expect(send(server, "DELETE", "/tasks/" + name + "?force=true", null), 204);
        });
    }

    /** Queues jobs whose results go where nobody listens, until that is left alone for a while. */
    private boolean refused(URI server) throws InterruptedException {
        return chain(() -> {
            boolean alive = true;
            for (int i = 0; i < 3 && alive; i++) {
                ObjectNode body = spareJob();
                body.put("priority", "CRITICAL");
                ObjectNode destination = body.putArray("outputDestinations").addObject();
                destination.put("destinationType", "webhook");
                ObjectNode webhook = destination.putObject("webhook");
                webhook.put("url", "http://127.0.0.1:9/nobody");
                webhook.putObject("retryPolicy").put("maxAttempts", 2);
                alive = expect(post(server, "/jobs", body, Optional.empty()), 201);
            }
            return alive;
        });
    }

    /** Makes a delivery once more that has arrived. */
    private boolean redeliver(URI server, RandomGenerator random) throws InterruptedException {
        return chain(() -> {
            HttpResponse<String> answer =
                    send(server, "GET", "/deliveries?status=DELIVERED&_sort=created_at&_order=DESC&limit=20", null);
            if (!expect(answer, 200)) {
                return true;
            }
            JsonNode found = data(answer);
            if (found.isEmpty()) {
                return true;
            }
            String id = found.path(random.nextInt(found.size())).path("id").asString("");
            return expect(post(server, "/deliveries/" + id + "/redeliver", null, Optional.empty()), 200, 202, 409);
        });
    }

    // ---- requests

    private interface Exchange {
        boolean run() throws IOException, InterruptedException;
    }

    /** False when the server went away meanwhile. */
    private static boolean attempt(Exchange exchange) throws InterruptedException {
        try {
            return exchange.run();
        } catch (IOException e) {
            return false;
        }
    }

    /** The same for requests of which each needs the one before: where one is refused, the others are left out. */
    private static boolean chain(Exchange exchange) throws InterruptedException {
        return attempt(() -> {
            var _ = exchange.run();
            return true;
        });
    }

    private static boolean attemptQuietly(Exchange exchange) {
        try {
            return attempt(exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private HttpResponse<String> send(URI server, String method, String path, @Nullable JsonNode body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve("/api/v1" + path))
                .timeout(PATIENCE)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.toString()));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(URI server, String path, @Nullable JsonNode body, Optional<String> key)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve("/api/v1" + path))
                .timeout(PATIENCE)
                .POST(
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.toString()));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        key.ifPresent(value -> request.header("Idempotency-Key", value));
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Whether the answer is one of those; another one is remembered, unless it says that the server cannot just now. */
    private boolean expect(HttpResponse<String> answer, int... statuses) {
        for (int status : statuses) {
            if (answer.statusCode() == status) {
                return true;
            }
        }
        if (answer.statusCode() != 429 && answer.statusCode() != 503) {
            complaints.add(
                    answer.request().method() + " " + answer.request().uri().getPath() + " was answered with "
                            + answer.statusCode() + ": " + answer.body());
        }
        return false;
    }

    private static JsonNode data(HttpResponse<String> answer) {
        return JsonMapper.shared().readTree(answer.body()).path("data");
    }

    /** The number of jobs of each kind that were asked for, in order of kinds. */
    List<String> tally() {
        List<String> tally = new ArrayList<>();
        for (Kind kind : KINDS) {
            long asked = sent.stream().filter(one -> one.kind() == kind).count();
            tally.add(kind + " " + asked);
        }
        return tally;
    }
}
