package dev.ratchet.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ratchet.cli.config.DatabaseUrl.Postgresql;
import dev.ratchet.cli.config.DatabaseUrl.Sqlite;
import dev.ratchet.cli.config.DatabaseUrl.SqliteInMemory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseUrlTest {
    @ParameterizedTest
    @CsvSource({
        "sqlite://data/ratchet.db, data/ratchet.db",
        "sqlite://./ratchet.db, ./ratchet.db",
        "sqlite:///var/lib/ratchet.db, /var/lib/ratchet.db",
        "sqlite:ratchet.db, ratchet.db",
        "sqlite:/tmp/x.db?mode=rwc, /tmp/x.db",
        "sqlite://a%20b.db, a b.db",
        "sqlite://a+b.db, a+b.db",
        "jdbc:sqlite:data/x.db, data/x.db"
    })
    void parseWhenSqliteNamesTheFile(String url, String file) {
        assertThat(DatabaseUrl.parse(url)).isEqualTo(new Sqlite(Path.of(file)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite::memory:", "sqlite://:memory:", "jdbc:sqlite::memory:", "sqlite://x?mode=memory"})
    void parseWhenInMemorySaysSo(String url) {
        assertThat(DatabaseUrl.parse(url)).isEqualTo(new SqliteInMemory());
    }

    @ParameterizedTest
    @CsvSource({
        "postgresql://u:p@h:5433/d, jdbc:postgresql://h:5433/d, u, p",
        "postgres://u:p%40%2F%3F+@h/d, jdbc:postgresql://h/d, u, p@/?+",
        "postgresql://u:p@ss@h/d, jdbc:postgresql://h/d, u, p@ss",
        "postgresql://h/d?user=u&password=p&sslmode=require, jdbc:postgresql://h/d?sslmode=require, u, p",
        "postgresql://u@a:1;b:2/d?application_name=x, jdbc:postgresql://a:1;b:2/d?ApplicationName=x, u, ''",
        "postgresql://u:p@[::1]:5432/d, jdbc:postgresql://[::1]:5432/d, u, p",
        "jdbc:postgresql://h:5432/d?user=u&connect_timeout=3, jdbc:postgresql://h:5432/d?connectTimeout=3, u, ''"
    })
    void parseWhenPostgresqlTakesLoginAndDriverUrlApart(String url, String jdbcUrl, String user, String password) {
        // A comma would end the column.
        assertThat(DatabaseUrl.parse(url.replace(';', ',')))
                .isEqualTo(new Postgresql(jdbcUrl.replace(';', ','), user, password));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ratchet.db",
                "mysql://u:hunter2@h/d",
                "sqlite:",
                "sqlite://folder/",
                "sqlite://x.db?cache=shared",
                "postgresql://u:hunter2@h",
                "postgresql://u:hunter2/3@h/d",
                "postgresql://u:hunter2@/d",
                "postgresql://u:hunter2@h:99999/d",
                "postgresql://u:hunter2@h o/d",
                "postgresql://u:hunter2%@h/d",
                "postgresql://h/d?hunter2"
            })
    void parseWhenNotUnderstoodSaysWhatIsAcceptedAndNoPassword(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DatabaseUrl.parse(url))
                .satisfies(e ->
                        assertThat(e.getMessage()).doesNotContain("hunter2").hasSizeGreaterThan(20));
    }

    @Test
    void toStringWhenThereIsAPasswordMasksIt() {
        assertThat(DatabaseUrl.parse("postgresql://u:hunter2@h:5433/d?sslmode=require"))
                .hasToString("postgresql://u:********@h:5433/d?sslmode=require");
    }
}
