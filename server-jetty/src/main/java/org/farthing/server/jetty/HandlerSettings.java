package org.farthing.server.jetty;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.gate.Admission;
import org.farthing.server.gate.ChallengeIssuer;
import org.farthing.server.gate.Patience;
import org.farthing.server.gate.PaymentEvents;
import org.farthing.server.keys.ServerKeys;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.method.PaymentMethod;
import org.farthing.server.offer.CredentialField;
import org.farthing.server.offer.PriceList;
import org.farthing.server.token.AcceptedTokens;
import org.jspecify.annotations.Nullable;

/**
 * What the setters of a payment handler were told, as {@link HandlerStart} and {@link PricedRequests} read it at the start. Nothing
 * changes while the handler is started.
 */
final class HandlerSettings {

    private static final int DEFAULT_BODY_LIMIT = 65_536;

    final List<Origin> origins = new ArrayList<>();
    final List<PaymentMethod> methods = new ArrayList<>();
    PriceList prices = PriceList.builder().build();

    @Nullable
    Ledger ledger;

    @Nullable
    SigningKey signingKey;

    @Nullable
    SecretRing secrets;

    @Nullable
    Supplier<ServerKeys> keySource;

    @Nullable
    String walletUrl;

    CredentialField credentialField = CredentialField.AUTHORIZATION;
    Duration challengeLifetime = ChallengeIssuer.DEFAULT_LIFETIME;
    Duration ledgerDeadline = Patience.DEFAULT;
    PaymentEvents events = PaymentEvents.NONE;

    @Nullable
    Admission admission;

    int demandsTogether = Runtime.getRuntime().availableProcessors();
    int demandsWaiting = 1_000 * demandsTogether;
    int preparedChallenges = 8_192;

    @Nullable
    ClientName clientName;

    InstantSource clock = InstantSource.system();
    Confidentiality confidentiality = new Confidentiality(false, false);
    int requestBodyLimit = DEFAULT_BODY_LIMIT;
    boolean passOptions;
    CrossOrigin crossOrigin = CrossOrigin.none();
    AcceptedServices services = AcceptedServices.none();

    @Nullable
    AcceptedTokens tokens;

    @Nullable
    RemoteTokens remoteTokens;

    @Nullable
    TokenLinks tokenLinks;

    @Nullable
    ServiceLinks links;

    /** The ledger that was set. */
    Ledger ledger() {
        return Objects.requireNonNull(ledger, "set the ledger first");
    }

    /** Who is limited, if the application does not say. */
    Admission admission() {
        return admission == null ? PaymentLimits.builder().clock(clock).build() : admission;
    }

    /** By what clients are counted. */
    ClientName clients() {
        return clientName == null ? new ClientAddress(confidentiality.tlsProxy()) : clientName;
    }
}
