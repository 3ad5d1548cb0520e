package org.farthing.conformance.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ServerSocketFactory;
import org.farthing.conformance.suite.NotApplicable;
import org.farthing.conformance.suite.Trace;
import org.farthing.protocol.token.TokenSecretKey;
import org.jspecify.annotations.Nullable;

/**
 * The subject of the client suite: payees on this machine and a command that visits them, one visit at a time. Not safe for
 * several threads; the payees are, by themselves.
 */
public final class ClientLab implements AutoCloseable {

    private static final String LOOPBACK = "127.0.0.1";
    /** How often it is tried whether the command pays. */
    private static final int MOST_TRIALS = 3;

    private final Method method;
    private final Runner runner;
    private final InstantSource clock;
    private final Duration patience;
    private final ServerSocketFactory sockets;
    private final Map<String, Payee> payees = new ConcurrentHashMap<>();
    private final List<ScriptedServer> servers = new ArrayList<>();
    private final Payee home;
    private final Budgets budgets = new Budgets();
    private @Nullable Payee elsewhere;
    private @Nullable Payee plain;
    private @Nullable String plainHost;
    private boolean pays;
    private int trials;
    private TokenKeySource tokenKeySource = TokenKeySource::made;
    private List<TokenSecretKey> tokenKeys = List.of();
    private int visits;
    private volatile @Nullable Running running;

    /** The visit that goes on. */
    private record Running(Visit visit, Script script) {}

    private ClientLab(
            Method method, Runner runner, InstantSource clock, Duration patience, ServerSocketFactory sockets, int port)
            throws IOException {
        this.method = method;
        this.runner = runner;
        this.clock = clock;
        this.patience = patience;
        this.sockets = sockets;
        this.home = open(sockets, LOOPBACK, port);
    }

    /**
     * Opens a lab at a loopback address.
     *
     * @param method how to be paid
     * @param runner who is checked
     * @param clock the time that challenges are made by
     * @param patience how long one visit may take
     * @param port the usual payee's port, or 0 for any
     */
    static ClientLab open(Method method, Runner runner, InstantSource clock, Duration patience, int port)
            throws IOException {
        return open(method, runner, clock, patience, ServerSocketFactory.getDefault(), port);
    }

    /**
     * Opens a lab whose payees speak what some sockets speak.
     *
     * @param method how to be paid
     * @param runner who is checked
     * @param clock the time that challenges are made by
     * @param patience how long one visit may take
     * @param sockets plain, or TLS with a certificate for 127.0.0.1
     * @param port the usual payee's port, or 0 for any
     */
    static ClientLab open(
            Method method, Runner runner, InstantSource clock, Duration patience, ServerSocketFactory sockets, int port)
            throws IOException {
        return new ClientLab(method, runner, clock, patience, sockets, port);
    }

    private Payee open(ServerSocketFactory factory, String host, int port) throws IOException {
        ScriptedServer server = ScriptedServer.start(factory, host, port, this::answer);
        servers.add(server);
        Payee payee = new Payee(server.origin());
        payees.put(server.origin(), payee);
        return payee;
    }

    private Reply answer(Received request) {
        Running now = running;
        return now == null || !(now.visit().isFor(request) || !request.path().startsWith("/visit-"))
                ? Reply.status(404)
                : now.visit().answer(request, now.script());
    }

    /** How it wants to be paid. */
    Method method() {
        return method;
    }

    /** The time. */
    InstantSource clock() {
        return clock;
    }

    /** What was spent by the command that keeps a budget. */
    Budgets budgets() {
        return budgets;
    }

    /** An offer with nothing wrong about it. */
    Offer offer() {
        return Offer.good(method);
    }

    /** The payee that visits go to. */
    Payee home() {
        return home;
    }

    /** Another origin on this machine: the same address, another port. */
    Payee elsewhere() throws IOException {
        if (elsewhere == null) {
            elsewhere = open(sockets, LOOPBACK, 0);
        }
        return elsewhere;
    }

