package io.surprisal.service.batch;

import io.surprisal.service.batch.Ticket.Part;
import io.surprisal.service.caller.Claim;
import io.surprisal.service.caller.Priority;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
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

    /** What one caller has in a lane. */
    private static final class Backlog {
        private long end;
        private int images;
    }

    /** The parts of one priority. */
    private final class Lane {
        private final TreeSet<Entry> entries = new TreeSet<>(Entry.ORDER);
        private final Map<String, Backlog> callers = new HashMap<>();
        private long now;

        void add(Part part) {
            Backlog backlog = callers.computeIfAbsent(part.claim().caller(), name -> new Backlog());
            int images = part.images().count();
            long start = Math.max(now, backlog.end);
            backlog.end = start + images;
            backlog.images += images;
            entries.add(new Entry(part, start, sequence++));
            if (callers.size() > REMEMBERED) {
                callers.values().removeIf(other -> other.images == 0 && other.end <= now);
            }
        }

        void left(Part part) {
            Backlog backlog = callers.get(part.claim().caller());
            if (backlog != null) {
                backlog.images -= part.images().count();
            }
            if (entries.isEmpty()) { // nobody can be ahead of or behind anybody
                callers.clear();
                now = 0;
            }
        }

        /** The newest ticket of a caller, but for those that go anyway. */
        @Nullable
        Ticket newest(String caller, Set<Ticket> going) {
            return entries.descendingSet().stream()
                    .map(entry -> entry.part().ticket())
                    .filter(ticket -> ticket.claim().caller().equals(caller) && !going.contains(ticket))
                    .findFirst()
                    .orElse(null);
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

    void removeIf(Predicate<Part> unwanted) {
        for (Iterator<Part> parts = iterator(); parts.hasNext(); ) {
            if (unwanted.test(parts.next())) {
                parts.remove();
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
     * @param images of the newcomer
     * @param fits whether there is room once so much has gone
     * @return none when there is room, or when it cannot be made without taking from somebody who has less
     */
    Set<Ticket> displaced(Claim claim, int images, Predicate<Load> fits) {
        Set<Ticket> going = new LinkedHashSet<>();
        Load gone = Load.NONE;
        for (int urgency = lanes.length - 1; urgency >= claim.priority().ordinal(); urgency--) {
            Lane lane = lanes[urgency];
            Map<String, Integer> left = new HashMap<>();
            lane.callers.forEach((caller, backlog) -> left.put(caller, backlog.images));
            boolean equals = urgency == claim.priority().ordinal();
            int keeps = equals ? left.getOrDefault(claim.caller(), 0) + images : 0;
            while (!fits.test(gone)) {
                Map.Entry<String, Integer> longest = left.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .orElse(null);
                if (longest == null || longest.getValue() <= keeps) {
                    break;
                }
                String caller = longest.getKey();
                Ticket newest = lane.newest(caller, going);
                Load its = newest == null ? Load.NONE : waiting(lane, newest);
                int after = longest.getValue() - its.images();
                if (newest == null || after < keeps) {
                    left.remove(caller); // it would have less than the newcomer then
                    continue;
                }
                going.add(newest);
                gone = gone.plus(its);
                left.put(caller, after);
            }
        }
        return fits.test(gone) ? going : Set.of();
    }

    private static Load waiting(Lane lane, Ticket ticket) {
        return lane.entries.stream()
                .map(Entry::part)
                .filter(part -> part.ticket() == ticket)
                .map(Load::of)
                .reduce(Load.NONE, Load::plus);
    }

    /** In order; parts may be removed on the way. */
    @Override
    public Iterator<Part> iterator() {
        return new Walk();
    }

    private final class Walk implements Iterator<Part> {
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

        @Override
        public void remove() {
            Part part = last;
            if (part == null || removable == null) {
                throw new IllegalStateException("expected a part to remove, found none");
            }
            removable.remove();
            last = null;
            load = load.minus(Load.of(part));
            lanes[part.claim().priority().ordinal()].left(part);
        }
    }
}
