package org.farthing.conformance.server;

import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.farthing.conformance.http.RawAnswer;
import org.farthing.conformance.http.Wire;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.BlindToken;
import org.jspecify.annotations.Nullable;

/** The server that is checked: where it is, which pages it has, how to pay. */
public final class Site {

    private final Map<PageName, Page> pages;
    private final Wire wire;
    private final Payer payer;
    private final Waiting waiting;
    private final @Nullable Payer second;
    private final @Nullable Origin walletService;
    private final @Nullable RemotePayee remotePayee;
    private final @Nullable BlindToken expiredToken;
    private final TokenPouch pouch = new TokenPouch();
    private final AtomicInteger payments = new AtomicInteger();
    private boolean tried;
    private Optional<String> noSale = Optional.empty();

    /**
     * A site that takes the receipt tokens of no wallet service the suite knows.
     *
     * @param pages its pages; {@code paid} is among them
     * @param wire the way to it
     * @param payer who pays
     * @param waiting the time
     * @throws IllegalArgumentException if there is no page {@code paid}
     */
    public Site(Map<PageName, Page> pages, Wire wire, Payer payer, Waiting waiting) {
        this(pages, wire, payer, waiting, null, null, null, null);
    }

    /**
     * A site.
     *
     * @param pages its pages; {@code paid} is among them
     * @param wire the way to it
     * @param payer who pays
     * @param waiting the time
     * @param second somebody else who can pay, or null
     * @param walletService the wallet service whose receipt tokens it takes, or null
     * @param remotePayee a payee with books of its own at the issuer of its blind tokens, or null
     * @param expiredToken a blind token for it whose time to be spent is over, or null
     * @throws IllegalArgumentException if there is no page {@code paid}
     */
    public Site(
            Map<PageName, Page> pages,
            Wire wire,
            Payer payer,
            Waiting waiting,
            @Nullable Payer second,
            @Nullable Origin walletService,
            @Nullable RemotePayee remotePayee,
            @Nullable BlindToken expiredToken) {
        if (!pages.containsKey(PageName.PAID)) {
            throw new IllegalArgumentException("a site needs the page \"paid\"");
        }
        this.pages = Map.copyOf(pages);
        this.wire = wire;
        this.payer = payer;
        this.waiting = waiting;
        this.second = second;
        this.walletService = walletService;
        this.remotePayee = remotePayee;
        this.expiredToken = expiredToken;
    }

    /** A page, if the site has it. */
    public Optional<Page> page(PageName name) {
        return Optional.ofNullable(pages.get(name));
    }

    /**
     * A page a case cannot do without.
     *
     * @throws NotApplicable if the site has none; it says what to put into the config
     */
    public Page need(PageName name) {
        return page(name)
                .orElseThrow(() -> new NotApplicable(
                        "the config names no \"" + name.word() + "\" page: add under \"pages\" " + name.what()));
    }

    /** The page every site has. */
    public Page paid() {
        return need(PageName.PAID);
    }

    /** The way to the site. */
    public Wire wire() {
        return wire;
    }

    /** The way to a page, which may be at another origin. */
    public Wire wire(Page page) {
        URI uri = page.uri();
        URI here = wire.origin();
        boolean same = here.getHost().equalsIgnoreCase(uri.getHost())
                && here.getPort() == uri.getPort()
                && here.getScheme().equalsIgnoreCase(uri.getScheme());
        return same ? wire : wire.to(uri);
    }

    /** Who pays. */
    public Payer payer() {
        return payer;
    }

    /**
     * Somebody else who can pay.
     *
     * @throws NotApplicable if there is nobody; it says what to put into the config
     */
    Payer second() {
        if (second == null) {
            throw new NotApplicable(
                    "needs a second payer: put \"secondWallet\", the file with the key of another wallet with money,"
                            + " under \"payment\" in the config");
        }
        return second;
    }

    /** The wallet service whose receipt tokens the site takes, if the config names one. */
    Optional<Origin> walletService() {
        return Optional.ofNullable(walletService);
    }

    /** Who pays for blind tokens. */
    Payer funds() {
        return payer instanceof TokenBuyer buyer ? buyer.wallet() : payer;
    }

    /** Blind tokens that were bought and not shown to anybody yet. */
    TokenPouch pouch() {
        return pouch;
    }

    /**
     * A payee with books of its own, to play at the issuer of the site's blind tokens.
     *
     * @throws NotApplicable if there is none; it says what to put into the config
     */
    RemotePayee remotePayee() {
        if (remotePayee == null) {
            throw new NotApplicable("needs a payee with books of its own that is registered at the issuer: put"
                    + " \"remotePayee\", its origin and the file with its private key, into the config");
        }
        return remotePayee;
    }

    /**
     * A blind token for the site that was not spent in its time.
     *
     * @throws NotApplicable if there is none; it says what to put into the config
     */
    BlindToken expiredToken() {
        if (expiredToken == null) {
            throw new NotApplicable(
                    "needs a token whose time to be spent is over: put \"expiredToken\", a file with one"
                            + " in base64url, into the config");
        }
        return expiredToken;
    }

    /** Pays an offer, and counts that. */
    Proof pay(Offer offer) {
        return pay(offer, payer);
    }

    /** Pays an offer in another way, and counts that. */
    Proof pay(Offer offer, Payer by) {
        Proof proof = by.pay(offer, this);
        payments.incrementAndGet();
        return proof;
    }

    /**
     * Why nothing can be bought, or empty if a valid payment gets the page {@code paid}; tried once. A case that sees a wrong payment
     * refused has seen nothing where the right one is refused, too.
     */
    synchronized Optional<String> noSale() {
        if (!tried && payer != Payer.NONE) {
            noSale = trialSale(visit(new Trace()));
            tried = true;
        }
        return noSale;
    }

    private Optional<String> trialSale(Visit visit) {
        try {
            Offer offer = visit.offer(paid());
            if (!payer.pays(offer)) {
                return Optional.empty();
            }
            RawAnswer answer = visit.present("a valid payment", paid(), visit.payAnyhow(offer));
            return answer.isSuccess() ? Optional.empty() : Optional.of(answer.brief() + Expect.problemOf(answer));
        } catch (NotAsExpected e) {
            return Optional.of(e.seen());
        } catch (NotApplicable e) {
            return Optional.of(e.why());
        }
    }

    /** How many payments were made out so far. */
    public int payments() {
        return payments.get();
    }

    /** What time it is. */
    public Instant now() {
        return waiting.now();
    }

    /** Returns when it is that time. */
    public void waitUntil(Instant time) {
        waiting.until(time);
    }

    /** A case's way to talk to it. */
    public Visit visit(Trace trace) {
        return new Visit(this, trace);
    }
}
