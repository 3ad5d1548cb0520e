package org.farthing.server.method;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Sha256;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.farthing.protocol.wallet.ReceiptClaims;
import org.farthing.protocol.wallet.ReceiptToken;
import org.farthing.server.ledger.Backing;
import org.farthing.server.method.Authorization.Claim;
import org.farthing.server.method.Authorization.Movement;
import org.farthing.server.method.Authorization.Payable;
import org.farthing.server.method.Authorization.Refused;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.RequestFacts;
import org.jspecify.annotations.Nullable;

/**
 * Method {@code wallet}, intent {@code charge}: receipt tokens of wallet services, verified here without asking anybody
 * (spec/receipt-token.md, F-RT-10 to F-RT-18; spec/wallet-service.md, F-WS-60 to F-WS-69).
 *
 * <p><b>Guarantees.</b> A token is accepted only from a service that is configured and named in the challenge, signed by a key
 * that service lists with the role {@code receipt-token} now, for this very challenge, in full, and collectable for as long as
 * the capture window. While the service's keys are older than their age limit nothing is accepted and nothing is denied: 503.
 *
 * <p><b>Who pays</b> is not known and cannot be put together from several payments: the payer of a charge is derived from
 * service and token, and is another one for each.
 *
 * <p>Thread-safe; never blocks.
 */
public final class WalletReceiptMethod implements PaymentMethod {

    /** How long collecting may take unless configured otherwise: the money must be held for that long. */
    public static final Duration DEFAULT_CAPTURE_WINDOW = ReceiptToken.Expectations.DEFAULT_CAPTURE_WINDOW;

    private static final Duration SHORTEST_WINDOW = Duration.ofMinutes(2);
    private static final MethodId ID = new MethodId("wallet");
    private static final String PROVIDERS = "providers";
    private static final Refused NO_RECEIPT =
            new Refused(ProblemType.INVALID_PAYLOAD, "The payload is not a receipt in the form of this method.");
    private static final Refused NOT_VERIFIED =
            new Refused(ProblemType.VERIFICATION_FAILED, "The payment could not be verified.");
    private static final Refused TOO_LITTLE =
            new Refused(ProblemType.PAYMENT_INSUFFICIENT, "The receipt is for less than the price of this request.");
    private static final Refused CANNOT_TELL = new Refused(
            ProblemType.LEDGER_UNAVAILABLE,
            "The wallet service's keys cannot be checked at the moment. Send the same credential again later.");

    private final ServiceKeys keys;
    private final ExposureLimits exposure;
    private final Duration captureWindow;
    private final InstantSource clock;
    private final String providers;

    /**
     * Creates the method.
     *
     * @param keys the configured services and their keys
     * @param exposure how much may be sold before it is collected
     * @param captureWindow how long collecting may take: at least 2 minutes, because a hold of half a minute has to end a
     *     minute before the service lets the money go
     * @param clock the time
     * @throws IllegalArgumentException if the window is shorter
     */
    public WalletReceiptMethod(ServiceKeys keys, ExposureLimits exposure, Duration captureWindow, InstantSource clock) {
        if (captureWindow.compareTo(SHORTEST_WINDOW) < 0) {
            throw new IllegalArgumentException("collecting takes time: the capture window is at least "
                    + SHORTEST_WINDOW + ", not " + captureWindow);
        }
        this.keys = keys;
        this.exposure = exposure;
        this.captureWindow = captureWindow;
        this.clock = clock;
        this.providers = keys.services().stream().map(Origin::text).collect(Collectors.joining(" "));
    }

    @Override
    public MethodId id() {
        return ID;
    }

    @Override
    public Set<Intent> intents() {
        return Set.of(Intent.CHARGE);
    }

    @Override
    public PaymentRequest offer(Offer offer, RequestFacts facts) {
        Map<String, @Nullable Object> details =
                Map.of("capture", offer.upTo() ? "upto" : "exact", PROVIDERS, providers);
        return new PaymentRequest(
                offer.amount(), offer.currency(), facts.origin().text(), offer.description(), null, details, Map.of());
    }

    @Override
    public boolean offersAhead() {
        return true;
    }

    @Override
    public boolean takes(PaymentRequest request) {
        return request.methodDetails().containsKey(PROVIDERS);
    }

    @Override
    public CompletionStage<Authorization> verify(Presentation presentation) {
        if (!isReceipt(presentation)) {
            return done(NO_RECEIPT);
        }
        ReceiptToken token;
        try {
            token = ReceiptToken.parse(presentation.credential());
        } catch (MalformedException e) {
            return done(NOT_VERIFIED);
        }
        String issuer = token.claims().issuer();
        // Before any key is looked for: an issuer that is not configured, or not in this challenge, costs nothing.
        if (!keys.knows(issuer) || !isNamed(issuer, presentation.request())) {
            return done(NOT_VERIFIED);
        }
        return keys.documentFor(issuer, token.kid()).thenApply(document -> judge(token, document, presentation));
    }

    private Authorization judge(ReceiptToken token, @Nullable KeyDirectory document, Presentation presentation) {
        if (document == null) {
            return CANNOT_TELL;
        }
        Challenge challenge = presentation.credential().challenge();
        Instant now = clock.instant();
        try {
            token.verify(document, new ReceiptToken.Expectations(challenge, captureWindow), now);
            return payable(token.claims(), thumbprint(document, token, now), challenge);
        } catch (SignatureRejectedException e) {
            return e.reason() == Reason.TOO_LITTLE ? TOO_LITTLE : NOT_VERIFIED;
        } catch (MalformedException e) {
            return NOT_VERIFIED;
        }
    }

    private Payable payable(ReceiptClaims claims, String thumbprint, Challenge challenge) throws MalformedException {
        String payment = pseudonym(claims);
        Backing backing = new Backing(
                claims.issuer(),
                claims.tokenId(),
                claims.holdExpiresAt(),
                exposure.baseUnits(claims.currency(), claims.amount()),
                requestBinding(challenge));
        return new Payable(
                new Claim(payment, payment, thumbprint, 0, backing),
                new Movement(claims.amount(), claims.currency(), claims.audience()));
    }

    private static String thumbprint(KeyDirectory document, ReceiptToken token, Instant now)
            throws SignatureRejectedException {
        return document.select(token.kid(), ArtifactType.RECEIPT_TOKEN, now).thumbprint();
    }

    /** F-RT-1: the type and a text. A {@code source} would say who pays; nothing is decided on it (F-CR-25). */
    private static boolean isReceipt(Presentation presentation) {
        Map<String, @Nullable Object> payload = presentation.credential().payload();
        return ReceiptToken.TYPE.equals(payload.get("type")) && payload.get("receipt") instanceof String;
    }

    private static boolean isNamed(String issuer, PaymentRequest request) {
        return request.methodDetails().get(PROVIDERS) instanceof String list
                && Arrays.asList(list.split(" ", -1)).contains(issuer);
    }

    /** Service and token together, so that one service cannot use up another's tokens by giving out the same ids. */
    private static String pseudonym(ReceiptClaims claims) {
        return "r_"
                + Sha256.base64url(claims.issuer() + "\n" + claims.tokenId()).substring(0, 22);
    }

    private static @Nullable String requestBinding(Challenge challenge) throws MalformedException {
        return Opaque.parse(Objects.requireNonNullElse(challenge.opaque(), "")).rb();
    }

    private static CompletionStage<Authorization> done(Authorization authorization) {
        return CompletableFuture.completedFuture(authorization);
    }
}
