package io.surprisal.service.oip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The elements of an output tensor, in row-major order. */
public sealed interface Elements {
    /** What the protocol calls their type. */
    String datatype();

    /** As the binary tensor extension and gRPC's raw contents have them: nothing between them, little-endian. */
    byte[] raw();

    /** BOOL. */
    record Booleans(boolean[] values) implements Elements {
        @Override
        public String datatype() {
            return "BOOL";
        }

        @Override
        public byte[] raw() {
            byte[] raw = new byte[values.length];
            for (int i = 0; i < raw.length; i++) {
                raw[i] = (byte) (values[i] ? 1 : 0);
            }
            return raw;
        }
    }

    /** FP32. */
    record Floats(float[] values) implements Elements {
        @Override
        public String datatype() {
            return "FP32";
        }

        @Override
        public byte[] raw() {
            ByteBuffer raw = little(values.length * Float.BYTES);
            raw.asFloatBuffer().put(values);
            return raw.array();
        }
    }

    /** FP64. */
    record Doubles(double[] values) implements Elements {
        @Override
        public String datatype() {
            return "FP64";
        }

        @Override
        public byte[] raw() {
            ByteBuffer raw = little(values.length * Double.BYTES);
            raw.asDoubleBuffer().put(values);
            return raw.array();
        }
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
