package org.farthing.conformance.client;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.DetachedJws;
import org.jspecify.annotations.Nullable;

/** Writes what a good server answers: the 402, and the content with its receipt. */
final class Till {

    private static final String PROBLEM = "application/problem+json";
    private static final String PROBLEMS = "https://paymentauth.org/problems/";

    /** 354 bytes in base64url. */
    private static final int TOKEN_CHARACTERS = 472;

    private Till() {}

    /** A 402 for these challenges. */
    static Reply demand(Iterable<Issued> challenges) {
        Reply reply = Reply.status(402)
                .with("Cache-Control", "no-store")
                .body(
                        PROBLEM,
                        CanonicalJson.write(Map.of(
                                "type",
                                PROBLEMS + "payment-required",
                                "title",
                                "Payment Required",
                                "status",
                                402L,
                                "detail",
                                "This page has a price.")));
        for (Issued challenge : challenges) {
            reply = reply.with("WWW-Authenticate", challenge.line());
        }
        return reply;
    }

    /** The refusal of a credential that buys nothing. It asks for no other payment: one visit, one attempt. */
    static Reply refuse(String why) {
        return Reply.status(403)
                .with("Cache-Control", "no-store")
                .body(
                        PROBLEM,
                        CanonicalJson.write(
                                Map.of("type", "about:blank", "title", "Forbidden", "status", 403L, "detail", why)));
    }

    /** The content, with a receipt. */
    static Reply content(Presented credential, Payee payee, Instant now) {
        return Reply.status(200)
                .with("Cache-Control", "private")
                .with("Payment-Receipt", receipt(credential, payee, now))
                .with(
                        "Payment-Outcome",
                        "captured;id=\"" + credential.answered().parameter("id") + "\"")
                .text("what was paid for\n");
    }

    /** A receipt for a credential, signed where the method is ours. */
    static String receipt(Presented credential, Payee payee, Instant now) {
        return Base64Url.encodeUtf8(CanonicalJson.write(receiptMembers(credential, payee, now)));
    }

    private static Map<String, Object> receiptMembers(Presented credential, Payee payee, Instant now) {
        Issued paid = credential.answered();
        Map<String, Object> members = new TreeMap<>();
        members.put("status", "success");
        members.put("method", String.valueOf(paid.parameter("method")));
        members.put("reference", "lab-" + Base64Url.encodeUtf8(payee.realm()));
        members.put("timestamp", Rfc3339.format(now));
        members.put("intent", String.valueOf(paid.parameter("intent")));
        members.put("challengeId", String.valueOf(paid.parameter("id")));
        object(paid.parameter("request")).ifPresent(request -> {
            for (String name : new String[] {"amount", "currency", "recipient", "externalId"}) {
                if (request.get(name) instanceof String text) {
                    members.put(name, text);
                }
            }
        });
        object(paid.parameter("opaque")).map(opaque -> opaque.get("rb")).ifPresent(rb -> members.put("rb", rb));
        if (Method.TOKEN.equals(paid.parameter("method"))
                && credential.payload().get("tokens") instanceof String text) {
            members.put("tokens", Integer.toString(text.length() / TOKEN_CHARACTERS));
        }
        if (Set.of(Method.WALLET.name(), Method.TOKEN).contains(String.valueOf(paid.parameter("method")))) {
            members.put("jws", DetachedJws.sign(payee.key(), ArtifactType.RECEIPT, CanonicalJson.write(members)));
        }
        return members;
    }

    private static Optional<Map<String, @Nullable Object>> object(@Nullable String base64url) {
        try {
            return base64url == null
                    ? Optional.empty()
                    : Optional.of(StrictJson.parseObject(
                            Base64Url.decode(base64url, "slot"), "slot", StrictJson.Limits.FIELD));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }
}
