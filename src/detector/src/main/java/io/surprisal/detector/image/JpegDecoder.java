package io.surprisal.detector.image;

import org.jspecify.annotations.Nullable;

/**
 * JPEG file → {@link Pixels}: walks the markers (T.81, annex B), collects tables, decodes each scan as it comes, and
 * assembles the image at its end. See {@link ImageDecoder} for what is accepted. Used once, by one thread.
 */
final class JpegDecoder {
    /** Encoders write about ten; more is a way to keep a decoder busy with a small file. */
    private static final int MAX_SCANS = 128;

    private final byte[] file;
    private final ImageLimits limits;
    private final JpegSegments segments;
    private final JpegTables tables = new JpegTables();
    private JpegColour.Hint hint = JpegColour.Hint.NONE;
    private @Nullable JpegFrame frame;
    private int scans;

    JpegDecoder(byte[] file, ImageLimits limits) {
        this.file = file;
        this.limits = limits;
        this.segments = new JpegSegments(file);
    }

    Pixels decode() {
        int marker = segments.nextMarker();
        while (marker != JpegMarker.EOI) {
            // A restart marker has no parameters; some encoders put one behind the last interval too.
            if (!JpegMarker.restart(marker)) {
                read(marker);
            }
            marker = segments.nextMarker();
        }
        JpegFrame complete = frame();
        return JpegAssembler.assemble(complete, JpegColour.of(complete.components(), hint));
    }

    private void read(int marker) {
        switch (marker) {
            case JpegMarker.SOF0, JpegMarker.SOF1, JpegMarker.SOF2 -> readFrame(segments.segment(marker));
            case JpegMarker.SOS -> readScan(segments.segment(marker));
            case JpegMarker.DHT -> tables.defineHuffman(segments.segment(marker));
            case JpegMarker.DQT -> tables.defineQuantisation(segments.segment(marker));
            case JpegMarker.DRI -> tables.defineRestartInterval(segments.segment(marker));
            default -> readOther(marker);
        }
    }

    private void readOther(int marker) {
        if (!JpegMarker.ignored(marker)) {
            throw new UnreadableImageException(
                    "JPEG: expected baseline or progressive Huffman coding, found " + JpegMarker.describe(marker));
        }
        hint = hint.with(segments.segment(marker));
    }

    private void readFrame(JpegSegment segment) {
        if (frame != null) {
            throw new UnreadableImageException("JPEG: expected one frame header, found a second");
        }
        frame = JpegFrame.read(segment, limits, hint, file.length - segments.position());
    }

    private void readScan(JpegSegment segment) {
        if (++scans > MAX_SCANS) {
            throw new UnreadableImageException("JPEG: expected at most " + MAX_SCANS + " scans, found more");
        }
        JpegScan scan = JpegScan.read(segment, frame());
        scan.slots().forEach(slot -> slot.component().advance(scan, tables));
        JpegBits bits = new JpegBits(file, segments.position());
        segments.moveTo(new JpegScanDecoder(frame(), scan, tables, bits).decode());
    }

    private JpegFrame frame() {
        if (frame == null) {
            throw new UnreadableImageException("JPEG: expected a frame header before scans and the end, found none");
        }
        return frame;
    }
}
