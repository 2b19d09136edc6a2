package io.surprisal.service.access;

import java.util.regex.Pattern;

/** What this machine calls itself: nobody is on the way to it. */
final class Loopback {
    private static final Pattern NAMES = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|::1|\\[::1]");

    private Loopback() {}

    /** Whether a host of a setting or of an address (then an IPv6 address has brackets) is this machine, without asking a name server. */
    static boolean is(String host) {
        return NAMES.matcher(host).matches();
    }
}
