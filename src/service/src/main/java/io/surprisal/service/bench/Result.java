package io.surprisal.service.bench;

import java.util.Locale;

/**
 * What one way of calling the service gave.
 *
 * @param transport {@code http} or {@code grpc}
 * @param imagesPerRequest images in each request
 * @param concurrency requests on their way at the same time
 * @param threads threads of the raw loop: the service's workers, but no more than there are images to evaluate at the same time
 * @param batch images in a run of the raw loop: the mean of what the service formed, rounded
 * @param rawImagesPerSecond of the bare ONNX Runtime loop, mean of the rounds
 * @param serviceImagesPerSecond of the service in a closed loop, mean of the rounds
 * @param ratio service to raw, median of the rounds
 * @param lowestRatio of the rounds
 * @param runMillis mean time of a run of the model within the service: beside the raw loop's it says what cold caches cost the model itself
 * @param clientMicrosPerRequest processor time of the load generator, which runs on the same cores
 * @param serviceMicrosPerRequest processor time of the service, the model included
 * @param arrivalsPerSecond requests a second in the open loop
 * @param p50Millis latency in the open loop, from the moment a request was due
 * @param p99Millis latency in the open loop, from the moment a request was due
 */
record Result(
        String transport,
        int imagesPerRequest,
        int concurrency,
        int threads,
        int batch,
        double rawImagesPerSecond,
        double serviceImagesPerSecond,
        double ratio,
        double lowestRatio,
        double runMillis,
        double clientMicrosPerRequest,
        double serviceMicrosPerRequest,
        double arrivalsPerSecond,
        double p50Millis,
        double p99Millis) {
    static final String HEADER = String.format(
            "%-5s %7s %5s %7s %5s %9s %9s %6s %6s %7s %9s %9s %8s %8s %8s",
            "",
            "img/req",
            "conc.",
            "threads",
            "batch",
            "raw im/s",
            "serv im/s",
            "ratio",
            "lowest",
            "run ms",
            "client µs",
            "serv µs",
            "open/s",
            "p50 ms",
            "p99 ms");

    String line() {
        return String.format(
                Locale.ROOT,
                "%-5s %7d %5d %7d %5d %9.1f %9.1f %6.3f %6.3f %7.2f %9.0f %9.0f %8.1f %8.2f %8.2f",
                transport,
                imagesPerRequest,
                concurrency,
                threads,
                batch,
                rawImagesPerSecond,
                serviceImagesPerSecond,
                ratio,
                lowestRatio,
                runMillis,
                clientMicrosPerRequest,
                serviceMicrosPerRequest,
                arrivalsPerSecond,
                p50Millis,
                p99Millis);
    }
}
