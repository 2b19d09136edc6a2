package io.surprisal.service.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.surprisal.detector.density.ExecutionProvider;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** All settings of the service. Each can be given as a property, or as an environment variable: {@code SURPRISAL_BATCH_MAX_IMAGES}. */
@ConfigMapping(prefix = "surprisal")
public interface SurprisalConfig {
    /** Folders to serve from: a bundle itself, or a folder that holds bundles as {@code <name>/<version>/}. */
    @WithDefault("models")
    List<Path> models();

    /** Model that answers requests which name none; may be left out while only one name is served. */
    Optional<String> defaultModel();

    /** Which versions of the models serve, and what changes that. */
    Repository repository();

    /** The decision for requests that state none. */
    Decision decision();

    /** The gate in front of a classifier. */
    Gate gate();

    /** How images of different callers are joined. */
    Batch batch();

    /** Where models run. */
    Runtime runtime();

    /** Watching for images that are no longer those of the calibration. */
    Drift drift();

    /** The page at {@code /}. */
    Console console();

    /** Who may call the service. */
    Access access();

    /** A file with every decision. */
    Audit audit();

    /** Which verdicts stand in the log, a line each; with {@code quarkus.log.console.json.enabled=true} with their members. */
    @WithDefault("none")
    LoggedVerdicts verdictLog();

    /** Who is told of verdicts and of drift. */
    Events events();

    /** Traces of requests. */
    Tracing tracing();

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

