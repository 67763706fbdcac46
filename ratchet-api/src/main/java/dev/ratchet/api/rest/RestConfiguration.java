package dev.ratchet.api.rest;

import dev.ratchet.api.ApiSettings;
import dev.ratchet.api.CallerSource;
import dev.ratchet.api.WorkerList;
import dev.ratchet.api.openapi.DocumentRoutes;
import dev.ratchet.api.web.ApiRouter;
import dev.ratchet.api.web.Controller;
import dev.ratchet.api.web.MemoryBudget;
import dev.ratchet.api.web.OtherFaults;
import dev.ratchet.core.delivery.Deliveries;
import dev.ratchet.core.delivery.OutputDestinations;
import dev.ratchet.core.job.Executions;
import dev.ratchet.core.job.Jobs;
import dev.ratchet.core.schedule.Schedules;
import dev.ratchet.core.task.PackageFormat;
import dev.ratchet.core.task.Tasks;
import java.time.InstantSource;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The controllers and what calls them. */
@Configuration(proxyBeanMethods = false)
class RestConfiguration {
    @Bean
    ApiRouter apiRouter(List<Controller> controllers, ApiSettings settings, CallerSource callers, InstantSource clock) {
        return new ApiRouter(
                controllers,
                callers::callerOf,
                clock,
                settings.maxBodyBytes(),
                settings.maxStreams(),
                MemoryBudget.ofProcess());
    }

    @Bean
    DocumentRoutes documentRoutes(ApiRouter router) {
        return new DocumentRoutes(router);
    }

    @Bean
    OtherFaults otherFaults() {
        return new OtherFaults();
    }

    @Bean
    Controller taskController(
            Tasks tasks,
            Jobs jobs,
            Executions executions,
            PackageFormat format,
            OutputDestinations destinations,
            ApiSettings settings) {
        return new TaskController(tasks, jobs, executions, format, new Destinations(destinations), settings);
    }

    @Bean
    Controller executionController(
            Executions executions, Jobs jobs, OutputDestinations destinations, ApiSettings settings) {
        return new ExecutionController(executions, jobs, new Destinations(destinations), settings);
    }

    @Bean
    Controller jobController(Jobs jobs, Executions executions, OutputDestinations destinations) {
        return new JobController(jobs, executions, new Destinations(destinations));
    }

    @Bean
    Controller scheduleController(Schedules schedules, Tasks tasks, OutputDestinations destinations) {
        return new ScheduleController(schedules, tasks, new Destinations(destinations));
    }

    @Bean
    Controller deliveryController(Deliveries deliveries, Executions executions, OutputDestinations destinations) {
        return new DeliveryController(deliveries, executions, new Destinations(destinations));
    }

    @Bean
    Controller workerController(WorkerList workers) {
        return new WorkerController(workers);
    }
}
