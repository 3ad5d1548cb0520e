package org.farthing.conformance.vectors;

import org.farthing.protocol.MalformedException;
import org.farthing.protocol.token.PendingToken;
import org.farthing.protocol.token.PurchaseBody;
import org.farthing.protocol.token.RecallBody;
import org.farthing.protocol.token.RedeemedPage;
import org.farthing.protocol.token.RedemptionAnswer;
import org.farthing.protocol.token.RedemptionBody;
import org.farthing.protocol.token.RefundBody;
import org.farthing.protocol.token.RestoreAnswer;
import org.farthing.protocol.token.SwapBody;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.protocol.token.TokenResponses;

/** Kind {@code token-bodies}: the bodies of an issuer's routes, read and written again. */
final class TokenBodiesCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        byte[] body = input.bytes("json");
        return switch (input.op()) {
            case "read" -> rewritten(input, body);
            case "owner" -> SwapBody.parse(body).owner();
            case "opened" ->
                TokenRequest.formatAll(RecallBody.parse(body).opened().stream()
                        .map(PendingToken::request)
                        .toList());
            default -> throw input.unknownOp();
        };
    }

    private static String rewritten(CaseInput input, byte[] body) throws MalformedException, BrokenVectorException {
        return switch (input.text("body")) {
            case "purchase" -> PurchaseBody.parse(body).format();
            case "swap" -> SwapBody.parse(body).format();
            case "recall" -> RecallBody.parse(body).format();
            case "redemption" -> RedemptionBody.parse(body).format();
            case "refund" -> RefundBody.parse(body).format();
            case "responses" -> TokenResponses.parse(body, count(input)).format();
            case "restore-answer" -> RestoreAnswer.parse(body, count(input)).format();
            case "redemption-answer" ->
                RedemptionAnswer.parse(body, count(input)).format();
            case "redeemed-page" -> RedeemedPage.parse(body).format();
            default -> throw new BrokenVectorException("input.body is no body of an issuer's routes");
        };
    }

    private static int count(CaseInput input) throws BrokenVectorException {
        return (int) input.number("count");
    }
}
