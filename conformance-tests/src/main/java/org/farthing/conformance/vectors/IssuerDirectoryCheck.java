package org.farthing.conformance.vectors;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.token.Bundle;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.IssuerLinks;
import org.farthing.protocol.token.PublishedKey;

/** Kind {@code issuer-directory}: what an issuer of tokens publishes. */
final class IssuerDirectoryCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        IssuerDirectory directory = IssuerDirectory.parse(input.bytes("json"));
        return switch (input.op()) {
            case "parse" -> members(directory);
            case "at" ->
                allowed(
                        directory
                                .key(input.text("keyId"))
                                .orElseThrow(() -> new BrokenVectorException("input.keyId is not in the directory")),
                        input.instant("now"));
            default -> throw input.unknownOp();
        };
    }

    private static Map<String, Object> members(IssuerDirectory directory) {
        IssuerLinks links = directory.links();
        return Map.of(
                "issuer", directory.issuer().text(),
                "currency", directory.currency().text(),
                "hash", directory.hash(),
                "keys",
                        directory.keys().stream()
                                .map(IssuerDirectoryCheck::members)
                                .toList(),
                "bundles",
                        directory.bundles().stream()
                                .map(IssuerDirectoryCheck::members)
                                .toList(),
                "links",
                        List.of(
                                links.request(),
                                links.purchase(),
                                links.swap(),
                                links.restore(),
                                links.redemption(),
                                links.refund()));
    }

    private static Map<String, Object> members(PublishedKey key) {
        return Map.of(
                "keyId", key.key().keyId(),
                "truncatedKeyId", key.key().truncatedId(),
                "value", key.value().format());
    }

    private static Map<String, Object> members(Bundle bundle) {
        return Map.of("amount", bundle.amount().format(), "count", bundle.count());
    }

    private static List<String> allowed(PublishedKey key, Instant now) {
        List<String> allowed = new ArrayList<>();
        add(allowed, key.sellableAt(now), "sell");
        add(allowed, key.spendableAt(now), "spend");
        add(allowed, key.redeemableAt(now), "redeem");
        add(allowed, key.swappableAt(now), "swap");
        add(allowed, key.issuerAloneAt(now), "alone");
        return allowed;
    }

    private static void add(List<String> allowed, boolean is, String word) {
        if (is) {
            allowed.add(word);
        }
    }
}
