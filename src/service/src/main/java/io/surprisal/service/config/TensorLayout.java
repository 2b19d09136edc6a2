package io.surprisal.service.config;

/** The order of the axes of a classifier's images. */
public enum TensorLayout {
    /** Images, channels, rows, columns. */
    NCHW,
    /** Images, rows, columns, channels. */
    NHWC
}
