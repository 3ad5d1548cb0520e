package org.farthing.conformance.vectors;

import java.util.LinkedHashMap;
import java.util.Map;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.signature.ArtifactType;
import org.jspecify.annotations.Nullable;

/** Challenges as the vector files write them: one flat object with the names of the wire. */
final class Wire {

    private Wire() {}

    /** The parameters that are present, unknown ones left out. */
    static Map<String, Object> challenge(Challenge challenge) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", challenge.id());
        json.put("realm", challenge.realm());
        json.put("method", challenge.method());
        json.put("intent", challenge.intent());
        json.put("request", challenge.request());
        putPresent(json, "description", challenge.description());
        putPresent(json, "digest", challenge.digest());
        putPresent(json, "expires", challenge.expires());
        putPresent(json, "header", challenge.header());
        putPresent(json, "opaque", challenge.opaque());
        putPresent(json, "jws", challenge.jws());
        return json;
    }

    /** A challenge built from its parameters, as a server builds its own. */
    static Challenge challenge(CaseInput json) throws BrokenVectorException {
        return new Challenge(json.text("id"), terms(json), json.textOrNull("description"), json.textOrNull("jws"));
    }

    /** The bound slots alone. */
    static ChallengeTerms terms(CaseInput json) throws BrokenVectorException {
        return new ChallengeTerms(
                json.text("realm"),
                json.text("method"),
                json.text("intent"),
                json.text("request"),
                json.textOrNull("expires"),
                json.textOrNull("digest"),
                json.textOrNull("opaque"),
                json.textOrNull("header"));
    }

    /** The request that something was made for. */
    static RequestTarget target(CaseInput json) throws MalformedException, BrokenVectorException {
        Origin origin = Origin.parse(json.text("origin"));
        return RequestTarget.of(json.text("method"), origin, json.text("path"), json.textOrNull("query"));
    }

    /** The kind of signed statement that has this {@code typ}. */
    static ArtifactType artifact(String typ) throws BrokenVectorException {
        for (ArtifactType type : ArtifactType.values()) {
            if (type.typ().equals(typ)) {
                return type;
            }
        }
        throw new BrokenVectorException("input.typ is no type of a signed statement: " + typ);
    }

    /** Adds a member unless it is absent. */
    static void putPresent(Map<String, Object> json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
