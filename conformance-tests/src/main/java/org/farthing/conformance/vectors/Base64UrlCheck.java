package org.farthing.conformance.vectors;

import java.util.HexFormat;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Base64Url;

/** Kind {@code base64url}: bytes to text and back. */
final class Base64UrlCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        return switch (input.op()) {
            case "encode" -> Base64Url.encode(input.bytes("bytes"));
            case "decode" -> HexFormat.of().formatHex(Base64Url.decode(input.text("text"), "text"));
            default -> throw input.unknownOp();
        };
    }
}
