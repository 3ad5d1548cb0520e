package org.farthing.client;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.client.testing.ImmediateTimer;
import org.farthing.client.testing.PatientKeys;
import org.farthing.client.testing.SettableClock;

/**
 * A process that pays: {@code purse step url…}. It fetches each URL and prints everything a program could print about it; at
 * the named step it says so and stops until it is killed.
 */
final class PayingProcess {

    private PayingProcess() {}

    public static void main(String[] arguments) throws Exception {
        String stop = arguments[1];
        Purse purse = Purse.open(Path.of(arguments[0]));
        SettableClock clock = new SettableClock();
        PayingClient client = PayingClient.builder(purse, policy())
                .clock(clock)
                .keyFetcher(PatientKeys.at(clock))
                .timer(new ImmediateTimer(clock))
                .loopbackProfile()
                .listener(event -> {
                    if (event.getClass().getSimpleName().equals(stop)) {
                        System.out.println("reached");
                        awaitTheEnd();
                    }
                    System.out.println(event);
                })
                .build();
        for (String url : Arrays.asList(arguments).subList(2, arguments.length)) {
            PaidResponse<String> answer =
                    client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
            System.out.println(answer + " " + answer.response() + " "
                    + answer.response().map(r -> r.request().headers()));
        }
        System.out.println(client + " " + purse + " " + client.journal().entries());
        System.out.println("done");
    }

    static SpendingPolicy policy() {
        return SpendingPolicy.builder()
                .allowAnyOrigin()
                .perRequest("0.01usd")
                .perPeriod(Duration.ofDays(1), "0.1usd")
                .build();
    }

    private static void awaitTheEnd() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("killed, not interrupted", e);
        }
    }
}
