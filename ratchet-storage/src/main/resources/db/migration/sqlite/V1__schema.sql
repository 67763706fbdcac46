-- Times are epoch milliseconds (UTC), identifiers UUIDs of version 7 as text, documents JSON as text.
-- Every table carries its tenant, and so does every index that a query starts from.

-- Server processes that share the database; the lease of a node is the lease of everything it runs.
create table nodes (
    id          text   not null primary key,
    name        text   not null,
    started_at  bigint not null,
    lease_until bigint not null
);

create table tenants (
    tenant_id    text    not null primary key,
    queue_paused boolean not null
);

create table tasks (
    id                text    not null primary key,
    tenant_id         text    not null,
    name              text    not null,
    label             text    not null,
    description       text    not null,
    tags              text    not null,
    metadata          text    not null,
    package_uuid      text,
    enabled           boolean not null,
    paused            boolean not null,
    active_version_id text    not null,
    version           text    not null,
    hash              text    not null,
    source            text    not null,
    created_at        bigint  not null,
    updated_at        bigint  not null,
    validated_at      bigint,
    deleted_at        bigint,
    revision          bigint  not null
);
-- A deleted task keeps its row, since executions refer to it, and gives its names free.
create unique index tasks_by_name on tasks (tenant_id, name) where deleted_at is null;
create unique index tasks_by_package on tasks (tenant_id, package_uuid) where deleted_at is null;
create index tasks_by_update on tasks (tenant_id, updated_at);

create table task_versions (
    id                 text    not null primary key,
    tenant_id          text    not null,
    task_id            text    not null references tasks (id),
    hash               text    not null,
    number             integer not null,
    version            text    not null,
    content            text    not null,
    created_at         bigint  not null,
    created_by         text    not null,
    change_description text    not null
);
create unique index task_versions_by_hash on task_versions (tenant_id, task_id, hash);
create unique index task_versions_by_number on task_versions (tenant_id, task_id, number);

-- Which version new jobs ran when; the greatest number is in force. A rollback returns to the one that fallback numbers.
create table task_activations (
    task_id    text    not null references tasks (id),
    number     integer not null,
    tenant_id  text    not null,
    version_id text    not null,
    at         bigint  not null,
    actor      text    not null,
    fallback   integer,
    primary key (task_id, number)
) without rowid;

-- Documents of more than 64 KiB, so that rows stay small.
create table payloads (
    id        text   not null primary key,
    tenant_id text   not null,
    bytes     bigint not null,
    content   text   not null
);

-- gate: 0 waits for its time, 1 can be claimed, 2 waits for room under its concurrency key, 3 waits for its task to go on,
-- null runs or has ended. Claiming walks the index of gate 1 and nothing else.
create table jobs (
    id                  text    not null primary key,
    tenant_id           text    not null,
    task_id             text    not null,
    version_id          text    not null,
    origin              text    not null,
    origin_execution_id text,
    schedule_id         text,
    planned_for         bigint,
    actor               text    not null,
    priority            integer not null,
    status              text    not null,
    gate                integer,
    rank                bigint  not null,
    due_at              bigint  not null,
    queued_at           bigint  not null,
    scheduled_for       bigint,
    started_at          bigint,
    completed_at        bigint,
    retry_count         integer not null,
    max_retries         integer not null,
    retry_policy        text    not null,
    concurrency_key     text,
    concurrency_limit   integer,
    timeout_ms          bigint,
    tags                text    not null,
    destinations        text,
    input               text,
    input_payload_id    text,
    input_bytes         bigint  not null,
    execution_id        text    not null,
    attempt             integer not null,
    error_message       text,
    cancel_reason       text,
    redriven            boolean not null,
    node_id             text,
    lease_token         bigint  not null,
    revision            bigint  not null
);
create index jobs_claimable on jobs (tenant_id, rank, id) where gate = 1;
create index jobs_for_later on jobs (due_at, tenant_id) where gate = 0;
create index jobs_set_aside on jobs (tenant_id, concurrency_key, rank, id) where gate = 2;
create index jobs_let_in on jobs (tenant_id, concurrency_key) where gate = 1 and concurrency_key is not null;
create index jobs_paused on jobs (tenant_id, task_id) where gate = 3;
create index jobs_running on jobs (node_id, tenant_id, id) where node_id is not null;
create index jobs_unfinished on jobs (tenant_id, status, id) where status <> 'COMPLETED';
create index jobs_by_task on jobs (tenant_id, task_id, id);
create index jobs_of_schedule on jobs (tenant_id, schedule_id, id) where schedule_id is not null;
create index jobs_by_input on jobs (input_payload_id) where input_payload_id is not null;
create index jobs_of_schedule_unfinished on jobs (tenant_id, schedule_id, id)
    where schedule_id is not null and status in ('QUEUED', 'PROCESSING', 'RETRYING');
create index jobs_by_completion on jobs (tenant_id, completed_at) where completed_at is not null;
-- A planned time of a schedule makes one job, whoever fires it.
create unique index jobs_by_fire on jobs (tenant_id, schedule_id, planned_for) where planned_for is not null;

