package io.surprisal.audit;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;

/**
 * A task of the cluster: rows of a table to their {@link SketchedScores}, as bytes, since not every serialiser that a cluster may use can do
 * more. A row is whether its image was flagged, and then what it scores by each statistic.
 *
 * @param statistics how many
 * @param acceptedOnly whether the scores of flagged images say nothing
 * @param keptOneByOne scores of a statistic that are sent one by one
 */
record SketchRows(int statistics, boolean acceptedOnly, int keptOneByOne)
        implements FlatMapFunction<Iterator<Row>, byte[]> {

    @Override
    public Iterator<byte[]> call(Iterator<Row> rows) {
        SketchedScores sketched = new SketchedScores(statistics);
        while (rows.hasNext()) {
            Row row = rows.next();
            double[] scores = new double[statistics];
            for (int i = 0; i < statistics; i++) {
                scores[i] = row.getDouble(i + 1);
            }
            if (acceptedOnly && row.getBoolean(0)) {
                sketched.addAbove(scores);
            } else {
                sketched.add(scores);
            }
        }
        return List.of(sketched.toBytes(keptOneByOne)).iterator();
    }
}
