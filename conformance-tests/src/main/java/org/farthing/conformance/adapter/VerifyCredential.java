package org.farthing.conformance.adapter;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.internal.Members;
import org.jspecify.annotations.Nullable;

/**
 * {@code server.verify}: what a server does with a credential before its payment method sees it, in the contract's order. The
 * method behind it is the contract's: it accepts everything, or refuses everything where {@code verificationError} is set.
 */
record VerifyCredential(Instant now) implements Operation {

    private static final String MALFORMED = "malformed_credential";
    private static final String INVALID = "invalid_challenge";
    private static final String EXPIRED = "payment_expired";
    private static final String REFUSED = "verification_failed";

    VerifyCredential() {
        this(InstantSource.system().instant());
    }

    @Override
    public String failure() {
        return "verification_error";
    }

    @Override
    public Object run(Members input) throws MalformedException {
        // The route first: a route that is none is the caller's fault, whatever the credential is.
        String realm = input.text("realm");
        String method = input.text("method");
        String intent = input.text("intent");
        String request = Shapes.encoded(input.object("request"));
        if (input.text("secretKey").isEmpty()) {
            throw new MalformedException(Fault.MISSING, "input.secretKey", "a secret is needed");
        }
        Challenge echo;
        try {
            echo = credential(input).challenge();
        } catch (MalformedException | IllegalArgumentException e) {
            return refused(MALFORMED);
        }
        boolean ours = sameId(echo.id(), MakeChallengeId.id(input, echo.terms()))
                && echo.realm().equals(realm)
                && echo.method().equals(method)
                && echo.intent().equals(intent)
                && echo.request().equals(request);
        if (!ours || echo.expires() == null) {
            return refused(INVALID);
        }
        if (!now.isBefore(echo.expiresAt())) {
            return refused(EXPIRED);
        }
        return fails(input.map().get("verificationError")) ? refused(REFUSED) : accepted(method);
    }

    /** A credential as a server gets it, or as {@code credential.format} takes it. */
    private static Credential credential(Members input) throws MalformedException {
        return input.map().get("credential") instanceof Map
                ? Shapes.credential(new Members(input.object("credential"), "input.credential"))
                : Credential.parse(ParseField.withoutOuterSpace(input.text("credential")));
    }

    private static boolean sameId(String echoed, String computed) {
        return MessageDigest.isEqual(
                echoed.getBytes(StandardCharsets.UTF_8), computed.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean fails(@Nullable Object verificationError) {
        return verificationError != null && !Boolean.FALSE.equals(verificationError);
    }

    private static Map<String, Object> refused(String errorType) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("ok", false);
        value.put("errorType", errorType);
        return value;
    }

    private static Map<String, Object> accepted(String method) {
        PaymentReceipt receipt = PaymentReceipt.builder(
                        method, "conformance-receipt", Instant.parse("2026-01-29T12:00:00Z"))
                .build();
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("ok", true);
        value.put("receipt", Shapes.of(receipt));
        return value;
    }
}
