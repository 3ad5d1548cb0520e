package org.farthing.client.token;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import org.farthing.client.files.LogException;
import org.farthing.client.files.LogLine;
import org.farthing.client.purse.Purse;
import org.farthing.client.purse.TokenSecrets;
import org.farthing.client.token.HeldToken.State;
import org.farthing.client.token.Operation.Kind;
import org.farthing.client.token.Operation.Range;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenOpening;
import org.farthing.protocol.token.TokenSerial;

/**
 * The tokens of a purse, in one file, {@code tokens.jsonl} in the purse's directory. Counters are used up on disk before anything that follows from them
 * leaves, and tokens are reserved on disk before the credential that holds them leaves, so a process may be killed between any
 * two bytes (spec/token-client.md, F-TK-121 to F-TK-125).
 *
 * <p>Atomicity: each method takes the lock of the operating system, reads what other processes appended, checks, appends and
 * forces, then frees the lock. Several processes and threads may use one purse. Each method blocks on the disk.
 */
public final class TokenPurse {

    private static final int LONGEST_CREDENTIAL = 16_000;

    private final InstantSource clock;
    private final TokenSecrets secrets;
    private final TokenFile file;
    private final Choice choice;
    private final Promises promises = new Promises();

    private TokenPurse(Purse purse, InstantSource clock) throws IOException {
        SecureRandom random = new SecureRandom();
        this.clock = clock;
        this.secrets = purse.tokenSecrets();
        this.file = new TokenFile(purse.directory(), clock, random);
        this.choice = new Choice(random);
    }

    /**
     * Opens the tokens of a purse, or begins without any. A purse whose tokens were lost with a disk begins without any too:
     * {@link BlindTokens#restore} gets them back.
     *
     * @param purse the purse
     * @param clock the time
     * @return its tokens
     * @throws IOException if the file cannot be read, written, locked or relied on
     */
    public static TokenPurse open(Purse purse, InstantSource clock) throws IOException {
        return new TokenPurse(purse, clock);
    }

    /**
     * Every token that is still money, as far as the purse knows; {@link BlindTokens#list} asks the journal first.
     *
     * @return the tokens, in the order they came
     * @throws IOException if the file cannot be relied on
     */
    public List<HeldToken> tokens() throws IOException {
        Instant now = clock.instant();
        return file.locked(current -> current.coins().stream()
                .map(Coin::held)
                .filter(token -> token.isWorth(now))
                .toList());
    }

    /** Every token of a kind, as it stands. */
    List<Coin> coins(Predicate<Coin> wanted) throws IOException {
        return file.locked(current -> current.coins().stream().filter(wanted).toList());
    }

    /** A question about all of it. */
    boolean asks(BiPredicate<TokenState, Instant> question) throws IOException {
        return file.locked(current -> question.test(current, clock.instant()));
    }

    /**
     * Uses up counters for a purchase or a swap, and reserves what a swap gives. When this returns it survives a crash.
     *
     * @param inputs serials of tokens that are ready or exposed; none for a purchase
     * @return the operation; empty if an input is not free any more
     */
    Optional<Operation> begin(Kind kind, TokenScope scope, Map<PublishedKey, Integer> wanted, List<TokenSerial> inputs)
            throws IOException {
        return begin(kind, scope, wanted, inputs, "", current -> true);
    }

    /**
     * The same for a purchase.
     *
     * @param still asked in the same step, of what is on disk
     * @return the operation; empty if it is not wanted any more
     */
    Optional<Operation> begin(TokenScope scope, Map<PublishedKey, Integer> wanted, Predicate<TokenState> still)
            throws IOException {
        return begin(Kind.PURCHASE, scope, wanted, List.of(), "", still);
    }

    /** The same for a payment that is given back. */
    Operation begin(TokenScope scope, Map<PublishedKey, Integer> wanted, Claim paid) throws IOException {
        return begin(Kind.REFUND, scope, wanted, List.of(), paid.owner(), current -> true)
                .orElseThrow(() -> new IllegalStateException("a refund gives no tokens"));
    }

    private Optional<Operation> begin(
            Kind kind,
            TokenScope scope,
            Map<PublishedKey, Integer> wanted,
            List<TokenSerial> inputs,
            String about,
            Predicate<TokenState> still)
            throws IOException {
        return file.locked(current -> {
            if (!still.test(current)) {
                return Optional.empty();
            }
            for (TokenSerial input : inputs) {
                Coin coin = current.coin(input);
                if (coin == null || (coin.state() != State.READY && coin.state() != State.EXPOSED)) {
                    return Optional.empty();
                }
            }
            Instant at = clock.instant();
            List<LogLine> lines = new ArrayList<>();
            List<Range> ranges = new ArrayList<>();
            wanted.forEach((key, count) -> {
                String keyId = key.key().keyId();
                addKey(lines, current, scope, key, at);
                ranges.add(new Range(keyId, current.firstCounter(kind, scope, keyId, count), count));
            });
            Operation operation = new Operation(file.newId(), kind, at, scope, ranges, inputs, about);
            lines.add(TokenLines.begin(operation));
            file.append(lines);
            return Optional.of(operation);
        });
    }

