package org.farthing.conformance.client;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.DetachedJws;
import org.farthing.protocol.signature.SigningKey;
import org.jspecify.annotations.Nullable;

/**
 * What a challenge says, before it is made for one request. Immutable; each method gives a changed copy. An untouched one is good:
 * bound to the request, five minutes long, cheap, and signed where the method is ours. What is changed before the
 * signature is signed; {@link #afterwards} changes what the signature no longer covers.
 */
final class Offer {

    private static final Duration LIFETIME = Duration.ofMinutes(5);
    private static final List<String> SIGNED =
            List.of("id", "realm", "method", "intent", "request", "expires", "digest", "opaque", "header");

    /** What a challenge is made of while it is made. */
    private static final class Draft {
        private final Received request;
        private final Map<String, Object> members;
        private final Map<String, Object> opaque = new TreeMap<>();
        private final Map<String, String> parameters = new LinkedHashMap<>();
        private @Nullable SigningKey key;
        private ArtifactType type = ArtifactType.CHALLENGE;
        private Function<Map<String, String>, String> writing = Offer::written;

        Draft(Method method, Payee payee, Received request) {
            this.request = request;
            this.members = new TreeMap<>(method.requestAt(payee.origin()));
            this.key = method.isSigned() ? payee.key() : null;
        }
    }

    /** One change to a draft. */
    private interface Change {
        void apply(Draft draft);
    }

    private final Method method;
    private final List<Change> terms;
    private final List<Change> parameters;
    private final List<Change> later;

    private Offer(Method method, List<Change> terms, List<Change> parameters, List<Change> later) {
        this.method = method;
        this.terms = List.copyOf(terms);
        this.parameters = List.copyOf(parameters);
        this.later = List.copyOf(later);
    }

    static Offer good(Method method) {
        return new Offer(method, List.of(), List.of(), List.of());
    }

    private static List<Change> and(List<Change> before, Change next) {
        List<Change> all = new ArrayList<>(before);
        all.add(next);
        return all;
    }

    private Offer term(Change change) {
        return new Offer(method, and(terms, change), parameters, later);
    }

    /** With another member of {@code request}; null takes it out. */
    Offer member(String name, @Nullable Object value) {
        return members(members -> put(members, name, value));
    }

    /** With other members of {@code request}. */
    Offer members(java.util.function.Consumer<Map<String, Object>> change) {
        return term(draft -> change.accept(draft.members));
    }

    /** With a member of {@code request.methodDetails}. */
    Offer detail(String name, @Nullable Object value) {
        return members(members -> {
            Map<String, Object> details = new TreeMap<>();
            if (members.get("methodDetails") instanceof Map<?, ?> given) {
                given.forEach((key, old) -> details.put(String.valueOf(key), old));
            }
            put(details, name, value);
            members.put("methodDetails", details);
        });
    }

    /** So dear that the command may not pay it. */
    Offer dear() {
        return members(members -> members.putAll(method.dear()));
    }

    /** With a member of {@code opaque}; null takes it out. */
    Offer opaque(String name, @Nullable Object value) {
        return term(draft -> put(draft.opaque, name, value));
    }

    /** With a parameter, whatever it would have been; null takes it out. Signed like the rest. */
    Offer parameter(String name, @Nullable String value) {
        return parameter(name, request -> value);
    }

    /** With a parameter that depends on the request. */
    Offer parameter(String name, Function<Received, @Nullable String> value) {
        Change change = draft -> put(draft.parameters, name, value.apply(draft.request));
        return new Offer(method, terms, and(parameters, change), later);
    }

    /** With a parameter set after the signature was made; null takes it out. Unknown parameters belong here too. */
    Offer afterwards(String name, @Nullable String value) {
        return new Offer(method, terms, parameters, and(later, draft -> put(draft.parameters, name, value)));
    }

    /** With something to read for people. It is outside the signature, as {@code description} always is. */
    Offer description(String text) {
        return afterwards("description", text);
    }

    /** Ends at this moment. */
    Offer expires(Instant end) {
        return parameter("expires", Rfc3339.format(end));
    }

    /** Without a signature. */
    Offer unsigned() {
        return term(draft -> draft.key = null);
    }

    /** Signed with another key than the payee's. */
    Offer signedWith(SigningKey key) {
        return term(draft -> draft.key = key);
    }

    /** Signed as another kind of artifact. */
    Offer signedAs(ArtifactType type) {
        return term(draft -> draft.type = type);
    }

    /** With another {@code jws} in place of the one it got. */
    Offer jws(UnaryOperator<String> change) {
        Change edit = draft -> draft.parameters.computeIfPresent("jws", (name, jws) -> change.apply(jws));
        return new Offer(method, terms, parameters, and(later, edit));
    }

    /** With another {@code jws}, made of the text that is to be signed. */
    Offer forged(UnaryOperator<String> signing) {
        Change edit = draft -> draft.parameters.put("jws", signing.apply(signedPayload(draft.parameters)));
        return new Offer(method, terms, parameters, and(later, edit));
    }

    /** Written differently: from parameters to the value of the field line. */
    Offer written(Function<Map<String, String>, String> writing) {
        return term(draft -> draft.writing = writing);
    }

    /** Makes the challenge for one request. */
    Issued issue(Payee payee, Received request, Instant now) {
        Draft draft = new Draft(method, payee, request);
        draft.opaque.put("n", random(16));
        draft.opaque.put("rb", request.binding());
        terms.forEach(change -> change.apply(draft));
        Map<String, String> made = draft.parameters;
        made.put("id", random(32));
        made.put("realm", payee.realm());
        made.put("method", method.name());
        made.put("intent", method.intent());
        made.put("request", Base64Url.encodeUtf8(CanonicalJson.write(draft.members)));
        made.put("expires", Rfc3339.format(now.plus(LIFETIME)));
        if (!draft.opaque.isEmpty()) {
            made.put("opaque", Base64Url.encodeUtf8(CanonicalJson.write(draft.opaque)));
        }
        parameters.forEach(change -> change.apply(draft));
        SigningKey key = draft.key;
        if (key != null) {
            made.put("jws", DetachedJws.sign(key, draft.type, signedPayload(made)));
        }
        later.forEach(change -> change.apply(draft));
        return new Issued(made, draft.writing.apply(made), request.url());
    }

    private static String signedPayload(Map<String, String> parameters) {
        Map<String, String> covered = new TreeMap<>(parameters);
        covered.keySet().retainAll(SIGNED);
        return CanonicalJson.write(covered);
    }

    /** The usual writing: quoted strings, comma and space. */
    static String written(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + quoted(parameter.getValue()))
                .collect(Collectors.joining(", ", "Payment ", ""));
    }

    /** A quoted string. */
    static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static <V> void put(Map<String, V> map, String name, @Nullable V value) {
        if (value == null) {
            map.remove(name);
        } else {
            map.put(name, value);
        }
    }

    private static String random(int length) {
        byte[] bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return Base64Url.encode(bytes);
    }
}
