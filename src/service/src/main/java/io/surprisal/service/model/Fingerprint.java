package io.surprisal.service.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What can be told of a folder's files without reading them. Two that are equal are taken for the same content; what is served has its
 * hashes checked all the same.
 */
record Fingerprint(Map<String, Mark> files) {
    /** A file's size, its time, and the operating system's own key of it where there is one. */
    record Mark(long size, FileTime modified, @Nullable Object key) {}

    /** Looks at the files that lie directly in a folder. */
    static Fingerprint of(Path folder) throws IOException {
        Map<String, Mark> files = new TreeMap<>();
        try (Stream<Path> found = Files.list(folder)) {
            for (Path file : (Iterable<Path>) found::iterator) {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                if (attributes.isRegularFile()) {
                    files.put(
                            file.getFileName().toString(),
                            new Mark(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey()));
                }
            }
        }
        return new Fingerprint(files);
    }
}
