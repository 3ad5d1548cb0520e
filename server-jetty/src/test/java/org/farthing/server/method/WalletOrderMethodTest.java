package org.farthing.server.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.WalletId;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.Wallet;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.ledger.WalletRegistration;
import org.farthing.server.method.Authorization.Payable;
import org.farthing.server.method.Authorization.Refused;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Orders against the embedded ledger (spec/wallet-order.md). */
class WalletOrderMethodTest extends PaymentMethodContract {

    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    private Path folder = Path.of("");

    private final ExecutorService completions = Executors.newFixedThreadPool(2);
    private final SigningKey key = SigningKey.generate(Algorithm.ED25519, null, RANDOM);
    private final SigningKey second = SigningKey.generate(Algorithm.ES256, null, RANDOM);
    private final String wallet = WalletId.of(key.publicKey());
    private Ledger ledger;
    private WalletOrderMethod method;

    @BeforeEach
    void open() throws Exception {
        ledger = SqliteLedger.open(
                folder.resolve("ledger.db"), LedgerOptions.builder(completions).build());
        method = new WalletOrderMethod(ledger, "https://api.example.com/wallet");
        ledger.register(new WalletRegistration(wallet, keyOf(key)))
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() {
        ledger.close();
        completions.shutdownNow();
    }

    @Override
    protected PaymentMethod method() {
        return method;
    }

    @Override
    protected Map<String, Object> pay(Challenge challenge) {
        return order(key, challenge, PAYEE, wallet);
    }

    @Override
    protected Map<String, Object> forge(Challenge challenge) {
        return order(SigningKey.generate(Algorithm.ED25519, null, RANDOM), challenge, PAYEE, wallet);
    }

    @Test
    @Requirement("F-RQ-7")
    void offer_namesTheWalletPage() {
        assertThat(challengeRequest()).containsEntry("walletUrl", "https://api.example.com/wallet");
        assertThat(challengeRequest()).containsEntry("capture", "exact");
    }

    @Test
    @Requirement({"F-WO-21", "F-WO-25"})
    void verify_keyAddedLater_signsAndRevokedOneDoesNot() throws Exception {
        Challenge challenge = challenge();
        refusedWith(verify(challenge, order(second, challenge, PAYEE, wallet)), ProblemType.VERIFICATION_FAILED);
        ledger.addKey(wallet, keyOf(second)).toCompletableFuture().get(30, TimeUnit.SECONDS);
        Payable payable = (Payable) verify(challenge, order(second, challenge, PAYEE, wallet));
        assertThat(payable.claim().keyThumbprint()).isEqualTo(second.publicKey().thumbprint());
        assertThat(payable.claim().payer()).isEqualTo(wallet);
        assertThat(payable.claim().paymentId()).isEqualTo(challenge.id());
        ledger.revokeKey(wallet, key.publicKey().thumbprint())
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        refusedWith(verify(challenge, pay(challenge)), ProblemType.VERIFICATION_FAILED);
    }

    @Test
    @Requirement({"T71", "F-WO-4"})
    void verify_orderForAnotherLedger_isRefused() {
        Challenge challenge = challenge();
        refusedWith(
                verify(challenge, order(key, challenge, "https://wallet.example", wallet)),
                ProblemType.VERIFICATION_FAILED);
    }

    @Test
    @Requirement({"T53", "F-WO-21", "F-PR-9"})
    void verify_unknownWalletAndBadSignature_areOneAnswer() {
        Challenge challenge = challenge();
        Authorization unknown = verify(challenge, order(second, challenge, PAYEE, WalletId.of(second.publicKey())));
        assertThat(unknown).isEqualTo(verify(challenge, forge(challenge)));
    }

    @Test
    @Requirement("F-WO-23")
    void verify_suspendedWallet_isToldOnlyAfterTheSignature() throws Exception {
        ledger.setStatus(wallet, Wallet.Status.SUSPENDED).toCompletableFuture().get(30, TimeUnit.SECONDS);
        Challenge challenge = challenge();
        refusedWith(verify(challenge, pay(challenge)), ProblemType.WALLET_SUSPENDED);
        refusedWith(verify(challenge, forge(challenge)), ProblemType.VERIFICATION_FAILED);
    }

    @Test
    @Requirement({"F-WO-1", "F-WO-20"})
    void verify_payloadOutsideItsSchema_isInvalidPayload() {
        Challenge challenge = challenge();
        for (String member : new String[] {"type", "wallet", "jws"}) {
            Map<String, Object> payload = new TreeMap<>(pay(challenge));
            payload.remove(member);
            refusedWith(verify(challenge, payload), ProblemType.INVALID_PAYLOAD);
        }
    }

    private Map<String, @Nullable Object> challengeRequest() {
        try {
            return challenge().paymentRequest().methodDetails();
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private static Map<String, Object> order(SigningKey signer, Challenge challenge, String at, String wallet) {
        try {
            return PaymentOrder.sign(signer, challenge, new Origin(at), offer().amount(), wallet)
                    .toPayload();
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private static WalletKey keyOf(SigningKey signer) {
        return new WalletKey(signer.publicKey().thumbprint(), signer.publicKey().toString());
    }

    private static void refusedWith(Authorization authorization, ProblemType type) {
        assertThat(authorization).isInstanceOf(Refused.class);
        assertThat(((Refused) authorization).why()).isEqualTo(type);
    }
}
