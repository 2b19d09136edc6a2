package io.surprisal.detector.image;

import java.util.ArrayList;
import java.util.List;

/** Complete coefficients → {@link Pixels}: inverse DCT, upsampling and colour conversion, a row at a time. */
final class JpegAssembler {
    private JpegAssembler() {}

    static Pixels assemble(JpegFrame frame, JpegColour colour) {
        List<JpegUpsampler> upsamplers = new ArrayList<>();
        for (JpegComponent component : frame.components()) {
            component.requireComplete();
            upsamplers.add(new JpegUpsampler(
                    JpegPlane.of(component),
                    frame.horizontal() / component.horizontal(),
                    frame.vertical() / component.vertical()));
        }
        int width = frame.width();
        int channels = upsamplers.size();
        byte[] target = new byte[width * frame.height() * channels];
        byte[][] rows = new byte[channels][width + 1];
        for (int y = 0; y < frame.height(); y++) {
            for (int channel = 0; channel < channels; channel++) {
                upsamplers.get(channel).row(y, rows[channel], width);
            }
            colour.write(rows, width, target, y * width * channels);
        }
        return new Pixels(width, frame.height(), channels, target);
    }
}
