package org.farthing.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.client.testing.ImmediateTimer;
import org.farthing.client.testing.PatientKeys;
import org.farthing.client.testing.ScriptedServer;
import org.farthing.client.testing.SettableClock;
import org.farthing.client.testing.TestPayee;
import org.farthing.protocol.signature.VerificationKey;

/** A purse, a scripted payee on loopback, and a client between them. */
final class Fixture implements AutoCloseable {

    final SettableClock clock = new SettableClock();
    final ImmediateTimer timer = new ImmediateTimer(clock);
    final ScriptedServer server;
    final TestPayee payee;
    final Purse purse;
    final PayingClient client;

    Fixture(Path temp) throws IOException {
        this(temp, policy -> policy, builder -> builder);
    }

    Fixture(Path temp, UnaryOperator<SpendingPolicy.Builder> policy, UnaryOperator<PayingClient.Builder> change)
            throws IOException {
        this(temp, policy, change, false, true);
    }

    /** With a switch for unsigned challenges of the server, and the loopback profile on. */
    Fixture(
            Path temp,
            UnaryOperator<SpendingPolicy.Builder> policy,
            UnaryOperator<PayingClient.Builder> change,
            boolean unsigned)
            throws IOException {
        this(temp, policy, change, unsigned, true);
    }

    Fixture(
            Path temp,
            UnaryOperator<SpendingPolicy.Builder> policy,
            UnaryOperator<PayingClient.Builder> change,
            boolean unsigned,
            boolean loopback)
            throws IOException {
        server = ScriptedServer.start();
        payee = new TestPayee(server.origin(), clock);
        Path directory = temp.resolve("purse");
        purse = Files.exists(directory) ? Purse.open(directory) : Purse.create(directory, new SecureRandom());
        SpendingPolicy.Builder limits = SpendingPolicy.builder()
                .allowOrigin(server.origin().text())
                .perRequest("0.01usd")
                .perPeriod(Duration.ofHours(1), "0.02usd")
                .total("1usd");
        if (unsigned) {
            limits.allowUnsigned(server.origin().text());
        }
        PayingClient.Builder builder = PayingClient.builder(
                        purse, policy.apply(limits).build())
                .clock(clock)
                .keyFetcher(PatientKeys.at(clock))
                .timer(timer);
        client = change.apply(loopback ? builder.loopbackProfile() : builder).build();
        server.script(payee.honest(payer()));
    }

    VerificationKey payer() {
        return purse.publicKey(server.origin());
    }

    URI uri(String target) {
        return URI.create(server.origin().text() + target);
    }

    PaidResponse<String> get(String target) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(target)).build());
    }

    PaidResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, BodyHandlers.ofString());
    }

    JournalEntry onlyPayment() throws IOException {
        if (client.journal().entries().size() != 1) {
            throw new AssertionError("one payment expected: " + client.journal().entries());
        }
        return client.journal().entries().get(0);
    }

    /** What the journal of the loopback profile counts as spent, in millionths of a dollar. */
    long spent() throws IOException {
        return client.journal().entries().stream()
                .filter(JournalEntry::counted)
                .mapToLong(entry -> entry.proposal().amount().baseUnits())
                .sum();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
