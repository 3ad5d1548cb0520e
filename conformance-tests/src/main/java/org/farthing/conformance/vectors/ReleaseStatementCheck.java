package org.farthing.conformance.vectors;

import java.util.List;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.ReleaseStatement;

/** Kind {@code release-statement}: a payee's signed word that it charged nothing. */
final class ReleaseStatementCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, SignatureRejectedException, BrokenVectorException {
        return switch (input.op()) {
            case "sign" ->
                ReleaseStatement.sign(
                                SigningKey.fromJwk(input.json("jwk")),
                                input.text("challengeId"),
                                new Origin(input.text("recipient")),
                                input.instant("released"),
                                input.has("serials") ? input.texts("serials") : List.of())
                        .toMembers();
            case "parse" -> statement(input).toMembers();
            case "verify" -> {
                KeyDirectory ofRecipient = KeyDirectory.parse(input.json("directory"));
                statement(input).verify(ofRecipient, input.text("challengeId"), input.instant("now"));
                yield true;
            }
            default -> throw input.unknownOp();
        };
    }

    private static ReleaseStatement statement(CaseInput input) throws MalformedException, BrokenVectorException {
        return ReleaseStatement.parse(input.json("statement"));
    }
}
