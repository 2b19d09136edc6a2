package io.surprisal.training.fit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/** Bits per dimension over the course of a run, on training batches and on the validation images. */
public record LearningCurve(List<Point> points) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * One evaluation.
     *
     * @param step steps done
     * @param epoch images seen divided by training images
     * @param seconds training time so far, resumed parts added up
     * @param training bits/dim, mean over the steps since the last point, of the weights as they were
     * @param validation bits/dim of the averaged weights on all validation images
     */
    public record Point(long step, double epoch, double seconds, double training, double validation) {}

    public LearningCurve {
        points = List.copyOf(points);
    }

    public static LearningCurve empty() {
        return new LearningCurve(List.of());
    }

    LearningCurve with(Point point) {
        List<Point> more = new ArrayList<>(points);
        more.add(point);
        return new LearningCurve(more);
    }

    /** Points since the best validation value, 0 when the last one is the best (or there is none). */
    int pointsSinceBest() {
        int best = points.size() - 1;
        for (int i = points.size() - 1; i >= 0; i--) {
            if (points.get(i).validation() < points.get(best).validation()) {
                best = i;
            }
        }
        return points.size() - 1 - Math.max(0, best);
    }

    public String toJson() {
        try {
            return JSON.writeValueAsString(points);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a list of numbers is always JSON", e);
        }
    }

    public static LearningCurve fromJson(String json) throws JsonProcessingException {
        return new LearningCurve(JSON.readValue(json, new TypeReference<List<Point>>() {}));
    }

    /**
     * Comma-separated values with a header line, for spreadsheets and plotting tools.
     *
     * @param dimensions of an image: nats of a whole image stand beside the bits of a dimension
     */
    public String toCsv(int dimensions) {
        StringBuilder csv = new StringBuilder("step,epoch,seconds,training_bits_per_dimension,"
                + "validation_bits_per_dimension,training_nats_per_image,validation_nats_per_image\n");
        double nats = dimensions * Math.log(2);
        for (Point p : points) {
            csv.append("%d,%.4f,%.1f,%.5f,%.5f,%.3f,%.3f%n"
                    .formatted(
                            p.step,
                            p.epoch,
                            p.seconds,
                            p.training,
                            p.validation,
                            nats * p.training,
                            nats * p.validation));
        }
        return csv.toString();
    }
}
