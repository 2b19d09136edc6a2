package io.surprisal.service.gate.envoy;

import com.google.protobuf.ByteString;
import io.surprisal.service.caller.Callers;
import io.surprisal.service.gate.Ruling;
import io.surprisal.service.gate.envoy.v3.HeaderValue;
import io.surprisal.service.gate.envoy.v3.HeaderValueOption;
import io.surprisal.service.gate.envoy.v3.HeaderValueOption.HeaderAppendAction;
import java.util.List;
import java.util.Map;

/** Headers as Envoy has them. */
final class EnvoyHeaders {
    /** Those that only the gate may set. */
    private static final List<String> GATES_OWN = List.of(Ruling.VERDICT, Ruling.P_VALUE, Ruling.BITS_PER_DIMENSION);

    private EnvoyHeaders() {}

    /**
     * Who sent a request: the address that stands last, which Envoy puts there with {@code use_remote_address: true}; what is before it is
     * the sender's word. What is no address is nobody.
     */
    static String caller(Map<String, String> headers) {
        String addresses = headers.getOrDefault("x-forwarded-for", "");
        return Callers.address(
                addresses.substring(addresses.lastIndexOf(',') + 1).strip());
    }

    /** Headers that external processing sets; it takes raw values only. */
    static List<HeaderValueOption> raw(Map<String, String> headers) {
        return headers.entrySet().stream()
                .map(header -> option(HeaderValue.newBuilder()
                        .setKey(header.getKey())
                        .setRawValue(ByteString.copyFromUtf8(header.getValue()))))
                .toList();
    }

    /** Headers that external authorisation sets. */
    static List<HeaderValueOption> text(Map<String, String> headers) {
        return headers.entrySet().stream()
                .map(header ->
                        option(HeaderValue.newBuilder().setKey(header.getKey()).setValue(header.getValue())))
                .toList();
    }

    /** Which of the gate's own headers {@code headers} does not set: whoever else sets them is lying. */
    static List<String> others(Map<String, String> headers) {
        return GATES_OWN.stream().filter(name -> !headers.containsKey(name)).toList();
    }

    private static HeaderValueOption option(HeaderValue.Builder header) {
        return HeaderValueOption.newBuilder()
                .setHeader(header)
                .setAppendAction(HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD)
                .build();
    }
}
