package io.surprisal.audit;

import io.surprisal.detector.verdict.Decision;
import java.nio.file.Path;

/**
 * What an audit is told.
 *
 * @param input folder of images, searched with its subfolders: a path or a URI of any file system that Hadoop knows
 * @param output folder of the table, made where there is none
 * @param bundle folder of the model's bundle, on the machine that starts the audit
 * @param decision how verdicts are made
 * @param batch images in one run of the model, at least 1
 * @param imagesPerCommit images after which what was judged is kept for good, at least 1
 */
public record AuditSettings(
        String input, String output, Path bundle, Decision decision, int batch, int imagesPerCommit) {
    public AuditSettings {
        if (batch < 1) {
            throw new IllegalArgumentException("expected a batch of at least 1 image, found " + batch);
        }
        if (imagesPerCommit < 1) {
            throw new IllegalArgumentException("expected to commit after at least 1 image, found " + imagesPerCommit);
        }
    }
}
