package io.surprisal.audit;

import io.surprisal.detector.image.ImageLimits;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** What was found where an image was listed. */
sealed interface ImageFile {

    /** Relative to the folder of the audit. */
    String path();

    record Read(String path, byte[] bytes) implements ImageFile {}

    record Unreadable(String path, String error) implements ImageFile {}

    /** Where the files of a folder are read from: of a local one without Hadoop's checksums, which image folders have none of and which trip over a colon in a name. */
    static FileSystem source(Path folder, Configuration hadoop) throws IOException {
        FileSystem files = folder.getFileSystem(hadoop);
        return files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
    }

    /** Reads a file, and of one that is too large for an image only enough for the decoder to refuse it. */
    static ImageFile of(FileSystem files, Path root, String path) {
        // Not Path(root, path), which takes a colon in a name for the end of a scheme.
        Path file = new Path(
                root.toUri().getScheme(),
                root.toUri().getAuthority(),
                root.toUri().getPath() + "/" + path);
        try (InputStream in = files.open(file)) {
            return new Read(path, in.readNBytes((int) ImageLimits.defaults().maxBytes() + 1));
        } catch (IOException e) {
            return new Unreadable(path, "expected a file that can be read, found: " + e);
        }
    }
}
