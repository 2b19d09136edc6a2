package io.surprisal.training.onnx;

/** The exported model is not the model that was trained; nothing is written. */
public final class ExportRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ExportRefusedException(String message) {
        super(message);
    }
}
