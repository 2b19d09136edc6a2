package io.surprisal.service.oip;

import io.surprisal.detector.bundle.BundleManifest;
import io.surprisal.service.caller.Claim;
import io.surprisal.service.score.Examined;
import io.surprisal.service.score.Scoring;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Inference requests in, answers out: checks the tensors, scores the images, and makes tensors of the verdicts.
 *
 * <p>Never blocks. The futures are those of {@link Scoring}: they complete on a thread that must not be held up, and cancelling one takes
 * its images out of the queue. Thread-safe.
 */
@Singleton
public class Inference {
    private final Scoring scoring;

    Inference(Scoring scoring) {
        this.scoring = scoring;
    }

    /**
     * Answers a request; what is wrong with it comes as the future's failure.
     *
     * @param caller in whose name
     */
    public CompletableFuture<InferAnswer> infer(InferRequest request, Claim caller) {
        try {
            return scoring.examine(ImageInput.of(request.inputs()), request.choice(caller), model -> {
                List<Output> outputs =
                        Output.requested(request.outputs(), model.cascade().isPresent());
                return examined -> answer(request, examined, outputs);
            });
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static InferAnswer answer(InferRequest request, Examined examined, List<Output> outputs) {
        BundleManifest manifest = examined.model().manifest();
        return new InferAnswer(
                manifest.name(),
                manifest.version(),
                request.id(),
                outputs.stream().map(output -> output.of(examined)).toList());
    }
}
