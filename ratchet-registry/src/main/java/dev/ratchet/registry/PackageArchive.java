package dev.ratchet.registry;

import dev.ratchet.core.task.TaskPackage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Turns a package back into the files its author would keep. Thread-safe. */
public final class PackageArchive {
    /** Dates of ZIP entries start here; one date for all, because a package has none. */
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final Documents documents = Documents.forWholePackages();
    private final MetadataWriter metadataWriter = new MetadataWriter(documents);

    /**
     * The files of a package by path: {@code metadata.json} with what the package declares, code, schemas and tests as
     * they were. Reading them gives a package with the same hash.
     */
    public SortedMap<String, String> files(TaskPackage task) {
        Map<String, String> code = task.code().files();
        SortedMap<String, String> files = new TreeMap<>(code);
        task.inputSchema().ifPresent(schema -> files.put(TaskPackageLoader.INPUT_SCHEMA, schema.value()));
        task.outputSchema().ifPresent(schema -> files.put(TaskPackageLoader.OUTPUT_SCHEMA, schema.value()));
        ObjectNode metadata = metadataWriter.write(task);
        if (TaskPackageLoader.ENTRIES.stream().filter(code::containsKey).count() != 1
                || !TaskPackageLoader.ENTRIES.contains(task.code().entry())) {
            metadata.put("entrypoint", task.code().entry());
        }
        JsonNode other = documents.json(task.metadata().other().value());
        other.properties().forEach(entry -> metadata.putIfAbsent(entry.getKey(), entry.getValue()));
        task.tests().forEach((path, test) -> {
            if (path.startsWith(TaskPackageLoader.TESTS)) {
                files.put(path, test.value());
            } else {
                // A case that stood in the metadata.
                ArrayNode cases = metadata.withArray("test_cases");
                cases.add(documents.json(test.value()));
            }
        });
        files.put(TaskPackageLoader.JSON_METADATA, documents.writePretty(metadata));
        return files;
    }

    /** A ZIP archive of {@link #files}. Equal packages give equal bytes, on every machine. */
    public byte[] zip(TaskPackage task) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes, StandardCharsets.UTF_8)) {
            for (Map.Entry<String, String> file : files(task).entrySet()) {
                byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
                CRC32 checksum = new CRC32();
                checksum.update(content);
                ZipEntry entry = new ZipEntry(file.getKey());
                entry.setTimeLocal(EPOCH);
                // Stored, because what a compressor makes of the same bytes differs between its versions.
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(content.length);
                entry.setCrc(checksum.getValue());
                zip.putNextEntry(entry);
                zip.write(content);
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes what is written to it", e);
        }
        return bytes.toByteArray();
    }
}
