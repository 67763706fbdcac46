package dev.ratchet.api.rest;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A port of which a test answers the methods it needs; any other fails. */
final class Stub<T> {
    private final Map<String, Function<Object[], @Nullable Object>> answers = new HashMap<>();
    private final Class<T> port;

    private Stub(Class<T> port) {
        this.port = port;
    }

    static <T> Stub<T> of(Class<T> port) {
        return new Stub<>(port);
    }

    /** Answers a method by its name, whatever its arguments. */
    Stub<T> on(String method, Function<Object[], @Nullable Object> answer) {
        answers.put(method, answer);
        return this;
    }

    T get() {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> System.identityHashCode(proxy) == System.identityHashCode(arguments[0]);
                    default -> "stub of " + port.getSimpleName();
                };
            }
            Function<Object[], @Nullable Object> answer = answers.get(method.getName());
            if (answer == null) {
                throw new AssertionError("nobody expected " + port.getSimpleName() + "." + method.getName());
            }
            return answer.apply(arguments == null ? new Object[0] : arguments);
        };
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, handler));
    }
}
