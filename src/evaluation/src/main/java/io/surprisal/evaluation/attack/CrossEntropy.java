package io.surprisal.evaluation.attack;

/** −z_label + ln Σ e^z. */
record CrossEntropy() implements Objective {

    @Override
    public double value(float[] logits, int label) {
        double largest = logits[Objective.largest(logits, -1)];
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        return largest - logits[label] + Math.log(sum);
    }

    @Override
    public void derivatives(float[] logits, int label, float[] into) {
        double largest = logits[Objective.largest(logits, -1)];
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - largest);
        }
        for (int k = 0; k < logits.length; k++) {
            into[k] = (float) (Math.exp(logits[k] - largest) / sum) - (k == label ? 1 : 0);
        }
    }
}
