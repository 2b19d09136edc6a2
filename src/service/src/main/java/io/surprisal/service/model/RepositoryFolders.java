package io.surprisal.service.model;

import io.surprisal.service.model.BundleState.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What lies in the folders that the service was given, at one moment.
 *
 * @param bundles the folders of bundles, with what can be told of their files
 * @param faults what is wrong with a folder that was given
 * @param unreadable those of them that could not be read: what lies in them is not known, and not gone
 */
record RepositoryFolders(Map<Path, Fingerprint> bundles, Map<Path, Refused> faults, List<Path> unreadable) {
    /** Looks through all of them. */
    static RepositoryFolders scan(List<Path> roots) {
        Map<Path, Fingerprint> bundles = new TreeMap<>();
        Map<Path, Refused> faults = new TreeMap<>();
        List<Path> unreadable = new ArrayList<>();
        for (Path root : roots) {
            try {
                List<Path> found = BundleFolders.under(root);
                for (Path bundle : found) {
                    look(bundle, bundles, unreadable);
                }
                if (found.isEmpty()) {
                    faults.put(
                            root,
                            new Refused(root, "expected a bundle or <name>/<version>/bundle.json, found neither"));
                }
            } catch (IOException | UncheckedIOException e) {
                faults.put(root, new Refused(root, "expected a folder that can be read, got " + e));
                unreadable.add(root);
            }
        }
        return new RepositoryFolders(bundles, faults, unreadable);
    }

    private static void look(Path bundle, Map<Path, Fingerprint> bundles, List<Path> unreadable) {
        try {
            bundles.put(bundle, Fingerprint.of(bundle));
        } catch (NoSuchFileException e) {
            // Deleted between two looks: gone.
        } catch (IOException | UncheckedIOException e) {
            unreadable.add(bundle);
        }
    }

    /** Whether a bundle is there, or may be, in a folder that could not be read. */
    boolean holds(Path bundle) {
        return bundles.containsKey(bundle) || unreadable.stream().anyMatch(bundle::startsWith);
    }
}
