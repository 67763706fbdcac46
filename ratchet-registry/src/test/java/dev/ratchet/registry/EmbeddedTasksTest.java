package dev.ratchet.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.schedule.Heartbeat;
import dev.ratchet.core.task.SchemaCompiler;
import dev.ratchet.core.task.TaskPackage;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddedTasksTest {
    private final EmbeddedTasks embedded = new EmbeddedTasks(
            new TaskPackageLoader((_, _) -> new SchemaCompiler.Compilation.Compiled((_, _) -> List.of())));

    @Test
    void heartbeatWhenLoadedIsWholeAndWithoutNetwork() {
        TaskPackage heartbeat = embedded.heartbeat();

        assertThat(heartbeat.metadata().name()).isEqualTo("heartbeat");
        assertThat(heartbeat.metadata().uuid()).contains(Heartbeat.TASK);
        assertThat(heartbeat.inputSchema()).isPresent();
        assertThat(heartbeat.outputSchema()).isPresent();
        assertThat(heartbeat.net().anyPublicHost()).isFalse();
        assertThat(heartbeat.net().rules()).isEmpty();
        assertThat(heartbeat.testPaths()).hasSize(2);
    }

    @Test
    void heartbeatWhenStoredAndReadBackHasTheSameHash() {
        TaskPackage heartbeat = embedded.heartbeat();
        PackageJson json = new PackageJson();

        assertThat(json.read(json.write(heartbeat)).contentHash()).isEqualTo(heartbeat.contentHash());
    }
}
