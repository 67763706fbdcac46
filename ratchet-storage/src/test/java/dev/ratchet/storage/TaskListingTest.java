package dev.ratchet.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.listing.Condition;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import dev.ratchet.core.listing.Operator;
import dev.ratchet.core.listing.Order;
import dev.ratchet.core.listing.Slice;
import dev.ratchet.core.task.Task;
import dev.ratchet.core.task.TaskField;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.core.task.TaskPackages;
import dev.ratchet.core.task.TaskStore;
import dev.ratchet.core.task.TaskVersion;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Lists in SQL against the same lists computed here, for every property and every operator it allows. */
@ParameterizedClass
@EnumSource
class TaskListingTest {
    private static final TenantId TENANT = TenantId.DEFAULT;
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00.123Z");
    private static final List<String> TEXTS = List.of(
            "", "a", "A", "ab", "aB%c", "a_c", "axc", "z!", "Zebra", "ü", "Ü", "50%", "'", "\\", "é-1", "10", "9");

    private final TestDatabase database;
    private final TaskStore store;
    private final Random random = new Random(11);
    private final List<Task> all = new ArrayList<>();

    TaskListingTest(TestDatabase.Vendor vendor) {
        this.database = TestDatabase.open(vendor);
        this.store = database.get(TaskStore.class);
        for (int i = 0; i < 60; i++) {
            all.add(create(TENANT, i));
        }
        create(new TenantId("other"), 100);
        store.delete(TENANT, create(TENANT, 101).id(), NOW);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void everyOperatorOfEveryFieldGivesWhatItSays() {
        int checked = 0;
        for (TaskField field : TaskField.values()) {
            for (Operator operator : Operator.values()) {
                for (int round = 0; round < 6; round++) {
                    Optional<Condition<TaskField>> condition = condition(field, operator);
                    if (condition.isEmpty()) {
                        continue;
                    }
                    List<Task> expected =
                            all.stream().filter(holds(condition.get())).toList();

                    assertThat(listed(List.of(condition.get()), List.of()))
                            .as("%s", condition.get())
                            .containsExactlyInAnyOrderElementsOf(expected);
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThan(400);
    }

    @Test
    void everySortByNumberAndByCursorGivesTheSameOrder() {
        for (TaskField first : TaskField.values()) {
            for (TaskField second : TaskField.values()) {
                if (!first.sortable() || !second.sortable()) {
                    continue;
                }
                List<Order<TaskField>> orders =
                        List.of(new Order<>(first, random.nextBoolean()), new Order<>(second, random.nextBoolean()));
                List<Task> expected = all.stream().sorted(comparator(orders)).toList();

                assertThat(listed(List.of(), orders)).as("%s", orders).isEqualTo(expected);
                assertThat(walked(List.of(), orders, 7)).as("%s", orders).isEqualTo(expected);
            }
        }
    }

    @Test
    void listWithoutOrderGivesTheNewestIdentifiersFirst() {
        assertThat(listed(List.of(), List.of()))
                .isEqualTo(all.stream()
                        .sorted(Comparator.comparing((Task task) -> task.id().toString())
                                .reversed())
                        .toList());
    }

    @Test
    void severalConditionsMustAllHold() {
        List<Condition<TaskField>> conditions = List.of(
                Condition.equal(TaskField.ENABLED, true),
                new Condition<>(TaskField.DESCRIPTION, Operator.CONTAINS, List.of("a")));

        assertThat(walked(conditions, List.of(), 3))
                .containsExactlyInAnyOrderElementsOf(all.stream()
                        .filter(holds(conditions.get(0)))
                        .filter(holds(conditions.get(1)))
                        .toList())
                .isNotEmpty();
    }

    @Test
    void listByNumberTellsTheTotal() {
        Listing<Task> middle = list(List.of(), List.of(), new Slice.Numbered(20, 10));
        Listing<Task> last = list(List.of(), List.of(), new Slice.Numbered(50, 20));
        Listing<Task> beyond = list(List.of(), List.of(), new Slice.Numbered(500, 20));

        assertThat(middle.items()).hasSize(10);
        assertThat(middle.total()).contains(new Listing.Total(60, true));
        assertThat(last.items()).hasSize(10);
        assertThat(last.total()).contains(new Listing.Total(60, true));
        assertThat(beyond.items()).isEmpty();
        assertThat(beyond.total()).contains(new Listing.Total(60, true));
        assertThat(middle.nextCursor()).isEmpty();
    }

    @Test
    void listByCursorWhenSomethingIsAddedMovesNothing() {
        Listing<Task> first = list(List.of(), byName(), new Slice.After(Optional.empty(), 10));
        store.delete(TENANT, first.items().getFirst().id(), NOW);

        Listing<Task> second = list(List.of(), byName(), new Slice.After(first.nextCursor(), 10));

        assertThat(second.items())
                .isEqualTo(all.stream()
                        .sorted(comparator(byName()))
                        .skip(10)
                        .limit(10)
                        .toList());
        assertThat(second.total()).isEmpty();
    }

    @Test
    void listWhenTheCursorIsNoneIsRefused() {
        Listing<Task> first = list(List.of(), byName(), new Slice.After(Optional.empty(), 10));
        String good = first.nextCursor().orElseThrow();
        byte[] bytes = Base64.getUrlDecoder().decode(good);
        byte[] huge = bytes.clone();
        Arrays.fill(huge, 6, 10, (byte) 0x7f);

        for (String bad : List.of(
                "",
                "?",
                "AAAA",
                good.substring(0, good.length() - 4),
                good + "AAAA",
                Base64.getUrlEncoder().encodeToString(huge),
                "A".repeat(20_000),
                Base64.getUrlEncoder().encodeToString("' or 1=1".getBytes(StandardCharsets.UTF_8)))) {
            assertInvalid(() -> list(List.of(), byName(), new Slice.After(Optional.of(bad), 10)));
        }
        assertInvalid(() -> list(List.of(), List.of(), new Slice.After(Optional.of(good), 10)));
    }

    @Test
    void listWhenAValueCannotBeStoredIsRefused() {
        assertInvalid(() -> listed(List.of(Condition.equal(TaskField.NAME, "a\0")), List.of()));
    }

    private static void assertInvalid(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(RatchetException.class, error -> assertThat(error.code())
                .isEqualTo(ErrorCode.VALIDATION_ERROR));
    }

    private static List<Order<TaskField>> byName() {
        return List.of(new Order<>(TaskField.NAME, false));
    }

    private List<Task> listed(List<Condition<TaskField>> conditions, List<Order<TaskField>> orders) {
        return list(conditions, orders, new Slice.Numbered(0, 100)).items();
    }

    private List<Task> walked(List<Condition<TaskField>> conditions, List<Order<TaskField>> orders, int limit) {
        List<Task> found = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            Listing<Task> page = list(conditions, orders, new Slice.After(cursor, limit));
            found.addAll(page.items());
            cursor = page.nextCursor();
        } while (cursor.isPresent() && found.size() <= all.size());
        return found;
    }

    private Listing<Task> list(List<Condition<TaskField>> conditions, List<Order<TaskField>> orders, Slice slice) {
        return store.list(TENANT, new ListQuery<>(conditions, orders, slice));
    }

    // The same, computed

    private static @Nullable Object valueOf(Task task, TaskField field) {
        return switch (field) {
            case ID -> task.id().value();
            case UUID -> task.packageUuid().orElse(null);
            case NAME -> task.name();
            case LABEL -> task.label();
            case DESCRIPTION -> task.description();
            case VERSION -> task.version();
            case ENABLED -> task.enabled();
            case PAUSED -> task.paused();
            case TAG -> task.tags();
            case SOURCE -> task.source().name();
            case REGISTRY_SOURCE -> task.source() == Task.Source.REGISTRY;
            case HAS_VALIDATION -> task.validatedAt().isPresent();
            case IN_SYNC -> true;
            case CREATED_AT -> task.createdAt();
            case UPDATED_AT -> task.updatedAt();
            case VALIDATED_AT -> task.validatedAt().orElse(null);
        };
    }

    private static Predicate<Task> holds(Condition<TaskField> condition) {
        return task -> {
            Object value = valueOf(task, condition.field());
            boolean negative = condition.operator() == Operator.NE || condition.operator() == Operator.NOT_IN;
            if (value instanceof List<?> labels) {
                return negative
                        ? labels.stream().noneMatch(label -> condition.values().contains(label))
                        : labels.stream().anyMatch(label -> holds(label, condition));
            }
            return value == null ? negative : holds(value, condition);
        };
    }

    private static boolean holds(Object value, Condition<TaskField> condition) {
        Object given = condition.values().getFirst();
        return switch (condition.operator()) {
            case EQ -> value.equals(given);
            case NE -> !value.equals(given);
            case IN -> condition.values().contains(value);
            case NOT_IN -> !condition.values().contains(value);
            case GT -> compare(value, given) > 0;
            case GTE -> compare(value, given) >= 0;
            case LT -> compare(value, given) < 0;
            case LTE -> compare(value, given) <= 0;
            case CONTAINS -> folded(value).contains(folded(given));
            case STARTS_WITH -> folded(value).startsWith(folded(given));
            case ENDS_WITH -> folded(value).endsWith(folded(given));
            case LIKE -> like(folded(given)).matcher(folded(value)).matches();
        };
    }

    private static Pattern like(String pattern) {
        StringBuilder regex = new StringBuilder();
        pattern.chars()
                .forEach(c -> regex.append(
                        switch (c) {
                            case '%' -> ".*";
                            case '_' -> ".";
                            default -> Pattern.quote(Character.toString(c));
                        }));
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    private static int compare(Object value, Object given) {
        return value instanceof Instant instant
                ? instant.compareTo((Instant) given)
                : bytes(folded(value)).compareTo(bytes(folded(given)));
    }

    private static String folded(Object text) {
        StringBuilder folded = new StringBuilder();
        ((String) text)
                .chars()
                .forEach(c -> folded.append(
                        c < 128 ? Character.toString(c).toLowerCase(Locale.ROOT) : Character.toString(c)));
        return folded.toString();
    }

    /** Sorts like its UTF-8 bytes. */
    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static Comparator<Task> comparator(List<Order<TaskField>> orders) {
        Comparator<Task> all = (_, _) -> 0;
        for (Order<TaskField> order : orders) {
            Comparator<Task> one = Comparator.comparing(
                    (Task task) -> sortable(valueOf(task, order.field())),
                    Comparator.nullsFirst(Comparator.naturalOrder()));
            all = all.thenComparing(order.descending() ? one.reversed() : one);
        }
        return all.thenComparing(
                Comparator.comparing((Task task) -> task.id().toString()).reversed());
    }

    private static @Nullable String sortable(@Nullable Object value) {
        return value == null ? null : bytes(value.toString());
    }

    // Random tasks and conditions

    private Optional<Condition<TaskField>> condition(TaskField field, Operator operator) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < (operator.isSet() ? 3 : 1); i++) {
            values.add(given(field, operator));
        }
        try {
            return Optional.of(Condition.parse(field.wireName(), field, operator, values));
        } catch (RatchetException e) {
            assertThat(e).as("%s %s %s", field, operator, values).hasMessageContaining("query");
            assertThat(e.problems().getFirst().message()).contains("cannot be compared");
            return Optional.empty();
        }
    }

    private String given(TaskField field, Operator operator) {
        Task task = pick(all);
        String text = pick(TEXTS);
        return switch (field.kind()) {
            case FLAG -> Boolean.toString(random.nextBoolean());
            case CHOICE -> pick(field.choices());
            case IDENTIFIER ->
                Objects.requireNonNullElse(valueOf(task, field), new UUID(0, 0)).toString();
            case INSTANT ->
                NOW.plusMillis(random.nextInt(20))
                        .plusNanos(random.nextInt(2) * 500_000L)
                        .toString();
            case TEXT, INTEGER, DECIMAL ->
                operator == Operator.LIKE ? "%" + text + (random.nextBoolean() ? "_%" : "") : text;
        };
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private Task create(TenantId tenant, int number) {
        TaskPackage content = TaskPackages.of("t", "1.0.0", "() => " + number);
        Task task = new Task(
                new TaskId(new UUID(random.nextLong(), random.nextLong())),
                tenant,
                pick(TEXTS) + "-" + number,
                pick(TEXTS),
                pick(TEXTS) + pick(TEXTS),
                random.nextInt(3) == 0 ? List.of() : List.of(pick(TEXTS), pick(TEXTS)),
                JsonText.EMPTY_OBJECT,
                random.nextBoolean() ? Optional.of(new UUID(random.nextLong(), number)) : Optional.empty(),
                random.nextBoolean(),
                random.nextBoolean(),
                new VersionId(UUID.randomUUID()),
                "1." + random.nextInt(12) + ".0",
                content.contentHash(),
                pick(List.of(Task.Source.values())),
                NOW.plusMillis(random.nextInt(20)),
                NOW.plusMillis(random.nextInt(20)),
                random.nextInt(3) == 0 ? Optional.empty() : Optional.of(NOW.plusMillis(random.nextInt(20))),
                1);
        store.create(
                task,
                new TaskVersion(task.active(), task.id(), task.hash(), 1, task.version(), NOW, "anna", ""),
                content);
        return task;
    }
}
