package io.lvsoperator.agent.ipvs;

import io.lvsoperator.agent.netlink.MalformedMessageException;
import io.lvsoperator.agent.netlink.MessageDecoder;
import io.lvsoperator.agent.netlink.NetlinkMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Decodes the messages of a listing that is asked for again and again. A message that has the bytes of the one in its place last
 * time has its value too: the very same object.
 */
final class SeenMessages<T> implements MessageDecoder<T> {
    private record Seen<T>(ByteBuffer payload, T value) {}

    private final MessageDecoder<T> decoder;
    private final List<Seen<T>> seen = new ArrayList<>(0);
    private int next;
    private boolean same;

    /** False within a listing, and after one that failed half-way. */
    private boolean complete = true;

    SeenMessages(MessageDecoder<T> decoder) {
        this.decoder = decoder;
    }

    /** A listing begins. */
    void begin() {
        next = 0;
        same = complete;
        complete = false;
    }

    @Override
    public T decode(NetlinkMessage message) throws MalformedMessageException {
        var place = next++;
        if (place < seen.size() && seen.get(place).payload().equals(message.payload())) {
            return seen.get(place).value();
        }
        same = false;
        var value = decoder.decode(message);
        var copy = ByteBuffer.allocate(message.payload().remaining())
                .put(message.payload().duplicate())
                .flip();
        if (place < seen.size()) {
            seen.set(place, new Seen<>(copy, value));
        } else {
            seen.add(new Seen<>(copy, value));
        }
        return value;
    }

    /** The listing has ended: whether it was the same as the last one, message by message. */
    boolean wasTheSame() {
        if (next < seen.size()) {
            seen.subList(next, seen.size()).clear();
            same = false;
        }
        complete = true;
        return same;
    }
}
