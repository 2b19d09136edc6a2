package io.surprisal.audit.cli;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** The session a command runs in: the one {@code spark-submit} has set up, or all cores of this machine. */
final class LocalSpark {
    private static final String LOOPBACK = "127.0.0.1";

    private LocalSpark() {}

    static SparkSession orSubmitted() {
        SparkConf conf = new SparkConf()
                .setIfMissing("spark.app.name", "surprisal")
                // Files are moved into the table when all tasks are done, and the mark that it is whole is set at the
                // very end.
                .set("spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version", "1")
                .set("spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs", "false");
        if (!conf.contains("spark.master")) {
            conf.setMaster("local[*]")
                    .set("spark.driver.bindAddress", LOOPBACK)
                    .set("spark.driver.host", LOOPBACK)
                    .set("spark.ui.enabled", "false")
                    .set("spark.sql.debug.maxToStringFields", "100");
        }
        return SparkSession.builder().config(conf).getOrCreate();
    }
}
