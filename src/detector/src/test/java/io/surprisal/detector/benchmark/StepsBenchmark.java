package io.surprisal.detector.benchmark;

import io.surprisal.detector.Detector;
import io.surprisal.detector.bundle.Bundle;
import io.surprisal.detector.density.Conditionals;
import io.surprisal.detector.density.SessionSettings;
import io.surprisal.detector.quantise.Levels;
import io.surprisal.detector.verdict.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The steps from image files to verdicts, each alone, on one thread: milliseconds a batch. What statistics and decoding cost is a ratio
 * of two of them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@NullUnmarked // JMH fills the fields
public class StepsBenchmark {

    /** Images in a batch. */
    @Param({"1", "4"})
    public int images;

    private Detector detector;
    private List<byte[]> files;
    private Levels levels;
    private Conditionals conditionals;
    private Conditionals[] many;
    private int next;

    @Setup
    public void load() throws IOException {
        Path bundle = Path.of(System.getProperty("surprisal.bundle"));
        detector = Detector.load(bundle, new SessionSettings(1, false));
        try (Stream<Path> samples = Files.list(bundle.resolve("samples"))) {
            files = samples.sorted().map(StepsBenchmark::read).toList();
        }
        levels = detector.read(files).slice(0, images);
        conditionals = detector.evaluate(levels);
        files = files.subList(0, images);
        // A service never judges the same image twice in a row: what is judged next is not in the processor's caches.
        Levels golden = Bundle.load(bundle).golden().images();
        List<Conditionals> fresh = new ArrayList<>();
        for (int i = 0; i < 4_096 / images; i++) {
            List<Levels> batch = new ArrayList<>();
            for (int image = 0; image < images; image++) {
                int which = (i + image) % golden.count();
                batch.add(golden.slice(which, which + 1));
            }
            fresh.add(
                    i < golden.count()
                            ? detector.evaluate(Levels.concat(batch))
                            : fresh.get(i % golden.count()).slice(0, images));
        }
        many = fresh.toArray(Conditionals[]::new);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Image files to levels. */
    @Benchmark
    public Levels decode() {
        return detector.read(files);
    }

    /** Levels to conditionals: the model. */
    @Benchmark
    public Conditionals model() {
        return detector.evaluate(levels);
    }

    /** Conditionals to verdicts, of batches that have left the caches. */
    @Benchmark
    public List<Verdict> statistics() {
        return detector.judge(many[next++ % many.length], detector.defaultDecision());
    }

    /** The same of one batch, again and again. */
    @Benchmark
    public List<Verdict> statisticsInCaches() {
        return detector.judge(conditionals, detector.defaultDecision());
    }

    @TearDown
    public void close() {
        detector.close();
    }
}
