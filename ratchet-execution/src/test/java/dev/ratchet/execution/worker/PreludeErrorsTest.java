package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The typed errors of Ratchet 0.4 and {@code DOMException}. */
class PreludeErrorsTest {

    @Test
    void typedErrorsWhenMadeAreErrorsWithNameAndDefaultMessage() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    return [AuthenticationError, AuthorizationError, NetworkError, ValidationError, ConfigurationError,
                    RateLimitError, ServiceUnavailableError, TimeoutError, DataError].map((type) => {
                    const e = new type();
                    return e instanceof Error && e instanceof type && !Object.keys(e).length ? `${e}` : 'wrong';
                    });
                    """))
                    .isEqualTo(
                            "[\"AuthenticationError: Authentication failed\",\"AuthorizationError: Not authorized\",\"NetworkError: Network error\",\"ValidationError: Validation failed\",\"ConfigurationError: Invalid configuration\",\"RateLimitError: Rate limit exceeded\",\"ServiceUnavailableError: Service unavailable\",\"TimeoutError: Timed out\",\"DataError: Invalid data\"]");
        }
    }

    @Test
    void typedErrorWhenCalledWithoutNewIsMadeAllTheSame() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const e = ValidationError('bad', { cause: 1 });
                    return [e instanceof ValidationError, e.message, e.cause];
                    """)).isEqualTo("[true,\"bad\",1]");
        }
    }

    @Test
    void httpErrorWhenMadeKeepsStatus() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const e = new HttpError(404, 'HTTP 404: gone');
                    return [e.name, e.status, e.message, new HttpError(500).message];
                    """)).isEqualTo("[\"HttpError\",404,\"HTTP 404: gone\",\"HTTP 500\"]");
        }
    }

    @Test
    void typedErrorWhenExtendedHasOwnPrototypeAndFrames() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    class Mine extends DataError { get name() { return 'Mine'; } }
                    const e = new Mine('m');
                    return [e instanceof Mine, e instanceof DataError, String(e), e.stack.includes('task.js'), e.stack.includes('prelude')];
                    """)).isEqualTo("[true,true,\"Mine: m\",true,false]");
        }
    }

    @Test
    void domExceptionWhenMadeHasNameCodeAndFrames() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const e = new DOMException('m', 'AbortError');
                    return [e.name, e.message, e.code, e instanceof Error, `${e}`, e.stack.split('\\n')[0], e.stack.includes('task.js'),
                    DOMException.DATA_CLONE_ERR, DOMException.prototype.INDEX_SIZE_ERR, new DOMException().name];
                    """))
                    .isEqualTo(
                            "[\"AbortError\",\"m\",20,true,\"AbortError: m\",\"AbortError: m\",true,25,1,\"Error\"]");
        }
    }

    @Test
    void stackWhenPreludeThrowsShowsOnlyTheTask() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    try { new URL('no'); } catch (e) { return [e instanceof TypeError, /prelude|<js>|internal/.test(e.stack), /task\\.js:\\d+/.test(e.stack)]; }
                    """)).isEqualTo("[true,false,true]");
        }
    }
}
