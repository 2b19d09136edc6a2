package io.surprisal.stream;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * All settings that are not Kafka's or Quarkus' own. Each can be given as a property, or as an environment variable:
 * {@code SURPRISAL_TOPICS_IMAGES}. What has the name of a setting of the service means the same.
 */
@ConfigMapping(prefix = "surprisal")
public interface StreamConfig {
    /** Folder of a bundle or of its versions, of which the newest judges, or the name of one below {@code models/}. */
    @WithDefault("fashion-mnist")
    String model();

    /** Whose bundles are believed. */
    Repository repository();

    /** How images are judged. */
    Decision decision();

    /** Where images come from, and where verdicts go. */
    Topics topics();

    /** How images are put together. */
    Batch batch();

    /** What is told. */
    Events events();

    /** Whose bundles are believed. */
    interface Repository {
        /** Files with public keys (PEM) of which one must have signed the bundle ({@code model.sig}); left out: signatures are not asked for. */
        Optional<List<Path>> trustedKeys();
    }

    /** Which statistic decides, and at which rate. */
    interface Decision {
        /** Statistic that decides, for example {@code bits-per-dimension}; left out: the bundle's default. */
        Optional<String> statistic();

        /** Share of clean images that may be flagged, in (0, 1); left out: the bundle's default. */
        OptionalDouble falsePositiveRate();
    }

    /** Where images come from, and where verdicts go. */
    interface Topics {
        /** Topic with an image file (PNG or JPEG) as the value of each record. */
        @WithDefault("images")
        String images();

        /** Topic that gets an event for each. */
        @WithDefault("verdicts")
        String verdicts();

        /** Consumer group: processes of one group share the images, each group gets all of them. */
        @WithDefault("surprisal")
        String group();
    }

    /** How images are put together. */
    interface Batch {
        /**
         * Most images in one run of the model. On a processor small batches are the fast ones, since their intermediate results stay in
         * the cache; a graphics processor wants 64 and more.
         */
        @WithDefault("4")
        int maxImages();

        /** Most images of one poll. They are judged together, on all workers, and their offsets are committed together. */
        @WithDefault("128")
        int pollImages();

        /** Threads that run the model; 0 for one a core. */
        @WithDefault("0")
        int workers();

        /** How long stopping waits for the verdicts on the images of the poll that is being judged. */
        @WithDefault("10s")
        Duration drainTimeout();
    }

    /** What is told. */
    interface Events {
        /** Whether the attributes of an event are headers of its record, or members of one JSON object with its data. */
        @WithDefault("binary")
        ContentMode mode();

        /** What the events say they are from; left out: {@code /surprisal/} and the group. */
        Optional<URI> source();

        /** Share of the verdicts that refuse an image that is told. */
        @WithDefault("1")
        double flagged();

        /** Share of the verdicts that accept one that is told. */
        @WithDefault("1")
        double accepted();

        /** Whether the image file goes with its verdict, in base64. */
        @WithDefault("false")
        boolean images();
    }
}
