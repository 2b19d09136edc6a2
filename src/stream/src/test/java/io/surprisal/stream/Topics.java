package io.surprisal.stream;

import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventDeserializer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** What a user has beside the program: topics, something that sends images, something that reads events by CloudEvents' own library. */
final class Topics implements AutoCloseable {
    private final Map<String, Object> broker;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Admin admin;

    Topics(KafkaBroker broker) {
        this.broker = Map.of("bootstrap.servers", broker.address());
        this.producer = new KafkaProducer<>(this.broker, new ByteArraySerializer(), new ByteArraySerializer());
        this.admin = Admin.create(this.broker);
    }

    void create(String topic, int partitions) throws ExecutionException, InterruptedException {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                .all()
                .get();
    }

    /** Returns when the broker has the image. */
    void send(String topic, int partition, byte @Nullable [] key, byte @Nullable [] image)
            throws ExecutionException, InterruptedException {
        producer.send(new ProducerRecord<>(topic, partition, key, image)).get();
    }

    /** Sends one image many times, evenly to the partitions, and returns when the broker has them. */
    void sendMany(String topic, int partitions, int images, byte[] image) {
        for (int i = 0; i < images; i++) {
            producer.send(new ProducerRecord<>(topic, i % partitions, null, image));
        }
        producer.flush();
    }

    /** All events there are, each partition in its order. */
    List<ConsumerRecord<byte[], CloudEvent>> events(String topic) {
        try (KafkaConsumer<byte[], CloudEvent> consumer =
                new KafkaConsumer<>(broker, new ByteArrayDeserializer(), new CloudEventDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], CloudEvent>> events = new ArrayList<>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(events::add);
            }
            return events;
        }
    }

    /** How many events there are. */
    long size(String topic) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                .flatMap(description -> description.partitions().stream())
                .forEach(partition -> ends.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest()));
        return admin.listOffsets(ends).all().get().values().stream()
                .mapToLong(end -> end.offset())
                .sum();
    }

    /** The ids of all events there are, each once. */
    Set<String> ids(String topic) {
        return events(topic).stream().map(event -> event.value().getId()).collect(Collectors.toSet());
    }

    /** How many partitions each member of a group has; none while there is no such group. */
    List<Integer> shares(String group) throws ExecutionException, InterruptedException {
        try {
            return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
                    .flatMap(description -> description.members().stream())
                    .map(member -> member.assignment().topicPartitions().size())
                    .toList();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return List.of();
            }
            throw e;
        }
    }

    /** The offsets that a group has committed, all partitions together. */
    long committed(String group) throws ExecutionException, InterruptedException {
        return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().values().stream()
                .mapToLong(offset -> offset.offset())
                .sum();
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
    }
}
