package org.farthing.client.jetty;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.farthing.client.PayingClient;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.client.testing.ImmediateTimer;
import org.farthing.client.testing.PatientKeys;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.ScriptedServer;
import org.farthing.client.testing.SettableClock;
import org.farthing.client.testing.TestPayee;
import org.farthing.protocol.signature.VerificationKey;

/** A purse, a scripted payee on loopback, and a Jetty client between them that pays. */
final class JettyFixture {

    final SettableClock clock = new SettableClock();
    final ImmediateTimer timer = new ImmediateTimer(clock);
    final ScriptedServer server;
    final TestPayee payee;
    final Purse purse;
    final HttpClient http = new HttpClient();
    final JettyPayer payer;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    JettyFixture(Path temp, UnaryOperator<PayingClient.Builder> change) throws Exception {
        this(temp, "1usd", change);
    }

    JettyFixture(Path temp, String total, UnaryOperator<PayingClient.Builder> change) throws Exception {
        server = ScriptedServer.start();
        payee = new TestPayee(server.origin(), clock);
        purse = Purse.create(temp.resolve("purse"), new SecureRandom());
        SpendingPolicy policy = SpendingPolicy.builder()
                .allowOrigin(server.origin().text())
                .perRequest("0.01usd")
                .total(total)
                .build();
        http.start();
        payer = JettyPayer.install(
                http,
                change.apply(PayingClient.builder(purse, policy)
                        .clock(clock)
                        .keyFetcher(PatientKeys.at(clock))
                        .timer(timer)
                        .executor(threads)
                        .loopbackProfile()));
        server.script(payee.honest(key()));
    }

    VerificationKey key() {
        return purse.publicKey(server.origin());
    }

    Request request(String target) {
        return http.newRequest(server.origin().text() + target);
    }

    PaymentOutcome outcome(Request request) throws Exception {
        return payer.outcome(request).get(60, TimeUnit.SECONDS);
    }

    /** The requests with a credential. */
    List<Received> paid() {
        return server.received().stream()
                .filter(request -> request.credential().isPresent())
                .toList();
    }

    JournalEntry onlyPayment() throws IOException {
        List<JournalEntry> entries = payer.journal().entries();
        if (entries.size() != 1) {
            throw new AssertionError("one payment expected: " + entries);
        }
        return entries.get(0);
    }

    void close() throws Exception {
        http.stop();
        server.close();
        // What a payment still writes belongs to the test that made it.
        threads.shutdown();
        if (!threads.awaitTermination(60, TimeUnit.SECONDS)) {
            throw new AssertionError("a payment does not end");
        }
    }
}
