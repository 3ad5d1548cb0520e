package org.farthing.client.token;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.farthing.client.files.LogException;
import org.farthing.client.files.LogLine;
import org.farthing.client.token.HeldToken.State;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenSerial;
import org.jspecify.annotations.Nullable;

/**
 * What the lines of a token purse add up to: a function of the lines alone. Not safe between threads; its purse calls it under
 * its lock.
 */
final class TokenState {

    /** Counters of swaps that came to nothing, one after the other, before they are used again. */
    static final int LONGEST_GAP = 64;

    static final String VERSION = "1";

    /** Payments that are over and can still be given back: the newest. */
    private static final int MOST_PAID = 100;

    private final String id;
    private final long generation;
    private final Map<String, PublishedKey> keys = new LinkedHashMap<>();
    private final Map<TokenSerial, Coin> coins = new LinkedHashMap<>();
    private final Map<TokenSerial, String> gone = new LinkedHashMap<>();
    private final Map<String, Long> next = new TreeMap<>();
    private final Map<String, Operation.Range> spare = new TreeMap<>();
    private final Map<String, Operation> open = new LinkedHashMap<>();
    private final Map<String, Claim> claims = new LinkedHashMap<>();
    private final Map<String, Claim> paid = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Claim> eldest) {
            return size() > MOST_PAID;
        }
    };
    private int looseLines;

    private TokenState(String id, long generation) {
        this.id = id;
        this.generation = generation;
    }

    static LogLine firstLine(String id, long generation, Instant now) {
        return LogLine.of("tokens", now).with("version", VERSION).with("id", id).with("generation", generation);
    }

    static TokenState start(LogLine first) throws LogException {
        if (!first.kind().equals("tokens") || !first.text("version").equals(VERSION)) {
            throw new LogException("the file does not begin as a token purse of this version does");
        }
        return new TokenState(first.text("id"), first.decimal("generation").longValue());
    }

    void apply(LogLine line) throws LogException {
        switch (line.kind()) {
            case "key" -> addKey(line);
            case "begin" -> begin(TokenLines.begin(line));
            case "token" -> add(line);
            case "end" -> end(line);
            case "reserve" -> reserve(TokenLines.claim(line));
            case "paid" -> keep(TokenLines.claim(line));
            case "settled" -> settle(line);
            case "moved" -> move(line);
            case "next" -> advance(line.text("of"), line.decimal("next").longValue());
            case "spare" -> leave(TokenLines.kind(line) + " " + line.text("of"), TokenLines.spare(line));
            case "gone" -> TokenLines.serials(line, "serials").forEach(serial -> gone.put(serial, required(line)));
            default -> throw new LogException("a line is of a kind this version does not know");
        }
        looseLines++;
    }

    private static String required(LogLine line) {
        return String.valueOf(line.optional("key"));
    }

    private void addKey(LogLine line) throws LogException {
        PublishedKey key = TokenLines.key(line);
        keys.put(keyRef(TokenLines.scope(line).issuer(), key.key().keyId()), key);
    }

    private void begin(Operation operation) throws LogException {
        open.put(operation.id(), operation);
        for (Operation.Range range : operation.ranges()) {
            String of = counterKey(operation.scope(), range.keyId());
            advance(of, range.first() + range.count());
            take(spareKey(operation.kind(), of), range);
        }
        for (TokenSerial input : operation.inputs()) {
            coins.put(input, known(input).reservedFor(operation.id()));
        }
    }

    private void add(LogLine line) throws LogException {
        TokenScope scope = TokenLines.scope(line);
        PublishedKey key = key(scope.issuer(), line.text("key"))
                .orElseThrow(() -> new LogException("a token's key is not in the file"));
        Coin coin = TokenLines.coin(line, key);
        if (!gone.containsKey(coin.serial())) {
            coins.putIfAbsent(coin.serial(), coin);
        }
        String of = counterKey(scope, key.key().keyId());
        advance(of, coin.counter() + 1);
        // Where one was signed after all, these counters are used up as any others are.
        for (Operation.Kind kind : Operation.Kind.values()) {
            Operation.Range left = spare.get(spareKey(kind, of));
            if (left != null && left.first() <= coin.counter() && coin.counter() < left.end()) {
                spare.remove(spareKey(kind, of));
            }
        }
    }

    private void end(LogLine line) throws LogException {
        Operation operation = open.remove(line.text("operation"));
        if (operation == null) {
            throw new LogException("a line ends what did not begin");
        }
        for (TokenSerial input : operation.inputs()) {
            Coin coin = known(input);
            coins.put(input, line.flag("done") ? coin.as(State.SPENT, line.at()) : coin.free());
        }
        if (line.flag("unsigned")) {
            operation
                    .ranges()
                    .forEach(range ->
                            leave(spareKey(operation.kind(), counterKey(operation.scope(), range.keyId())), range));
        }
    }

    /** Counters of what came to nothing are for the next of its kind, or a restore would stop at the gap (F-TK-160). */
    private void leave(String of, Operation.Range range) {
        Operation.Range before = spare.get(of);
        if (before != null && before.end() == range.first()) {
            spare.put(of, new Operation.Range(range.keyId(), before.first(), before.count() + range.count()));
        } else if (before != null && range.end() == before.first()) {
            spare.put(of, new Operation.Range(range.keyId(), range.first(), before.count() + range.count()));
        } else {
            spare.put(of, range);
        }
    }

    private void take(String of, Operation.Range range) {
        Operation.Range left = spare.get(of);
        if (left != null && left.first() == range.first()) {
            if (left.end() > range.end()) {
                spare.put(of, new Operation.Range(left.keyId(), range.end(), (int) (left.end() - range.end())));
            } else {
                spare.remove(of);
            }
        }
    }

    private void reserve(Claim claim) throws LogException {
        for (TokenSerial serial : claim.serials()) {
            coins.put(serial, known(serial).reservedFor(claim.owner()));
        }
        claims.put(claim.owner(), claim);
    }

    private void settle(LogLine line) throws LogException {
        Claim claim = claims.remove(line.text("owner"));
        if (claim == null) {
            throw new LogException("a line ends a payment that has no tokens");
        }
        for (TokenSerial serial : claim.serials()) {
            coins.put(serial, known(serial).as(TokenLines.state(line), line.instant("from")));
        }
        if (TokenLines.state(line) == State.SPENT) {
            keep(claim);
        }
    }

    private void keep(Claim claim) {
        paid.put(claim.owner(), claim);
    }

    private void move(LogLine line) throws LogException {
        for (TokenSerial serial : TokenLines.serials(line, "serials")) {
            coins.put(serial, known(serial).as(TokenLines.state(line), line.instant("from")));
        }
    }

    private void advance(String counterKey, long to) {
        next.merge(counterKey, to, Math::max);
    }

    private Coin known(TokenSerial serial) throws LogException {
        Coin coin = coins.get(serial);
        if (coin == null) {
            throw new LogException("a line speaks of a token that is not in the file");
        }
        return coin;
    }

    static String keyRef(Origin issuer, String keyId) {
        return issuer.text() + " " + keyId;
    }

    /** Counters are counted for each key and token challenge: both go into what is derived. */
    static String counterKey(TokenScope scope, String keyId) {
        return keyRef(scope.issuer(), keyId) + " "
                + Base64Url.encode(scope.challenge().digest());
    }

    private static String spareKey(Operation.Kind kind, String counterKey) {
        return kind + " " + counterKey;
    }

    String id() {
        return id;
    }

    Collection<Coin> coins() {
        return Collections.unmodifiableCollection(coins.values());
    }

    @Nullable
    Coin coin(TokenSerial serial) {
        return coins.get(serial);
    }

    /** Whether the purse has, or had, the token. */
    boolean knows(TokenSerial serial) {
        return coins.containsKey(serial) || gone.containsKey(serial);
    }

    Optional<PublishedKey> key(Origin issuer, String keyId) {
        return Optional.ofNullable(keys.get(keyRef(issuer, keyId)));
    }

    long nextCounter(TokenScope scope, String keyId) {
        return next.getOrDefault(counterKey(scope, keyId), 0L);
    }

    /**
     * The first of so many counters. Only a purchase gets those of another purchase, and a swap those of a swap: the issuer,
     * which may have seen them, would learn whose wallet is behind a swap. It would also learn that two swaps are by one purse,
     * so a swap gets them only where a longer gap would keep a restore from what is behind it.
     */
    long firstCounter(Operation.Kind kind, TokenScope scope, String keyId, int count) {
        long behind = nextCounter(scope, keyId);
        Operation.Range left = spare.get(spareKey(kind, counterKey(scope, keyId)));
        if (left == null || (left.count() < count && left.end() != behind)) {
            return behind;
        }
        boolean named = kind == Operation.Kind.PURCHASE;
        return named || left.count() + count > LONGEST_GAP ? left.first() : behind;
    }

    Collection<Operation> open() {
        return List.copyOf(open.values());
    }

    Collection<Claim> claims() {
        return List.copyOf(claims.values());
    }

    @Nullable
    Claim claim(String owner) {
        return claims.get(owner);
    }

    /** The newest payments that were served. */
    Collection<Claim> paid() {
        return List.copyOf(paid.values());
    }

    /** Whether rewriting the file would make it much shorter. */
    boolean isLoose() {
        long kept = keys.size()
                + next.size()
                + spare.size()
                + open.size()
                + claims.size()
                + paid.size()
                + coins.values().stream()
                        .filter(coin -> coin.state() != State.SPENT)
                        .count();
        return looseLines > 200 + 4 * kept;
    }

    /** The same state in fewer lines, without what ended for good: keys that nobody honours any more and their tokens. */
    List<LogLine> compacted(Instant now) {
        Set<String> used = new HashSet<>();
        for (Operation operation : open.values()) {
            Origin issuer = operation.scope().issuer();
            operation.ranges().forEach(range -> used.add(keyRef(issuer, range.keyId())));
            use(used, operation.inputs());
        }
        // A payment that is not over needs all of its tokens, or the others would count as never shown.
        claims.values().forEach(claim -> use(used, claim.serials()));
        Map<String, PublishedKey> kept = new LinkedHashMap<>(keys);
        kept.entrySet()
                .removeIf(key -> !used.contains(key.getKey())
                        && now.isAfter(key.getValue().swapUntil()));
        List<LogLine> lines = new ArrayList<>(List.of(firstLine(id, generation + 1, now)));
        kept.forEach((ref, key) -> lines.add(TokenLines.key(new Origin(ref.substring(0, ref.indexOf(' '))), key, now)));
        next.forEach((of, counter) -> {
            if (kept.containsKey(of.substring(0, of.lastIndexOf(' ')))) {
                lines.add(TokenLines.next(of, counter, now));
            }
        });
        spare.forEach((kindOf, range) -> {
            String of = kindOf.substring(kindOf.indexOf(' ') + 1);
            if (kept.containsKey(of.substring(0, of.lastIndexOf(' ')))) {
                String kind = kindOf.substring(0, kindOf.indexOf(' '));
                lines.add(TokenLines.spare(Operation.Kind.valueOf(kind), of, range, now));
            }
        });
        Map<String, List<TokenSerial>> ended = new LinkedHashMap<>();
        gone.forEach((serial, ref) ->
                ended.computeIfAbsent(ref, any -> new ArrayList<>()).add(serial));
        List<Coin> live = new ArrayList<>();
        for (Coin coin : coins.values()) {
            String ref = keyRef(coin.scope().issuer(), coin.key().key().keyId());
            if (coin.state() == State.SPENT) {
                ended.computeIfAbsent(ref, any -> new ArrayList<>()).add(coin.serial());
            } else if (kept.containsKey(ref)) {
                live.add(coin);
            }
        }
        ended.keySet().retainAll(kept.keySet());
        ended.forEach((ref, serials) -> split(serials).forEach(part -> lines.add(TokenLines.gone(ref, part, now))));
        live.forEach(coin -> lines.add(TokenLines.coin(coin, now)));
        Set<TokenSerial> there = new HashSet<>();
        live.forEach(coin -> there.add(coin.serial()));
        claims.values().stream()
                .filter(claim -> there.containsAll(claim.serials()))
                .forEach(claim -> lines.add(TokenLines.claim(claim, now)));
        paid.values().forEach(claim -> lines.add(TokenLines.paid(claim, now)));
        open.values().stream()
                .filter(operation -> there.containsAll(operation.inputs()))
                .forEach(operation -> lines.add(TokenLines.begin(operation)));
        return lines;
    }

    private void use(Set<String> used, List<TokenSerial> serials) {
        for (TokenSerial serial : serials) {
            Coin coin = coins.get(serial);
            if (coin != null) {
                used.add(keyRef(coin.scope().issuer(), coin.key().key().keyId()));
            }
        }
    }

    private static List<List<TokenSerial>> split(List<TokenSerial> serials) {
        List<List<TokenSerial>> parts = new ArrayList<>();
        for (int from = 0; from < serials.size(); from += TokenLines.MOST_SERIALS) {
            parts.add(serials.subList(from, Math.min(serials.size(), from + TokenLines.MOST_SERIALS)));
        }
        return parts;
    }
}
