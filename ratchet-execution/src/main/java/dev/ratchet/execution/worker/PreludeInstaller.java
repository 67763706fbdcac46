package dev.ratchet.execution.worker;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;

/**
 * Gives contexts the globals of a task. One per engine: it keeps the sources, and the engine keeps what they compile to.
 * Safe for several threads.
 *
 * <pre>{@code
 * var installer = new PreludeInstaller(onFatal);
 * GuestRealm realm = installer.install(context, hostCalls, Compatibility.CURRENT);
 * }</pre>
 */
final class PreludeInstaller {

    private final Source install = source("install");
    private final Map<PreludeGroup, Source> groups = new EnumMap<>(PreludeGroup.class);

    private final Consumer<Error> onFatal;

    /** @param onFatal told of errors that leave the process unsound, on the guest's thread; ends it */
    PreludeInstaller(Consumer<Error> onFatal) {
        this.onFatal = onFatal;
        for (var group : PreludeGroup.values()) {
            groups.put(group, source(group.file()));
        }
    }

    /**
     * Installs the globals into a new context of an engine built with {@link Prelude#ENGINE_OPTIONS}, before any of the
     * task's code has run in it. Costs some tens of microseconds; what a task does not touch is not loaded.
     */
    GuestRealm install(Context context, HostCalls host, Compatibility compatibility) {
        return new PreludeRealm(context, host, compatibility, install, groups, onFatal);
    }

    private static Source source(String name) {
        var resource = "prelude/" + name + ".js";
        try (InputStream in = PreludeInstaller.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + ": not found beside " + PreludeInstaller.class.getName());
            }
            var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            // Internal sources do not appear in the stack traces a task sees.
            return Source.newBuilder("js", text, "ratchet:prelude/" + name + ".js")
                    .internal(true)
                    .buildLiteral();
        } catch (IOException e) {
            throw new UncheckedIOException(resource + ": cannot be read", e);
        }
    }
}
