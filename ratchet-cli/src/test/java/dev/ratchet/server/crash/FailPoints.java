package dev.ratchet.server.crash;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.job.JobStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Ends the server's process at one {@link FailPoint}, as a kill would: no hook runs, no file is closed. Found by Spring
 * Boot in a server on whose class path the harness puts it; the program itself knows nothing of it.
 */
final class FailPoints implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    /** System property that names the point; without it nothing happens. */
    static final String PROPERTY = "ratchet.crash.point";

    /** How a server ends that has come to its point; no other end has it. */
    static final int EXIT_CODE = 86;

    /** Every class that a server needs for it. */
    static List<Class<?>> parts() {
        return List.of(FailPoints.class, Wrapping.class, Wrapping.Steps.class, FailPoint.class, DurableSteps.class);
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        Optional.ofNullable(System.getProperty(PROPERTY))
                .map(FailPoint::parse)
                .ifPresent(point -> context.getBeanFactory().addBeanPostProcessor(new Wrapping(point)));
    }

    private static final class Wrapping implements BeanPostProcessor {
        private final FailPoint point;
        private final AtomicInteger passed = new AtomicInteger();
        private final AtomicBoolean answerLost = new AtomicBoolean();

        Wrapping(FailPoint point) {
            this.point = point;
        }

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            Class<?>[] ports = Arrays.stream(bean.getClass().getInterfaces())
                    .filter(DurableSteps.ports()::contains)
                    .toArray(Class<?>[]::new);
            return ports.length == 0
                    ? bean
                    : Proxy.newProxyInstance(FailPoints.class.getClassLoader(), ports, new Steps(bean));
        }

        private final class Steps implements InvocationHandler {
            private final Object target;

            Steps(Object target) {
                this.target = target;
            }

            @Override
            public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
                    throws Throwable {
                boolean here = DurableSteps.writes(method) && point.isAt(method);
                if (here && !point.after()) {
                    pass();
                }
                Object result;
                try {
                    result = method.invoke(target, arguments);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
                if (here && point.after() && DurableSteps.wrote(method, result)) {
                    pass();
                }
                if (losesAnswer(method, result)) {
                    throw new RatchetException(ErrorCode.SERVICE_UNAVAILABLE, "the answer to a claim was lost");
                }
                return result;
            }
        }

        /**
         * Nothing is claimed anew unless the answer to a claim was lost, which no kill does: for that point one is, as by a
         * connection that breaks after the commit.
         */
        private boolean losesAnswer(Method method, @Nullable Object result) {
            return point.step().equals("JobStore.reclaim")
                    && method.getDeclaringClass() == JobStore.class
                    && method.getName().equals("claim")
                    && DurableSteps.wrote(method, result)
                    && answerLost.compareAndSet(false, true);
        }

        private void pass() {
            if (passed.incrementAndGet() == point.count()) {
                Runtime.getRuntime().halt(EXIT_CODE);
            }
        }
    }
}
