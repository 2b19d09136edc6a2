package io.surprisal.service.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Measures servers side by side: the same model, images, cores and client, in turns, since the machine may be busy with other things. */
final class PeersBench {
    /** Of what the slowest can do: a rate that all can keep up with. */
    private static final double OPEN_LOOP_SHARE = 0.6;

    private final List<Contender> contenders;
    private final int rounds;
    private final Duration window;

    /** @param contenders started; the one that the others are compared with first */
    PeersBench(List<Contender> contenders, int rounds, Duration window) {
        this.contenders = contenders;
        this.rounds = rounds;
        this.window = window;
    }

    /** What one server gave through one door, round by round. */
    private final class Turns {
        private final Contender contender;
        private final Load.Connector connector;
        private final int concurrency;
        private final double[] requestsPerSecond = new double[rounds];
        private double cpuMillis;
        private long requests;

        Turns(Contender contender, Door door, int concurrency) {
            this.contender = contender;
            this.connector = contender.connector(door);
            this.concurrency = concurrency;
        }

        void take(int round) throws IOException, InterruptedException {
            Duration before = contender.cpuTime();
            Load.Throughput answered = Load.closedLoop(connector, concurrency, window);
            if (answered.errors() > 0 || answered.requests() == 0) {
                throw new IllegalStateException("expected %s to answer every request, %d were not"
                        .formatted(contender.name(), answered.errors()));
            }
            requestsPerSecond[round] = answered.requestsPerSecond();
            cpuMillis += contender.cpuTime().minus(before).toNanos() / 1e6;
            requests += answered.requests();
        }

        double mean() {
            return Arrays.stream(requestsPerSecond).average().orElseThrow();
        }

        double medianRatioTo(Turns others) {
            double[] ratios = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                ratios[round] = requestsPerSecond[round] / others.requestsPerSecond[round];
            }
            Arrays.sort(ratios);
            return ratios[rounds / 2];
        }
    }

    /** All that have a door, the first of them the one that the ratios are of. */
    List<PeerResult> measure(Door door, int concurrency) throws IOException, InterruptedException {
        List<Turns> all = contenders.stream()
                .filter(contender -> contender.has(door))
                .map(contender -> new Turns(contender, door, concurrency))
                .toList();
        for (Turns turns : all) {
            Load.closedLoop(turns.connector, concurrency, window);
        }
        for (int round = 0; round < rounds; round++) {
            for (Turns turns : all) {
                turns.take(round);
            }
        }
        double slowest = all.stream().mapToDouble(Turns::mean).min().orElseThrow();
        List<PeerResult> results = new ArrayList<>();
        for (Turns turns : all) {
            double arrivals = OPEN_LOOP_SHARE * slowest;
            Histogram latencies = Load.openLoop(turns.connector, concurrency, arrivals, window.multipliedBy(rounds));
            results.add(new PeerResult(
                    door.words(),
                    concurrency,
                    turns.contender.name(),
                    turns.mean(),
                    all.getFirst().medianRatioTo(turns),
                    turns.cpuMillis / turns.requests,
                    arrivals,
                    latencies.getValueAtPercentile(50) / 1e6,
                    latencies.getValueAtPercentile(99) / 1e6,
                    latencies.getValueAtPercentile(99.9) / 1e6));
        }
        return results;
    }
}
