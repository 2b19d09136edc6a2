package io.surprisal.training.density;

import io.surprisal.training.weights.ParameterLayout;

/**
 * Initial values with which a {@link PixelCnn} of {@link ReflectedDigits} begins as a model: a bell around a prediction of each channel.
 * Random ones have to find out first that neighbours are alike, and the low digit is a wave of sixteen half-periods over the predicted
 * value: a network that does not have that value to a few levels, and corners all along it, learns nothing about it for long.
 *
 * <ul>
 *   <li>One feature map of each channel's group starts as 1 + m, where m is ¾ left + ¾ above − ½ above left, and {@link
 *       LogisticMixture#FOLLOWS} of what that missed in the channel before.
 *   <li>Each unit before the output has a corner of its own, spread evenly over −1..1, at which a ramp of m begins: upwards in the upper
 *       half, downwards in the lower one. Weights of such ramps are the changes of slope of any line with these corners.
 *   <li>Those of the outputs draw ln p of each digit, at the corners, under a Laplace distribution around m.
 * </ul>
 *
 * Noise is on all other maps as ever.
 *
 * @param digits what the outputs are
 * @param first the layer that sees the image, its kernel cropped below the current row, the current pixel in the middle of the last one
 * @param hidden the units before the output
 * @param output the logits
 */
record PredictedStart(ReflectedDigits digits, Convolution first, Convolution hidden, Convolution output) {
    private static final float SLOPE = 8;
    /** Of the noise on the units before the output, which moves their corners. */
    private static final double GAIN = 0.1;
    /** Mean distance of a level from its prediction, where the levels are scaled to −1..1: five of 256. */
    private static final double SPREAD = 1 / 24.0;
    /** The least probability of a digit: what is far from the prediction is not impossible. */
    private static final double LEAST = 1e-3;

    /** Adds the parameters of the first layer. */
    void declareFirst(ParameterLayout.Builder parameters) {
        int perMap = channels() * first.height() * first.width();
        double deviation = first.gain() / Math.sqrt(perMap);
        parameters.add(
                first.weight(),
                (index, random) -> {
                    float noise = (float) (deviation * random.nextGaussian());
                    int map = index / perMap;
                    return isPrediction(map, first.out()) ? line(group(map, first.out()), index % perMap) : noise;
                },
                first.out(),
                channels(),
                first.height(),
                first.width());
        parameters.add(first.bias(), (map, random) -> isPrediction(map, first.out()) ? 1 : 0, first.out());
    }

    /** Adds the parameters of the last two layers. */
    void declareLast(ParameterLayout.Builder parameters) {
        int maps = hidden.in();
        double moved = GAIN / Math.sqrt(maps);
        parameters.add(
                hidden.weight(),
                (index, random) -> {
                    float noise = (float) (moved * random.nextGaussian());
                    int unit = index / maps;
                    int map = index % maps;
                    if (!isPrediction(map, maps)) {
                        return noise;
                    }
                    return group(map, maps) == group(unit, hidden.out()) ? slope(unit) : 0;
                },
                hidden.out(),
                maps,
                1,
                1);
        parameters.add(hidden.bias(), (unit, random) -> -slope(unit) * (1 + corner(unit)), hidden.out());

        int units = output.in();
        int values = digits.high() + digits.low();
        float[][] drawn =
                new float[units / channels()][]; // when asked for: layouts are made often, initial values once
        double deviation = output.gain() / Math.sqrt(units);
        parameters.add(
                output.weight(),
                (index, random) -> {
                    float noise = (float) (deviation * random.nextGaussian());
                    int logit = index / units;
                    int unit = index % units;
                    if (group(unit, units) != logit / values) {
                        return noise;
                    }
                    int ofChannel = unit % drawn.length;
                    if (drawn[ofChannel] == null) {
                        drawn[ofChannel] = changeOfSlope(ofChannel);
                    }
                    return noise + drawn[ofChannel][logit % values];
                },
                output.out(),
                units,
                1,
                1);
        parameters.add(output.bias(), (logit, random) -> logProbabilities(0)[logit % values], output.out());
    }

    private int channels() {
        return digits.channels();
    }

    private boolean isPrediction(int map, int maps) {
        return map % (maps / channels()) == 0;
    }

    private int group(int part, int parts) {
        return part / (parts / channels());
    }

    /** The weight of a tap, counted over (channel, row, column), in the prediction of a channel. */
    private float line(int channel, int tap) {
        int taps = first.height() * first.width();
        int from = tap / taps;
        int back = taps - first.width() / 2 - 1 - tap % taps; // the current pixel is 0 back, the one to the left 1
        float neighbour = back == 1 || back == first.width() ? 0.75f : back == first.width() + 1 ? -0.5f : 0;
        if (from == channel - 1) {
            return LogisticMixture.FOLLOWS * ((back == 0 ? 1 : 0) - neighbour);
        }
        return from == channel ? neighbour : 0;
    }

    /** Units of a channel whose ramps go downwards; they come first, the lowest corner first of all. */
    private int downwards() {
        return hidden.out() / channels() / 2;
    }

    private boolean isDownwards(int unit) {
        return unit % (hidden.out() / channels()) < downwards();
    }

    /** How many corners of its direction lie between a unit's own and 0. */
    private int place(int unit) {
        int ofChannel = unit % (hidden.out() / channels());
        return isDownwards(unit) ? downwards() - 1 - ofChannel : ofChannel - downwards();
    }

    /** The distance of two corners, with the sign of the direction. */
    private double step(int unit) {
        return isDownwards(unit) ? -1.0 / downwards() : 1.0 / (hidden.out() / channels() - downwards());
    }

    private float corner(int unit) {
        return (float) (place(unit) * step(unit));
    }

    private float slope(int unit) {
        return isDownwards(unit) ? -SLOPE : SLOPE;
    }

    /** Of ln p of each digit at the unit's corner, by the distance from 0, in units of its ramp. */
    private float[] changeOfSlope(int unit) {
        int place = place(unit);
        double step = step(unit);
        float[] here = logProbabilities(place * step);
        float[] after = logProbabilities((place + 1) * step);
        float[] before = place == 0 ? here : logProbabilities((place - 1) * step);
        float[] change = new float[here.length];
        for (int k = 0; k < change.length; k++) {
            change[k] = (float) ((after[k] - 2 * here[k] + before[k]) / (SLOPE * Math.abs(step)));
        }
        return change;
    }

    /** ln p of the values of the high digit, then of the low one, under a Laplace distribution around {@code m}. */
    private float[] logProbabilities(double m) {
        int[] high = digits.highDigits();
        int[] low = digits.lowDigits();
        double[] p = new double[digits.high() + digits.low()];
        double total = 0;
        for (int x = 0; x < digits.levels(); x++) {
            double mass = Math.exp(-Math.abs(2.0 * x / (digits.levels() - 1) - 1 - m) / SPREAD);
            p[high[x]] += mass;
            p[digits.high() + low[x]] += mass;
            total += mass;
        }
        float[] logP = new float[p.length];
        for (int k = 0; k < p.length; k++) {
            logP[k] = (float) Math.log(p[k] / total + LEAST);
        }
        return logP;
    }
}
