package dev.ratchet.execution.delivery;

import com.github.jknack.handlebars.Context;
import com.github.jknack.handlebars.EscapingStrategy;
import com.github.jknack.handlebars.Formatter;
import com.github.jknack.handlebars.Handlebars;
import com.github.jknack.handlebars.HandlebarsException;
import com.github.jknack.handlebars.Helper;
import com.github.jknack.handlebars.HelperRegistry;
import com.github.jknack.handlebars.TagType;
import com.github.jknack.handlebars.Template;
import com.github.jknack.handlebars.ValueResolver;
import com.github.jknack.handlebars.context.MapValueResolver;
import com.github.jknack.handlebars.helper.DefaultHelperRegistry;
import com.github.jknack.handlebars.io.AbstractTemplateLoader;
import com.github.jknack.handlebars.io.TemplateSource;
import dev.ratchet.core.common.KnownNames;
import dev.ratchet.execution.recording.Json;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Handlebars templates, strictly: a name without a value makes the filling fail. A template sees maps, lists and scalars
 * and nothing else of the program, has the helpers {@code if}, {@code unless}, {@code each}, {@code with} and
 * {@code lookup}, and no partials or decorators. Values are escaped for the place the text goes to, and only a body may
 * ask for them unescaped. Length, nesting, work and result are bounded. Thread-safe.
 */
final class Templates {
    /** Where the filled text goes, which decides how values are escaped. */
    enum Place {
        /** A path: a value is part of one name and never a separator. */
        PATH(4096, 4096),
        /** A URL: everything but unreserved characters (RFC 3986, section 2.3) is percent-encoded. */
        URL(2048, 8192),
        /** A header value or credential: control characters make the filling fail. */
        HEADER(8192, 8192),
        /** Start of a line on a terminal: control characters become spaces. */
        PREFIX(256, 1024),
        /** A JSON body: strings without their quotes, objects and arrays as they are. */
        JSON_BODY(64 * 1024, Integer.MAX_VALUE),
        /** An XML body. */
        XML_BODY(64 * 1024, Integer.MAX_VALUE),
        /** Any other body: values as they are. */
        TEXT_BODY(64 * 1024, Integer.MAX_VALUE);

        private final int maxTemplate;
        private final int maxResult;

        Place(int maxTemplate, int maxResult) {
            this.maxTemplate = maxTemplate;
            this.maxResult = maxResult;
        }

        boolean isBody() {
            return this == JSON_BODY || this == XML_BODY || this == TEXT_BODY;
        }
    }

    private static final Set<String> HELPERS =
            Set.of("if", "unless", "each", "with", "lookup", HelperRegistry.HELPER_MISSING);
    private static final int MAX_NESTING = 32;
    private static final Pattern NOT_FOR_NAMES = Pattern.compile("[/\\\\:*?\"<>|\\p{Cntrl}]");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final Pattern ROOT_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private static final Helper<Object> MISSING = (value, options) -> {
        throw new RenderStopped(
                options.tagType == TagType.SECTION || options.tagType == TagType.START_SECTION
                        ? "opens a section about a variable that has no value here"
                        : missing(options.helperName));
    };

    private static final Map<Place, Handlebars> ENGINES = engines();

    private Templates() {}

    /** Whether {@code text} is filled in at all. */
    static boolean isTemplate(String text) {
        return text.contains("{{");
    }

    /**
     * Reads a template without filling it.
     *
     * @throws TemplateException when it cannot be read, or names something that no job has
     */
    static void check(String template, Place place) throws TemplateException {
        if (!isTemplate(template)) {
            return;
        }
        Template compiled = compile(template, place);
        if (!compiled.collect(TagType.SECTION, TagType.START_SECTION).isEmpty()) {
            // Inside a section a bare name may be a field of what the section is about.
            return;
        }
        for (String name : compiled.collect(TagType.VAR, TagType.AMP_VAR, TagType.TRIPLE_VAR)) {
            var root = ROOT_NAME.matcher(name);
            if (root.lookingAt()
                    && !HELPERS.contains(root.group())
                    && !root.group().equals("this")) {
                requireKnown(root.group());
            }
        }
    }

