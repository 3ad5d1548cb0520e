package org.farthing.server.drill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.WalletId;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.ledger.WalletRegistration;

/** Somebody with a wallet who sends raw requests, each on a connection of its own, so that nothing is sent twice unasked. */
final class Buyer {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final SigningKey key = SigningKey.generate(Algorithm.ED25519, null, RANDOM);
    private final String wallet = WalletId.of(key.publicKey());
    private final Origin origin;

    Buyer(Origin origin) {
        this.origin = origin;
    }

    String wallet() {
        return wallet;
    }

    void open(Ledger ledger, long funds) {
        WalletKey first =
                new WalletKey(key.publicKey().thumbprint(), key.publicKey().toString());
        TwoBooks.await(ledger.register(new WalletRegistration(wallet, first)));
        TwoBooks.await(ledger.topUp(new TopUp(wallet, TwoBooks.USD, funds, "start")));
    }

    /** Asks for the price and signs: the credential is sent by whoever gets it, as often as wanted. */
    String pay(int port, String method, String path) {
        HttpTester.Response answer = send(port, method, path, "");
        try {
            Challenge challenge = Challenge.parse(answer.get("WWW-Authenticate"));
            Amount amount = challenge.paymentRequest().amount();
            PaymentOrder order = PaymentOrder.sign(key, challenge, origin, amount, wallet);
            return Credential.of(challenge, null, Map.copyOf(order.toPayload())).format();
        } catch (MalformedException e) {
            throw new AssertionError(answer.toString(), e);
        }
    }

    /** Sends and reads the answer. */
    HttpTester.Response send(int port, String method, String path, String credential) {
        try (Socket socket = connect(port)) {
            return exchange(socket, method, path, credential);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends now; the answer comes later, or never. */
    CompletableFuture<HttpTester.Response> start(
            Executor threads, int port, String method, String path, String credential) {
        return CompletableFuture.supplyAsync(() -> send(port, method, path, credential), threads);
    }

    Socket connect(int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    HttpTester.Response exchange(Socket socket, String method, String path, String credential) throws IOException {
        String text = method + " " + path + " HTTP/1.1\r\nHost: " + origin.realm() + "\r\nConnection: close\r\n"
                + (method.equals("POST") ? "Content-Length: 0\r\n" : "")
                + (credential.isEmpty() ? "" : "Authorization: " + credential + "\r\n") + "\r\n";
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        HttpTester.Response answer = HttpTester.parseResponse(HttpTester.from(socket.getInputStream()));
        if (answer == null) {
            throw new IOException("the connection ended without an answer");
        }
        return answer;
    }

    /** Sends the same bytes until what became of the money is known. */
    HttpTester.Response resend(int port, String method, String path, String credential) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        HttpTester.Response answer = send(port, method, path, credential);
        while (outcome(answer).equals("pending")) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it stays " + answer + "\n" + answer.getContent());
            }
            rest();
            answer = send(port, method, path, credential);
        }
        return answer;
    }

    /** Leaves the processor to those who are waited for. */
    static void rest() {
        CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS))
                .join();
    }

    /** What an answer says about the money: captured, released, refused or pending. */
    static String outcome(HttpTester.Response answer) {
        String field = answer.get("Payment-Outcome");
        return field == null ? "nothing" : field.substring(0, field.indexOf(';'));
    }
}
