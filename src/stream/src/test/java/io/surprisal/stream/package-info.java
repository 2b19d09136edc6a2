/** Tests of the packaged program against a broker that is Apache Kafka itself, and of its parts. */
@NullMarked
package io.surprisal.stream;

import org.jspecify.annotations.NullMarked;
