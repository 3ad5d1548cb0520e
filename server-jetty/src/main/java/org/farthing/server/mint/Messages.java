package org.farthing.server.mint;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.server.keys.MintKey;
import org.farthing.server.ledger.IssuedMessage;

/**
 * The blinded messages of one request, each with the key it names; all of them can be signed (F-TK-74). Immutable.
 *
 * @param all the messages in their order
 */
record Messages(List<Message> all) {

    /**
     * One message.
     *
     * @param request the message
     * @param key the key that its last byte names
     */
    record Message(TokenRequest request, MintKey key) {

        IssuedMessage issued() {
            return new IssuedMessage(
                    key.keyId(), request.messageHash(key.published().key().id()));
        }

        long value() {
            return key.published().value().baseUnits();
        }
    }

    /** Finds the keys; refuses messages that name none, or that their key must not touch. */
    static Messages of(MintRing ring, List<TokenRequest> requests) {
        List<Message> messages = new ArrayList<>(requests.size());
        for (int i = 0; i < requests.size(); i++) {
            TokenRequest request = requests.get(i);
            int index = i;
            MintKey key = ring.named(request.truncatedKeyId())
                    .orElseThrow(() -> unusable(index, "names no key of the directory"));
            messages.add(new Message(request, key));
        }
        Messages all = new Messages(List.copyOf(messages));
        all.unsignable().stream().min(Comparator.naturalOrder()).ifPresent(index -> {
            throw unusable(index, "is no number that its key may sign");
        });
        return all;
    }

    /** Those that name a key and can be signed; the others were certainly never signed. */
    static Messages known(MintRing ring, List<TokenRequest> requests) {
        List<Message> messages = new ArrayList<>(requests.size());
        for (TokenRequest request : requests) {
            ring.named(request.truncatedKeyId()).ifPresent(key -> messages.add(new Message(request, key)));
        }
        Messages named = new Messages(List.copyOf(messages));
        Set<Integer> signable = new TreeSet<>(named.indexes());
        signable.removeAll(named.unsignable());
        return named.only(signable);
    }

    /** Which cannot be signed. Each is looked at by itself only if something is wrong: that takes a tenth of a signature's time. */
    private Set<Integer> unsignable() {
        Set<Integer> bad = new HashSet<>();
        byKey().forEach((key, indexes) -> {
            try {
                key.secret()
                        .requireAllSignable(indexes.stream()
                                .map(i -> all.get(i).request().blinded())
                                .toList());
            } catch (MalformedException e) {
                indexes.stream()
                        .filter(i -> !isSignable(key, all.get(i).request()))
                        .forEach(bad::add);
            }
        });
        return bad;
    }

    private static boolean isSignable(MintKey key, TokenRequest request) {
        try {
            key.secret().requireSignable(request.blinded());
            return true;
        } catch (MalformedException e) {
            return false;
        }
    }

    private List<Integer> indexes() {
        return IntStream.range(0, all.size()).boxed().toList();
    }

    private Map<MintKey, List<Integer>> byKey() {
        return indexes().stream()
                .collect(Collectors.groupingBy(i -> all.get(i).key(), LinkedHashMap::new, Collectors.toList()));
    }

    private static MintRefusedException unusable(int index, String why) {
        return Refusals.unusable("Message " + index + " of requests " + why + ".");
    }

    /** Refuses messages for keys that are not on sale now. */
    Messages requireOnSale(Instant now) {
        for (Message message : all) {
            if (!message.key().published().sellableAt(now)) {
                throw Refusals.expired("A key that is named is not on sale now. Read the directory again.");
            }
        }
        return this;
    }

    /** What all of them are worth; exact, because values and their number are bounded. */
    Amount total() {
        long sum = 0;
        for (Message message : all) {
            sum = Math.addExact(sum, message.value());
        }
        return Amount.of(sum);
    }

    /** How many there are of each value. */
    Map<Long, Integer> composition() {
        Map<Long, Integer> counts = new TreeMap<>();
        all.forEach(message -> counts.merge(message.value(), 1, Integer::sum));
        return counts;
    }

    List<IssuedMessage> issued() {
        return all.stream().map(Message::issued).toList();
    }

    /** The signatures by their messages. */
    Map<TokenRequest, TokenResponse> signed() {
        List<TokenResponse> responses = sign();
        Map<TokenRequest, TokenResponse> signed = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
            signed.put(all.get(i).request(), responses.get(i));
        }
        return signed;
    }

    /** Those with these indexes. */
    Messages only(Set<Integer> indexes) {
        List<Message> some = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (indexes.contains(i)) {
                some.add(all.get(i));
            }
        }
        return new Messages(List.copyOf(some));
    }

    /**
     * Signs all, key by key. Takes a millisecond and a half for each: not for a thread that reads requests.
     *
     * @throws IllegalStateException if the machine computed something wrong; then nothing leaves (F-TK-75)
     */
    List<TokenResponse> sign() {
        TokenResponse[] responses = new TokenResponse[all.size()];
        byKey().forEach((key, indexes) -> {
            List<byte[]> signatures = sign(
                    key,
                    indexes.stream().map(i -> all.get(i).request().blinded()).toList());
            for (int i = 0; i < indexes.size(); i++) {
                responses[indexes.get(i)] = new TokenResponse(signatures.get(i));
            }
        });
        return List.of(responses);
    }

    private static List<byte[]> sign(MintKey key, List<byte[]> blinded) {
        try {
            return key.secret().blindSignAll(blinded);
        } catch (MalformedException e) {
            throw new IllegalStateException("a message was checked and cannot be signed", e);
        }
    }

    /** Counts and values, nothing of the messages. */
    @Override
    public String toString() {
        return composition().entrySet().stream()
                .map(entry -> entry.getValue() + " of " + entry.getKey())
                .collect(Collectors.joining(", ", "Messages[", "]"));
    }
}
