package io.surprisal.audit;

import io.surprisal.detector.Detector;
import io.surprisal.detector.bundle.Bundle;
import io.surprisal.detector.bundle.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;

/**
 * The files of a bundle, to be sent to machines that do not have its folder.
 *
 * @param contents by name
 */
record BundleFiles(TreeMap<String, byte[]> contents) {
    private static final String MANIFEST = "bundle.json";

    /** @throws io.surprisal.detector.bundle.BundleException when the folder holds no bundle that keeps the contract */
    static BundleFiles of(Path folder) throws IOException {
        TreeMap<String, byte[]> contents = new TreeMap<>();
        contents.put(MANIFEST, Files.readAllBytes(folder.resolve(MANIFEST)));
        for (String name : Bundle.load(folder).manifest().files().keySet()) {
            contents.put(name, Files.readAllBytes(folder.resolve(name)));
        }
        return new BundleFiles(contents);
    }

    /** What tells this bundle from every other: the hash of the manifest, which has those of all other files. */
    String sha256() {
        byte[] manifest = contents.get(MANIFEST);
        if (manifest == null) {
            throw new IllegalStateException("expected " + MANIFEST + ", found " + contents.keySet());
        }
        return Sha256.of(manifest);
    }

    /** Loads a detector from them, and tries it on the golden images. */
    Detector detector() throws IOException {
        Path folder = Files.createTempDirectory("surprisal-bundle");
        try {
            for (var file : contents.entrySet()) {
                Files.write(folder.resolve(file.getKey()), file.getValue());
            }
            return tried(Detector.load(folder));
        } finally {
            for (String name : contents.keySet()) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.delete(folder);
        }
    }

    private static Detector tried(Detector detector) {
        try {
            detector.replayGolden();
            return detector;
        } catch (RuntimeException e) {
            detector.close();
            throw e;
        }
    }
}
