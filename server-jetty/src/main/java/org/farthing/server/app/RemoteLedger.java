package org.farthing.server.app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.TopUp;

/**
 * The ledger of a running server, through its top-up route (specification: wallets.md, F-WA-25 and F-WA-26). The bearer goes
 * to an https origin or a loopback literal only, never after a redirect, and never into a message.
 */
final class RemoteLedger {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Origin origin;
    private final String bearer;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    RemoteLedger(String url, String bearer) {
        try {
            origin = Origin.parse(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
        } catch (MalformedException e) {
            throw new CommandFailedException(
                    "--url is an origin such as https://shop.example or http://127.0.0.1:8402.", e);
        }
        if (!origin.isHttps() && !origin.isLoopback()) {
            throw new CommandFailedException("The administrator's bearer is not sent over plain http to "
                    + origin.text() + ". Use https, or run this on the server and use http://127.0.0.1:PORT.");
        }
        this.bearer = bearer;
    }

    Account topUp(TopUp order) throws IOException {
        String body = CanonicalJson.write(Map.of(
                "amount", Amount.of(order.amount()).format(),
                "currency", order.currency(),
                "idempotencyKey", order.idempotencyKey()));
        HttpRequest request = HttpRequest.newBuilder(route(order.wallet()))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + bearer)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = send(request, order.idempotencyKey());
        if (answer.statusCode() != 200 && answer.statusCode() != 201) {
            throw refused(answer);
        }
        try {
            Members members =
                    new Members(StrictJson.parseObject(answer.body(), "answer", StrictJson.Limits.BODY), "answer");
            Members account = new Members(members.object("account"), "answer.account");
            return new Account(
                    account.text("currency"),
                    Amount.parse(account.text("available"), "answer.account.available")
                            .baseUnits(),
                    Amount.parse(account.text("held"), "answer.account.held").baseUnits());
        } catch (MalformedException e) {
            throw new CommandFailedException("The server answered something else than an account.", e);
        }
    }

    private URI route(String wallet) {
        if (!wallet.matches("w_[A-Za-z0-9_-]{22}")) {
            throw new CommandFailedException(wallet + " is no wallet id: w_ and 22 characters.");
        }
        return URI.create(origin.text() + "/v1/wallets/" + wallet + "/topups");
    }

    private HttpResponse<String> send(HttpRequest request, String key) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new CommandFailedException(
                    "No answer from " + origin.text()
                            + ", so the top-up may have happened. Repeat it with --idempotency-key " + key
                            + " and it happens once.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("Interrupted. Repeat with --idempotency-key " + key + ".", e);
        }
    }

    private static CommandFailedException refused(HttpResponse<String> answer) {
        try {
            Problem problem = Problem.parse(answer.body());
            return new CommandFailedException("The server refused: " + problem.detail() + " ("
                    + problem.type().code() + ", status " + answer.statusCode() + ")");
        } catch (MalformedException e) {
            return new CommandFailedException("The server answered with status " + answer.statusCode() + ".", e);
        }
    }
}
