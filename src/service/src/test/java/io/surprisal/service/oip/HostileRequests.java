package io.surprisal.service.oip;

import static org.assertj.core.api.Assertions.assertThat;

import io.surprisal.service.caller.Claim;
import io.surprisal.service.score.Images;
import io.surprisal.service.score.InvalidRequestException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What may come of bytes from outside: a request that says what it holds, or the caller's fault. */
public final class HostileRequests {
    private HostileRequests() {}

    /** Reads a request and all that is in it; each part holds or is refused. */
    public static void examine(Supplier<InferRequest> reader) {
        InferRequest request = orRefused(reader);
        if (request != null) {
            orRefused(() -> request.choice(Claim.ANONYMOUS));
            orRefused(() -> Output.requested(request.outputs(), true));
            orRefused(() -> holding(ImageInput.of(request.inputs())));
            for (InputTensor input : request.inputs()) {
                orRefused(input.contents()::unsignedBytes);
                orRefused(input.contents()::floats);
                orRefused(input.contents()::byteStrings);
            }
        }
    }

    /** What a reader gives; null when it says that the caller is at fault, and how. */
    public static <T> @Nullable T orRefused(Supplier<T> reader) {
        try {
            return reader.get();
        } catch (InvalidRequestException e) {
            assertThat(e).hasMessageStartingWith("expected");
            return null;
        }
    }

    /** Images of which there are as many as they say, with as many levels. */
    public static Images holding(Images images) {
        if (images instanceof Images.Tensor tensor) {
            assertThat(tensor.shape()).hasSize(4).allMatch(axis -> axis > 0);
            assertThat(tensor.shape().stream().reduce(1L, Math::multiplyExact)).isEqualTo(tensor.levels().length);
        }
        assertThat(images.count()).isNotNegative();
        return images;
    }
}
