package org.farthing.client.token;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.farthing.client.PayingClient;
import org.farthing.client.purse.Purse;
import org.farthing.client.testing.ImmediateTimer;
import org.farthing.client.testing.PatientKeys;
import org.farthing.client.testing.SettableClock;
import org.farthing.protocol.binding.Origin;

/**
 * A process with tokens: {@code purse time origin step action}. It buys, swaps or pays; at the named step it says so and stops
 * until it is killed.
 */
final class TokenProcess {

    private final String stop;

    private TokenProcess(String stop) {
        this.stop = stop;
    }

    public static void main(String[] arguments) throws Exception {
        Origin origin = new Origin(arguments[2]);
        new TokenProcess(arguments[3]).run(Purse.open(Path.of(arguments[0])), arguments, origin);
    }

    private void run(Purse purse, String[] arguments, Origin origin) throws Exception {
        SettableClock clock = new SettableClock();
        clock.set(Instant.parse(arguments[1]));
        PayingClient wallet = client(purse, clock).build();
        BlindTokens tokens = BlindTokens.builder(purse, wallet)
                .clock(clock)
                .loopbackProfile()
                .listener(event -> at(event.step().name()))
                .build();
        TokenScope scope = new TokenScope(origin, origin);
        switch (arguments[4]) {
            case "buy" ->
                System.out.println(tokens.buy(scope, TokenFixture.BUNDLE).join());
            case "swap" -> System.out.println(tokens.swap(scope).join());
            case "recall" -> System.out.println(tokens.recall(scope).join());
            default ->
                System.out.println(client(purse, clock)
                        .journal(wallet.journal())
                        .preferMethod(tokens.method())
                        .build()
                        .send(
                                HttpRequest.newBuilder(URI.create(origin.text() + "/page"))
                                        .build(),
                                BodyHandlers.ofString())
                        .outcome());
        }
        System.out.println("done");
    }

    private PayingClient.Builder client(Purse purse, SettableClock clock) {
        return PayingClient.builder(purse, TokenFixture.policy())
                .clock(clock)
                .keyFetcher(PatientKeys.at(clock))
                .timer(new ImmediateTimer(clock))
                .loopbackProfile()
                .listener(event -> at(event.getClass().getSimpleName()));
    }

    private void at(String step) {
        if (!step.equals(stop)) {
            return;
        }
        System.out.println("reached");
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("killed, not interrupted", e);
        }
    }
}
