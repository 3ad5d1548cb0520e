package org.farthing.conformance.adapter;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.binding.ChallengeId;
import org.farthing.protocol.internal.Members;
import org.jspecify.annotations.Nullable;

/** {@code challenge.id}: the bare recipe, so secrets may be as short as those of vectors are. */
record MakeChallengeId() implements Operation {

    @Override
    public String failure() {
        return "generation_error";
    }

    @Override
    public Object run(Members input) throws MalformedException {
        ChallengeTerms terms = new ChallengeTerms(
                input.text("realm"),
                input.text("method"),
                input.text("intent"),
                Shapes.encoded(input.object("request")),
                text(input, "expires"),
                text(input, "digest"),
                opaque(input),
                text(input, "header"));
        return Map.of("id", id(input, terms));
    }

    static String id(Members input, ChallengeTerms terms) throws MalformedException {
        return ChallengeId.compute(input.text("secretKey").getBytes(StandardCharsets.UTF_8), terms);
    }

    static @Nullable String text(Members input, String name) throws MalformedException {
        return input.map().get(name) == null ? null : input.text(name);
    }

    /** As the wire has it, or the map beneath it. */
    private static @Nullable String opaque(Members input) throws MalformedException {
        if (!(input.map().get("opaque") instanceof Map)) {
            return text(input, "opaque");
        }
        Map<String, @Nullable Object> members = input.object("opaque");
        for (Object value : members.values()) {
            if (!(value instanceof String)) {
                throw new MalformedException(Fault.TYPE, "input.opaque", "every member is a text");
            }
        }
        return Shapes.encoded(members);
    }
}
