package io.surprisal.audit;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
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
 * The PNG and JPEG files below a folder, by their names; what begins with a dot is passed over, and so is what a job has not finished writing.
 *
 * @param root of the folder, with scheme
 * @param paths relative to it, {@code /} between folders, sorted
 */
record ImageListing(String root, List<String> paths) {
    /** Ends what stands for a folder that cannot be looked into. */
    private static final String UNREADABLE_FOLDER = "/";

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
            if (path.indexOf('\uFFFD') >= 0) {
                throw new AuditException(input, "names that are text in this machine's locale (is it UTF-8?)", path);
            }
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

    /**
     * Hadoop would start a process for each file, to ask for its permissions. What cannot be looked at is listed too: reading it fails,
     * and that is a row.
     */
    private static List<String> local(File root) throws IOException {
        java.nio.file.Path folder = root.toPath();
        List<String> paths = new ArrayList<>();
        Files.walkFileTree(
                folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(java.nio.file.Path file, BasicFileAttributes attributes) {
                        if (attributes.isRegularFile() || attributes.isSymbolicLink()) { // a link that leads nowhere
                            paths.add(relative(file));
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(java.nio.file.Path file, IOException e) throws IOException {
                        if (file.equals(folder)) {
                            throw e;
                        }
                        // A folder that holds itself has nothing that is not listed already.
                        if (!(e instanceof FileSystemLoopException)) {
                            paths.add(Files.isDirectory(file) ? relative(file) + UNREADABLE_FOLDER : relative(file));
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    private String relative(java.nio.file.Path file) {
                        return folder.relativize(file).toString().replace(File.separatorChar, '/');
                    }
                });
        return paths;
    }

    private static String withSlash(String path) {
        return path.endsWith("/") ? path : path + "/";
    }

    private static boolean isImage(String path) {
        String name = path.toLowerCase(Locale.ROOT);
        return (name.endsWith(".png")
                        || name.endsWith(".jpg")
                        || name.endsWith(".jpeg")
                        || name.endsWith(UNREADABLE_FOLDER))
                && Stream.of(path.split("/")).noneMatch(part -> part.startsWith(".") || part.equals("_temporary"));
    }
}
