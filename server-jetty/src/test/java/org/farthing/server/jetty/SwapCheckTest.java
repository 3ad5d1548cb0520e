package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.Denominations;
import org.farthing.protocol.token.SwapBody;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.protocol.token.TokenKey;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.server.token.TestIssuer;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.Test;

/** What a payee finds out about a swap before it claims anything. */
class SwapCheckTest {

    private static final Origin PAYEE = new Origin("https://api.example.com");

    private final TestClock clock = new TestClock();
    private final TestIssuer issuer = TestIssuer.remote(clock, 1);

    /**
     * A payer that has a handful of payments given back swaps more tokens at once than one payment has: what the mint would
     * change, the payee passes on.
     */
    @Test
    @Requirement({"F-TK-115", "F-TK-72", "F-TK-25"})
    void check_asManyAsTheMintTakes_isClaimable() throws Exception {
        long[] values = new long[Denominations.MAX_TOKENS];
        Arrays.fill(values, TestIssuer.UNIT);
        List<BlindToken> tokens = issuer.tokens(PAYEE, values);
        List<TokenRequest> requests = requests(TestTokenKeys.publicKey(0), values.length);
        String body = new SwapBody(TokenChallenge.forPayee(TestIssuer.ORIGIN, PAYEE), tokens, requests).format();

        assertThat(body.length()).isLessThanOrEqualTo(SwapForwarding.LONGEST_BODY);
        SwapCheck.Claimable claimable = new SwapCheck(
                        TestIssuer.ORIGIN, List.of(PAYEE), issuer.directory().orElseThrow(), clock.instant())
                .check(SwapBody.parse(body.getBytes(StandardCharsets.UTF_8)));
        assertThat(claimable.tokens()).hasSize(values.length);
        assertThat(claimable.answers()).isEqualTo(values.length);
    }

    private static List<TokenRequest> requests(TokenKey key, int count) {
        List<TokenRequest> requests = new ArrayList<>();
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < count; i++) {
            byte[] blinded = new byte[256];
            random.nextBytes(blinded);
            requests.add(new TokenRequest(key.truncatedId(), blinded));
        }
        return requests;
    }
}
