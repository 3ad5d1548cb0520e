package org.farthing.conformance.vectors;

import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.WalletRequest;

/** Kind {@code wallet-request}: the token with which a caller proves itself at wallet routes. */
final class WalletRequestCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, SignatureRejectedException, BrokenVectorException {
        return switch (input.op()) {
            case "sign" ->
                WalletRequest.sign(
                        SigningKey.fromJwk(input.json("jwk")),
                        input.text("iss"),
                        new Origin(input.text("aud")),
                        Wire.target(input.object("target")),
                        input.bytes("body"),
                        input.instant("now"),
                        input.text("jti"));
            case "parse" -> {
                WalletRequest request = WalletRequest.parse(input.text("token"));
                yield Map.of(
                        "iss", request.issuer(),
                        "kid", request.kid(),
                        "jti", request.tokenId(),
                        "exp", request.expiresAt().getEpochSecond());
            }
            case "verify" -> {
                WalletRequest.parse(input.text("token"))
                        .verify(
                                VerificationKey.parse(input.json("jwk")),
                                new Origin(input.text("aud")),
                                Wire.target(input.object("target")),
                                input.bytes("body"),
                                input.instant("now"));
                yield true;
            }
            default -> throw input.unknownOp();
        };
    }
}
