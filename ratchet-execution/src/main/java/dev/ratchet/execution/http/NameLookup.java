package dev.ratchet.execution.http;

import dev.ratchet.core.http.HttpAnswer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Resolves names on threads of its own: the system call cannot be interrupted and would hold the carrier of a virtual
 * thread. A request that gives up leaves its lookup behind; their number is bounded.
 */
final class NameLookup implements AutoCloseable {
    private static final int THREADS = 16;
    private static final int WAITING = 1024;

    /** An answer may be of any length; trying more than this many addresses helps nobody. */
    private static final int MAX_ADDRESSES = 16;

    private final HostResolver resolver;
    private final ThreadPoolExecutor threads;

    NameLookup(HostResolver resolver) {
        this.resolver = resolver;
        this.threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(WAITING),
                Thread.ofPlatform().daemon().name("ratchet-dns-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    List<InetAddress> resolve(String host, Exchange exchange) throws RefusedException, Exchange.StoppedException {
        long start = System.nanoTime();
        FutureTask<InetAddress[]> lookup = new FutureTask<>(() -> resolver.resolve(host));
        exchange.breakWith(() -> lookup.cancel(true));
        try {
            threads.execute(lookup);
            InetAddress[] addresses = lookup.get(exchange.remainingNanos(), TimeUnit.NANOSECONDS);
            if (addresses.length == 0) {
                throw unknown(host);
            }
            return Arrays.stream(addresses).distinct().limit(MAX_ADDRESSES).toList();
        } catch (RejectedExecutionException e) {
            throw new RefusedException(
                    HttpAnswer.Reason.DNS,
                    "The host name " + host + " was not resolved: too many lookups are waiting; try again later.");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException) {
                throw unknown(host);
            }
            throw new RefusedException(
                    HttpAnswer.Reason.DNS, "The host name " + host + " could not be resolved: the lookup failed.");
        } catch (CancellationException e) {
            throw new Exchange.StoppedException();
        } catch (TimeoutException e) {
            exchange.stop(Exchange.Stop.DEADLINE);
            throw new Exchange.StoppedException();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.stop(Exchange.Stop.CALLER);
            throw new Exchange.StoppedException();
        } finally {
            exchange.addDns(start);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static RefusedException unknown(String host) {
        return new RefusedException(
                HttpAnswer.Reason.DNS,
                "The host name " + host + " does not resolve to an address; check its spelling and the network.");
    }
}
