package dev.ratchet.execution.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.delivery.Compression;
import dev.ratchet.core.delivery.DeliverOn;
import dev.ratchet.core.delivery.DeliveryRetryPolicy;
import dev.ratchet.core.delivery.OutputDestination;
import dev.ratchet.core.delivery.OutputDestination.Filesystem;
import dev.ratchet.core.delivery.OutputDestination.HttpMethod;
import dev.ratchet.core.delivery.OutputDestination.Stdio;
import dev.ratchet.core.delivery.OutputDestination.Webhook;
import dev.ratchet.core.delivery.OutputFormat;
import dev.ratchet.core.delivery.SecretText;
import dev.ratchet.core.delivery.WebhookAuthentication;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DestinationJsonTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final DestinationJson json = new DestinationJson();

    @Test
    void readWhenOnlyRequiredIsGivenHasDefaults() {
        List<OutputDestination> read = read("""
                [{'destinationType':'filesystem','filesystem':{'path':'a.json'}},
                 {'destinationType':'webhook','webhook':{'url':'https://h.example/'}},
                 {'destinationType':'stdio','stdio':{}}]""");

        Filesystem file = (Filesystem) read.get(0);
        assertThat(file.on()).isEqualTo(DeliverOn.SUCCESS);
        assertThat(file.format()).isEqualTo(OutputFormat.JSON);
        assertThat(file.compression()).isEqualTo(Compression.NONE);
        assertThat(file.permissions()).isEqualTo(0644);
        assertThat(file.createDirs()).isTrue();
        assertThat(file.overwrite()).isFalse();
        assertThat(file.backupExisting()).isFalse();
        Webhook webhook = (Webhook) read.get(1);
        assertThat(webhook.method()).isEqualTo(HttpMethod.POST);
        assertThat(webhook.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(webhook.retryPolicy()).isNull();
        assertThat(webhook.authentication()).isNull();
        Stdio stdio = (Stdio) read.get(2);
        assertThat(stdio.lineBuffered()).isTrue();
        assertThat(stdio.includeMetadata()).isNull();
    }

    @Test
    void readWhenConfigurationShapeIsSameThingInSnakeCase() {
        List<OutputDestination> read = read("""
                [{'name':'archive','description':'all of it','destination':{'type':'filesystem','path':'{{date}}/{{job_id}}.csv',
                  'format':'csv','compression':'zstd','permissions':600,'create_dirs':false,'backup_existing':true}},
                 {'type':'webhook','on':'always','url':'https://h.example/x','timeout_seconds':5,'content_type':'text/plain',
                  'auth':{'type':'bearer','token':'t'},'retry_policy':{'max_attempts':5,'initial_delay_seconds':2}}]""");

        Filesystem file = (Filesystem) read.get(0);
        assertThat(file.name()).isEqualTo("archive");
        assertThat(file.format()).isEqualTo(OutputFormat.CSV);
        assertThat(file.permissions()).isEqualTo(0600);
        assertThat(file.createDirs()).isFalse();
        assertThat(file.backupExisting()).isTrue();
        // The documented default of the configuration, other than the API's.
        assertThat(file.overwrite()).isTrue();
        Webhook webhook = (Webhook) read.get(1);
        assertThat(webhook.on()).isEqualTo(DeliverOn.ALWAYS);
        assertThat(webhook.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(webhook.authentication()).isEqualTo(new WebhookAuthentication.Bearer(new SecretText("t")));
        assertThat(webhook.retryPolicy())
                .isEqualTo(new DeliveryRetryPolicy(5, Duration.ofSeconds(2), Duration.ofSeconds(60), 2));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {}                                                                     | ""                 | array
            []                                                                     | ""                 | 1 to 10
            [1]                                                                    | /0                 | object
            [{}]                                                                   | /0/destinationType | filesystem, webhook, stdio
            [{'destinationType':'database','database':{}}]                         | /0/destinationType | 'database' are not supported
            [{'type':'s3','bucket':'b'}]                                           | /0/type            | 's3' are not supported
            [{'destinationType':'webhook'}]                                        | /0/webhook         | is missing
            [{'destinationType':'stdio','stdio':{},'onn':'always'}]                | /0/onn             | did you mean 'on'
            [{'destinationType':'stdio','stdio':{},'on':'sometimes'}]              | /0/on              | ALWAYS
            [{'destinationType':'stdio','stdio':{'stream':'stdin'}}]               | /0/stdio/stream    | STDOUT
            [{'destinationType':'stdio','stdio':{'prefix':'{{nope}}'}}]            | /0/stdio/prefix    | unknown variable
            [{'destinationType':'filesystem','filesystem':{}}]                     | /0/filesystem/path | is missing
            [{'destinationType':'filesystem','filesystem':{'path':'a/../b'}}]      | /0/filesystem/path | segment '..'
            [{'destinationType':'filesystem','filesystem':{'path':'{{job'}}]       | /0/filesystem/path | cannot be read
            [{'destinationType':'filesystem','filesystem':{'path':'a','permissions':'999'}}] | /0/filesystem/permissions | octal
            [{'destinationType':'filesystem','filesystem':{'path':'a','create_dir':true}}] | /0/filesystem/create_dir | createDirs
            [{'destinationType':'webhook','webhook':{'url':'http://h','authentication':{'authType':'bearer','token':'a{{S3CRET}}'}}}] | /0/webhook/authentication/token | accepted: attempt, date
            [{'destinationType':'webhook','webhook':{'url':'ftp://h'}}]            | /0/webhook/url     | http://
            [{'destinationType':'webhook','webhook':{'url':'http://u:p@h/'}}]      | /0/webhook/url     | credentials
            [{'destinationType':'webhook','webhook':{'url':'http://'}}]            | /0/webhook/url     | cannot be read
            [{'destinationType':'webhook','webhook':{'url':'{{output.url}}'}}]     | /0/webhook/url     | http://
            [{'destinationType':'webhook','webhook':{'url':'http://h','timeoutSeconds':301}}] | /0/webhook/timeoutSeconds | 1 to 300
            [{'destinationType':'webhook','webhook':{'url':'http://h','timeoutSeconds':0}}]   | /0/webhook/timeoutSeconds | 1 to 300
            [{'destinationType':'webhook','webhook':{'url':'http://h','method':'HEAD'}}]      | /0/webhook/method | POST
            [{'destinationType':'webhook','webhook':{'url':'http://h','contentType':'x'}}]    | /0/webhook/contentType | media type
            [{'destinationType':'webhook','webhook':{'url':'http://h','signingSecret':'x'}}]  | /0/webhook/signingSecret | whsec_
            [{'destinationType':'webhook','webhook':{'url':'http://h','headers':{'a b':'x'}}}] | /0/webhook/headers/a b | header
            [{'destinationType':'webhook','webhook':{'url':'http://h','headers':{'Host':'x'}}}] | /0/webhook/headers/Host | itself
            [{'destinationType':'webhook','webhook':{'url':'http://h','headers':{'webhook-id':'x'}}}] | /0/webhook/headers/webhook-id | itself
            [{'destinationType':'webhook','webhook':{'url':'http://h','retryPolicy':{'maxAttempts':11}}}] | /0/webhook/retryPolicy/maxAttempts | 1 to 10
            [{'destinationType':'webhook','webhook':{'url':'http://h','retryPolicy':{'backoffMultiplier':0.5}}}] | /0/webhook/retryPolicy/backoffMultiplier | 1 to 10
            [{'destinationType':'webhook','webhook':{'url':'http://h','retryPolicy':{'initialDelaySeconds':9,'maxDelaySeconds':3}}}] | /0/webhook/retryPolicy/maxDelaySeconds | at least
            [{'destinationType':'webhook','webhook':{'url':'http://h','authentication':{'authType':'digest'}}}] | /0/webhook/authentication/authType | bearer, basic, api_key
            [{'destinationType':'webhook','webhook':{'url':'http://h','authentication':{'authType':'bearer'}}}] | /0/webhook/authentication/token | missing
            [{'destinationType':'webhook','webhook':{'url':'http://h','authentication':{'authType':'bearer','bearer':{'token':'********'}}}}] | /0/webhook/authentication/bearer/token | masked
            """)
    void readWhenSomethingIsWrongPlaceAndRemedyAreNamed(String given, String pointer, String message) {
        RatchetException refused = refused(given);

        assertThat(refused.problems()).anySatisfy(problem -> {
            assertThat(problem.source()).isEqualTo("outputDestinations");
            assertThat(problem.position()).isEqualTo(pointer);
            assertThat(problem.message()).contains(message);
        });
    }

    @Test
    void readWhenASecretIsNoTemplateShowsNoneOfIt() {
        for (String secret : List.of("a{{S3CRET}}", "a{{S3CRET", "{{#if S3CRET}}x", "{{> S3CRET}}")) {
            RatchetException refused = refused("[{'destinationType':'webhook','webhook':{'url':'http://h',"
                    + "'authentication':{'authType':'bearer','token':'" + secret + "'}}}]");

            assertThat(refused.problems()).hasSize(1);
            assertThat(refused + " " + refused.problems()).doesNotContain("S3CRET");
        }
    }

    @Test
    void readWhenTooMuchIsGivenIsRefused() {
        String one = "{'destinationType':'stdio','stdio':{}}";
        String hook =
                "[{'destinationType':'webhook','webhook':{'url':'http://h/%s','authentication':{'authType':'bearer','token':'%s'}}}]";

        assertThat(refused("[" + (one + ",").repeat(10) + one + "]").problems()).hasSize(1);
        assertThat(refused(hook.formatted("x".repeat(2048), "t")).problems()).hasSize(1);
        assertThat(refused(hook.formatted("x", "t".repeat(1025))).problems()).hasSize(1);
        assertThat(refused("[{'type':'filesystem','path':'" + "x".repeat(4097) + "'}]")
                        .problems())
                .isNotEmpty();
    }

    @Test
    void readWhenSeveralThingsAreWrongAllAreFound() {
        RatchetException refused = refused("""
                [{'destinationType':'webhook','webhook':{'url':'ftp://h','timeoutSeconds':'x','surprise':1}},
                 {'destinationType':'stdio','stdio':{'stream':3}}]""");

        assertThat(refused.problems())
                .extracting(problem -> problem.position())
                .containsExactly(
                        "/0/webhook/surprise", "/0/webhook/timeoutSeconds", "/0/webhook/url", "/1/stdio/stream");
    }

    @Test
    void writeWhenReadAgainIsTheSame() {
        List<OutputDestination> destinations = all();

        assertThat(json.read("again", json.write(destinations, false))).isEqualTo(destinations);
    }

    @Test
    void writeWhenMaskedHoldsNoSecretAndCannotBeReadBack() {
        String masked = json.write(all(), true).value();

        assertThat(masked)
                .doesNotContain(SECRET, "tok-1", "pass-1", "key-1", "query-1", "cookie-1")
                .contains("\"X-Plain\":\"plain-1\"", "\"username\":\"ann\"");
        RatchetException refused =
                catchThrowableOfType(RatchetException.class, () -> json.read("again", new JsonText(masked)));
        assertThat(refused.problems()).hasSizeGreaterThanOrEqualTo(5);
    }

    @Test
    void toStringWhenDestinationHasSecretsShowsNone() {
        assertThat(all().toString())
                .doesNotContain(SECRET, "tok-1", "pass-1", "key-1", "query-1", "cookie-1", "/services/T1", "plain-1");
    }

    private List<OutputDestination> all() {
        return read("""
                [{'name':'n','on':'failure','destinationType':'filesystem','template':'{{job_id}}','filesystem':{'path':'a/{{date}}',
                  'format':'XML','compression':'GZIP','permissions':'600','createDirs':false,'overwrite':true,'backupExisting':true}},
                 {'on':'always','destinationType':'webhook','webhook':{'url':'https://h.example/services/T1?k=query-1','method':'PATCH',
                  'headers':{'Cookie':'cookie-1','X-Plain':'plain-1'},'timeoutSeconds':9,'contentType':'a/b; c=d','format':'RAW',
                  'compression':'ZSTD','retryPolicy':{'maxAttempts':4,'initialDelaySeconds':3,'maxDelaySeconds':5,'backoffMultiplier':1.5},
                  'authentication':{'authType':'bearer','bearer':{'token':'tok-1'}},'signingSecret':'%s'}},
                 {'destinationType':'webhook','webhook':{'url':'https://h.example/',
                  'authentication':{'authType':'basic','basic':{'username':'ann','password':'pass-1'}}}},
                 {'destinationType':'webhook','webhook':{'url':'https://h.example/',
                  'authentication':{'authType':'api_key','apiKey':{'key':'key-1','headerName':'X-K'}}}},
                 {'destinationType':'stdio','stdio':{'stream':'stderr','format':'JSON_COMPACT','includeMetadata':false,
                  'lineBuffered':false,'prefix':'{{env}} '}}]""".formatted(SECRET));
    }

    private List<OutputDestination> read(String given) {
        return json.read("outputDestinations", new JsonText(given.replace('\'', '"')));
    }

    private RatchetException refused(String given) {
        RatchetException refused = catchThrowableOfType(RatchetException.class, () -> read(given));
        assertThat(refused).as(given).isNotNull();
        return refused;
    }
}
