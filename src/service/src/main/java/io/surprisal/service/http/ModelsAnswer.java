package io.surprisal.service.http;

import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.detector.bundle.BundleManifest.SplitBits;
import io.surprisal.detector.quantise.ImageShape;
import io.surprisal.service.model.ServedModel;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The models being served, by name, each name's highest version first. */
public record ModelsAnswer(List<Model> models) {
    /** One model, and how it decides for requests that say nothing of it. */
    @Schema(name = "Model")
    public record Model(
            @Schema(examples = "fashion-mnist") String name,
            @Schema(examples = "1") String version,
            @Schema(examples = "gated-pixelcnn") String family,
            ImageShape shape,

            @Schema(description = "Values a dimension can take.", examples = "256")
            int levels,

            @Schema(description = "On its training, validation and test images.")
            SplitBits bitsPerDimension,

            @Schema(description = "Statistics it is calibrated for.")
            List<String> statistics,

            @Schema(description = "The statistic that decides by default.")
            String statistic,

            @Schema(description = "The false-positive rate it decides at by default.", examples = "0.01")
            double falsePositiveRate) {
        static Model of(ServedModel model) {
            BundleManifest manifest = model.manifest();
            return new Model(
                    manifest.name(),
                    manifest.version(),
                    manifest.family(),
                    manifest.shape(),
                    manifest.levels(),
                    manifest.bitsPerDimension(),
                    model.statistics(),
                    model.defaultDecision().statistic(),
                    model.defaultDecision().falsePositiveRate());
        }
    }
}
