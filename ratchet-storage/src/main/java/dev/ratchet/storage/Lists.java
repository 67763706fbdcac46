package dev.ratchet.storage;

import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.delivery.Delivery;
import dev.ratchet.core.delivery.DeliveryField;
import dev.ratchet.core.execution.Execution;
import dev.ratchet.core.execution.ExecutionField;
import dev.ratchet.core.job.Job;
import dev.ratchet.core.job.JobField;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;

/** Lists of the queue's tables. */
interface Lists {
    Listing<Job> jobs(TenantId tenant, ListQuery<JobField> query);

    Listing<Execution> executions(TenantId tenant, ListQuery<ExecutionField> query);

    Listing<Delivery> deliveries(TenantId tenant, ListQuery<DeliveryField> query);
}
