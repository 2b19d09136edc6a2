package io.surprisal.service.oip;

import io.surprisal.service.score.InvalidRequestException;
import java.util.List;

/** The elements of an input tensor, in the form its transport has for them. */
public interface Contents {
    /**
     * The elements as unsigned bytes.
     *
     * @throws InvalidRequestException when they are none
     */
    byte[] unsignedBytes();

    /**
     * The elements as floating-point numbers of 32 bits.
     *
     * @throws InvalidRequestException when they are none
     */
    float[] floats();

    /**
     * The elements as strings of bytes.
     *
     * @throws InvalidRequestException when they are none
     */
    List<byte[]> byteStrings();
}
