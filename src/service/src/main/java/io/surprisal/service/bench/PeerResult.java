package io.surprisal.service.bench;

import java.util.Locale;

/**
 * What one server gave through one door.
 *
 * @param door how it was asked
 * @param concurrency requests on their way at the same time
 * @param server which one
 * @param imagesPerSecond in a closed loop, mean of the rounds
 * @param ratio this service's images a second to this server's, median of the rounds; 1 for this service
 * @param cpuMillisPerImage processor time of all its processes
 * @param arrivalsPerSecond requests a second in the open loop, the same for all that have this door
 * @param p50Millis latency in the open loop, from the moment a request was due
 * @param p99Millis the same
 * @param p999Millis the same
 */
record PeerResult(
        String door,
        int concurrency,
        String server,
        double imagesPerSecond,
        double ratio,
        double cpuMillisPerImage,
        double arrivalsPerSecond,
        double p50Millis,
        double p99Millis,
        double p999Millis) {
    static final String HEADER = String.format(
            "%-20s %5s %-10s %9s %7s %9s %8s %8s %8s %8s",
            "", "conc.", "", "images/s", "ratio", "CPU ms/im", "open/s", "p50 ms", "p99 ms", "p99.9 ms");

    String line() {
        return String.format(
                Locale.ROOT,
                "%-20s %5d %-10s %9.1f %7.2f %9.2f %8.1f %8.2f %8.2f %8.2f",
                door,
                concurrency,
                server,
                imagesPerSecond,
                ratio,
                cpuMillisPerImage,
                arrivalsPerSecond,
                p50Millis,
                p99Millis,
                p999Millis);
    }
}
