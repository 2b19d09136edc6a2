package io.surprisal.service.batch;

import io.surprisal.service.batch.Ticket.Part;
import io.surprisal.service.caller.Claim;
import io.surprisal.service.config.Priority;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Parts that wait, in the order in which they are to be evaluated: urgent ones first, and those that are equally urgent by start-time fair
 * queueing (Goyal, Vin and Cheng, SIGCOMM 1996).
 *
 * <p>Each part starts at a virtual time: that of the part evaluated last, or where its caller's part before it ends, whichever is later;
 * it ends as many units later as it has images. Parts are taken by their start. So a caller that sends one image waits behind one image of
 * each other caller, and not behind all that somebody has sent before; and a lone caller is served first come, first served.
 *
 * <p>When there is no room, a newcomer displaces what is less urgent, and else the newest images of whoever has most of them waiting, as
 * long as that caller keeps at least as many as the newcomer's will have (McKenney's longest queue, INFOCOM 1990): somebody who floods the
 * service is refused, and not those beside. Not thread-safe.
 */
final class FairOrder implements Iterable<Part> {
    private static final Priority[] MOST_URGENT_FIRST = Priority.values();
    /** Callers that have nothing waiting, but had not long ago, that are remembered for their turn. */
    private static final int REMEMBERED = 1_024;

    private final Lane[] lanes =
            Arrays.stream(MOST_URGENT_FIRST).map(priority -> new Lane()).toArray(Lane[]::new);
    private Load load = Load.NONE;
    private long sequence;

    /** What waits. */
    record Load(int images, long bytes) {
        static final Load NONE = new Load(0, 0);

        static Load of(Part part) {
            return new Load(part.images().count(), part.images().data().length);
        }

        Load plus(Load other) {
            return new Load(images + other.images, bytes + other.bytes);
        }

        Load minus(Load other) {
            return new Load(images - other.images, bytes - other.bytes);
        }
    }

    /** A part in its place. */
    private record Entry(Part part, long start, long sequence) {
        static final Comparator<Entry> ORDER =
                Comparator.comparingLong(Entry::start).thenComparingLong(Entry::sequence);
    }

    /** Where one caller is in a lane. */
    private static final class Backlog {
        private long end;
        private int parts;
    }

    /** What waits of one ticket. */
    private static final class Waiting {
        private final Ticket ticket;
        private Load load = Load.NONE;

        Waiting(Ticket ticket) {
            this.ticket = ticket;
        }
    }

    /** The parts of one priority. */
    private final class Lane {
        private final TreeSet<Entry> entries = new TreeSet<>(Entry.ORDER);
        private final Map<String, Backlog> callers = new HashMap<>();
        private int sweepAt = REMEMBERED;
        private long now;

        void add(Part part) {
            Backlog backlog = callers.computeIfAbsent(part.claim().caller(), name -> new Backlog());
            long start = Math.max(now, backlog.end);
            backlog.end = start + part.images().count();
            backlog.parts++;
            entries.add(new Entry(part, start, sequence++));
            if (callers.size() > sweepAt) {
                callers.values().removeIf(other -> other.parts == 0 && other.end <= now);
                sweepAt = Math.max(REMEMBERED, 2 * callers.size());
            }
        }

        /** @param evaluated or else it has gone, and its caller has not had it */
        void left(Part part, boolean evaluated) {
            String caller = part.claim().caller();
            Backlog backlog = callers.get(caller);
            if (backlog != null && --backlog.parts == 0 && !evaluated) {
                callers.remove(caller);
            }
            if (entries.isEmpty()) { // nobody can be ahead of or behind anybody
                callers.clear();
                now = 0;
            }
        }

        /** After parts have gone from the middle: callers go on where what they still have ends. */
        void rewind() {
            Map<String, Long> ends = new HashMap<>();
            entries.forEach(entry -> ends.merge(
                    entry.part().claim().caller(),
                    entry.start() + entry.part().images().count(),
                    Math::max));
            ends.forEach((caller, end) -> {
                Backlog backlog = callers.get(caller);
                if (backlog != null) {
                    backlog.end = end;
                }
            });
        }

        /** What waits by callers, the newest ticket first. */
        Map<String, Deque<Waiting>> newestFirst() {
            Map<Ticket, Waiting> tickets = new IdentityHashMap<>();
            Map<String, Deque<Waiting>> callersTickets = new HashMap<>();
            for (Entry entry : entries.descendingSet()) {
                Ticket ticket = entry.part().ticket();
                Waiting waiting = tickets.get(ticket);
                if (waiting == null) {
                    waiting = new Waiting(ticket);
                    tickets.put(ticket, waiting);
                    callersTickets
                            .computeIfAbsent(ticket.claim().caller(), name -> new ArrayDeque<>())
                            .add(waiting);
                }
                waiting.load = waiting.load.plus(Load.of(entry.part()));
            }
            return callersTickets;
        }
    }