    /**
     * Fills a template.
     *
     * @param maxChars most characters of the result, on top of the place's own limit
     * @throws TemplateException when it cannot be read or a name has no value
     */
    static String fill(String template, Place place, TemplateModel model, int maxChars) throws TemplateException {
        if (!isTemplate(template)) {
            return template;
        }
        Template compiled = compile(template, place);
        RenderBudget budget = new RenderBudget();
        StringBuilder result = new StringBuilder();
        Context context = Context.newBuilder(model.root(budget))
                .resolver(new CountingResolver(budget))
                .build();
        try {
            compiled.apply(context, new BoundedWriter(result, Math.min(maxChars, place.maxResult)));
        } catch (HandlebarsException e) {
            throw new TemplateException(reason(e));
        } catch (RenderStopped e) {
            throw new TemplateException(e.text());
        } catch (IOException e) {
            throw new IllegalStateException("a string builder does not fail", e);
        }
        return result.toString();
    }

    private static Template compile(String template, Place place) throws TemplateException {
        if (template.length() > place.maxTemplate) {
            throw new TemplateException("is longer than " + place.maxTemplate + " characters");
        }
        checkTags(template, place);
        try {
            return engine(place).compileInline(template);
        } catch (HandlebarsException e) {
            throw new TemplateException("cannot be read: " + reason(e));
        } catch (IOException e) {
            throw new IllegalStateException("a string does not fail to be read", e);
        }
    }

    private static Handlebars engine(Place place) {
        Handlebars engine = ENGINES.get(place);
        if (engine == null) {
            throw new IllegalStateException("no engine for " + place);
        }
        return engine;
    }

    /** What the grammar allows and this program does not; the parser must not be asked about deep nesting either. */
    private static void checkTags(String template, Place place) throws TemplateException {
        int depth = 0;
        for (int at = template.indexOf("{{"); at >= 0; at = template.indexOf("{{", at)) {
            at += 2;
            int end = template.indexOf("}}", at);
            String tag = template.substring(at, end < 0 ? template.length() : end);
            String content = tag.startsWith("~") ? tag.substring(1).strip() : tag.strip();
            if (content.startsWith("!")) {
                continue;
            }
            if (content.startsWith(">") || content.startsWith("#>") || content.startsWith("=")) {
                throw new TemplateException("uses partials or other delimiters; accepted are variables and the helpers"
                        + " if, unless, each, with and lookup");
            }
            if (content.startsWith("*") || content.startsWith("#*")) {
                throw new TemplateException("uses a decorator; accepted are variables and the helpers if, unless, each,"
                        + " with and lookup");
            }
            if ((content.startsWith("{") || content.startsWith("&")) && !place.isBody()) {
                throw new TemplateException("asks for an unescaped value ({{{...}}} or {{&...}}), which only a body may"
                        + " hold; accepted is {{...}}");
            }
            if (content.startsWith("#") || (content.startsWith("^") && content.length() > 1)) {
                depth++;
            } else if (content.startsWith("/")) {
                depth--;
            }
            if (depth > MAX_NESTING || content.chars().filter(c -> c == '(').count() > MAX_NESTING) {
                throw new TemplateException("is nested deeper than " + MAX_NESTING + " levels");
            }
        }
    }

    private static void requireKnown(String name) throws TemplateException {
        if (!TemplateModel.NAMES.contains(name)) {
            throw new TemplateException("has an " + KnownNames.unknown("variable", name, TemplateModel.NAMES));
        }
    }

