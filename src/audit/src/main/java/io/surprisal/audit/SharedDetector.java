package io.surprisal.audit;

import io.surprisal.detector.Detector;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** One detector in each process of a cluster, for all its tasks, for as long as the process lives. */
final class SharedDetector {
    private static final Map<String, Detector> BY_BUNDLE = new HashMap<>();

    private SharedDetector() {}

    static synchronized Detector of(BundleFiles bundle) throws IOException {
        String sha256 = bundle.sha256();
        Detector detector = BY_BUNDLE.get(sha256);
        if (detector == null) {
            detector = bundle.detector();
            BY_BUNDLE.put(sha256, detector);
        }
        return detector;
    }
}
