package dev.ratchet.execution.worker;

import dev.ratchet.execution.url.FormEncoding;
import dev.ratchet.execution.url.WhatwgUrl;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;

/** The prelude in one context: loads its files on demand and hands each the host functions it needs. */
final class PreludeRealm implements GuestRealm {

    private final Context context;
    private final HostCalls host;
    private final Map<PreludeGroup, Source> sources;
    private final Consumer<Error> onFatal;
    private final Value installed;

    PreludeRealm(
            Context context,
            HostCalls host,
            Compatibility compatibility,
            Source install,
            Map<PreludeGroup, Source> sources,
            Consumer<Error> onFatal) {
        this.onFatal = onFatal;
        this.context = context;
        this.host = host;
        this.sources = sources;
        this.installed = context.eval(install)
                .execute(
                        guarded(this::load),
                        guarded(args -> host.random()),
                        switch (compatibility) {
                            case CURRENT -> false;
                            case RATCHET_0_4 -> true;
                        });
    }

    // ---- for the event loop

    @Override
    public void settleFetch(long id, FetchAnswer answer) {
        switch (answer) {
            case FetchAnswer.Received received ->
                group(PreludeGroup.FETCH)
                        .getMember("settle")
                        .executeVoid(
                                id,
                                received.status(),
                                received.statusText(),
                                received.url(),
                                received.redirected(),
                                flat(received.headers()),
                                new BodyReader(received.body()));
            case FetchAnswer.Failed failed ->
                group(PreludeGroup.FETCH).getMember("fail").executeVoid(id, failed.code(), failed.message());
        }
    }

    @Override
    public void fireTimer(long id) {
        group(PreludeGroup.TIMERS).getMember("fire").executeVoid(id);
    }

    @Override
    public Value taskContext(TaskFacts facts) {
        return group(PreludeGroup.CONTEXT)
                .getMember("create")
                .execute(
                        facts.executionId(),
                        facts.taskId(),
                        facts.taskName(),
                        facts.taskVersion(),
                        facts.jobId(),
                        facts.attempt());
    }

    @Override
    public void abort(String name, String message) {
        group(PreludeGroup.CONTEXT).getMember("abort").executeVoid(name, message);
    }

    private Value group(PreludeGroup group) {
        return installed.getMember("group").execute(group.file());
    }

    // ---- for the prelude

    private Value load(Value... args) {
        var group = PreludeGroup.of(args[0].asString());
        var body = context.eval(sources.get(group));
        Value intrinsics = args[1];
        Value siblings = args[2];
        return switch (group) {
            case BLOB -> body.execute(intrinsics, siblings, number(host::now));
            case CLOCK ->
                body.execute(
                        intrinsics,
                        siblings,
                        number(host::now),
                        number(host::performanceNow),
                        number(host::timeOrigin));
            case CLONE, ERRORS, EXCEPTION, ITERATE -> body.execute(intrinsics, siblings);
            case CONSOLE ->
                body.execute(
                        intrinsics,
                        siblings,
                        nothing(a -> host.log(a[0].asString(), a[1].asString())),
                        number(host::performanceNow),
                        Prelude.LOG_MESSAGE_CHARS);
            case CONTEXT ->
                body.execute(intrinsics, siblings, nothing(a -> host.progress(a[0].asDouble(), a[1].asString())));
            case CRYPTO ->
                body.execute(
                        intrinsics,
                        siblings,
                        nothing(a -> fill(a[0], a[1].asInt(), a[2].asInt())),
                        guarded(a -> uuid()));
            case ENCODING ->
                body.execute(
                        intrinsics,
                        siblings,
                        guarded(a -> LegacyDecoder.of(a[0].asString(), a[1].asBoolean(), this::guarded)),
                        guarded(a -> Base64Text.decode(a[0].asString())),
                        guarded(a -> Base64Text.encode(a[0].asString())));
            case EVENTS ->
                body.execute(intrinsics, siblings, number(host::performanceNow), nothing(a -> host.uncaught(a[0])));
            case FETCH ->
                body.execute(
                        intrinsics,
                        siblings,
                        guarded(a -> host.fetchStart(request(a))),
                        nothing(a -> host.fetchAbort(a[0].asLong())));
            case FORM ->
                body.execute(
                        intrinsics,
                        siblings,
                        guarded(a -> HexFormat.of().formatHex(random(a[0].asInt()))),
                        guarded(a -> MultipartForm.parse(a[0].asString(), bytes(a, 1))));
            case LEGACY ->
                body.execute(intrinsics, siblings, guarded(a -> blockingAnswer(host.fetchBlocking(request(a)))));
            case SUBTLE -> {
                var crypto = new PreludeCrypto(host::randomBytes, this::guarded, BodyReader::new);
                yield body.execute(
                        intrinsics,
                        siblings,
                        guarded(a -> crypto.digest(a[0].asString(), bytes(a, 1))),
                        guarded(crypto::importKey),
                        guarded(crypto::generateKey));
            }
            case TIMERS ->
                body.execute(
                        intrinsics,
                        siblings,
                        guarded(a -> host.timerStart(a[0].asDouble(), a[1].asBoolean())),
                        nothing(a -> host.timerClear(a[0].asLong())),
                        nothing(a -> host.uncaught(a[0])));
            case URL ->
                body.execute(
                        intrinsics,
                        siblings,
                        guarded(a -> url(a[0].asString(), a.length > 1 ? a[1].asString() : null)),
                        guarded(a -> ProxyArray.fromList(List.copyOf(FormEncoding.parse(a[0].asString())))),
                        guarded(a -> FormEncoding.serialize(strings(a[0]))));
        };
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        host.randomBytes(bytes);
        return bytes;
    }

