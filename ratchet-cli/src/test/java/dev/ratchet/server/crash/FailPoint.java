package dev.ratchet.server.crash;

import java.lang.reflect.Method;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A moment before or after a durable step.
 *
 * @param step as {@link DurableSteps#all} names it
 * @param after whether what the step wrote is stored already
 * @param count which time it is reached, from 1
 */
record FailPoint(String step, boolean after, int count) {
    private static final Pattern FORM = Pattern.compile("(\\w+\\.\\w+):(before|after)#([1-9]\\d{0,3})");

    /** Reads {@code JobStore.complete:after#3}. */
    static FailPoint parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || !DurableSteps.all().contains(matcher.group(1))) {
            throw new IllegalArgumentException("'" + text
                    + "' is no fail-point; accepted: one such as JobStore.complete:after#3, of " + DurableSteps.all());
        }
        return new FailPoint(matcher.group(1), matcher.group(2).equals("after"), Integer.parseInt(matcher.group(3)));
    }

    boolean isAt(Method method) {
        return step.equals(method.getDeclaringClass().getSimpleName() + "." + method.getName());
    }

    /** The moment, whichever time it is reached. */
    String moment() {
        return step + (after ? ":after" : ":before");
    }

    @Override
    public String toString() {
        return moment() + "#" + count;
    }
}
