package org.farthing.client.token;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.farthing.client.files.LogException;
import org.farthing.client.files.LogLine;
import org.farthing.client.token.HeldToken.State;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenKey;
import org.farthing.protocol.token.TokenSerial;

/** What the token purse knows, as lines and back. */
final class TokenLines {

    /** Serials on one line: a line's member is at most 16 KiB. */
    static final int MOST_SERIALS = 500;

    private TokenLines() {}

    static LogLine key(Origin issuer, PublishedKey key, Instant at) {
        return LogLine.of("key", at)
                .with("issuer", issuer)
                .with("spki", Base64Url.encode(key.key().spki()))
                .with("value", key.value().format())
                .with("currency", key.currency().text())
                .with("notBefore", key.notBefore())
                .with("notAfter", key.notAfter())
                .with("spendUntil", key.spendUntil())
                .with("redeemUntil", key.redeemUntil())
                .with("swapUntil", key.swapUntil());
    }

    static PublishedKey key(LogLine line) throws LogException {
        try {
            return new PublishedKey(
                    TokenKey.parse(Base64Url.decode(line.text("spki"), "spki")),
                    Amount.parse(line.text("value"), "value"),
                    CurrencyId.parse(line.text("currency"), "currency"),
                    line.instant("notBefore"),
                    line.instant("notAfter"),
                    line.instant("spendUntil"),
                    line.instant("redeemUntil"),
                    line.instant("swapUntil"));
        } catch (MalformedException | IllegalArgumentException e) {
            throw new LogException("a line holds no issuer key");
        }
    }

    static LogLine begin(Operation operation) {
        String ranges = operation.ranges().stream()
                .map(range -> range.keyId() + ":" + range.first() + ":" + range.count())
                .collect(Collectors.joining(" "));
        return scope(LogLine.of("begin", operation.at()), operation.scope())
                .with("operation", operation.id())
                .with("for", operation.kind())
                .with("ranges", ranges)
                .with("inputs", serials(operation.inputs()))
                .with("about", operation.about());
    }

    static Operation begin(LogLine line) throws LogException {
        List<Operation.Range> ranges = new ArrayList<>();
        try {
            for (String range : line.text("ranges").split(" ", -1)) {
                String[] parts = range.split(":", -1);
                ranges.add(new Operation.Range(parts[0], Long.parseLong(parts[1]), Integer.parseInt(parts[2])));
            }
            return new Operation(
                    line.text("operation"),
                    kind(line),
                    line.at(),
                    scope(line),
                    ranges,
                    inputs(line),
                    line.text("about"));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new LogException("a line holds no purchase or swap");
        }
    }

    static Operation.Kind kind(LogLine line) throws LogException {
        try {
            return Operation.Kind.valueOf(line.text("for"));
        } catch (IllegalArgumentException e) {
            throw new LogException("a line is for what this version does not know");
        }
    }

    private static List<TokenSerial> inputs(LogLine line) throws LogException {
        return serials(line, "inputs");
    }

    /** How an operation ended; {@code unsigned} if it is certain that none of its messages was signed, nor will be. */
    static LogLine end(String operation, boolean done, boolean unsigned, Instant at) {
        return LogLine.of("end", at)
                .with("operation", operation)
                .with("done", done)
                .with("unsigned", unsigned ? true : null);
    }

    static LogLine coin(Coin coin, Instant at) {
        return scope(LogLine.of("token", at), coin.scope())
                .with("key", coin.key().key().keyId())
                .with("counter", coin.counter())
                .with("state", coin.before())
                .with("from", coin.from())
                .with("token", Base64Url.encode(coin.token().bytes()));
    }

    static Coin coin(LogLine line, PublishedKey key) throws LogException {
        try {
            return Coin.of(
                    scope(line),
                    key,
                    line.decimal("counter").longValueExact(),
                    BlindToken.parse(Base64Url.decode(line.text("token"), "token")),
                    State.valueOf(line.text("state")),
                    line.instant("from"));
        } catch (MalformedException | IllegalArgumentException | ArithmeticException e) {
            throw new LogException("a line holds no token");
        }
    }

