package io.surprisal.service.recent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A file of lines that only grows, up to a size; then it becomes {@code .1}, what was there {@code .2}, and so on. It can be moved away or
 * deleted by others: the next lines begin another. Belongs to one thread.
 */
final class AuditFile implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(AuditFile.class);

    private final Path path;
    private final long size;
    private final int kept;
    private @Nullable FileChannel channel;
    private @Nullable Object key;

    /**
     * @param size in bytes, beyond which the file is put aside; more, where one append is more
     * @param kept how many older ones, at least 1
     */
    AuditFile(Path path, long size, int kept) {
        if (kept < 1) {
            throw new IllegalArgumentException("expected surprisal.audit.kept to be 1 or more, found " + kept);
        }
        this.path = path;
        this.size = size;
        this.kept = kept;
    }

    /** Appends all of these lines, each with its end, or throws and leaves none of them. */
    void append(ByteBuffer lines) throws IOException {
        FileChannel open = opened();
        if (open.size() > 0 && open.size() + lines.remaining() > size) {
            putAside();
            open = opened();
        }
        long before = open.size();
        try {
            while (lines.hasRemaining()) {
                open.write(lines);
            }
        } catch (IOException e) {
            undo(open, before);
            close();
            throw e;
        }
    }

    /** A full disk takes half a line. Where even that cannot be taken back, {@link #opened} ends the line later. */
    private static void undo(FileChannel open, long before) {
        try {
            open.truncate(before);
        } catch (IOException e) {
            LOG.debugf("the audit trail ends in the middle of a line: %s", e);
        }
    }

    private FileChannel opened() throws IOException {
        FileChannel open = channel;
        if (open != null && Files.exists(path) && Objects.equals(key, keyOf(path))) {
            return open;
        }
        close();
        boolean cut = endsWithinALine();
        open = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        channel = open;
        key = keyOf(path);
        if (cut) {
            open.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
        return open;
    }

    /** What a process that was killed has left behind. */
    private boolean endsWithinALine() throws IOException {
        if (!Files.isRegularFile(path) || Files.size(path) == 0) {
            return false;
        }
        try (FileChannel read = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            return read.read(last, read.size() - 1) == 1 && last.get(0) != '\n';
        }
    }

    private static @Nullable Object keyOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    /** The file itself is moved first: where that is forbidden, the older ones stay as they are, and the file grows on. */
    private void putAside() throws IOException {
        close();
        Path aside = path.resolveSibling(path.getFileName() + ".0");
        try {
            Files.move(path, aside, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warnf("%s grows beyond %d bytes, since it cannot be put aside: %s", path, size, e);
            return;
        }
        for (int number = kept - 1; number >= 0; number--) {
            Path older = path.resolveSibling(path.getFileName() + "." + number);
            if (Files.exists(older)) {
                Files.move(
                        older,
                        path.resolveSibling(path.getFileName() + "." + (number + 1)),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Override
    public void close() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debugf("the audit trail could not be closed: %s", e);
            }
        }
    }
}
