package dev.ratchet.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.CacheFigures;
import io.micrometer.core.instrument.Gauge;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void prometheusTextWhenAGaugeIsATotalKeepsItsName() {
        try (Figures figures = new Figures(List.of(registry -> {
            Gauge.builder("ratchet.tasks.total", () -> 3).description("Tasks").register(registry);
            Gauge.builder("ratchet.tasks.other", () -> 4).register(registry);
        }))) {
            assertThat(figures.prometheusText())
                    .contains(
                            "# HELP ratchet_tasks_total Tasks\n# TYPE ratchet_tasks_total gauge\nratchet_tasks_total 3.0\n")
                    .contains("ratchet_tasks_other 4.0\n");
            assertThat(figures.groups().get("application")).containsEntry("tasksTotal", 3.0);
        }
    }

    @Test
    void cacheFiguresWhenReadAreThoseOfTheMoment() {
        CacheFigures[] now = {new CacheFigures(1, 20, 300, 4, 5)};
        try (Figures figures = new Figures(List.of(new CacheFiguresBinder(Map.of("results", () -> now[0]))))) {
            assertThat(figures.prometheusText())
                    .contains("ratchet_cache_entries{cache=\"results\"} 1.0\n")
                    .contains("ratchet_cache_bytes{cache=\"results\"} 20.0\n")
                    .contains("ratchet_cache_hits_total{cache=\"results\"} 300.0\n");

            now[0] = new CacheFigures(1, 20, 301, 4, 5);

            assertThat(figures.prometheusText()).contains("ratchet_cache_hits_total{cache=\"results\"} 301.0\n");
        }
    }
}
