/** The command line: the entry point of the application and the wiring of all modules. */
@NullMarked
package dev.ratchet.cli;

import org.jspecify.annotations.NullMarked;
