package io.surprisal.service.oip;

import java.util.List;

/**
 * What the protocol calls the server's metadata.
 *
 * @param name of the server
 * @param version of the server
 * @param extensions of the protocol it has
 */
public record ServerDescription(String name, String version, List<String> extensions) {
    public ServerDescription {
        extensions = List.copyOf(extensions);
    }
}
