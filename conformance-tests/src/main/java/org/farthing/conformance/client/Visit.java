package org.farthing.conformance.client;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.NotAsExpected;
import org.jspecify.annotations.Nullable;

/**
 * One run of the command: what came to the payees, what they answered, and how the command ended. Scripts use it while it lasts,
 * cases judge it afterwards. Safe for several threads.
 */
final class Visit {

    /** A request and its answer. */
    record Seen(Received request, Reply reply) {}

    private final Function<String, Payee> payees;
    private final BooleanSupplier pays;
    private final InstantSource clock;
    private final String prefix;
    private final List<Seen> seen = new ArrayList<>();
    private final List<Issued> issued = new ArrayList<>();
    private final List<Presented> credentials = new ArrayList<>();
    private @Nullable Ran ran;
    private @Nullable RuntimeException thrown;

    /**
     * Begins a visit.
     *
     * @param payees the payee of an origin
     * @param pays whether the command pays a good offer at all
     * @param clock the time
     * @param prefix what the paths of its pages begin with
     */
    Visit(Function<String, Payee> payees, BooleanSupplier pays, InstantSource clock, String prefix) {
        this.payees = payees;
        this.pays = pays;
        this.clock = clock;
        this.prefix = prefix;
    }

    // While it lasts
    // -----------------------------------------------------------------------------------------------------------

    /** Whether a request is for one of its pages. */
    boolean isFor(Received request) {
        return request.path().startsWith(prefix);
    }

    /** The path of one of its pages. */
    String path(String page) {
        return prefix + page;
    }

    Instant now() {
        return clock.instant();
    }

    /** Whose origin a request came to. */
    Payee payee(Received request) {
        return payees.apply(request.origin());
    }

    /** Answers a request by a script, and takes both down. */
    Reply answer(Received request, Script script) {
        synchronized (this) {
            for (Field line : request.credentialLines()) {
                credentials.add(Presented.read(request, line, this::challenge));
            }
        }
        Reply reply = reply(request, script);
        synchronized (this) {
            seen.add(new Seen(request, reply));
        }
        return reply;
    }

    /** A script may find that what came is not as expected, or fail; the case hears of it when the command has ended. */
    private Reply reply(Received request, Script script) {
        try {
            return isFor(request) ? script.answer(request, this) : script.beside(request, this);
        } catch (RuntimeException e) {
            synchronized (this) {
                thrown = thrown == null ? e : thrown;
            }
            return Till.refuse("That was not expected here.");
        }
    }

    /** Throws what a script threw. */
    void rethrow() {
        RuntimeException first;
        synchronized (this) {
            first = thrown;
        }
        if (first != null) {
            throw first;
        }
    }

    /** Makes a challenge for a request. */
    Issued issue(Received request, Offer offer) {
        Issued challenge = offer.issue(payee(request), request, now());
        synchronized (this) {
            issued.add(challenge);
        }
        return challenge;
    }

    /** The 402 with these offers. */
    Reply demand(Received request, List<Offer> offers) {
        return Till.demand(offers.stream().map(offer -> issue(request, offer)).toList());
    }

    /** The 402 with one offer. */
    Reply demand(Received request, Offer offer) {
        return demand(request, List.of(offer));
    }

    /** The content, if the first credential of a request is good; otherwise a refusal that asks for nothing. */
    Reply serve(Received request) {
        Presented credential = presented(request);
        Payee payee = payee(request);
        return Proof.fault(credential, payee).map(Till::refuse).orElseGet(() -> Till.content(credential, payee, now()));
    }

    /** The first credential of a request that has one. */
    Presented presented(Received request) {
        return Presented.read(request, request.credentialLines().get(0), this::challenge);
    }

    private synchronized Optional<Issued> challenge(String id) {
        return issued.stream().filter(one -> id.equals(one.parameter("id"))).findFirst();
    }

    /** Ends it. */
    synchronized void ended(Ran how) {
        ran = how;
    }

    // Afterwards
    // ---------------------------------------------------------------------------------------------------------------

    /** Everything that came, in order. */
    synchronized List<Seen> seen() {
        return List.copyOf(seen);
    }

    /** The requests for its pages, in order. */
    List<Received> requests() {
        return seen().stream().map(Seen::request).filter(this::isFor).toList();
    }

    /** The requests for its pages that came to one payee. */
    List<Received> requests(Payee payee) {
        return requests().stream()
                .filter(request -> request.origin().equals(payee.origin()))
                .toList();
    }

    /** Every credential that came, wherever it stood. */
    synchronized List<Presented> credentials() {
        return List.copyOf(credentials);
    }

    /** Every challenge that was sent, in order. */
    synchronized List<Issued> issued() {
        return List.copyOf(issued);
    }

    /** How the command ended. */
    synchronized Ran ran() {
        if (ran == null) {
            throw new IllegalStateException("the command is still running");
        }
        return ran;
    }

    /** The first credential; fails if none came. */
    Presented paid() {
        List<Presented> all = credentials();
        if (all.isEmpty()) {
            throw new NotAsExpected("a request with a credential", "no credential came; " + story());
        }
        return all.get(0);
    }

    /** The only credential; fails if none or another one came. The same bytes again are the same credential. */
    Presented paidOnce() {
        Presented first = paid();
        long different = credentials().stream().map(Presented::token).distinct().count();
        NotAsExpected.unless(different == 1, "one credential", different + " different ones came; " + story());
        return first;
    }

    /** The only credential, with a proof that nothing is known against. */
    Presented paidWell() {
        Presented credential = paidOnce();
        Optional<String> fault = Proof.fault(credential, payee(credential.request()));
        NotAsExpected.unless(fault.isEmpty(), "a credential whose proof holds", fault.orElse(""));
        return credential;
    }

    /**
     * Fails if any credential came. What a command that never pays leaves unpaid says nothing, so such a one passes nothing.
     *
     * @param because why none should have come, as in {@code the challenge has no id}
     */
    void notPaid(String because) {
        List<Presented> all = credentials();
        if (!all.isEmpty()) {
            throw new NotAsExpected(
                    "no credential, because " + because,
                    all.size() + " came, the first with " + all.get(0).request() + " in "
                            + all.get(0).field());
        }
        if (!pays.getAsBoolean()) {
            throw new NotApplicable(
                    "The command does not pay a good offer either (see C8-credential-shape), so that it left this"
                            + " one unpaid shows nothing. Give it a key, a wallet and limits that allow the good offer.");
        }
    }

    /** What happened, in a line. */
    String story() {
        int came = requests().size();
        return (came == 0 ? "no request came" : came == 1 ? "one request came" : came + " requests came") + "; "
                + ran().ending();
    }
}
