package io.surprisal.service.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * The whole of a comparison.
 *
 * @param servers those that started, this service first
 * @param missing those that did not, with the reason
 * @param results by door and concurrency, this service first in each
 */
record PeersReport(List<Server> servers, List<String> missing, List<PeerResult> results) {
    /** One server. Memory is what its processes hold at the end, what they share counted once. */
    record Server(String name, double firstAnswerMillis, double residentMebibytes) {}

    /** Where this service is not ahead, in words. */
    List<String> behind() {
        List<String> behind = new ArrayList<>();
        Server ours = servers.getFirst();
        for (Server peer : servers.subList(1, servers.size())) {
            if (ours.firstAnswerMillis() >= peer.firstAnswerMillis()) {
                behind.add("first answer, " + peer.name());
            }
            if (ours.residentMebibytes() >= peer.residentMebibytes()) {
                behind.add("memory, " + peer.name());
            }
        }
        PeerResult own = results.getFirst();
        for (PeerResult result : results) {
            if (result.server().equals(ours.name())) {
                own = result;
                continue;
            }
            String where = "%s at %d, %s".formatted(result.door(), result.concurrency(), result.server());
            if (!(result.ratio() > 1)) {
                behind.add("images a second, " + where);
            }
            if (!(own.p99Millis() < result.p99Millis())) {
                behind.add("p99, " + where);
            }
        }
        return behind;
    }
}
