package io.surprisal.service.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of a process, from Linux' {@code /proc}. */
final class Memory {
    private Memory() {}

    /** Bytes of its pages that are in memory, one that several processes share divided among them (proportional set size). */
    static long proportional(ProcessHandle process) throws IOException {
        Path rollup = Path.of("/proc", Long.toString(process.pid()), "smaps_rollup");
        for (String line : Files.readAllLines(rollup)) {
            if (line.startsWith("Pss:")) {
                return 1024 * Long.parseLong(line.replaceAll("\\D+", ""));
            }
        }
        throw new IOException("expected a line Pss: in " + rollup);
    }
}
