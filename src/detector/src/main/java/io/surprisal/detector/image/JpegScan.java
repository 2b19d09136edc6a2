package io.surprisal.detector.image;

import java.util.ArrayList;
import java.util.List;

/**
 * A scan header: T.81, B.2.3.
 *
 * @param slots the components in the scan, 1..3
 * @param firstIndex first coefficient sent, in zigzag order
 * @param lastIndex last coefficient sent
 * @param highBit the bit that an earlier scan ended at (successive approximation, G.1.1.1.2); 0 in a first scan
 * @param lowBit the lowest bit this scan sends
 */
record JpegScan(List<Slot> slots, int firstIndex, int lastIndex, int highBit, int lowBit) {
    private static final int MAX_UNIT_BLOCKS = 10;
    private static final int LAST = JpegComponent.BLOCK - 1;
    private static final int MAX_LOW_BIT = 13;

    /** A component in a scan with the places of its Huffman tables. */
    record Slot(JpegComponent component, int dc, int ac) {}

    static JpegScan read(JpegSegment segment, JpegFrame frame) {
        int count = segment.u8(0);
        if (count < 1 || count > frame.components().size()) {
            throw new UnreadableImageException(
                    "JPEG: expected a scan of 1.." + frame.components().size() + " components, found " + count);
        }
        List<Slot> slots = new ArrayList<>();
        for (int at = 1; at < 1 + 2 * count; at += 2) {
            JpegComponent component = component(frame, segment.u8(at));
            if (slots.stream().anyMatch(slot -> slot.component == component)) {
                throw new UnreadableImageException(
                        "JPEG: expected different components in a scan, found " + component.id() + " twice");
            }
            slots.add(new Slot(component, segment.u8(at + 1) >> 4, segment.u8(at + 1) & 0xF));
        }
        requireUnitSize(slots);
        int spectral = 1 + 2 * count;
        int bits = segment.u8(spectral + 2);
        // A sequential scan always sends everything; some encoders leave the numbers at 0.
        JpegScan scan = frame.progressive()
                ? new JpegScan(slots, segment.u8(spectral), segment.u8(spectral + 1), bits >> 4, bits & 0xF)
                : new JpegScan(slots, 0, LAST, 0, 0);
        if (frame.progressive()) {
            scan.requireProgression();
        }
        return scan;
    }

    boolean interleaved() {
        return slots.size() > 1;
    }

    /** G.1.1.1.1 and G.1.1.1.2: DC alone, the others by one component; refinements one bit at a time. */
    private void requireProgression() {
        boolean spectrum =
                firstIndex == 0 ? lastIndex == 0 : lastIndex >= firstIndex && lastIndex <= LAST && !interleaved();
        boolean approximation = lowBit <= MAX_LOW_BIT && (highBit == 0 || lowBit == highBit - 1);
        if (!spectrum || !approximation) {
            throw new UnreadableImageException("JPEG: expected a scan of DC alone or of some coefficients 1..63 of one"
                    + " component, refined bit by bit, found coefficients " + firstIndex + ".." + lastIndex + " of "
                    + slots.size() + " with bits " + highBit + " to " + lowBit);
        }
    }

    private static JpegComponent component(JpegFrame frame, int id) {
        for (JpegComponent component : frame.components()) {
            if (component.id() == id) {
                return component;
            }
        }
        throw new UnreadableImageException("JPEG: expected a component of the frame in a scan, found " + id);
    }

    private static void requireUnitSize(List<Slot> slots) {
        int blocks = 0;
        for (Slot slot : slots) {
            blocks += slot.component.horizontal() * slot.component.vertical();
        }
        if (slots.size() > 1 && blocks > MAX_UNIT_BLOCKS) {
            throw new UnreadableImageException(
                    "JPEG: expected at most " + MAX_UNIT_BLOCKS + " blocks in a coded unit, found " + blocks);
        }
    }
}
