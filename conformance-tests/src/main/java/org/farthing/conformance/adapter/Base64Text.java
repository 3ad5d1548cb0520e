package org.farthing.conformance.adapter;

import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.Utf8;

/** {@code base64url.encode} and {@code base64url.decode}, between texts. */
record Base64Text(boolean encodes) implements Operation {

    private static final String TEXT = "input.text";

    @Override
    public String failure() {
        return "encoding_error";
    }

    @Override
    public Object run(Members input) throws MalformedException {
        String text = input.text("text");
        if (!encodes) {
            return Map.of("text", Utf8.decode(Base64Url.decode(text, TEXT), TEXT));
        }
        if (Utf8.loneSurrogate(text) >= 0) {
            throw new MalformedException(Fault.ENCODING, TEXT, "a lone surrogate");
        }
        return Map.of("text", Base64Url.encodeUtf8(text));
    }
}
