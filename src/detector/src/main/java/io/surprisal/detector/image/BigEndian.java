package io.surprisal.detector.image;

/** Numbers as PNG and JPEG store them: most significant byte first. The caller has checked that the bytes are there. */
final class BigEndian {
    private BigEndian() {}

    static int u8(byte[] bytes, int at) {
        return bytes[at] & 0xFF;
    }

    static int u16(byte[] bytes, int at) {
        return ((bytes[at] & 0xFF) << 8) | (bytes[at + 1] & 0xFF);
    }

    static int i32(byte[] bytes, int at) {
        return (u16(bytes, at) << 16) | u16(bytes, at + 2);
    }
}
