package io.surprisal.training.fit;

/** Training time, without validation, and speed. */
final class Pace {
    private static final double SMOOTHING = 0.05;

    private double before;
    private long since = System.nanoTime();
    private long last = since;
    private double secondsPerStep;

    Pace(double secondsBefore) {
        this.before = secondsBefore;
    }

    /** Seconds of training so far, those of earlier parts of the run included. */
    double seconds() {
        return before + (System.nanoTime() - since) * 1e-9;
    }

    /** Restarts the clock at the given time: what happened since is not training. */
    void leaveOut(double seconds) {
        before = seconds;
        since = System.nanoTime();
        last = since;
    }

    /** Exponentially smoothed. */
    double imagesPerSecond(int batch) {
        long now = System.nanoTime();
        double latest = (now - last) * 1e-9;
        last = now;
        secondsPerStep = secondsPerStep == 0 ? latest : secondsPerStep + SMOOTHING * (latest - secondsPerStep);
        return batch / secondsPerStep;
    }
}
