package org.farthing.server.drill;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
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
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PurchaseBody;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenPayload;
import org.farthing.protocol.token.TokenResponses;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.WalletId;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.ledger.WalletRegistration;
import org.farthing.server.mint.TestMint;

/** Somebody with a wallet at a mint who buys, swaps and spends in raw requests, so that nothing is sent twice unasked. */
final class TokenBuyer {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final SigningKey key = SigningKey.generate(Algorithm.ED25519, null, RANDOM);
    private final String wallet = WalletId.of(key.publicKey());
    private final Origin mint;
    private final Origin payee;
    private final Executor threads;

    TokenBuyer(Origin mint, Origin payee, Executor threads) {
        this.mint = mint;
        this.payee = payee;
        this.threads = threads;
    }

    String wallet() {
        return wallet;
    }

    void open(Ledger ledger, long funds) {
        WalletKey first =
                new WalletKey(key.publicKey().thumbprint(), key.publicKey().toString());
        TwoBooks.await(ledger.register(new WalletRegistration(wallet, first)));
        TwoBooks.await(ledger.topUp(new TopUp(wallet, TestMint.CURRENCY.text(), funds, "start")));
    }

    // ---- tokens --------------------------------------------------------------------------------------------------

    TokenChallenge challenge() {
        return TokenChallenge.forPayee(mint, payee);
    }

    List<PendingToken> pending(long... values) {
        try {
            HttpTester.Response answer = send(mint, "GET", IssuerDirectory.WELL_KNOWN_PATH, "", "");
            return TestMint.pending(
                    IssuerDirectory.parse(answer.getContentBytes()), challenge(), Instant.now(), values);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    static String body(List<PendingToken> pending) {
        return new PurchaseBody(TestMint.requests(pending)).format();
    }

    static List<BlindToken> tokens(List<PendingToken> pending, HttpTester.Response answer) {
        try {
            return TestMint.finish(
                    pending,
                    TokenResponses.parse(answer.getContentBytes(), pending.size())
                            .responses());
        } catch (MalformedException e) {
            throw new AssertionError(answer.toString() + answer.getContent(), e);
        }
    }

    /** Asks for the price of a purchase and signs: the value of {@code Authorization}. */
    String order(String body) {
        HttpTester.Response answer = send(mint, "POST", "/token-purchase", body, "");
        try {
            Challenge challenge = Challenge.parse(answer.get("WWW-Authenticate"));
            Amount amount = challenge.paymentRequest().amount();
            PaymentOrder order = PaymentOrder.sign(key, challenge, mint, amount, wallet);
            return Credential.of(challenge, null, Map.copyOf(order.toPayload())).format();
        } catch (MalformedException e) {
            throw new AssertionError(answer.toString() + answer.getContent(), e);
        }
    }

    /** Asks a payee and pays with a token: the value of {@code Authorization}. */
    String pay(String path, List<BlindToken> tokens) {
        HttpTester.Response answer = send(payee, "GET", path, "", "");
        try {
            Challenge challenge = Challenge.parse(answer.get("WWW-Authenticate"));
            return Credential.of(challenge, null, TokenPayload.toPayload(tokens))
                    .format();
        } catch (MalformedException e) {
            throw new AssertionError(answer.toString() + answer.getContent(), e);
        }
    }

    // ---- bytes ---------------------------------------------------------------------------------------------------

    /** Sends now; the answer comes later, or never. */
    CompletableFuture<HttpTester.Response> start(
            Origin to, String method, String path, String body, String credential) {
        return CompletableFuture.supplyAsync(() -> send(to, method, path, body, credential), threads);
    }

    /** Sends and reads the answer, on a connection of its own. */
    HttpTester.Response send(Origin to, String method, String path, String body, String credential) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String head = method + " " + path + " HTTP/1.1\r\nHost: " + to.realm() + "\r\nConnection: close\r\n"
                + "Content-Length: " + content.length + "\r\n"
                + (credential.isEmpty() ? "" : "Authorization: " + credential + "\r\n") + "\r\n";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(content);
        int port = Integer.parseInt(to.realm().substring(to.realm().indexOf(':') + 1));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(bytes.toByteArray());
            HttpTester.Response answer = HttpTester.parseResponse(HttpTester.from(socket.getInputStream()));
            if (answer == null) {
                throw new IOException("the connection ended without an answer");
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends the same bytes until what became of the money is known. */
    HttpTester.Response resend(Origin to, String method, String path, String body, String credential) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        HttpTester.Response answer = send(to, method, path, body, credential);
        while (Buyer.outcome(answer).equals("pending")) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it stays " + answer + "\n" + answer.getContent());
            }
            Buyer.rest();
            answer = send(to, method, path, body, credential);
        }
        return answer;
    }
}
