package io.surprisal.detector.cli;

import io.surprisal.detector.Detector;
import io.surprisal.detector.density.InferenceException;
import io.surprisal.detector.image.ImageLimits;
import io.surprisal.detector.image.UnreadableImageException;
import io.surprisal.detector.verdict.Decision;
import io.surprisal.detector.verdict.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What became of one file. */
sealed interface FileScore {

    Path file();

    int exitStatus();

    /** The file was an image, and was judged. */
    record Judged(Path file, Verdict verdict) implements FileScore {
        @Override
        public int exitStatus() {
            return verdict.flagged() ? 1 : 0;
        }
    }

    /** Nothing can be said; never the same as accepted. */
    record Failed(Path file, String error) implements FileScore {
        @Override
        public int exitStatus() {
            return ScoreCommand.ERROR;
        }
    }

    static FileScore of(Path file, Detector detector, Decision decision) {
        try {
            if (!Files.isRegularFile(file)) {
                return new Failed(file, "expected a file, found " + (Files.isDirectory(file) ? "a folder" : "nothing"));
            }
            long most = ImageLimits.defaults().maxBytes();
            if (Files.size(file) > most) {
                return new Failed(file, "expected at most " + most + " bytes, found " + Files.size(file));
            }
            List<byte[]> image = List.of(Files.readAllBytes(file));
            return new Judged(file, detector.examine(image, decision).getFirst());
        } catch (UnreadableImageException | InferenceException e) {
            return new Failed(file, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Failed(file, "expected a file that can be read, found: " + e);
        }
    }
}
