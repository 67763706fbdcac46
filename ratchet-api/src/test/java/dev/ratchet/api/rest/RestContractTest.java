package dev.ratchet.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.api.json.Body;
import dev.ratchet.api.json.View;
import dev.ratchet.api.web.Route;
import dev.ratchet.core.common.RatchetException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Walks the table of everything the contract promises of the REST interface. */
class RestContractTest {
    private static final List<Route> ROUTES = new UseCases()
            .controllers().stream()
                    .flatMap(controller -> controller.routes().stream())
                    .toList();

    /**
     * A row of {@code contract/rest.tsv}.
     *
     * @param kind route, filter, sort, parameter, header, body or view
     * @param where method and path of the route, or the name of the view
     * @param name what it must know; empty for routes
     */
    record Row(String kind, String where, String name) {}

    static Stream<Row> rows() {
        try (InputStream table = RestContractTest.class.getResourceAsStream("/contract/rest.tsv")) {
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(Objects.requireNonNull(table), StandardCharsets.UTF_8));
            return reader
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .flatMap(RestContractTest::rows)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Row> rows(String line) {
        String[] columns = line.split("\t", -1);
        if (columns.length == 2) {
            return Stream.of(new Row(columns[0], columns[1], ""));
        }
        return Stream.of(columns[2].split(" ")).map(name -> new Row(columns[0], columns[1], name));
    }

    @Test
    void tableWhenReadHasRows() {
        assertThat(rows()).hasSizeGreaterThan(300);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void rowWhenPromisedIsKept(Row row) {
        switch (row.kind()) {
            case "route" -> assertThat(route(row)).isNotNull();
            case "filter", "parameter" ->
                assertThat(route(row).parameterNames()).contains(row.name());
            case "sort" ->
                assertThat(route(row).list().orElseThrow().sortNames()).contains(row.name());
            case "header" ->
                assertThat(route(row).headers())
                        .anyMatch(header -> header.name().equals(row.name()));
            case "body" ->
                assertThat(takes(route(row), row.name())).as(row.toString()).isTrue();
            case "view" -> assertThat(view(row.where()).properties()).contains(row.name());
            default -> throw new IllegalArgumentException(row.toString());
        }
    }

    private static Route route(Row row) {
        return ROUTES.stream()
                .filter(route -> (route.method() + " " + route.path()).equals(row.where()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no route " + row.where()));
    }

    private static View<?> view(String name) {
        return ROUTES.stream()
                .flatMap(route -> route.replies().stream())
                .flatMap(reply -> reply.view().stream())
                .filter(view -> view.name().equals(name))
                .findFirst()
                .orElseGet(() -> switch (name) {
                    case "TaskStats" -> TaskViews.STATS;
                    case "JobStats" -> JobViews.STATS;
                    case "ExecutionStats" -> ExecutionViews.STATS;
                    case "ScheduleStats" -> ScheduleController.STATS;
                    case "WorkerStats" -> WorkerController.STATS;
                    default -> throw new AssertionError("no view " + name);
                });
    }

    /** A name that is not known is refused in so many words; any other fault shows that it is. */
    private static boolean takes(Route route, String name) {
        try {
            Body.read(route.body().orElseThrow(), "{\"" + name + "\":null}");
            return true;
        } catch (RatchetException e) {
            return e.problems().stream().noneMatch(problem -> problem.message().contains("unknown member"));
        }
    }
}
