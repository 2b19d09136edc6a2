package io.surprisal.audit;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The PNG and JPEG files below a folder, by their names; what begins with a dot or an underscore is passed over, as Spark and Hadoop do.
 *
 * @param root of the folder, with scheme
 * @param paths relative to it, {@code /} between folders, sorted
 */
record ImageListing(String root, List<String> paths) {

    /** @throws AuditException when there is no such folder, or no image in it */
    static ImageListing of(String input, Configuration hadoop) throws IOException {
        Path folder = new Path(input);
        FileSystem files = folder.getFileSystem(hadoop);
        Path root = files.makeQualified(folder);
        try {
            if (!files.getFileStatus(root).isDirectory()) {
                throw new AuditException(input, "a folder with images", "a file");
            }
        } catch (FileNotFoundException e) {
            throw new AuditException(input, "a folder with images", "nothing");
        }
        List<String> paths = new ArrayList<>();
        for (String path :
                files instanceof LocalFileSystem local ? local(local.pathToFile(root)) : remote(files, root)) {
            if (isImage(path)) {
                paths.add(path);
            }
        }
        if (paths.isEmpty()) {
            throw new AuditException(input, "PNG or JPEG files", "none");
        }
        Collections.sort(paths);
        return new ImageListing(withSlash(root.toString()), List.copyOf(paths));
    }

    private static List<String> remote(FileSystem files, Path root) throws IOException {
        String prefix = withSlash(root.toUri().getPath());
        List<String> paths = new ArrayList<>();
        for (RemoteIterator<LocatedFileStatus> all = files.listFiles(root, true); all.hasNext(); ) {
            paths.add(all.next().getPath().toUri().getPath().substring(prefix.length()));
        }
        return paths;
    }

    /** Hadoop would start a process for each file, to ask for its permissions. */
    private static List<String> local(File root) throws IOException {
        try (Stream<java.nio.file.Path> all = Files.walk(root.toPath(), FileVisitOption.FOLLOW_LINKS)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> root.toPath().relativize(file).toString().replace(File.separatorChar, '/'))
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String withSlash(String path) {
        return path.endsWith("/") ? path : path + "/";
    }

    private static boolean isImage(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        return (name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg"))
                && Stream.of(path.split("/")).noneMatch(part -> part.startsWith(".") || part.startsWith("_"));
    }
}
