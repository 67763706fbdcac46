/** Compiles the JSON Schemas of task packages and checks values against them within bounds of time and memory. */
@NullMarked
package dev.ratchet.execution.schema;

import org.jspecify.annotations.NullMarked;
