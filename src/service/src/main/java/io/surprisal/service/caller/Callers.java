package io.surprisal.service.caller;

import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import io.surprisal.service.config.Priority;
import io.surprisal.service.trace.GrpcTraces;
import io.surprisal.service.trace.HttpTraces;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Who a request is from, as far as sharing the workers goes: the holder of its key where keys are asked for, and else the address it came
 * from. Callers behind one proxy are one caller then, unless {@code quarkus.http.proxy} says whose word on it to take.
 */
public final class Callers {
    private static final String HOLDER = "surprisal.caller";
    private static final int IPV6_NETWORK_BYTES = 8;
    private static final Context.Key<String> CALLER = Context.keyWithDefault(HOLDER, "");

    private Callers() {}

    /** Of a request over HTTP. */
    public static Claim of(RoutingContext routing) {
        String holder = routing.get(HOLDER);
        String caller = holder != null ? holder : host(routing.request().remoteAddress());
        return new Claim(caller, Priority.NORMAL, HttpTraces.of(routing));
    }

    /** Of the call over gRPC that is being answered; to be asked on the thread that reads its messages. */
    public static Claim ofThisCall() {
        return new Claim(CALLER.get(), Priority.NORMAL, GrpcTraces.ofThisCall());
    }

    /** The address at the other end of a connection, without its port; empty where there is none. */
    public static String host(@Nullable SocketAddress address) {
        String host = address == null ? null : address.hostAddress();
        return host == null ? "" : address(host);
    }

    /**
     * An address as it counts: of IPv6 the network of 64 bits, since whoever has one address has all of them.
     *
     * @param text of an address; anything else is nobody
     */
    public static String address(String text) {
        try {
            return of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static String of(InetAddress address) {
        if (address instanceof Inet6Address) {
            byte[] bytes = address.getAddress();
            return HexFormat.ofDelimiter(":").formatHex(bytes, 0, IPV6_NETWORK_BYTES) + "/64";
        }
        return address.getHostAddress();
    }

    /** Notes whose key a request has shown. */
    public static void holds(RoutingContext routing, String holder) {
        routing.put(HOLDER, holder);
    }

    /** What a call is answered in whose key is this one's. */
    public static Context holds(String holder) {
        return Context.current().withValue(CALLER, holder);
    }

    /** What a call is answered in that shows no key. */
    public static Context cameFrom(ServerCall<?, ?> call) {
        String host = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress address
                        && address.getAddress() != null
                ? of(address.getAddress())
                : "";
        return Context.current().withValue(CALLER, host);
    }
}
