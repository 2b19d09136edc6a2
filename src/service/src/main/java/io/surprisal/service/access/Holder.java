package io.surprisal.service.access;

/**
 * Whose a key or a token is.
 *
 * @param name as one caller of those that share the service
 * @param admin whether they may load and unload models
 */
record Holder(String name, boolean admin) implements Credentials.Answer {}
