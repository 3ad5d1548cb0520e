package org.farthing.server.jetty;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.server.Request;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.PayeeRegistration;
import org.farthing.protocol.wallet.RegisteredPayee;
import org.farthing.server.ledger.Payee;
import org.farthing.server.ledger.Payees;
import org.farthing.server.trust.KeysUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers payees at a wallet service, freezes and thaws them, for the administrator (specification: wallet-service.md,
 * F-WS-15, F-WS-45 and F-WS-46). A new payee's key document must be there to be read; a known one that cannot be reached keeps
 * the keys it has, so that it can be frozen at any time.
 */
final class PayeeRegistering {

    private static final Logger LOG = LoggerFactory.getLogger(PayeeRegistering.class);

    private static final int PAGE = 100;
    private static final String CURSOR = "cursor=";

    private final Payees payees;
    private final PayeeRegistry registry;
    private final Administrator admin;
    private final boolean loopbackProfile;

    PayeeRegistering(Payees payees, PayeeRegistry registry, Administrator admin, boolean loopbackProfile) {
        this.payees = payees;
        this.registry = registry;
        this.admin = admin;
        this.loopbackProfile = loopbackProfile;
    }

    CompletionStage<JsonReply> register(Request request, byte[] body) {
        admin.require(request);
        PayeeRegistration registration = WalletBodies.read(body, PayeeRegistration::parse);
        Origin origin = registration.origin();
        if (!origin.isHttps() && !(loopbackProfile && origin.isLoopback())) {
            throw new Refusal(Problem.of(
                    ProblemType.BAD_REQUEST,
                    "A payee has an https origin; plain http is for loopback addresses in development."));
        }
        return register(registration).thenApply(put -> {
            Payee payee = put.payee();
            LOG.info(
                    "Payee {} is {} and collects {}, request {}",
                    origin,
                    payee.status(),
                    payee.deferred() ? "deferred" : "promptly",
                    RequestId.of(request));
            return new JsonReply(put.added() ? 201 : 200, shown(payee).format());
        });
    }

    /** A page of all payees, by origin; the cursor is the last one of the page before. */
    CompletionStage<JsonReply> list(Request request) {
        admin.require(request);
        return payees.list(cursor(request.getHttpURI().getQuery()), PAGE).thenApply(page -> {
            Map<String, Object> members = new TreeMap<>();
            members.put(
                    "payees", page.stream().map(payee -> shown(payee).toMap()).toList());
            if (page.size() == PAGE) {
                members.put("next", Base64Url.encodeUtf8(page.get(PAGE - 1).origin()));
            }
            return new JsonReply(200, CanonicalJson.write(members));
        });
    }

    private static @Nullable String cursor(@Nullable String query) {
        if (query == null || !query.startsWith(CURSOR)) {
            return null;
        }
        try {
            return new String(Base64Url.decode(query.substring(CURSOR.length()), "cursor"), StandardCharsets.UTF_8);
        } catch (MalformedException e) {
            throw new Refusal(Problem.of(ProblemType.BAD_REQUEST, "cursor is the value of next."));
        }
    }

    /** Fetches the keys, and registers the payee with them. */
    CompletionStage<Payees.Put> register(PayeeRegistration registration) {
        Origin origin = registration.origin();
        return registry.document(origin)
                .handle((document, failure) -> failure == null
                        ? put(registration, document)
                        : payees.find(origin.text())
                                .thenCompose(known -> put(registration, keptDocument(known, failure))))
                .thenCompose(done -> done);
    }

    private static @Nullable String keptDocument(Optional<Payee> known, Throwable failure) {
        if (known.isPresent()) {
            return null;
        }
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        String why = cause instanceof KeysUnavailableException ? cause.getMessage() : "Its keys could not be fetched.";
        throw new Refusal(Problem.of(ProblemType.BAD_REQUEST, "The payee was not registered. " + why));
    }

    private CompletionStage<Payees.Put> put(PayeeRegistration registration, @Nullable String document) {
        Payee.Status status = registration.frozen() ? Payee.Status.FROZEN : Payee.Status.ACTIVE;
        return payees.put(registration.origin().text(), registration.deferred(), status, document);
    }

    private RegisteredPayee shown(Payee payee) {
        Instant fetched = payee.fetchedAt();
        return new RegisteredPayee(
                new PayeeRegistration(
                        new Origin(payee.origin()), payee.deferred(), payee.status() == Payee.Status.FROZEN),
                (fetched == null ? payee.addedAt() : fetched).truncatedTo(ChronoUnit.SECONDS),
                registry.known(payee).keys().keys().stream()
                        .map(VerificationKey::kid)
                        .toList());
    }
}