    /** A payee the command has never seen. */
    Payee stranger() throws IOException {
        return open(sockets, LOOPBACK, 0);
    }

    /** An issuer of blind tokens the command has never seen, which takes them, too. */
    Mint mint() throws IOException {
        if (tokenKeys.isEmpty()) {
            tokenKeys = List.copyOf(tokenKeySource.keys(Mint.VALUES.size()));
        }
        return new Mint(stranger(), tokenKeys, clock.instant());
    }

    /** Lets the issuers have keys that somebody has made already. */
    ClientLab withTokenKeys(TokenKeySource source) {
        tokenKeySource = source;
        return this;
    }

    /** A payee with TLS and a certificate that nobody vouches for. */
    Payee impostor() throws IOException {
        InetAddress address = InetAddress.getLoopbackAddress();
        return open(LabCertificate.make(address, clock.instant()).sockets(), LOOPBACK, 0);
    }

    /**
     * Names a host of this machine that is not a loopback address. Without one nothing listens outside of loopback, and the cases
     * about plain http are not checked.
     */
    ClientLab plainAt(@Nullable String host) {
        plainHost = host;
        return this;
    }

    /** A payee with plain http at a host that does not look like loopback, so that anybody might listen in. */
    Payee plain() throws IOException {
        if (plain == null) {
            if (plainHost == null) {
                throw new NotApplicable(
                        "This needs an address of this machine that is not loopback, where the suite listens while"
                                + " it runs: say --plain-host ADDRESS.");
            }
            plain = open(ServerSocketFactory.getDefault(), plainHost, 0);
        }
        return plain;
    }

    /** Demands that the suite was told a command of a kind. */
    void need(String kind) {
        if (!runner.knows(kind)) {
            throw new NotApplicable("The config names no command \"" + kind + "\". Say how your client does it, such as"
                    + " {\"commands\":{\"" + kind + "\":[\"my-client\",\"--option\",\"{url}\"]}}.");
        }
    }

    /** Demands the method whose every byte the suite knows. */
    void needWallet(String why) {
        if (!method.isWallet()) {
            throw new NotApplicable("This is about method wallet, intent charge: " + why);
        }
    }

    /** Sends the command to fetch a page from the usual payee. */
    Visit visit(Trace trace, String what, Script script) throws IOException, InterruptedException {
        return visit(trace, Plan.get(what, script));
    }

    /** Sends the command on a visit and takes everything down. */
    Visit visit(Trace trace, Plan plan) throws IOException, InterruptedException {
        need(plan.kind());
        visits++;
        Visit visit = new Visit(this::payee, this::pays, clock, "/visit-" + visits + "/");
        Payee at = plan.at() == null ? home : plan.at();
        running = new Running(visit, plan.script());
        try {
            // An issuer is named by its origin; everything else is a page of the visit.
            boolean issuer = plan.kind().equals(Errand.BUY);
            URI url = URI.create(issuer ? at.origin() : at.origin() + visit.path(plan.page()));
            visit.ended(runner.run(new Errand(plan.kind(), url, plan.bytes(), patience)));
        } finally {
            running = null;
        }
        pays |= plan.kind().equals(Errand.GET) && !visit.credentials().isEmpty();
        new Evidence(trace, runner).add(plan.what(), visit);
        visit.rethrow();
        return visit;
    }

    private Payee payee(String origin) {
        Payee payee = payees.get(origin);
        if (payee == null) {
            throw new IllegalArgumentException("no payee of this lab: " + origin);
        }
        return payee;
    }

    /**
     * Whether the command pays at all: it did before, or does so now. One that did not is tried again where the next case asks,
     * and then no more: a machine that was busy for a moment is no reason to check nothing.
     */
    private boolean pays() {
        if (!pays && trials < MOST_TRIALS) {
            trials++;
            try {
                visit(new Trace(), "a good offer", Script.shop(offer()));
            } catch (IOException e) {
                // It did not pay.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return pays;
    }

    @Override
    public void close() throws IOException {
        for (ScriptedServer server : servers) {
            server.close();
        }
    }
}
