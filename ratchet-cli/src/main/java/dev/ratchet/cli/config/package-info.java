/** The configuration of the whole application: one declared list of keys, one loader, immutable records as its result. */
@NullMarked
package dev.ratchet.cli.config;

import org.jspecify.annotations.NullMarked;
