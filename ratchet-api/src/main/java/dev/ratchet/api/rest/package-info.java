/** The routes of every resource: translations of requests into use cases, and of what they give into views. */
@NullMarked
package dev.ratchet.api.rest;

import org.jspecify.annotations.NullMarked;