    /** Images and bytes that wait. */
    Load load() {
        return load;
    }

    boolean isEmpty() {
        return load.images() == 0;
    }

    void add(Ticket ticket) {
        Lane lane = lanes[ticket.claim().priority().ordinal()];
        for (Part part : ticket.parts()) {
            lane.add(part);
            load = load.plus(Load.of(part));
        }
    }

    /** The next to be evaluated, or null. */
    @Nullable
    Part head() {
        Iterator<Part> parts = iterator();
        return parts.hasNext() ? parts.next() : null;
    }

    /** The head is being taken: from here on, newcomers start no earlier. */
    void turn() {
        for (Lane lane : lanes) {
            if (!lane.entries.isEmpty()) {
                lane.now = lane.entries.first().start();
                return;
            }
        }
    }

    /** Lets parts go that will not be evaluated. */
    void removeIf(Predicate<Part> unwanted) {
        boolean gone = false;
        for (Walk parts = new Walk(); parts.hasNext(); ) {
            if (unwanted.test(parts.next())) {
                parts.remove();
                gone = true;
            }
        }
        if (gone) {
            for (Lane lane : lanes) {
                lane.rewind();
            }
        }
    }

    /** Takes everything out. */
    List<Part> drain() {
        List<Part> all = new ArrayList<>();
        forEach(all::add);
        removeIf(part -> true);
        return all;
    }

    /**
     * The tickets that have to go so that a newcomer has room.
     *
     * @param claim of the newcomer
     * @param brought by the newcomer
     * @param fits whether there is room once so much has gone
     * @param size what there is too little room for: images or bytes
     * @return none when there is room, or when it cannot be made without taking from somebody who has less
     */
    Set<Ticket> displaced(Claim claim, Load brought, Predicate<Load> fits, ToLongFunction<Load> size) {
        Set<Ticket> going = new LinkedHashSet<>();
        Load gone = Load.NONE;
        for (int urgency = lanes.length - 1; urgency >= claim.priority().ordinal(); urgency--) {
            Map<String, Deque<Waiting>> waiting = lanes[urgency].newestFirst();
            Map<String, Long> left = new HashMap<>();
            waiting.forEach((caller, tickets) -> left.put(
                    caller,
                    tickets.stream()
                            .mapToLong(one -> size.applyAsLong(one.load))
                            .sum()));
            boolean equals = urgency == claim.priority().ordinal();
            long keeps = equals ? left.getOrDefault(claim.caller(), 0L) + size.applyAsLong(brought) : 0;
            while (!fits.test(gone)) {
                Map.Entry<String, Long> longest = left.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .orElse(null);
                if (longest == null || longest.getValue() <= keeps) {
                    break;
                }
                String caller = longest.getKey();
                Waiting newest = Objects.requireNonNull(waiting.get(caller)).poll();
                long after = newest == null ? -1 : longest.getValue() - size.applyAsLong(newest.load);
                if (newest == null || after < keeps) {
                    left.remove(caller); // it would have less than the newcomer then
                    continue;
                }
                going.add(newest.ticket);
                gone = gone.plus(newest.load);
                left.put(caller, after);
            }
        }
        return fits.test(gone) ? going : Set.of();
    }

    /** In order; parts may be taken or let go on the way. */
    @Override
    public Walk iterator() {
        return new Walk();
    }

    /** Part by part, in order. */
    final class Walk implements Iterator<Part> {
        private int lane;
        private Iterator<Entry> entries = lanes[0].entries.iterator();
        private @Nullable Iterator<Entry> removable;
        private @Nullable Part last;

        @Override
        public boolean hasNext() {
            while (!entries.hasNext() && lane + 1 < lanes.length) {
                lane++;
                entries = lanes[lane].entries.iterator();
            }
            return entries.hasNext();
        }

        @Override
        public Part next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            removable = entries;
            last = entries.next().part();
            return last;
        }

        /** Lets the last part go: it will not be evaluated. */
        @Override
        public void remove() {
            leave(false);
        }

        /** Takes the last part out, to evaluate it. */
        void take() {
            leave(true);
        }

        private void leave(boolean evaluated) {
            Part part = last;
            if (part == null || removable == null) {
                throw new IllegalStateException("expected a part to remove, found none");
            }
            removable.remove();
            last = null;
            load = load.minus(Load.of(part));
            lanes[part.claim().priority().ordinal()].left(part, evaluated);
        }
    }
}
