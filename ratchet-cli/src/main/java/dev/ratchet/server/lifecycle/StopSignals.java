package dev.ratchet.server.lifecycle;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * Ctrl-C and the termination signal, told apart and counted. The JVM's own handling ends the process in order at the
 * first signal and is deaf to the second, which is to end it at once.
 *
 * <p>Goes through reflection: {@code sun.misc.Signal} of the supported module {@code jdk.unsupported} is the only way to
 * see a signal, and naming it would make the compiler warn in a manner that cannot be silenced in one place.
 */
public final class StopSignals {
    /** Numbers as POSIX has them; the exit code of a process ended by one is 128 more. */
    private static final Map<String, Integer> SIGNALS = Map.of("INT", 2, "TERM", 15);

    private static final int EXIT_CODE_BASE = 128;

    private StopSignals() {}

    /**
     * Takes the signals over for the rest of the process.
     *
     * @param first called with the exit code at the first signal, on a thread of its own
     * @param second called with the exit code at every later one, on a thread of its own
     * @return false where this JVM does not hand signals over; then they end the process as they always do
     */
    public static boolean handle(IntConsumer first, IntConsumer second) {
        AtomicBoolean asked = new AtomicBoolean();
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            for (Map.Entry<String, Integer> entry : SIGNALS.entrySet()) {
                int exitCode = EXIT_CODE_BASE + entry.getValue();
                Object action = Proxy.newProxyInstance(
                        StopSignals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                            if (method.getName().equals("handle")) {
                                (asked.getAndSet(true) ? second : first).accept(exitCode);
                                return null;
                            }
                            return ofObject(proxy, method.getName(), arguments);
                        });
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(entry.getKey()), action);
            }
            return true;
        } catch (ClassNotFoundException
                | NoSuchMethodException
                | IllegalAccessException
                | InstantiationException
                | InvocationTargetException e) {
            return false;
        }
    }

    /** The methods every object has, which a proxy has to answer too. */
    @SuppressWarnings("ReferenceEquality") // a proxy equals itself only
    private static Object ofObject(Object proxy, String method, Object[] arguments) {
        return switch (method) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "stop signals";
        };
    }
}
