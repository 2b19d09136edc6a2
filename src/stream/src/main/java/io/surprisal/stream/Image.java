package io.surprisal.stream;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * An image as it came.
 *
 * @param topic it was read from
 * @param partition of the topic
 * @param offset in the partition
 * @param key of the record, as bytes; null for none
 * @param file the record's value, which should be a PNG or JPEG file; of no bytes where there was none
 */
record Image(String topic, int partition, long offset, byte @Nullable [] key, byte[] file) {

    static Image of(ConsumerRecord<byte[], byte[]> read) {
        byte @Nullable [] value = read.value();
        return new Image(
                read.topic(), read.partition(), read.offset(), read.key(), value == null ? new byte[0] : value);
    }

    /** Which image of the cluster this is: {@code topic/partition/offset}; the same each time it is read. */
    String id() {
        return topic + "/" + partition + "/" + offset;
    }

    /** A number from [0, 1) that is drawn for this image, the same each time it is read. */
    double draw() {
        return new SplittableRandom((long) Objects.hash(topic, partition) << 32 ^ offset).nextDouble();
    }

    /** The key, where it is text that an attribute of an event can hold. */
    Optional<String> textKey() {
        if (key == null || key.length == 0) {
            return Optional.empty();
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(key))
                    .toString();
            return text.codePoints().anyMatch(Character::isISOControl) ? Optional.empty() : Optional.of(text);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
