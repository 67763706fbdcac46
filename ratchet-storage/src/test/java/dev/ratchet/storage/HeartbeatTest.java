package dev.ratchet.storage;

import static dev.ratchet.storage.SchedulesFixture.CALLER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.schedule.Heartbeat;
import dev.ratchet.core.schedule.Schedule;
import dev.ratchet.core.schedule.Timing;
import dev.ratchet.core.task.Task;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.core.task.Tasks;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
@Timeout(60)
class HeartbeatTest {
    private final SchedulesFixture fixture;
    private final Tasks tasks;
    private final Heartbeat heartbeat;
    private final TaskPackage shipped;

    HeartbeatTest(TestDatabase.Vendor vendor) {
        fixture = new SchedulesFixture(vendor);
        tasks = fixture.newTasks();
        heartbeat = new Heartbeat(tasks, fixture.schedules);
        shipped = SchedulesFixture.content("heartbeat", Optional.of(Heartbeat.TASK));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Schedule schedule() {
        return fixture.schedules.get(CALLER, Heartbeat.SCHEDULE);
    }

    private Task task() {
        return tasks.resolve(CALLER, Heartbeat.TASK.toString());
    }

    private static String cronOf(Schedule schedule) {
        return ((Timing.Cron) schedule.definition().plan().timing())
                .expression()
                .toString();
    }

    @Test
    void ensureWhenNothingIsThereMakesTaskAndSchedule() {
        heartbeat.ensure(shipped, Heartbeat.DEFAULT_CRON);

        assertThat(task().source()).isEqualTo(Task.Source.SYSTEM);
        assertThat(schedule().systemOwned()).isTrue();
        assertThat(schedule().enabled()).isTrue();
        assertThat(schedule().definition().task()).isEqualTo(task().id());
        assertThat(cronOf(schedule())).isEqualTo("*/5 * * * *");
        assertThat(schedule().definition().destinations())
                .hasValueSatisfying(json -> assertThat(json.value()).contains("[HEARTBEAT] "));
    }

    @Test
    void ensureWhenRepeatedKeepsWhatTheOperatorChanged() {
        heartbeat.ensure(shipped, Heartbeat.DEFAULT_CRON);
        fixture.schedules.update(
                CALLER,
                Heartbeat.SCHEDULE,
                before -> before.withDescription("mine").withDestinations(Optional.empty()),
                Optional.of(false),
                OptionalLong.empty());
        tasks.publish(
                CALLER, task().id().toString(), SchedulesFixture.content("changed", Optional.empty()), "mine", true);
        Task edited = task();
        Schedule changed = schedule();

        heartbeat.ensure(shipped, Heartbeat.DEFAULT_CRON);

        assertThat(task()).isEqualTo(edited);
        assertThat(schedule()).isEqualTo(changed);
    }

    @Test
    void ensureWhenTheProgramBringsNewCodeActivatesIt() {
        heartbeat.ensure(shipped, Heartbeat.DEFAULT_CRON);
        TaskPackage newer = SchedulesFixture.content("newer", Optional.of(Heartbeat.TASK));

        heartbeat.ensure(newer, Heartbeat.DEFAULT_CRON);

        assertThat(task().hash()).isEqualTo(newer.contentHash());
        assertThat(task().name()).isEqualTo("heartbeat");
    }

    @Test
    void ensureWhenAnotherTimeIsConfiguredMovesTheSchedule() {
        heartbeat.ensure(shipped, Heartbeat.DEFAULT_CRON);

        heartbeat.ensure(shipped, "0 * * * *");
        assertThat(cronOf(schedule())).isEqualTo("0 * * * *");

        heartbeat.ensure(shipped, Heartbeat.DEFAULT_CRON);
        assertThat(cronOf(schedule())).isEqualTo("0 * * * *");
    }

    @Test
    void switchOffWhenOnDisablesUntilItIsSwitchedOnAgain() {
        heartbeat.switchOff();
        assertThat(fixture.schedules.find(CALLER, Heartbeat.SCHEDULE)).isEmpty();
        heartbeat.ensure(shipped, Heartbeat.DEFAULT_CRON);

        heartbeat.switchOff();
        assertThat(schedule().enabled()).isFalse();

        heartbeat.ensure(shipped, Heartbeat.DEFAULT_CRON);
        assertThat(schedule().enabled()).isTrue();
    }

    @Test
    void deleteWhenItIsTheServersOwnIsRefused() {
        heartbeat.ensure(shipped, Heartbeat.DEFAULT_CRON);

        assertThatThrownBy(() -> fixture.schedules.delete(CALLER, Heartbeat.SCHEDULE, OptionalLong.empty()))
                .isInstanceOf(RatchetException.class)
                .hasMessageContaining("part of the program");
    }

    @Test
    void ensureWhenTheNameIsSomebodyElsesSaysSo() {
        fixture.newTask("heartbeat");

        assertThatThrownBy(() -> heartbeat.ensure(shipped, Heartbeat.DEFAULT_CRON))
                .isInstanceOf(RatchetException.class)
                .hasMessageContaining("heartbeat");
    }
}
