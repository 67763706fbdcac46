/** The queue: jobs, their states and priorities, claiming under a lease, retries, and what a dying node leaves behind. */
@NullMarked
package dev.ratchet.core.job;

import org.jspecify.annotations.NullMarked;