    private static void addKey(
            List<LogLine> lines, TokenState current, TokenScope scope, PublishedKey key, Instant at) {
        if (!current.key(scope.issuer(), key.key().keyId()).equals(Optional.of(key))) {
            lines.add(TokenLines.key(scope.issuer(), key, at));
        }
    }

    /** What is asked for in an operation, in its order: the same each time. */
    List<PendingToken> pending(Operation operation) throws IOException {
        List<PublishedKey> keys = file.locked(current -> {
            List<PublishedKey> known = new ArrayList<>();
            for (Range range : operation.ranges()) {
                known.add(current.key(operation.scope().issuer(), range.keyId())
                        .orElseThrow(() -> new LogException("a key is not in the file")));
            }
            return known;
        });
        List<PendingToken> pending = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            Range range = operation.ranges().get(i);
            for (int count = 0; count < range.count(); count++) {
                pending.add(pending(operation.scope(), keys.get(i), range.first() + count));
            }
        }
        return pending;
    }

    /** One token that may be asked for, or may have been; reserves nothing. */
    PendingToken pending(TokenScope scope, PublishedKey key, long counter) {
        TokenChallenge challenge = scope.challenge();
        return PendingToken.begin(key.key(), challenge, secrets.of(key.key().id(), challenge.digest(), counter));
    }

    /** What a token was made of: as good as the token, and shows the issuer which purchase or swap it came from. */
    TokenOpening opening(Coin coin) {
        return secrets.of(coin.key().key().id(), coin.scope().challenge().digest(), coin.counter());
    }

    /**
     * Stores the tokens of an operation, which verified, and ends it: what a swap gave is used up. An operation that another
     * process ended meanwhile changes nothing but that its tokens are stored.
     */
    List<HeldToken> finish(Operation operation, List<BlindToken> tokens) throws IOException {
        return file.locked(current -> {
            Instant at = clock.instant();
            List<Coin> coins = new ArrayList<>();
            int next = 0;
            for (Range range : operation.ranges()) {
                PublishedKey key = current.key(operation.scope().issuer(), range.keyId())
                        .orElseThrow(() -> new LogException("a key is not in the file"));
                for (int i = 0; i < range.count(); i++) {
                    coins.add(Coin.of(operation.scope(), key, range.first() + i, tokens.get(next++), State.READY, at));
                }
            }
            store(current, coins, operation, true, false);
            return coins.stream().map(Coin::held).toList();
        });
    }

    private void store(TokenState current, List<Coin> coins, Operation ended, boolean done, boolean unsigned)
            throws IOException {
        Instant at = clock.instant();
        List<LogLine> lines = new ArrayList<>();
        coins.stream()
                .filter(coin -> !current.knows(coin.serial()))
                .forEach(coin -> lines.add(TokenLines.coin(coin, at)));
        if (current.open().stream().anyMatch(open -> open.id().equals(ended.id()))) {
            lines.add(TokenLines.end(ended.id(), done, unsigned, at));
        }
        if (!lines.isEmpty()) {
            file.append(lines);
        }
    }

    /** Ends an operation of which the issuer did nothing: what a swap would have given is free again. */
    void abandon(Operation operation) throws IOException {
        end(operation, false);
    }

    /** The same where it is certain that none of its messages was signed, nor will be: its counters may be used again. */
    void abandonUnsigned(Operation operation) throws IOException {
        end(operation, true);
    }

    private void end(Operation operation, boolean unsigned) throws IOException {
        file.locked(current -> {
            store(current, List.of(), operation, false, unsigned);
            return operation;
        });
    }

    Collection<Operation> open() throws IOException {
        return file.locked(TokenState::open);
    }

    /**
     * Stores tokens that the issuer signed again. Nobody knows what became of them, so they count as seen by others. The next
     * counter is the one behind them: a gap would hide what comes after it from the next restore.
     */
    List<HeldToken> restored(TokenScope scope, PublishedKey key, Map<Long, BlindToken> found) throws IOException {
        return file.locked(current -> {
            Instant at = clock.instant();
            List<LogLine> lines = new ArrayList<>();
            addKey(lines, current, scope, key, at);
            List<Coin> coins = new ArrayList<>();
            found.forEach((counter, token) -> {
                if (!current.knows(token.serial())) {
                    coins.add(Coin.of(scope, key, counter, token, State.EXPOSED, at));
                }
            });
            coins.forEach(coin -> lines.add(TokenLines.coin(coin, at)));
            if (!lines.isEmpty()) {
                file.append(lines);
            }
            return coins.stream().map(Coin::held).toList();
        });
    }

    /**
     * Promises tokens for a price to a payment, without reserving them: whether there are any.
     *
     * @param whose which tokens may be chosen
     */
    boolean canPay(String owner, Whose whose, Predicate<Coin> usable, long price, int mostTokens) throws IOException {
        return file.locked(current -> {
            Optional<List<Coin>> chosen =
                    choice.exact(ready(current, usable.and(free(owner, whose))), price, mostTokens);
            chosen.ifPresent(coins -> promises.make(owner, coins, clock.instant()));
            return chosen.isPresent();
        });
    }

    /** Tokens that were promised to payments which may not need them any more. */
    enum Whose {
        /** Those that no other payment was promised. */
        NOBODYS,
        /** Those as well. */
        ANYBODYS
    }

    /** Whether a token may be chosen for a payment. */
    Predicate<Coin> free(String owner, Whose whose) {
        if (whose == Whose.ANYBODYS) {
            return coin -> true;
        }
        Set<TokenSerial> others = promises.toOthers(owner, clock.instant());
        return coin -> !others.contains(coin.serial());
    }

    /**
     * Reserves tokens for a payment, exactly the price. The same challenge gets the same tokens again.
     *
     * @param credential makes the credential of tokens, which is kept so that the payment can be given back
     * @return the tokens; empty if there are none that make up the price
     */
    Optional<List<BlindToken>> reserve(
            String owner,
            String challengeId,
            String recipient,
            Predicate<Coin> usable,
            long price,
            int mostTokens,
            Function<List<BlindToken>, String> credential)
            throws IOException {
        return file.locked(current -> {
            Claim claim = current.claim(owner);
            if (claim == null) {
                List<Coin> ready = ready(current, usable);
                Predicate<Coin> unpromised = free(owner, Whose.NOBODYS);
                Optional<List<Coin>> chosen = choice.exact(
                                ready.stream().filter(unpromised).toList(), price, mostTokens)
                        .or(() -> choice.exact(ready, price, mostTokens));
                if (chosen.isEmpty()) {
                    return Optional.empty();
                }
                String token68 =
                        credential.apply(chosen.get().stream().map(Coin::token).toList());
                claim = new Claim(
                        owner,
                        challengeId,
                        recipient,
                        chosen.get().stream().map(Coin::serial).toList(),
                        token68.length() > LONGEST_CREDENTIAL ? "" : token68);
                file.append(List.of(TokenLines.claim(claim, clock.instant())));
                promises.end(owner);
            }
            List<BlindToken> tokens = new ArrayList<>();
            for (TokenSerial serial : claim.serials()) {
                Coin coin = current.coin(serial);
                if (coin == null) {
                    throw new LogException("a reserved token is not in the file");
                }
                tokens.add(coin.token());
            }
            return Optional.of(tokens);
        });
    }

    private List<Coin> ready(TokenState current, Predicate<Coin> usable) {
        Instant now = clock.instant();
        return current.coins().stream()
                .filter(coin -> Choice.isSpendable(coin, now) && usable.test(coin))
                .toList();
    }

    /** The newest payments that were served. */
    Collection<Claim> paid() throws IOException {
        return file.locked(TokenState::paid);
    }

    /** The payments whose end the purse does not know yet. */
    Collection<Claim> claims() throws IOException {
        return file.locked(TokenState::claims);
    }

    /** Writes down what became of a payment's tokens; one that another process settled meanwhile stays as it is. */
    void settle(Claim claim, State became, Instant from) throws IOException {
        file.locked(current -> {
            if (current.claim(claim.owner()) != null) {
                file.append(List.of(TokenLines.settled(claim.owner(), became, from, clock.instant())));
            }
            return claim;
        });
    }

    /** Writes down what became of tokens that belong to no payment and no swap; others stay as they are. */
    void move(List<TokenSerial> serials, State became) throws IOException {
        file.locked(current -> {
            List<TokenSerial> free = serials.stream()
                    .filter(serial -> {
                        Coin coin = current.coin(serial);
                        return coin != null
                                && coin.state() != became
                                && (coin.state() == State.READY || coin.state() == State.EXPOSED);
                    })
                    .toList();
            if (!free.isEmpty()) {
                Instant at = clock.instant();
                file.append(List.of(TokenLines.moved(free, became, at, at)));
            }
            return free;
        });
    }

    /** Shows where the tokens are, and nothing of them. */
    @Override
    public String toString() {
        return "TokenPurse[" + file + "]";
    }
}