create table executions (
    id                   text    not null primary key,
    tenant_id            text    not null,
    job_id               text    not null references jobs (id) on delete cascade,
    task_id              text    not null,
    version_id           text    not null,
    schedule_id          text,
    origin               text    not null,
    origin_execution_id  text,
    attempt              integer not null,
    status               text    not null,
    outcome              text,
    error_type           text,
    error_message        text,
    error_details        text,
    queued_at            bigint  not null,
    started_at           bigint,
    completed_at         bigint,
    wall_ms              bigint,
    cpu_ms               bigint,
    http_requests        integer not null,
    dropped_log_bytes    bigint  not null,
    progress             double precision,
    progress_message     text,
    output               text,
    output_payload_id    text,
    output_bytes         bigint  not null,
    recording            text,
    recording_payload_id text,
    recording_bytes      bigint  not null,
    log_bytes            bigint  not null,
    cached_from          text,
    node_id              text,
    node_name            text,
    lease_token          bigint  not null,
    late_result          text
);
-- Begins with the job, since that is what its removal looks for.
create index executions_by_job on executions (job_id, tenant_id, attempt);
create index executions_by_task on executions (tenant_id, task_id, id);
create index executions_unfinished on executions (tenant_id, status, id) where status <> 'COMPLETED';
-- A task's failed ones are counted in it, without looking at the rows.
create index executions_unfinished_by_task on executions (tenant_id, task_id, status, id) where status <> 'COMPLETED';
create index executions_by_output on executions (output_payload_id) where output_payload_id is not null;
create index executions_by_recording on executions (recording_payload_id) where recording_payload_id is not null;
create index executions_by_queueing on executions (tenant_id, queued_at);
create index executions_by_completion on executions (tenant_id, completed_at) where completed_at is not null;

create table execution_logs (
    execution_id text    not null references executions (id) on delete cascade,
    tenant_id    text    not null,
    number       bigint  not null,
    level        integer not null,
    at           bigint  not null,
    message      text    not null,
    primary key (execution_id, number)
) without rowid;

-- Unsafe requests of running tasks: written before they leave, so that nobody repeats one whose fate is not known.
create table outgoing_requests (
    execution_id text    not null references executions (id) on delete cascade,
    tenant_id    text    not null,
    fetch_id     integer not null,
    method       text    not null,
    url          text    not null,
    intended_at  bigint  not null,
    answered_at  bigint,
    result       text,
    primary key (execution_id, fetch_id)
) without rowid;

create table idempotency_keys (
    tenant_id    text   not null,
    key          text   not null,
    fingerprint  text   not null,
    job_id       text   not null,
    execution_id text   not null,
    expires_at   bigint not null,
    primary key (tenant_id, key)
) without rowid;
create index idempotency_keys_by_expiry on idempotency_keys (expires_at, tenant_id);
create index idempotency_keys_by_job on idempotency_keys (tenant_id, job_id);

create table concurrency_slots (
    tenant_id   text    not null,
    key         text    not null,
    max_running integer not null,
    running     integer not null,
    primary key (tenant_id, key)
) without rowid;

create table task_counters (
    tenant_id         text   not null,
    task_id           text   not null,
    completed         bigint not null,
    failed            bigint not null,
    cancelled         bigint not null,
    completed_jobs    bigint not null,
    failed_jobs       bigint not null,
    cancelled_jobs    bigint not null,
    wall_ms           bigint not null,
    last_execution_at bigint not null,
    primary key (tenant_id, task_id)
) without rowid;

-- next_run_at is the next planned time, fire_at when a server takes it up: the same, or later where that was put off.
create table schedules (
    id                   text    not null primary key,
    tenant_id            text    not null,
    task_id              text    not null references tasks (id),
    name                 text    not null,
    description          text    not null,
    cron_expression      text,
    plan                 text    not null,
    input                text    not null,
    priority             integer not null,
    max_retries          integer,
    tags                 text    not null,
    destinations         text,
    enabled              boolean not null,
    next_run_at          bigint,
    fire_at              bigint,
    last_run_at          bigint,
    execution_count      bigint  not null,
    skipped_count        bigint  not null,
    missed_count         bigint  not null,
    consecutive_failures integer not null,
    pause_after_failures integer,
    pause_reason         text,
    last_error           text,
    system_owned         boolean not null,
    created_at           bigint  not null,
    updated_at           bigint  not null,
    revision             bigint  not null
);
create unique index schedules_by_name on schedules (tenant_id, name);
create index schedules_due on schedules (fire_at, tenant_id) where enabled and fire_at is not null;
create index schedules_by_task on schedules (tenant_id, task_id);
create index schedules_by_next_run on schedules (tenant_id, next_run_at);

create table deliveries (
    id               text    not null primary key,
    tenant_id        text    not null,
    job_id           text    not null references jobs (id) on delete cascade,
    execution_id     text    not null,
    task_id          text    not null,
    destination_type text    not null,
    destination      text    not null,
    status           text    not null,
    attempts         integer not null,
    earlier_attempts integer not null,
    begun_at         bigint  not null,
    due_at           bigint,
    last_error       text,
    created_at       bigint  not null,
    completed_at     bigint,
    node_id          text,
    lease_token      bigint  not null
);
-- due_at is null while an attempt is under way and when the delivery is final.
create index deliveries_due on deliveries (due_at, tenant_id) where due_at is not null;
create index deliveries_running on deliveries (node_id, tenant_id) where node_id is not null;
create index deliveries_by_execution on deliveries (tenant_id, execution_id);
create index deliveries_by_job on deliveries (job_id, tenant_id);
create index deliveries_by_creation on deliveries (tenant_id, created_at);

create table delivery_results (
    delivery_id      text    not null references deliveries (id) on delete cascade,
    tenant_id        text    not null,
    number           integer not null,
    job_id           text    not null,
    execution_id     text    not null,
    destination_type text    not null,
    success          boolean not null,
    delivery_time_ms bigint  not null,
    size_bytes       bigint  not null,
    response_info    text,
    error_message    text,
    created_at       bigint  not null,
    primary key (delivery_id, number)
) without rowid;
