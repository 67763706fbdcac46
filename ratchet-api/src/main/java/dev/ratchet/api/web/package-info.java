/** HTTP without a single use case in it: routes, parameters, bodies, answers, problems. */
@NullMarked
package dev.ratchet.api.web;

import org.jspecify.annotations.NullMarked;
