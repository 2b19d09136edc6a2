package io.surprisal.training.density;

/**
 * The masks of MADE (Germain et al. 2015, eq. 8 and 9): every unit has a degree, the number of dimensions it may know about, and sees
 * those units before it that know no more.
 *
 * @param inputs degree of each input
 * @param outputs degree of each output
 * @param strict true at the output, where the unit that predicts dimension d must know less than d; false before it
 */
@SuppressWarnings("ArrayRecordComponent") // thousands of numbers, handed on and never compared
public record DegreeMask(int[] inputs, int[] outputs, boolean strict) {

    public boolean sees(int output, int input) {
        return strict ? inputs[input] < outputs[output] : inputs[input] <= outputs[output];
    }
}
