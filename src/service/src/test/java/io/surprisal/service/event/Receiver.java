package io.surprisal.service.event;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes what is posted to it, and answers with the statuses it is told to, then with 202. */
public final class Receiver implements AutoCloseable {
    private final HttpServer server;
    private final List<Post> posts = new CopyOnWriteArrayList<>();
    private final Queue<Integer> statuses = new ConcurrentLinkedQueue<>();

    private volatile String words = "taken";

    /** What came. */
    public record Post(String path, Headers headers, byte[] body) {
        /** What it says its body is. */
        public String type() {
            return headers.getFirst("content-type");
        }
    }

    private Receiver(HttpServer server) {
        this.server = server;
    }

    /** Listens on a free port of this machine. */
    public static Receiver start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        Receiver receiver = new Receiver(server);
        server.createContext("/", exchange -> {
            Integer status = receiver.statuses.poll();
            receiver.posts.add(new Post(
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders(),
                    exchange.getRequestBody().readAllBytes()));
            byte[] answer = receiver.words.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status == null ? 202 : status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        return receiver;
    }

    /** Answers the next posts so. */
    public void answer(Integer... next) {
        statuses.addAll(List.of(next));
    }

    /** What every answer says. */
    public void say(String text) {
        words = text;
    }

    /** Where to post. */
    public URI address() {
        return URI.create("http://127.0.0.1:%d/events?of=surprisal"
                .formatted(server.getAddress().getPort()));
    }

    /** What has come so far. */
    public List<Post> posts() {
        return posts;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
