package org.farthing.server.mint;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.Bundle;
import org.farthing.protocol.token.Denominations;
import org.farthing.protocol.token.TokenSecretKey;
import org.farthing.server.ledger.Ledger;

/** Collects what a mint needs. For one thread. */
public final class MintBuilder {

    private static final List<Integer> USUAL_BUNDLES = List.of(2, 5, 10);

    private final Origin issuer;
    private final Ledger ledger;
    private final MintKeys keys;
    private final CurrencyId currency;
    private final Denominations denominations;
    private final List<Bundle> bundles = new ArrayList<>();
    private final Set<Origin> sharing = new HashSet<>();
    private KeyLife life = KeyLife.DEFAULT;
    private boolean rotates = true;
    private boolean anyPayee;
    private InstantSource clock = InstantSource.system();
    private Supplier<TokenSecretKey> maker = maker(new SecureRandom());
    private Consumer<MintAlarm> alarm = ignored -> {};

    MintBuilder(Origin issuer, Ledger ledger, MintKeys keys, CurrencyId currency, Denominations denominations) {
        this.issuer = issuer;
        this.ledger = ledger;
        this.keys = keys;
        this.currency = currency;
        this.denominations = denominations;
    }

    private static Supplier<TokenSecretKey> maker(SecureRandom random) {
        return () -> TokenSecretKey.generate(random);
    }

    /**
     * Sells a bundle; may be repeated. Without one, 2, 5 and 10 tokens of each value are sold.
     *
     * @param tokens how many of each value
     * @return this
     * @throws IllegalArgumentException if a value is none of the denominations, or there are no tokens or more than 256
     */
    public MintBuilder bundle(Map<Long, Integer> tokens) {
        if (!denominations.values().containsAll(tokens.keySet())) {
            throw new IllegalArgumentException("A bundle has tokens of these values: " + denominations.text() + ".");
        }
        bundles.add(Bundle.of(tokens));
        return this;
    }

    /**
     * Says that a payee keeps its books in this ledger, so that the mint has authority over its tokens at any time; may be
     * repeated. A payee with a ledger of its own MUST NOT be named: its customers could spend tokens there and change them here.
     *
     * @param payee the payee's origin
     * @return this
     */
    public MintBuilder sharing(Origin payee) {
        sharing.add(payee);
        return this;
    }

    /**
     * Changes tokens that name no payee, too; all payees that take such tokens keep their books in this ledger (T57).
     *
     * @return this
     */
    public MintBuilder anyPayee() {
        anyPayee = true;
        return this;
    }

    /**
     * Sets the deadlines of the keys it makes.
     *
     * @param deadlines the deadlines; those of {@link KeyLife#DEFAULT} if nothing is said
     * @return this
     */
    public MintBuilder life(KeyLife deadlines) {
        life = deadlines;
        return this;
    }

    /**
     * Makes no keys: for every server but one where several have copies of the folder.
     *
     * @return this
     */
    public MintBuilder withoutRotation() {
        rotates = false;
        return this;
    }

    /**
     * Sets the time.
     *
     * @param source the clock
     * @return this
     */
    public MintBuilder clock(InstantSource source) {
        clock = source;
        return this;
    }

    /**
     * Sets where new keys get their randomness from.
     *
     * @param random the source
     * @return this
     */
    public MintBuilder random(SecureRandom random) {
        maker = maker(random);
        return this;
    }

    /** Sets what makes keys, for tests: making one takes a large part of a second. */
    MintBuilder maker(Supplier<TokenSecretKey> other) {
        maker = other;
        return this;
    }

    /**
     * Sets who hears what the operator must know, beside the log.
     *
     * @param listener called on a thread of the mint; must not block
     * @return this
     */
    public MintBuilder alarm(Consumer<MintAlarm> listener) {
        alarm = listener;
        return this;
    }

    /**
     * Builds the mint.
     *
     * @return the mint, not started
     */
    public Mint build() {
        return new Mint(new Setup(
                issuer,
                ledger,
                keys,
                currency,
                denominations,
                List.copyOf(bundles.isEmpty() ? usual() : bundles),
                life,
                rotates,
                Set.copyOf(sharing),
                anyPayee,
                clock,
                maker,
                alarm));
    }

    private List<Bundle> usual() {
        List<Bundle> usual = new ArrayList<>();
        for (int each : USUAL_BUNDLES) {
            if (each * denominations.values().size() <= Denominations.MAX_TOKENS) {
                Map<Long, Integer> tokens = new TreeMap<>();
                denominations.values().forEach(value -> tokens.put(value, each));
                usual.add(Bundle.of(tokens));
            }
        }
        return usual;
    }
}
