package org.farthing.conformance.adapter;

import java.util.LinkedHashMap;
import java.util.Map;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.jspecify.annotations.Nullable;

/**
 * Challenges, credentials and receipts as the contract writes them (conformance.md, F-CO-65): like the wire, but with the request
 * decoded, and with no member that the contract does not name. In what comes in, a null stands for a member that is absent.
 */
final class Shapes {

    private static final String[] CHALLENGE_TEXTS = {
        "id", "realm", "method", "intent", "expires", "description", "digest", "opaque", "header"
    };

    private Shapes() {}

    static Challenge challenge(Members members) throws MalformedException {
        Members present = present(members);
        Map<String, @Nullable Object> echo = new LinkedHashMap<>();
        for (String name : CHALLENGE_TEXTS) {
            String text = present.optionalText(name);
            if (text != null) {
                echo.put(name, text);
            }
        }
        echo.put("request", encoded(present.object("request")));
        return Challenge.ofEcho(echo, members.where());
    }

    /** A request as the wire has it. */
    static String encoded(Map<String, @Nullable Object> request) {
        return Base64Url.encodeUtf8(CanonicalJson.write(request));
    }

    static Map<String, @Nullable Object> of(Challenge challenge) throws MalformedException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("id", challenge.id());
        members.put("realm", challenge.realm());
        members.put("method", challenge.method());
        members.put("intent", challenge.intent());
        members.put("request", challenge.requestMembers());
        put(members, "expires", challenge.expires());
        put(members, "description", challenge.description());
        put(members, "digest", challenge.digest());
        put(members, "opaque", challenge.opaque());
        return members;
    }

    static Credential credential(Members members) throws MalformedException {
        Members present = present(members);
        Challenge challenge = challenge(new Members(present.object("challenge"), members.where() + ".challenge"));
        return Credential.of(challenge, present.map().get("source"), present.object("payload"));
    }

    static Map<String, @Nullable Object> of(Credential credential) throws MalformedException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("challenge", of(credential.challenge()));
        members.put("payload", credential.payload());
        put(members, "source", credential.source());
        return members;
    }

    static PaymentReceipt receipt(Members members) throws MalformedException {
        Members present = present(members);
        Map<String, @Nullable Object> receipt = new LinkedHashMap<>();
        receipt.put("status", present.text("status"));
        put(receipt, "method", present.optionalText("method"));
        receipt.put("timestamp", present.text("timestamp"));
        receipt.put("reference", present.text("reference"));
        put(receipt, "externalId", present.optionalText("externalId"));
        put(receipt, "extra", present.optionalObject("extra"));
        return new PaymentReceipt(receipt);
    }

    static Map<String, @Nullable Object> of(PaymentReceipt receipt) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("status", "success");
        members.put("timestamp", receipt.timestamp());
        members.put("reference", receipt.reference());
        members.put("method", receipt.method());
        put(members, "externalId", receipt.members().get("externalId") instanceof String text ? text : null);
        put(members, "extra", receipt.members().get("extra") instanceof Map<?, ?> extra ? extra : null);
        return members;
    }

    private static Members present(Members members) {
        Map<String, @Nullable Object> present = new LinkedHashMap<>();
        for (Map.Entry<String, ? extends @Nullable Object> member :
                members.map().entrySet()) {
            put(present, member.getKey(), member.getValue());
        }
        return new Members(present, members.where());
    }

    private static void put(Map<String, @Nullable Object> members, String name, @Nullable Object value) {
        if (value != null) {
            members.put(name, value);
        }
    }
}
