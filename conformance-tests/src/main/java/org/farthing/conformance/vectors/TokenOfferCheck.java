package org.farthing.conformance.vectors;

import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.token.TokenOffer;
import org.farthing.protocol.token.TokenPayload;

/** Kind {@code token-offer}: what is asked for, and the tokens that answer. */
final class TokenOfferCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        return switch (input.op()) {
            case "offer" -> members(TokenOffer.parse(input.map("methodDetails")));
            case "payload" ->
                TokenPayload.parse(input.map("payload"), (int) input.number("maxTokens")).stream()
                        .map(token -> token.serial().text())
                        .toList();
            default -> throw input.unknownOp();
        };
    }

    private static Map<String, Object> members(TokenOffer offer) {
        return Map.of(
                "issuer", offer.issuer().text(),
                "issuerName", offer.challenge().issuerName(),
                "origins", offer.challenge().originInfo(),
                "denominations", offer.denominations().values(),
                "maxTokens", offer.maxTokens(),
                "keepsOverpay", offer.keepsOverpay(),
                "keys", offer.keys());
    }
}
