package dev.ratchet.execution.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.ratchet.core.delivery.Compression;
import dev.ratchet.core.delivery.OutputFormat;
import dev.ratchet.execution.recording.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

class ResultTextTest {
    @Test
    void writeWhenJsonNumbersKeepTheirDigits() throws IOException {
        String json = "{\"a\":1.50,\"b\":12345678901234567890,\"c\":[]}";

        assertThat(text(json, OutputFormat.JSON_COMPACT)).isEqualTo(json);
        assertThat(text(json, OutputFormat.JSON)).isEqualTo(json);
        assertThat(new String(
                        ResultText.write(Json.parse("t", json), OutputFormat.JSON, true, 1000), StandardCharsets.UTF_8))
                .contains("\n");
    }

    @Test
    void writeWhenRawStringIsItsText() throws IOException {
        assertThat(text("\"a\\nb\"", OutputFormat.RAW)).isEqualTo("a\nb");
        assertThat(text("{\"a\":1}", OutputFormat.RAW)).isEqualTo("{\"a\":1}");
    }

    @Test
    void writeWhenYamlStringsStayStrings() throws IOException {
        assertThat(text("{\"country\":\"no\",\"n\":\"1\",\"list\":[true,null]}", OutputFormat.YAML))
                .isEqualTo("country: \"no\"\n\"n\": \"1\"\nlist:\n- true\n- null\n");
    }

    @Test
    void writeWhenCsvOfObjectsHasOneColumnPerName() throws IOException {
        assertThat(text(
                        "[{\"a\":1,\"b\":\"x,y\"},{\"b\":\"say \\\"hi\\\"\",\"c\":{\"d\":null}},{\"a\":null}]",
                        OutputFormat.CSV))
                .isEqualTo("a,b,c\r\n1,\"x,y\",\r\n,\"say \"\"hi\"\"\",\"{\"\"d\"\":null}\"\r\n,,\r\n");
    }

    @Test
    void writeWhenCsvOfOtherShapesHasRowsOrOneColumn() throws IOException {
        assertThat(text("[[1,2],[\"a\\r\\nb\",true]]", OutputFormat.CSV)).isEqualTo("1,2\r\n\"a\r\nb\",true\r\n");
        assertThat(text("{\"a\":1}", OutputFormat.CSV)).isEqualTo("a\r\n1\r\n");
        assertThat(text("[1,\"x\"]", OutputFormat.CSV)).isEqualTo("value\r\n1\r\nx\r\n");
        assertThat(text("5", OutputFormat.CSV)).isEqualTo("value\r\n5\r\n");
        assertThat(text("[]", OutputFormat.CSV)).isEqualTo("value\r\n");
    }

    @Test
    void writeWhenXmlHoldsAnythingIsWellFormed() throws Exception {
        String json =
                "{\"plain\":\"<&>\\\"'\",\"1 bad name\":true,\"xmlns\":\"x\",\"a:b\":1,\"ctl\":\"a\\u0000b\\ud800\","
                        + "\"list\":[1,null,{\"é\":\"ü\"}],\"nl\":\"a\\r\\nb\"}";

        byte[] xml = ResultText.write(Json.parse("t", json), OutputFormat.XML, false, 10_000);

        Element root = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(xml))
                .getDocumentElement();
        assertThat(root.getTagName()).isEqualTo("output");
        assertThat(root.getElementsByTagName("plain").item(0).getTextContent()).isEqualTo("<&>\"'");
        assertThat(((Element) root.getElementsByTagName("entry").item(0)).getAttribute("name"))
                .isEqualTo("1 bad name");
        assertThat(root.getElementsByTagName("ctl").item(0).getTextContent()).isEqualTo("a\ufffdb\ufffd");
        assertThat(root.getElementsByTagName("item").getLength()).isEqualTo(3);
        assertThat(((Element) root.getElementsByTagName("item").item(1)).getAttribute("null"))
                .isEqualTo("true");
        assertThat(root.getElementsByTagName("nl").item(0).getTextContent()).isEqualTo("a\r\nb");
    }

    @Test
    void writeWhenLargerThanAllowedIsRefusedWhileWriting() {
        // A thousand rows with a column each would be a million cells.
        StringBuilder wide = new StringBuilder("[");
        for (int i = 0; i < 3000; i++) {
            wide.append(i == 0 ? "" : ",").append("{\"c").append(i).append("\":1}");
        }
        String json = wide.append("]").toString();

        assertThatThrownBy(() -> ResultText.write(Json.parse("t", json), OutputFormat.CSV, false, 100_000))
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("100000 bytes");
    }

    @Test
    void packWhenUnpackedIsTheSameAndRepeatable() throws IOException {
        byte[] plain = "hello hello hello".repeat(100).getBytes(StandardCharsets.UTF_8);

        byte[] gzip = Packing.pack(plain, Compression.GZIP);
        byte[] zstd = Packing.pack(plain, Compression.ZSTD);

        assertThat(new GZIPInputStream(new ByteArrayInputStream(gzip)).readAllBytes())
                .isEqualTo(plain);
        assertThat(Zstd.decompress(zstd, plain.length)).isEqualTo(plain);
        assertThat(zstd).hasSizeLessThan(plain.length / 4).isEqualTo(Packing.pack(plain, Compression.ZSTD));
        assertThat(gzip).hasSizeLessThan(plain.length / 4).isEqualTo(Packing.pack(plain, Compression.GZIP));
        assertThat(Packing.pack(plain, Compression.NONE)).isSameAs(plain);
    }

    private static String text(String json, OutputFormat format) throws IOException {
        return new String(ResultText.write(Json.parse("t", json), format, false, 100_000), StandardCharsets.UTF_8);
    }
}