    static LogLine claim(Claim claim, Instant at) {
        return claim(LogLine.of("reserve", at), claim);
    }

    /** A payment that is over, kept so that it can be given back. */
    static LogLine paid(Claim claim, Instant at) {
        return claim(LogLine.of("paid", at), claim);
    }

    private static LogLine claim(LogLine line, Claim claim) {
        return line.with("owner", claim.owner())
                .with("challengeId", claim.challengeId())
                .with("recipient", claim.recipient())
                .with("serials", serials(claim.serials()))
                .with("credential", claim.credential());
    }

    static Claim claim(LogLine line) throws LogException {
        return new Claim(
                line.text("owner"),
                line.text("challengeId"),
                line.text("recipient"),
                serials(line, "serials"),
                line.text("credential"));
    }

    /** What became of a payment's tokens. */
    static LogLine settled(String owner, State state, Instant from, Instant at) {
        return LogLine.of("settled", at)
                .with("owner", owner)
                .with("state", state)
                .with("from", from);
    }

    /** What became of tokens by themselves. */
    static LogLine moved(List<TokenSerial> serials, State state, Instant from, Instant at) {
        return LogLine.of("moved", at)
                .with("serials", serials(serials))
                .with("state", state)
                .with("from", from);
    }

    /** Which counter of a key and a scope is free. */
    static LogLine next(String counterKey, long next, Instant at) {
        return LogLine.of("next", at).with("of", counterKey).with("next", next);
    }

    /** Counters of an operation that came to nothing. */
    static LogLine spare(Operation.Kind kind, String counterKey, Operation.Range range, Instant at) {
        return LogLine.of("spare", at)
                .with("for", kind)
                .with("of", counterKey)
                .with("key", range.keyId())
                .with("first", range.first())
                .with("count", range.count());
    }

    static Operation.Range spare(LogLine line) throws LogException {
        try {
            return new Operation.Range(
                    line.text("key"),
                    line.decimal("first").longValueExact(),
                    line.decimal("count").intValueExact());
        } catch (ArithmeticException e) {
            throw new LogException("a line names no counters");
        }
    }

    /** Serials of used-up tokens of one key, which must not come back. */
    static LogLine gone(String keyRef, List<TokenSerial> serials, Instant at) {
        return LogLine.of("gone", at).with("key", keyRef).with("serials", serials(serials));
    }

    static State state(LogLine line) throws LogException {
        try {
            return State.valueOf(line.text("state"));
        } catch (IllegalArgumentException e) {
            throw new LogException("a line has a state that no token has");
        }
    }

    static List<TokenSerial> serials(LogLine line, String name) throws LogException {
        String list = line.optional(name);
        List<TokenSerial> serials = new ArrayList<>();
        try {
            for (String serial : list == null || list.isEmpty() ? new String[0] : list.split(" ", -1)) {
                serials.add(TokenSerial.parse(serial));
            }
            return serials;
        } catch (MalformedException e) {
            throw new LogException("a line names no tokens");
        }
    }

    private static String serials(List<TokenSerial> serials) {
        return serials.stream().map(TokenSerial::text).collect(Collectors.joining(" "));
    }

    static LogLine scope(LogLine line, TokenScope scope) {
        return line.with("issuer", scope.issuer()).with("payee", scope.payee());
    }

    static TokenScope scope(LogLine line) throws LogException {
        try {
            String payee = line.optional("payee");
            return new TokenScope(
                    Origin.parse(line.text("issuer"), "issuer"), payee == null ? null : Origin.parse(payee, "payee"));
        } catch (MalformedException e) {
            throw new LogException("a line names no issuer");
        }
    }
}
