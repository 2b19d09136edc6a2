package io.surprisal.service.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** All settings of the service. Each can be given as a property, or as an environment variable: {@code SURPRISAL_BATCH_MAX_IMAGES}. */
@ConfigMapping(prefix = "surprisal")
public interface SurprisalConfig {
    /** Folders to serve from: a bundle itself, or a folder that holds bundles as {@code <name>/<version>/}. */
    @WithDefault("models")
    List<Path> models();

    /** Model that answers requests which name none; may be left out while only one name is served. */
    Optional<String> defaultModel();

    /** The decision for requests that state none. */
    Decision decision();

    /** How images of different callers are joined. */
    Batch batch();

    /** What is refused before it costs anything. */
    Limits limits();

    /** Settings of the gRPC service. */
    Grpc grpc();

    /** Which statistic decides, and at which rate. */
    interface Decision {
        /** Statistic that decides, for example {@code bits-per-dimension}; left out: the bundle's default. */
        Optional<String> statistic();

        /** Share of clean images that may be flagged, in (0, 1); left out: the bundle's default. */
        OptionalDouble falsePositiveRate();
    }

    /** Joining images into batches, and the queue before it. */
    interface Batch {
        /**
         * Most images in one run of the model. On a processor small batches are the fast ones, since their intermediate results stay in
         * the cache: the shipped model evaluates 1,060 images a second in runs of 1 or 2, 990 in runs of 4 and 870 in runs of 16 (two
         * cores). 4 costs little there and helps smaller models; a graphics processor wants 64 and more.
         */
        @WithDefault("4")
        int maxImages();

        /**
         * How long an image may wait for a batch to fill up. At 0 nothing waits on purpose: a free worker takes what is there, so batches
         * grow with the load and a lone request is evaluated at once. On a processor that is best, since a batch is hardly faster an image
         * than a single one; where the device is, a millisecond or two pays.
         */
        @WithDefault("0s")
        Duration maxDelay();

        /** Most images waiting; a request that does not fit is answered 429 or RESOURCE_EXHAUSTED. */
        @WithDefault("1024")
        int queueImages();

        /** Threads that run the model, each on one batch at a time; 0 for one a core. */
        @WithDefault("0")
        int workers();

        /** Threads within one run of the model. More than 1 only pays when there are fewer workers than cores. */
        @WithDefault("1")
        int intraOpThreads();

        /**
         * How long an idle worker looks out for the next request before it goes to sleep. Only while requests are that close together, so
         * an idle service costs nothing; a busy one has no idle workers. 0 saves that processor time and costs a lone request the waking
         * of a thread.
         */
        @WithDefault("1ms")
        Duration lookout();

        /** How long stopping waits for images already accepted. */
        @WithDefault("10s")
        Duration drainTimeout();
    }

    /** Limits on requests and images. */
    interface Limits {
        /** Most images in one request. */
        @WithDefault("64")
        int imagesPerRequest();

        /** Largest body of an HTTP request, all images together. */
        @WithDefault("32M")
        MemorySize body();

        /** Largest image file. */
        @WithDefault("16M")
        MemorySize imageBytes();

        /** Largest width or height that is decoded, read from the header. */
        @WithDefault("8192")
        int imageSide();

        /** Most pixels that are decoded, read from the header. */
        @WithDefault("16777216")
        long imagePixels();
    }

    /** Settings of the gRPC service. */
    interface Grpc {
        /** Requests of one stream that are worked on at the same time; the sender is held back beyond that. */
        @WithDefault("64")
        int streamWindow();
    }
}
