package io.surprisal.service.bench;

/** A way of asking that several servers have. */
enum Door {
    IMAGE_HTTP("PNG file, HTTP"),
    TENSOR_HTTP("tensor, HTTP (OIP)"),
    TENSOR_GRPC("tensor, gRPC (OIP)");

    private final String words;

    Door(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
