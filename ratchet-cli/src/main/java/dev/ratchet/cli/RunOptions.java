package dev.ratchet.cli;

import dev.ratchet.cli.config.NetGrant;
import dev.ratchet.cli.config.OutboundSettings;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.secret.Secrets;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskPackage;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the commands that run a task have in common: its time, its secrets and the hosts it is granted. */
final class RunOptions {
    private static final double MAX_TIMEOUT_SECONDS = 86_400;

    @Option(
            names = "--timeout",
            paramLabel = "N",
            description = "Wall time allowed, in seconds (default: what the task declares, else 60).")
    private @Nullable Double timeout;

    @Option(
            names = "--allow-net",
            paramLabel = "HOST",
            description = "Grants the task this host: permits it and lifts the rule against private addresses for it."
                    + " A name or address without port; repeatable.")
    private List<String> allowNet = List.of();

    @Option(
            names = "--secret-env",
            paramLabel = "NAME",
            description = "Gives the task secrets.NAME with the value of the environment variable NAME; repeatable.")
    private List<String> secretEnv = List.of();

    /** The task's limits, with {@code --timeout} over their wall time. */
    TaskLimits limits(TaskPackage task) {
        return limits(task.limits(), timeout);
    }

    /** {@code limits} with the wall time that {@code --timeout} asks for, if it does. */
    static TaskLimits limits(TaskLimits limits, @Nullable Double timeout) {
        return wallTime(timeout).map(limits::withWallTime).orElse(limits);
    }

    /** The wall time that {@code --timeout} asks for; empty without it. */
    private static Optional<Duration> wallTime(@Nullable Double seconds) {
        if (seconds == null) {
            return Optional.empty();
        }
        if (!(seconds > 0) || seconds > MAX_TIMEOUT_SECONDS) {
            throw new RatchetException(
                    ErrorCode.BAD_REQUEST,
                    "--timeout " + seconds + " is out of range; accepted: seconds above 0, at most 86400");
        }
        return Optional.of(Duration.ofMillis(Math.max(1, Math.round(seconds * 1000))));
    }

    /** The granted hosts, in lower case. */
    Set<String> grantedHosts(OutboundSettings http) {
        Set<String> hosts = new LinkedHashSet<>(http.allowedPrivateHosts());
        for (String host : allowNet) {
            NetGrant.fault(host).ifPresent(fault -> {
                throw new RatchetException(ErrorCode.BAD_REQUEST, "--allow-net: " + fault);
            });
            hosts.add(host.toLowerCase(Locale.ROOT));
        }
        return hosts;
    }

    /**
     * The secrets given, checked against those the task declares.
     *
     * @throws RatchetException when a variable is not set, a value cannot be masked, or a declared secret is not given
     */
    Secrets secrets(TaskPackage task, Map<String, String> environment) {
        Map<String, String> values = new TreeMap<>();
        for (String name : secretEnv) {
            String value = environment.get(name);
            if (value == null) {
                throw new RatchetException(
                        ErrorCode.BAD_REQUEST, "--secret-env " + name + ": there is no environment variable " + name);
            }
            values.put(name, value);
        }
        List<String> missing = task.secrets().stream()
                .filter(name -> !values.containsKey(name))
                .sorted()
                .toList();
        if (!missing.isEmpty()) {
            throw new RatchetException(
                    ErrorCode.BAD_REQUEST,
                    "the task declares the secret" + (missing.size() == 1 ? " " : "s ") + String.join(", ", missing)
                            + "; set the environment variable and add --secret-env " + missing.getFirst());
        }
        try {
            return new Secrets(values);
        } catch (IllegalArgumentException e) {
            throw new RatchetException(ErrorCode.BAD_REQUEST, "--secret-env: " + e.getMessage(), e);
        }
    }
}
