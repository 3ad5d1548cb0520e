package org.farthing.conformance.vectors;

import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.ContentDigest;
import org.jspecify.annotations.Nullable;

/** Kind {@code content-digest}: digests of bodies, in {@code Content-Digest} and in the digest slot. */
final class ContentDigestCheck implements Check {

    @Override
    public @Nullable Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        return switch (input.op()) {
            case "compute" -> ContentDigest.of(input.bytes("body")).format();
            case "slot" -> ContentDigest.parseSlot(input.text("text")).format();
            case "field" ->
                ContentDigest.parseField(input.texts("fields"))
                        .map(ContentDigest::format)
                        .orElse(null);
            case "matches" -> ContentDigest.parseSlot(input.text("text")).matches(input.bytes("body"));
            default -> throw input.unknownOp();
        };
    }
}
