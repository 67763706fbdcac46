package dev.ratchet.api;

import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

/**
 * The beans of the interface. Whoever imports it provides the use cases of core, an {@link java.time.InstantSource}, an
 * {@link ApiSettings}, a {@link CallerSource}, a {@link WorkerList}, a {@code PackageFormat} and an {@code OutputDestinations}.
 */
@Configuration(proxyBeanMethods = false)
@ComponentScan("dev.ratchet.api.rest")
public class ApiConfiguration {}