    private void fill(Value buffer, int offset, int length) {
        write(random(length), buffer, offset);
    }

    private String uuid() {
        byte[] bytes = random(16);
        bytes[6] = (byte) ((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte) ((bytes[8] & 0x3f) | 0x80);
        String hex = HexFormat.of().formatHex(bytes);
        return String.join(
                "-",
                hex.substring(0, 8),
                hex.substring(8, 12),
                hex.substring(12, 16),
                hex.substring(16, 20),
                hex.substring(20));
    }

    /** A request as {@code fetch.js} sends it: method, url, headers, redirect, then text or buffer, offset, length. */
    private static FetchInit request(Value... args) {
        byte[] body = null;
        if (args.length == 5) {
            body = utf8(args[4].asString());
        } else if (args.length > 5) {
            body = bytes(args, 4);
        }
        List<String> flat = strings(args[2]);
        var headers = new ArrayList<HeaderField>(flat.size() / 2);
        for (int i = 0; i + 1 < flat.size(); i += 2) {
            headers.add(new HeaderField(flat.get(i), flat.get(i + 1)));
        }
        var redirect = FetchInit.Redirect.valueOf(args[3].asString().toUpperCase(Locale.ROOT));
        return new FetchInit(args[0].asString(), args[1].asString(), headers, body, redirect);
    }

    /** An answer for {@code legacy.js}: status, status text, headers, body text; or code and message of a failure. */
    private static ProxyArray blockingAnswer(FetchAnswer answer) {
        return switch (answer) {
            case FetchAnswer.Received received ->
                ProxyArray.fromArray(
                        received.status(),
                        received.statusText(),
                        flat(received.headers()),
                        BodyReader.text(received.body()));
            case FetchAnswer.Failed failed -> ProxyArray.fromArray(failed.code(), failed.message());
        };
    }

    private static ProxyArray flat(List<HeaderField> headers) {
        var flat = new ArrayList<>(headers.size() * 2);
        for (var header : headers) {
            flat.add(header.name());
            flat.add(header.value());
        }
        return ProxyArray.fromList(flat);
    }

    /** A parsed URL as a function: called with a component's number it reads, with a value as well it writes. */
    private @Nullable ProxyExecutable url(String input, @Nullable String base) {
        WhatwgUrl parsedBase = null;
        if (base != null) {
            parsedBase = WhatwgUrl.parse(base).orElse(null);
            if (parsedBase == null) {
                return null;
            }
        }
        return WhatwgUrl.parse(input, parsedBase).map(this::accessor).orElse(null);
    }

    private ProxyExecutable accessor(WhatwgUrl url) {
        return guarded(args -> {
            int component = args[0].asInt();
            if (args.length == 1) {
                return switch (component) {
                    case 0 -> url.href();
                    case 1 -> url.protocol();
                    case 2 -> url.username();
                    case 3 -> url.password();
                    case 4 -> url.host();
                    case 5 -> url.hostname();
                    case 6 -> url.port();
                    case 7 -> url.pathname();
                    case 8 -> url.search();
                    case 9 -> url.hash();
                    case 10 -> url.origin();
                    case 11 -> url.query();
                    default -> throw new IllegalArgumentException("no URL component " + component);
                };
            }
            String value = args[1].asString();
            switch (component) {
                case 0 -> {
                    return url.setHref(value);
                }
                case 1 -> url.setProtocol(value);
                case 2 -> url.setUsername(value);
                case 3 -> url.setPassword(value);
                case 4 -> url.setHost(value);
                case 5 -> url.setHostname(value);
                case 6 -> url.setPort(value);
                case 7 -> url.setPathname(value);
                case 8 -> url.setSearch(value);
                case 9 -> url.setHash(value);
                case 11 -> url.setQuery(value);
                default -> throw new IllegalArgumentException("no URL component " + component + " to set");
            }
            return true;
        });
    }

    // ---- crossing the border

    /** What a host function does; null reaches the guest as {@code null}. */
    @FunctionalInterface
    interface HostFunction {
        @Nullable
        Object call(Value... args);
    }

    /** The work of a host function without a result. */
    @FunctionalInterface
    private interface HostAction {
        void call(Value... args);
    }

    @FunctionalInterface
    private interface NumberSource {
        double get();
    }

    /**
     * A function the guest may call. An exception of ours would reach the guest as an object of the host, so it is
     * thrown anew by guest code. Want of heap and broken classes are no affair of the guest's, which could catch them
     * and go on in a process that is not sound.
     */
    private ProxyExecutable guarded(HostFunction function) {
        return args -> {
            try {
                return function.call(args);
            } catch (PolyglotException e) {
                throw e;
            } catch (GuestError e) {
                throw raise(e.name(), e.getMessage());
            } catch (RuntimeException e) {
                String message = e.getMessage();
                throw raise("Error", message == null ? e.getClass().getSimpleName() : message);
            } catch (StackOverflowError e) {
                // Where the room does not suffice for this either, the guest sees an object of the host that tells it
                // no more than its name.
                throw raise("RangeError", "Maximum call stack size exceeded");
            } catch (OutOfMemoryError | LinkageError e) {
                onFatal.accept(e);
                throw e;
            }
        };
    }

    private ProxyExecutable nothing(HostAction action) {
        return guarded(args -> {
            action.call(args);
            return null;
        });
    }

    private ProxyExecutable number(NumberSource source) {
        return guarded(args -> source.get());
    }

    private RuntimeException raise(String name, @Nullable String message) {
        installed.getMember("raise").executeVoid(name, message);
        return new IllegalStateException("the prelude did not throw " + name + ": " + message);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> strings(Value array) {
        int size = Math.toIntExact(array.getArraySize());
        var result = new ArrayList<String>(size);
        for (int i = 0; i < size; i++) {
            result.add(array.getArrayElement(i).asString());
        }
        return result;
    }

    /** The bytes of three arguments: an ArrayBuffer, an offset and a length. */
    static byte[] bytes(Value[] args, int from) {
        byte[] result = new byte[args[from + 2].asInt()];
        if (result.length > 0) {
            args[from].readBuffer(args[from + 1].asLong(), result, 0, result.length);
        }
        return result;
    }

    /** Copies bytes into an ArrayBuffer of the guest, eight at a time, which is the widest step the engine offers. */
    static void write(byte[] source, Value buffer, int offset) {
        var bytes = ByteBuffer.wrap(source).order(ByteOrder.LITTLE_ENDIAN);
        int i = 0;
        for (; i + 8 <= source.length; i += 8) {
            buffer.writeBufferLong(ByteOrder.LITTLE_ENDIAN, offset + (long) i, bytes.getLong(i));
        }
        for (; i < source.length; i++) {
            buffer.writeBufferByte(offset + (long) i, source[i]);
        }
    }

    /** A received body that stays with the host until the task asks for it. */
    private final class BodyReader implements ProxyExecutable {
        private final byte[] body;

        BodyReader(byte[] body) {
            this.body = body;
        }

        @Override
        public @Nullable Object execute(Value... args) {
            return guarded(this::answer).execute(args);
        }

        private @Nullable Object answer(Value... args) {
            return switch (args[0].asString()) {
                case "text" -> text(body);
                case "size" -> body.length;
                case "fill" -> {
                    write(body, args[1], 0);
                    yield null;
                }
                default -> throw new IllegalArgumentException("a body has no " + args[0]);
            };
        }

        /** UTF-8 whatever the content type says, as the Fetch Standard wants it; a byte order mark is left out. */
        static String text(byte[] body) {
            boolean marked =
                    body.length >= 3 && body[0] == (byte) 0xef && body[1] == (byte) 0xbb && body[2] == (byte) 0xbf;
            return marked
                    ? new String(body, 3, body.length - 3, StandardCharsets.UTF_8)
                    : new String(body, StandardCharsets.UTF_8);
        }
    }
}