    private static String reason(HandlebarsException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof RenderStopped stopped) {
                return stopped.text();
            }
        }
        String message = String.valueOf(e.getMessage());
        // "inline@4a5b6c:1:2: found ..." names an object of the program; the place in the text is of use.
        return message.lines().findFirst().orElse("").replaceFirst("^inline@[0-9a-f]+:", "");
    }

    private static Map<Place, Handlebars> engines() {
        Map<Place, Handlebars> engines = new EnumMap<>(Place.class);
        for (Place place : Place.values()) {
            engines.put(
                    place,
                    new Handlebars(new NoPartials())
                            .with(new FewHelpers())
                            .with((EscapingStrategy) value -> escape(place, value))
                            .with((Formatter) (value, next) -> format(place, value))
                            .registerHelperMissing(MISSING));
        }
        return engines;
    }

    private static String missing(String name) {
        return "names '" + (name.length() > 100 ? name.substring(0, 100) + "…" : name) + "', which has no value here";
    }

    private static Object format(Place place, Object value) {
        if (!(value instanceof JsonView.Structure structure)) {
            if (value instanceof Map || value instanceof Collection) {
                throw new RenderStopped("writes all variables at once; accepted is the name of one");
            }
            return value.toString();
        }
        if (!place.isBody()) {
            throw new RenderStopped("names an object or array where a single value is needed; accepted is one of its"
                    + " fields, such as output.id");
        }
        String json = Json.write(structure.node());
        return place == Place.JSON_BODY ? new Handlebars.SafeString(json) : json;
    }

    private static CharSequence escape(Place place, @Nullable CharSequence value) {
        if (value == null) {
            return "";
        }
        if (value instanceof Handlebars.SafeString) {
            return value;
        }
        String text = value.toString();
        return switch (place) {
            case PATH -> {
                String name = NOT_FOR_NAMES.matcher(text).replaceAll("_");
                yield name.equals(".") || name.equals("..") ? name.replace('.', '_') : name;
            }
            case URL -> percentEncoded(text);
            case HEADER -> {
                if (CONTROL.matcher(text).find()) {
                    throw new RenderStopped("puts a line end or another control character into a header");
                }
                yield text;
            }
            case PREFIX -> CONTROL.matcher(text).replaceAll(" ");
            case JSON_BODY -> {
                String quoted = Json.quote(text);
                yield quoted.substring(1, quoted.length() - 1);
            }
            case XML_BODY -> XmlText.escaped(text);
            case TEXT_BODY -> text;
        };
    }

    private static String percentEncoded(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean unreserved = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || "-._~".indexOf(c) >= 0;
            if (unreserved) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    /** Templates are texts of their own; there is nothing to load. */
    private static final class NoPartials extends AbstractTemplateLoader {
        @Override
        public TemplateSource sourceAt(String location) throws IOException {
            throw new FileNotFoundException("partials are not supported");
        }
    }

    /** The library's own registry also brings helpers that load files, resources and scripts. */
    private static final class FewHelpers extends DefaultHelperRegistry {
        @Override
        @SuppressWarnings("NullAway") // the library says "unknown" with null
        public <C> Helper<C> helper(String name) {
            return HELPERS.contains(name) ? super.helper(name) : null;
        }
    }

    /** Maps and nothing else: no methods or fields of anybody's. */
    private record CountingResolver(RenderBudget budget) implements ValueResolver {
        @Override
        public Object resolve(Object context, String name) {
            budget.step();
            return MapValueResolver.INSTANCE.resolve(context, name);
        }

        @Override
        public Object resolve(Object context) {
            return MapValueResolver.INSTANCE.resolve(context);
        }

        @Override
        public Set<Map.Entry<String, Object>> propertySet(Object context) {
            return MapValueResolver.INSTANCE.propertySet(context);
        }
    }

    private static final class BoundedWriter extends Writer {
        private final StringBuilder target;
        private final int limit;

        BoundedWriter(StringBuilder target, int limit) {
            this.target = target;
            this.limit = limit;
        }

        @Override
        public void write(char[] chars, int offset, int length) {
            if (length > limit - target.length()) {
                throw new RenderStopped("gives more than " + limit + " characters");
            }
            target.append(chars, offset, length);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
