package org.farthing.conformance.vectors;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.ReceiptClaims;
import org.farthing.protocol.wallet.ReceiptToken;

/** Kind {@code receipt-token}: a wallet service's statement that a challenge is paid, and a payee's checks of it. */
final class ReceiptTokenCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, SignatureRejectedException, BrokenVectorException {
        return switch (input.op()) {
            case "issue" ->
                ReceiptToken.issue(SigningKey.fromJwk(input.json("jwk")), claims(input.object("claims")))
                        .format();
            case "claims" ->
                json(ReceiptClaims.forChallenge(
                        Wire.challenge(input.object("challenge")),
                        new Origin(input.text("iss")),
                        input.text("jti"),
                        input.instant("now"),
                        Duration.ofSeconds(input.number("hold"))));
            case "parse" -> json(ReceiptToken.parse(input.text("token")).claims());
            case "verify" -> {
                verify(input);
                yield true;
            }
            default -> throw input.unknownOp();
        };
    }

    private static void verify(CaseInput input)
            throws MalformedException, SignatureRejectedException, BrokenVectorException {
        ReceiptToken token = ReceiptToken.parse(input.text("token"));
        token.verify(
                KeyDirectory.parse(input.json("directory")),
                new ReceiptToken.Expectations(
                        Wire.challenge(input.object("challenge")), Duration.ofSeconds(input.number("captureWindow"))),
                input.instant("now"));
    }

    private static ReceiptClaims claims(CaseInput json) throws MalformedException, BrokenVectorException {
        return new ReceiptClaims(
                json.text("iss"),
                json.text("aud"),
                json.text("jti"),
                json.instant("iat"),
                json.instant("exp"),
                json.instant("hold_exp"),
                json.text("cid"),
                json.text("ch"),
                Amount.parse(json.text("amount"), "amount"),
                CurrencyId.parse(json.text("currency"), "currency"),
                json.textOrNull("sub"),
                null);
    }

    private static Map<String, Object> json(ReceiptClaims claims) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("iss", claims.issuer());
        json.put("aud", claims.audience());
        json.put("jti", claims.tokenId());
        json.put("iat", claims.issuedAt().getEpochSecond());
        json.put("exp", claims.expiresAt().getEpochSecond());
        json.put("hold_exp", claims.holdExpiresAt().getEpochSecond());
        json.put("cid", claims.challengeId());
        json.put("ch", claims.challengeHash());
        json.put("amount", claims.amount().format());
        json.put("currency", claims.currency().text());
        Wire.putPresent(json, "sub", claims.subject());
        Wire.putPresent(json, "jkt", claims.keyThumbprint());
        return json;
    }
}
