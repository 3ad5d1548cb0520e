package org.farthing.client.token;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.farthing.client.PaidResponse;
import org.farthing.client.PayingClient;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.client.testing.ImmediateTimer;
import org.farthing.client.testing.PatientKeys;
import org.farthing.client.testing.ScriptedServer;
import org.farthing.client.testing.SettableClock;
import org.farthing.client.testing.TestMint;
import org.farthing.client.testing.TestPayee;
import org.farthing.protocol.Amount;

/** A purse, a scripted mint that is a payee too, and a client that pays it with tokens. */
final class TokenFixture implements AutoCloseable {

    static final Amount BUNDLE = Amount.of(6300);

    final SettableClock clock = new SettableClock();
    final ImmediateTimer timer = new ImmediateTimer(clock);
    final ScriptedServer server = ScriptedServer.start();
    final TestPayee payee = new TestPayee(server.origin(), clock);
    final Purse purse;
    final TestMint mint;
    final TokenScope scope = new TokenScope(server.origin(), server.origin());
    PayingClient wallet;
    PayingClient client;
    BlindTokens tokens;

    TokenFixture(Path temp) throws IOException {
        this(temp, tokens -> tokens);
    }

    TokenFixture(Path temp, UnaryOperator<BlindTokens.Builder> change) throws IOException {
        Path directory = temp.resolve("purse");
        purse = Files.exists(directory) ? Purse.open(directory) : Purse.create(directory, new SecureRandom());
        mint = new TestMint(payee, purse.publicKey(server.origin()));
        server.script(mint.script());
        reopen(change);
    }

    /** What another process would see. */
    void reopen(UnaryOperator<BlindTokens.Builder> change) throws IOException {
        wallet = paying(policy());
        tokens = change.apply(BlindTokens.builder(purse, wallet)
                        .clock(clock)
                        .timer(timer)
                        .loopbackProfile())
                .build();
        client = PayingClient.builder(purse, policy())
                .clock(clock)
                .keyFetcher(PatientKeys.at(clock))
                .timer(timer)
                .loopbackProfile()
                .journal(wallet.journal())
                .preferMethod(tokens.method())
                .build();
    }

    PayingClient paying(SpendingPolicy policy) throws IOException {
        return PayingClient.builder(purse, policy)
                .clock(clock)
                .keyFetcher(PatientKeys.at(clock))
                .timer(timer)
                .loopbackProfile()
                .build();
    }

    static SpendingPolicy policy() {
        return SpendingPolicy.builder()
                .allowAnyOrigin()
                .perRequest("0.01usd")
                .perPeriod(Duration.ofDays(1), "0.02usd")
                .build();
    }

    List<HeldToken> buy() throws IOException {
        Purchase purchase = tokens.buy(scope, BUNDLE).join();
        if (purchase instanceof Purchase.Bought bought) {
            return bought.tokens();
        }
        throw new AssertionError(purchase.toString());
    }

    URI uri(String target) {
        return URI.create(server.origin().text() + target);
    }

    PaidResponse<String> get(String target) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(target)).build(), BodyHandlers.ofString());
    }

    /** What the tokens of a state are worth. */
    long worth(HeldToken.State state) throws IOException {
        return tokens.list().stream()
                .filter(token -> token.state() == state)
                .mapToLong(token -> token.value().baseUnits())
                .sum();
    }

    /** What all that is still money is worth. */
    long worth() throws IOException {
        return tokens.list().stream()
                .mapToLong(token -> token.value().baseUnits())
                .sum();
    }

    @Override
    public void close() throws IOException {
        server.close();
        awaitBackground();
    }

    /** What was bought ahead is looked at once more after it is stored: not in a folder that is being taken away. */
    private static void awaitBackground() {
        ThreadPoolExecutor threads = (ThreadPoolExecutor) Background.THREADS;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (threads.getActiveCount() > 0 || !threads.getQueue().isEmpty()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("something does not end in the background");
            }
            Thread.onSpinWait();
        }
    }
}
