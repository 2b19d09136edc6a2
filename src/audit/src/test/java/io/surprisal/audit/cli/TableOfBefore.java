package io.surprisal.audit.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** A table as it was written before there were screens: without the column {@code screened}. */
final class TableOfBefore {
    private TableOfBefore() {}

    /** Takes the column out of a whole table. */
    static void make(Path table) throws IOException {
        Path rewritten = table.resolveSibling(table.getFileName() + "-rewritten");
        try (SparkSession spark = LocalSpark.orSubmitted()) {
            spark.read()
                    .parquet(table.toString())
                    .drop("screened")
                    .write()
                    .mode(SaveMode.Overwrite)
                    .parquet(rewritten.toString());
        }
        for (Path part : parts(table)) {
            Files.delete(part);
        }
        for (Path part : parts(rewritten)) {
            Files.move(part, table.resolve(part.getFileName()));
        }
    }

    private static List<Path> parts(Path table) throws IOException {
        try (Stream<Path> files = Files.list(table)) {
            return files.filter(file -> file.toString().endsWith(".parquet")).toList();
        }
    }
}
