package io.surprisal.service.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One image and what both transports answered. */
record Row(String file, Answer http, Answer grpc) {
    static List<Row> score(Path folder, List<Path> files, HttpScorer http, GrpcScorer grpc)
            throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>(files.size());
        for (Path file : files) {
            byte[] image = Files.readAllBytes(file);
            rows.add(new Row(folder.relativize(file).toString(), http.score(image), grpc.score(image)));
        }
        return rows;
    }

    /** Whether both transports gave a verdict. */
    boolean judged() {
        return !http.isError() && !grpc.isError();
    }

    boolean agrees() {
        return http.agreesWith(grpc);
    }
}
