package io.surprisal.service.gate.form;

import io.surprisal.service.gate.GatedRequest;
import io.surprisal.service.score.Images;
import io.surprisal.service.score.InvalidRequestException;

/**
 * A form in which requests bring images.
 *
 * <p>Every byte that a classifier could take for an image has to be found, or the request refused: what a form does not know of, nobody
 * judges.
 */
sealed interface Form permits FilesForm, OpenInferenceForm, OpenInferenceGrpcForm, TensorFlowForm {
    /** Whether a request is in this form. */
    boolean fits(GatedRequest request);

    /**
     * The images of a request that fits.
     *
     * @throws InvalidRequestException when they cannot be told for sure
     */
    Images images(GatedRequest request);
}
