package org.farthing.protocol.signature;

import java.util.List;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.StrictJson;
import org.jspecify.annotations.Nullable;

/**
 * The protected header of a signature: {@code alg}, {@code kid} and {@code typ}, read more strictly than JOSE libraries do
 * (F-SG-2 to F-SG-5).
 */
record JoseHeader(String alg, String kid, String typ) {

    private static final String WHERE = "jws.header";
    private static final StrictJson.Limits LIMITS = new StrictJson.Limits(512, 8, 64, 64);

    /** 512 bytes in base64url. */
    private static final int MAX_ENCODED = 683;

    /** Members that would bring or name the key that judges, or change how the payload is read (threats 21 and 22). */
    private static final List<String> FORBIDDEN =
            List.of("jku", "jwk", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64", "zip");

    static JoseHeader parse(String encoded) throws MalformedException {
        if (encoded.length() > MAX_ENCODED) {
            throw new MalformedException(Fault.TOO_LARGE, WHERE, "more than 512 bytes");
        }
        Members members = new Members(StrictJson.parseObject(Base64Url.decode(encoded, WHERE), WHERE, LIMITS), WHERE);
        for (String name : FORBIDDEN) {
            if (members.map().containsKey(name)) {
                throw new MalformedException(Fault.VALUE, WHERE, "the member " + name + " is never allowed");
            }
        }
        String kid = members.text("kid");
        if (!isKid(kid)) {
            throw new MalformedException(
                    Fault.VALUE, WHERE + ".kid", "1 to 64 of letters, digits, '.', '_' and '-' are needed");
        }
        return new JoseHeader(members.text("alg"), kid, members.text("typ"));
    }

    /** The header as we write it: canonical JSON, which plain texts in this order are. */
    static String encode(Algorithm algorithm, String kid, ArtifactType type) {
        return Base64Url.encodeUtf8(
                "{\"alg\":\"" + algorithm.joseName() + "\",\"kid\":\"" + kid + "\",\"typ\":\"" + type.typ() + "\"}");
    }

    /** The algorithm, or null if it is none of ours. */
    @Nullable
    Algorithm algorithm() {
        return Algorithm.ofJoseName(alg);
    }

    /** A key's name is an opaque map key: never a path, a URL or part of a query (F-SG-5). */
    static boolean isKid(String kid) {
        for (int i = 0; i < kid.length(); i++) {
            char c = kid.charAt(i);
            boolean letterOrDigit = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && c != '.' && c != '_' && c != '-') {
                return false;
            }
        }
        return !kid.isEmpty() && kid.length() <= 64;
    }
}
