package dev.ratchet.api.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.job.JobField;
import dev.ratchet.core.listing.Condition;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Operator;
import dev.ratchet.core.listing.Order;
import dev.ratchet.core.listing.Slice;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPartsTest {
    private static final ListParameters<JobField> LIST = new ListParameters<>(JobField.class).ranked(JobField.PRIORITY);

    private static ListQuery<JobField> list(String query) {
        return LIST.read(Query.parse(query));
    }

    @Test
    void queryWhenEncodedIsDecoded() {
        Query query = Query.parse("a=x+y%26%C3%A4&b&c=1&c=2&=e&&");

        assertThat(query.one("a")).contains("x y&ä");
        assertThat(query.one("b")).contains("");
        assertThat(query.all("c")).containsExactly("1", "2");
        assertThatExceptionOfType(RatchetException.class).isThrownBy(() -> query.one("c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%", "a=%4", "a=%zz", "a=%ff", "a=%c3%28"})
    void queryWhenEncodedWronglyIsRefused(String query) {
        assertThatExceptionOfType(RatchetException.class).isThrownBy(() -> Query.parse(query));
    }

    @Test
    void listWhenFilteredInEverySpellingHasTheSameConditions() {
        String task = "0198c0de-0000-7000-8000-000000000000";

        assertThat(list("taskId=" + task).conditions())
                .isEqualTo(list("task_id=" + task).conditions());
        assertThat(list("queuedAfter=2026-01-31T12:00:00Z").conditions())
                .containsExactly(new Condition<>(
                        JobField.QUEUED_AT, Operator.GT, List.of(Instant.parse("2026-01-31T12:00:00Z"))));
        assertThat(list("status_in=failed,%20CANCELLED&status_in=QUEUED").conditions())
                .containsExactly(
                        new Condition<>(JobField.STATUS, Operator.IN, List.of("FAILED", "CANCELLED", "QUEUED")));
        assertThat(list("error_message_contains=a%25b").conditions())
                .containsExactly(new Condition<>(JobField.ERROR_MESSAGE, Operator.CONTAINS, List.of("a%b")));
    }

    @Test
    void listWhenRankedNamesTheValuesAboveOrBelow() {
        assertThat(list("priority_gt=NORMAL").conditions())
                .containsExactly(new Condition<>(JobField.PRIORITY, Operator.IN, List.of("HIGH", "CRITICAL")));
        assertThat(list("priorityLte=low").conditions())
                .containsExactly(new Condition<>(JobField.PRIORITY, Operator.IN, List.of("LOW")));
        assertThat(list("priority_gt=CRITICAL").conditions())
                .containsExactly(new Condition<>(
                        JobField.PRIORITY, Operator.NOT_IN, List.of("LOW", "NORMAL", "HIGH", "CRITICAL")));
    }

    @Test
    void listWhenSortedTakesADirectionForEachOrOneForAll() {
        assertThat(list("_sort=status,queuedAt&_order=asc,DESC").orders())
                .containsExactly(new Order<>(JobField.STATUS, false), new Order<>(JobField.QUEUED_AT, true));
        assertThat(list("_sort=status,queued_at&_order=DESC").orders())
                .containsExactly(new Order<>(JobField.STATUS, true), new Order<>(JobField.QUEUED_AT, true));
        assertThat(list("_sort=id").orders()).containsExactly(new Order<>(JobField.ID, false));
    }

    @Test
    void listWhenSlicedInEveryWayKnowsWhich() {
        assertThat(list("").slice()).isEqualTo(new Slice.Numbered(0, 25));
        assertThat(list("page=3&limit=10").slice()).isEqualTo(new Slice.Numbered(20, 10));
        assertThat(list("_start=5&_end=15").slice()).isEqualTo(new Slice.Numbered(5, 10));
        assertThat(list("cursor=&limit=7").slice()).isEqualTo(new Slice.After(Optional.empty(), 7));
        assertThat(list("cursor=abc").slice()).isEqualTo(new Slice.After(Optional.of("abc"), 25));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "page=0",
                "limit=101",
                "limit=x",
                "_start=5&_end=5",
                "_start=0&_end=101",
                "_start=0&limit=5",
                "cursor=a&page=1",
                "_order=ASC",
                "_sort=error_message",
                "_sort=nope",
                "_sort=id&_order=UP",
                "_sort=id,status&_order=ASC,ASC,ASC",
                "status=GONE",
                "task_id=7",
                "queued_after=yesterday",
                "retry_count_gte=1.5",
                "has_error=yes",
                "status=FAILED&status=QUEUED"
            })
    void listWhenAskedForNonsenseIsRefused(String query) {
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> list(query))
                .satisfies(refusal -> assertThat(refusal.problems()).isNotEmpty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            none                                   | true
            */*                                    | true
            application/json                       | true
            text/html, application/*;q=0.5         | true
            APPLICATION/JSON; charset=utf-8        | true
            text/html                              | false
            application/json;q=0, */*              | false
            application/json;q=x                   | false
            """)
    void acceptWhenReadAllowsJson(String header, boolean accepted) {
        assertThat(MediaRanges.accept(header, List.of("application/json"))).isEqualTo(accepted);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            none                                              | false
            */*                                               | false
            text/event-stream                                 | true
            text/event-stream, */*;q=0.1                      | true
            application/json, text/event-stream;q=0.5         | false
            """)
    void acceptWhenReadPrefersEvents(String header, boolean events) {
        assertThat(MediaRanges.prefers(header, "text/event-stream", "application/json"))
                .isEqualTo(events);
    }

    @Test
    void multipartWhenItHasAFileGivesItsBytes() {
        String body = """
                preamble
                --XX
                Content-Disposition: form-data; name="a"

                1
                --XX
                content-disposition: form-data; name="f"; FILENAME="x.zip"

                --X

                --XX--
                """.replace("\n", "\r\n");

        assertThat(Multipart.file("boundary=\"XX\"", body.getBytes(StandardCharsets.ISO_8859_1)))
                .asString(StandardCharsets.ISO_8859_1)
                .isEqualTo("--X\r\n");
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> Multipart.file("boundary=YY", body.getBytes(StandardCharsets.ISO_8859_1)));
        assertThatExceptionOfType(RatchetException.class).isThrownBy(() -> Multipart.file("charset=x", new byte[0]));
    }
}
