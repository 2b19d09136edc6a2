package io.surprisal.detector.bundle;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.surprisal.detector.bundle.BundleManifest.SplitBits;
import io.surprisal.detector.bundle.BundleManifest.TrainingData;
import io.surprisal.detector.json.Fields;
import io.surprisal.detector.likelihood.DimensionOrder;
import io.surprisal.detector.quantise.ImageShape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code bundle.json}, schema version 1. */
final class ManifestJson {

    static final int SCHEMA_VERSION = 1;
    private static final String DIMENSIONS = "dimensions";
    private static final String FILES = "files";
    private static final String BINARISED = "binarised";

    private ManifestJson() {}

    static BundleManifest read(byte[] json) {
        Fields root = Fields.parse(Bundle.MANIFEST, json);
        int version = root.integer("schemaVersion");
        if (version != SCHEMA_VERSION) {
            throw new BundleException(
                    "schemaVersion of " + Bundle.MANIFEST, String.valueOf(SCHEMA_VERSION), String.valueOf(version));
        }
        Fields shape = root.object("shape");
        Fields bits = root.object("bitsPerDimension");
        Fields data = root.object("data");
        return new BundleManifest(
                root.string("name"),
                root.string("version"),
                root.string("family"),
                root.map("hyperparameters"),
                new ImageShape(shape.integer("channels"), shape.integer("height"), shape.integer("width")),
                root.integer("levels"),
                order(root),
                new SplitBits(bits.number("train"), bits.number("validation"), bits.number("test")),
                new TrainingData(
                        data.string("name"),
                        data.string("sha256"),
                        data.names().contains(BINARISED) ? data.string(BINARISED) : null),
                root.whole("seed"),
                root.string("producer"),
                hashes(root));
    }

    /** None where the field is missing: then it is an {@link UnfinishedBundle}. */
    private static Map<String, String> hashes(Fields root) {
        Map<String, String> hashes = new LinkedHashMap<>();
        if (root.names().contains(FILES)) {
            Fields files = root.object(FILES);
            files.names().forEach(name -> hashes.put(name, files.string(name)));
        }
        return hashes;
    }

    /** Raster order, whatever its name, where the dimensions are not listed. */
    private static DimensionOrder order(Fields root) {
        String name = root.string("dimensionOrder");
        return root.names().contains(DIMENSIONS)
                ? DimensionOrder.of(name, root.integers(DIMENSIONS))
                : new DimensionOrder(name, List.of());
    }

    static byte[] write(BundleManifest manifest) {
        ObjectNode root = Fields.newObject()
                .put("schemaVersion", SCHEMA_VERSION)
                .put("name", manifest.name())
                .put("version", manifest.version())
                .put("family", manifest.family());
        root.set("hyperparameters", Fields.tree(manifest.hyperparameters()));
        root.putObject("shape")
                .put("channels", manifest.shape().channels())
                .put("height", manifest.shape().height())
                .put("width", manifest.shape().width());
        root.put("levels", manifest.levels())
                .put("dimensionOrder", manifest.dimensionOrder().name());
        if (!manifest.dimensionOrder().isRaster()) {
            ArrayNode dimensions = root.putArray(DIMENSIONS);
            manifest.dimensionOrder().dimensions().forEach(dimensions::add);
        }
        root.putObject("bitsPerDimension")
                .put("train", manifest.bitsPerDimension().train())
                .put("validation", manifest.bitsPerDimension().validation())
                .put("test", manifest.bitsPerDimension().test());
        ObjectNode data = root.putObject("data")
                .put("name", manifest.data().name())
                .put("sha256", manifest.data().sha256());
        if (manifest.data().binarised() != null) {
            data.put(BINARISED, manifest.data().binarised());
        }
        root.put("seed", manifest.seed()).put("producer", manifest.producer());
        ObjectNode files = root.putObject(FILES);
        manifest.files().forEach(files::put);
        return Fields.write(root);
    }
}
