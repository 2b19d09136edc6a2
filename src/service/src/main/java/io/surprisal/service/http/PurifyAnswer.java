package io.surprisal.service.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.service.png.PngFile;
import io.surprisal.service.score.Purified;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A likelier image near the one that was sent. */
@RegisterForReflection
@Schema(name = "Purified")
public record PurifyAnswer(
        @Schema(examples = "fashion-mnist") String model,
        @Schema(examples = "1") String version,

        @Schema(description = "A PNG file, in base64.", type = SchemaType.STRING, format = "byte")
        byte[] image,

        @Schema(description = "The verdict the image that was sent would get.")
        ScoreAnswer.Judged before,

        @Schema(description = "The verdict the likelier one would get.")
        ScoreAnswer.Judged after) {
    /** Levels, of 256: what PixelDefend uses for attacks of 8. */
    static final int DEFAULT_EPSILON = 16;

    static PurifyAnswer of(Purified purified) {
        BundleManifest manifest = purified.model().manifest();
        return new PurifyAnswer(
                manifest.name(),
                manifest.version(),
                PngFile.of(purified.image(), 0),
                ScoreAnswer.Judged.of(purified.before()),
                ScoreAnswer.Judged.of(purified.after()));
    }
}
