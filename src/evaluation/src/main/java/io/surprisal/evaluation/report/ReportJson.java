package io.surprisal.evaluation.report;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code report.json}: the {@link EvaluationReport}, field by field. */
public final class ReportJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private ReportJson() {}

    public static void write(EvaluationReport report, Path file) throws IOException {
        Files.writeString(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
    }

    /** @throws IOException when the file cannot be read or is no report of this schema version */
    public static EvaluationReport read(Path file) throws IOException {
        try {
            return MAPPER.readValue(Files.readString(file), EvaluationReport.class);
        } catch (JacksonException e) {
            throw new IOException(
                    file + ": expected an evaluation report of schema version " + EvaluationReport.SCHEMA_VERSION
                            + ", found: " + e.getOriginalMessage(),
                    e);
        }
    }
}