        /** Whether requests may say another statistic or rate; where verdicts keep images out, their senders should not. */
        @WithDefault("true")
        boolean callersChoose();
    }

    /** Which versions of the models serve, and what changes that. */
    interface Repository {
        /** Which versions of a model are served: {@code all}, {@code latest:N}, or {@code specific:V,V…}. */
        @WithDefault("all")
        String versions();

        /** The same for single models, by their names. */
        Map<String, String> versionsOf();

        /**
         * How often the folders are looked through for new, changed and deleted bundles; 0 for once, at the start. What has changed is tried
         * when it is the same at two looks, so that a bundle that is being copied is not read half.
         */
        @WithDefault("5s")
        Duration pollInterval();

        /**
         * Files with public keys (PEM; P-256, P-384 or P-521) of which one must have signed each bundle, in the format of OpenSSF Model
         * Signing ({@code model.sig}); left out: signatures are not asked for.
         */
        Optional<List<Path>> trustedKeys();

        /** Whether callers may load and unload models; whoever reaches the service can take the gate down then. */
        @WithDefault("false")
        boolean control();
    }

    /** The gate in front of a classifier: what it judges and how, whether Envoy asks or its own reverse proxy does. */
    interface Gate {
        /** Where the classifier is, for example {@code http://127.0.0.1:8500}; left out: there is no reverse proxy. */
        Optional<URI> upstream();

        /** Where its gRPC is, when that is elsewhere. */
        Optional<URI> upstreamGrpc();

        /** How long the classifier may take to answer. */
        @WithDefault("30s")
        Duration upstreamTimeout();

        /** Most HTTP/1.1 connections to the classifier, for each core. */
        @WithDefault("64")
        int upstreamConnections();

        /** Name of the TLS configuration ({@code quarkus.tls.NAME}) that the reverse proxy speaks with its callers; left out: none. */
        Optional<String> tlsConfigurationName();

        /** Whether callers of the reverse proxy have to show a certificate that this configuration trusts. */
        @WithDefault("false")
        boolean clientCertificates();

        /** Name of the one for a classifier behind {@code https}: whom it trusts, and what it shows. */
        Optional<String> upstreamTlsConfigurationName();

        /** Address that the reverse proxy listens on. */
        @WithDefault("0.0.0.0")
        String host();

        /** Port that the reverse proxy listens on, HTTP and gRPC. */
        @WithDefault("8081")
        int port();

        /** How long a connection to the reverse proxy may say nothing. */
        @WithDefault("60s")
        Duration idleTimeout();

        /** Whether flagged images are refused, or only reported. */
        @WithDefault("enforce")
        GateMode mode();

        /**
         * What becomes of requests when the gate itself fails: overload, a model that is not ready, the deadline. A request that cannot be
         * judged for what it is never gets through by this, since its sender could choose to make it so.
         */
        @WithDefault("closed")
        OnFailure onFailure();

        /** How long the gate may take from having a request to ruling on it. */
        @WithDefault("200ms")
        Duration deadline();

        /** How far, in levels, {@code mode=purify} may take each pixel of an image: 1 to 64. More takes longer: 2ε + 3 runs of the model, one after the other. */
        @WithDefault("8")
        int purifyEpsilon();

        /** Whether answers carry scores and not only the verdict; scores help an attacker who can only ask. */
        @WithDefault("false")
        boolean exposeScores();

        /** Name of the model that judges; left out: the default one. */
        Optional<String> model();

        /** Version of the model; left out: the highest being served. */
        Optional<String> version();

        /** Statistic that decides; left out: the model's default. */
        Optional<String> statistic();

        /** Share of clean images that may be flagged; left out: the model's default. */
        OptionalDouble falsePositiveRate();

        /** How urgent its images are, beside those that are scored on request. */
        @WithDefault("normal")
        Priority priority();

        /** What the classifier's tensors mean. */
        GateTensor tensor();

        /** Parts of forms that may be there without being image files, by name. */
        Optional<List<String>> formFields();

        /** Paths that are dealt with in another way, by any name. */
        Map<String, GateRoute> routes();
    }

    /** What a classifier's tensors of numbers mean; UINT8 are levels whatever is said here. */
    interface GateTensor {
        /** Order of the axes. */
        @WithDefault("nchw")
        TensorLayout layout();

        /** What the classifier calls level 0. */
        @WithDefault("0")
        double minimum();

        /** What the classifier calls level 255. */
        @WithDefault("1")
        double maximum();
    }

    /** How requests below one path are dealt with; what is left out is as for all. */
    interface GateRoute {
        /** What their path starts with; the longest counts. */
        String path();

        /** See {@link Gate#mode}. */
        Optional<GateMode> mode();

        /** See {@link Gate#onFailure}. */
        Optional<OnFailure> onFailure();

        /** See {@link Gate#deadline}. */
        Optional<Duration> deadline();

        /** See {@link Gate#model}. */
        Optional<String> model();

        /** See {@link Gate#version}. */
        Optional<String> version();

        /** See {@link Gate#statistic}. */
        Optional<String> statistic();

        /** See {@link Gate#falsePositiveRate}. */
        OptionalDouble falsePositiveRate();

        /** See {@link Gate#priority}. */
        Optional<Priority> priority();
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

        /** Most bytes of decoded images waiting, one for each pixel and channel; answered alike. For models of large images. */
        @WithDefault("64M")
        MemorySize queueBytes();

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

    /** Where models run. */
    interface Runtime {
        /**
         * {@code auto}: by CUDA where the build of ONNX Runtime and the machine have it, and else on the processor. With {@code cuda} and
         * {@code tensorrt} the service does not start where they cannot be had.
         */
        @WithDefault("auto")
        ExecutionProvider provider();

        /** Which of several graphics processors, from 0. */
        @WithDefault("0")
        int device();

        /** Most memory that ONNX Runtime's arena takes of the device for one model; left out: what it needs. */
        Optional<MemorySize> deviceMemory();
    }

    /** Watching for images that are no longer those of the calibration. */
    interface Drift {
        /** One false alarm in so many images at most, on average; 0 to watch nothing. What is rarer takes longer to be found. */
        @WithDefault("1000000")
        double imagesPerFalseAlarm();
    }

    /** The page for people, at {@code /}, and what only it needs. */
    interface Console {
        /** Whether there is one. It shows scores, which help an attacker who can only ask, to whoever reaches the port. */
        @WithDefault("true")
        boolean enabled();

        /** How many decisions are kept in memory for it, without their images. */
        @WithDefault("1000")
        int decisions();
    }

    /** Who may call the service itself, on its own ports; the gate's callers are the classifier's. */
    interface Access {
        /**
         * A file with the keys that callers may show, a line for each: a name, the SHA-256 of the key in hexadecimal, and {@code admin}
         * for one that may load and unload models. Left out: nobody has to show one.
         */
        Optional<Path> keys();

        /** Tokens that callers may show instead of a key. */
        Tokens tokens();

        /**
         * Port on which alone models can be loaded and unloaded on request, over HTTP, so that a network policy can tell who may; everything
         * else is answered there too. Left out: that is done on the ports of the service, over gRPC as well.
         */
        OptionalInt adminPort();

        /** Address of that port. */
        @WithDefault("127.0.0.1")
        String adminHost();

        /** Whether HTTPS ({@code quarkus.http.ssl}) is only spoken with clients that show a certificate from the trust store. */
        @WithDefault("false")
        boolean clientCertificates();
    }

    /** Signed tokens (JSON Web Token) that callers may show instead of a key. */
    interface Tokens {
        /**
         * A JSON Web Key Set with the public keys of who issues them: a file, or an address that begins with {@code https://}. Left out: no
         * token is taken.
         */
        Optional<String> keys();

        /** Who must have issued them ({@code iss}). */
        Optional<String> issuer();

        /** For whom they must be ({@code aud}). */
        Optional<String> audience();

        /** The claim that lists what their holder is. */
        @WithDefault("groups")
        String rolesClaim();

        /** What is in that list for one who may load and unload models. */
        @WithDefault("surprisal-admin")
        String adminRole();

        /** How often the keys are read again. */
        @WithDefault("5m")
        Duration refresh();
    }

    /** A file that every decision is written to, a line of JSON each, without its image. */
    interface Audit {
        /** The file; left out: there is none. */
        Optional<Path> file();

        /** How large it may grow before it is renamed and another begun. */
        @WithDefault("100M")
        MemorySize size();

        /** How many older ones are kept: {@code .1} is the youngest. */
        @WithDefault("5")
        int kept();
    }

    /** Verdicts and drift as CloudEvents. */
    interface Events {
        /** Where they are posted to, http or https; left out: nowhere. */
        Optional<URI> sink();

        /** What they say they are from; something that says which of several services it is. */
        @WithDefault("/surprisal")
        URI source();

        /** Share of the verdicts that refuse an image that is told. */
        @WithDefault("1")
        double flagged();

        /** Share of the verdicts that accept one that is told. */
        @WithDefault("0")
        double accepted();

        /** Most events in one request; more than 1 are sent in the batched content mode, which not every receiver knows. */
        @WithDefault("1")
        int batch();

        /** Whether the image goes with its verdict, as a PNG file in base64. Images leave the service then. */
        @WithDefault("false")
        boolean images();

        /** How long the receiver may take to answer. */
        @WithDefault("5s")
        Duration timeout();
    }

    /** Traces of requests, in OpenTelemetry's protocol. */
    interface Tracing {
        /** Where a collector takes OTLP over HTTP, for example {@code http://127.0.0.1:4318}; left out: nothing is traced. */
        @WithDefault("${otel.exporter.otlp.endpoint:}")
        Optional<URI> endpoint();

        /** Share of the requests that are traced, of those whose callers do not say; in 0..1. */
        @WithDefault("1")
        double ratio();

        /** What the service is called in traces. */
        @WithDefault("${otel.service.name:surprisal}")
        String serviceName();
    }

    /** Limits on requests and images. */
    interface Limits {
        /** Most images in one request. */
        @WithDefault("64")
        int imagesPerRequest();

        /** Requests with images that one caller may make in a second, on average; left out: as many as it likes. */
        OptionalDouble requestsPerSecond();

        /** Requests that one caller may make at once; left out: as many as in a second, and at least 1. */
        OptionalInt requestBurst();

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
