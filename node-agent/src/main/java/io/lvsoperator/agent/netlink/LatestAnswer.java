package io.lvsoperator.agent.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The kernel's latest answer to a listing that is asked for again and again. A datagram that has the bytes of the one in its place
 * last time, but for the sequence number, has its values too: nothing of it is decoded. For one thread at a time.
 */
public final class LatestAnswer<T> {
    private static final ByteBuffer UNLIKE_ANY = ByteBuffer.allocate(0);

    private final MessageDecoder<T> decoder;
    private final List<Piece<T>> pieces = new ArrayList<>(2);
    private List<T> values = List.of();
    private int next;
    private int sequence;
    private boolean same;

    /** False within an answer, and after one that failed half-way. */
    private boolean complete = true;

    /** One datagram; the last one has the end of the listing. */
    private record Piece<T>(ByteBuffer bytes, List<T> values, boolean isLast) {
        boolean isThat(ByteBuffer datagram, int sequence) {
            if (bytes.limit() != datagram.limit()) {
                return false;
            }
            for (var at = 0; at < bytes.limit(); ) {
                bytes.putInt(at + NetlinkHeader.SEQUENCE, sequence);
                at += NetlinkHeader.aligned(bytes.getInt(at + NetlinkHeader.LENGTH));
            }
            return bytes.equals(datagram);
        }
    }

    /** Nothing was asked yet. */
    public LatestAnswer(MessageDecoder<T> decoder) {
        this.decoder = decoder;
    }

    MessageDecoder<T> decoder() {
        return decoder;
    }

    /** A listing begins; its messages have this sequence number. */
    void begin(int number) {
        sequence = number;
        next = 0;
        same = complete;
        complete = false;
    }

    /** Takes the next datagram in, if it is the one of the last time. */
    boolean repeats(ByteBuffer datagram) {
        if (next < pieces.size() && pieces.get(next).isThat(datagram, sequence)) {
            next++;
            return true;
        }
        return false;
    }

    /** Takes the next datagram in, which is another one than last time. */
    void learn(ByteBuffer datagram, List<T> itsValues, boolean isLast) {
        var bytes = new byte[datagram.limit()];
        datagram.get(0, bytes);
        put(new Piece<>(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()), List.copyOf(itsValues), isLast));
    }

    /** As {@link #learn}, but the datagram is to be decoded the next time, too. */
    void note(List<T> itsValues, boolean isLast) {
        put(new Piece<>(UNLIKE_ANY, List.copyOf(itsValues), isLast));
    }

    private void put(Piece<T> piece) {
        same = false;
        if (next < pieces.size()) {
            pieces.set(next, piece);
        } else {
            pieces.add(piece);
        }
        next++;
    }

    /** Whether the datagram that was taken in last ends the listing. */
    boolean hasEnded() {
        return pieces.get(next - 1).isLast();
    }

    /** The listing has ended: its values, in the very list of the last time if all of it was the same. */
    List<T> end() {
        if (next < pieces.size()) {
            pieces.subList(next, pieces.size()).clear();
            same = false;
        }
        if (!same) {
            values = together();
        }
        complete = true;
        return values;
    }

    private List<T> together() {
        var filled = pieces.stream().filter(piece -> !piece.values().isEmpty()).toList();
        if (filled.size() == 1) {
            return filled.getFirst().values();
        }
        var all = new ArrayList<T>();
        filled.forEach(piece -> all.addAll(piece.values()));
        return Collections.unmodifiableList(all);
    }
}
