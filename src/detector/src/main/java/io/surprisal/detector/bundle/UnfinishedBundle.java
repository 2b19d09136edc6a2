package io.surprisal.detector.bundle;

import java.nio.file.Path;

/**
 * A density model that has no calibration yet, as another program exports it: {@code model.onnx} and a {@code bundle.json} that lists no
 * files. It cannot serve; {@code ./surprisal calibrate} makes a bundle of it.
 *
 * @param manifest whose {@code files} are empty
 * @param model the bytes of an ONNX file that keeps the contract as far as a file can
 */
public record UnfinishedBundle(BundleManifest manifest, byte[] model) {
    /** Whether a folder holds one, and not a bundle. */
    public static boolean isIn(Path folder) {
        return Bundle.manifest(folder).files().isEmpty();
    }

    /**
     * Reads and checks a folder.
     *
     * @throws BundleException with the first clause that is broken
     */
    public static UnfinishedBundle load(Path folder) {
        BundleManifest manifest = Bundle.manifest(folder);
        if (!manifest.files().isEmpty()) {
            throw new BundleException(
                    "files of " + Bundle.MANIFEST,
                    "none, since the bundle is not finished",
                    manifest.files().keySet().toString());
        }
        byte[] model = Bundle.read(folder, Bundle.MODEL);
        ModelContract.check(model, manifest.shape());
        return new UnfinishedBundle(manifest, model);
    }
}
