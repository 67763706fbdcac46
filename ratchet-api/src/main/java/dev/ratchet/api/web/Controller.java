package dev.ratchet.api.web;

import java.util.List;

/** Translates the requests of one resource. */
@FunctionalInterface
public interface Controller {
    /** Its routes; always the same. */
    List<Route> routes();
}
