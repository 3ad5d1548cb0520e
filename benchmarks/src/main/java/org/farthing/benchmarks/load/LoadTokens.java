package org.farthing.benchmarks.load;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.ReceiptClaims;
import org.farthing.protocol.wallet.ReceiptToken;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.PaymentHold;
import org.farthing.server.ledger.Vouched;

/**
 * Makes credentials with receipt tokens as a wallet service does for its payers, without the HTTP between: an order is signed,
 * its money is set aside in the service's books, and the token leaves only after that.
 */
final class LoadTokens {

    /** Far fewer than the ledger lets wait, and enough to keep it busy. */
    private static final int AT_ONCE = 500;

    private final SecureRandom random = new SecureRandom();
    private final LoadKeys keys;
    private final Origin service;
    private final SigningKey signing;
    private final Ledger ledger;
    private final Map<String, Long> versions = new HashMap<>();

    LoadTokens(LoadKeys keys, Origin service, SigningKey signing, Ledger ledger) {
        this.keys = keys;
        this.service = service;
        this.signing = signing;
        this.ledger = ledger;
    }

    /** So many credentials, each good for one request, for money that is held. */
    List<String> credentials(Origin payee, int count) {
        LoadChallenges challenges = LoadChallenges.forTokens(keys, payee, service);
        List<String> fields = new ArrayList<>(count);
        while (fields.size() < count) {
            List<CompletableFuture<String>> some = new ArrayList<>();
            for (int i = fields.size(); i < Math.min(count, fields.size() + AT_ONCE); i++) {
                some.add(credential(keys.payer(i), challenges.next()));
            }
            some.forEach(each -> fields.add(each.join()));
        }
        return fields;
    }

    private CompletableFuture<String> credential(SigningKey payer, Challenge challenge) {
        String wallet = LoadKeys.wallet(payer);
        PaymentOrder order = PaymentOrder.sign(payer, challenge, service, LoadChallenges.PRICE, wallet);
        ReceiptClaims claims = claims(challenge);
        ReceiptToken token = ReceiptToken.issue(signing, claims);
        PaymentHold hold = new PaymentHold(
                wallet,
                payer.publicKey().thumbprint(),
                version(wallet),
                claims.audience(),
                claims.challengeId(),
                order.hash(service),
                claims.tokenId(),
                token.format(),
                claims.currency().text(),
                claims.amount().baseUnits(),
                claims.expiresAt(),
                claims.holdExpiresAt(),
                null);
        return ledger.payments().hold(hold).toCompletableFuture().thenApply(vouched -> {
            if (!(vouched instanceof Vouched.Held)) {
                throw new IllegalStateException("the money is not held: " + vouched);
            }
            return Credential.of(challenge, null, token.toPayload()).format();
        });
    }

    private ReceiptClaims claims(Challenge challenge) {
        byte[] id = new byte[16];
        random.nextBytes(id);
        String tokenId = Base64.getUrlEncoder().withoutPadding().encodeToString(id);
        try {
            return ReceiptClaims.forChallenge(challenge, service, tokenId, Instant.now(), ReceiptClaims.DEFAULT_HOLD);
        } catch (MalformedException e) {
            throw new IllegalStateException("a challenge made here is readable", e);
        }
    }

    private long version(String wallet) {
        return versions.computeIfAbsent(
                wallet,
                id -> ledger.wallet(id)
                        .toCompletableFuture()
                        .join()
                        .orElseThrow()
                        .version());
    }
}
