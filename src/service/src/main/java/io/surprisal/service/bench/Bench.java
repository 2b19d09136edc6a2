package io.surprisal.service.bench;

import com.sun.management.OperatingSystemMXBean;
import io.surprisal.service.launch.ServiceProcess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.stream.DoubleStream;
import org.HdrHistogram.Histogram;

/** Measures one way of calling the service against the raw loop, in turns, since the machine may be busy with other things. */
final class Bench {
    /** Well below what the service can do, so that the queue is empty most of the time, as in any service that is sized sensibly. */
    private static final double OPEN_LOOP_SHARE = 0.6;

    private final ServiceProcess service;
    private final RawLoop raw;
    private final BatchGauge gauge;
    private final int workers;
    private final int rounds;
    private final Duration window;
    private final OperatingSystemMXBean self = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    Bench(ServiceProcess service, RawLoop raw, BatchGauge gauge, int workers, int rounds, Duration window) {
        this.service = service;
        this.raw = raw;
        this.gauge = gauge;
        this.workers = workers;
        this.rounds = rounds;
        this.window = window;
    }

    Result measure(String transport, Load.Connector connector, int imagesPerRequest, int concurrency)
            throws IOException, InterruptedException {
        gauge.sinceLastCall();
        Load.flawless(connector, concurrency, window);
        int batch = gauge.sinceLastCall().images();
        int threads = Math.min(workers, concurrency * imagesPerRequest);
        raw.run(threads, batch, window.dividedBy(2));

        double[] raws = new double[rounds];
        double[] services = new double[rounds];
        double[] ratios = new double[rounds];
        long requests = 0;
        long clientNanos = 0;
        long serviceNanos = 0;
        for (int round = 0; round < rounds; round++) {
            raws[round] = raw.run(threads, batch, window);
            long clientBefore = self.getProcessCpuTime();
            long serviceBefore = service.cpuTime().toNanos();
            Load.Throughput answered = Load.flawless(connector, concurrency, window);
            clientNanos += self.getProcessCpuTime() - clientBefore;
            serviceNanos += service.cpuTime().toNanos() - serviceBefore;
            requests += answered.requests();
            services[round] = answered.requestsPerSecond() * imagesPerRequest;
            ratios[round] = services[round] / raws[round];
        }
        BatchGauge.Runs runs = gauge.sinceLastCall();
        double rawMean = DoubleStream.of(raws).average().orElse(Double.NaN);
        double serviceMean = DoubleStream.of(services).average().orElse(Double.NaN);
        double[] sorted = DoubleStream.of(ratios).sorted().toArray();
        double arrivals = OPEN_LOOP_SHARE * serviceMean / imagesPerRequest;
        Histogram latencies = Load.openLoop(connector, concurrency, arrivals, window.multipliedBy(rounds));
        return new Result(
                transport,
                imagesPerRequest,
                concurrency,
                threads,
                batch,
                rawMean,
                serviceMean,
                sorted[rounds / 2],
                sorted[0],
                1e3 * runs.seconds() / runs.count(),
                clientNanos / 1e3 / requests,
                serviceNanos / 1e3 / requests,
                arrivals,
                latencies.getValueAtPercentile(50) / 1e6,
                latencies.getValueAtPercentile(99) / 1e6);
    }
}
