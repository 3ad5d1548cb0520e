package org.farthing.protocol.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.testing.Malformed.assertFault;

import java.util.Arrays;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/** The structure whose hash says who issues a token and who may take it. */
@Requirement("F-TK-2")
class TokenChallengeTest {

    private static final Origin ISSUER = new Origin("https://issuer.example");
    private static final Origin PAYEE = new Origin("https://api.example.com");
    private static final byte[] NONE = new byte[0];

    @Test
    @Requirement({"F-TK-3", "T57"})
    void forPayee_ofTheExample_hasItsTextAndDigest() throws Exception {
        TokenChallenge challenge = TokenChallenge.forPayee(ISSUER, PAYEE);

        assertThat(challenge.text()).isEqualTo("AAIADmlzc3Vlci5leGFtcGxlAAAPYXBpLmV4YW1wbGUuY29t");
        assertThat(Base64Url.encode(challenge.digest())).isEqualTo("dNmXUm2NbBVSJR3Q_z3Dw5Co4DWxxYNNq_YQ8fBJIXY");
        assertThat(TokenChallenge.parse(challenge.text())).isEqualTo(challenge);
        assertThat(challenge.isFor(PAYEE)).isTrue();
        assertThat(challenge.isFor(ISSUER)).isFalse();
        assertThat(challenge.isForAnyPayee()).isFalse();
    }

    @Test
    @Requirement({"F-TK-3", "T57"})
    void anyPayee_namesNobody() {
        TokenChallenge challenge = TokenChallenge.anyPayee(ISSUER);

        assertThat(challenge.isForAnyPayee()).isTrue();
        assertThat(challenge.isFor(PAYEE)).isFalse();
    }

    @Test
    @Requirement("F-TK-3")
    void isFor_severalOrigins_eachOfThem() {
        TokenChallenge challenge =
                new TokenChallenge("issuer.example", NONE, "a.example,API.example.com,127.0.0.1:8402");

        assertThat(challenge.isFor(PAYEE)).isTrue();
        assertThat(challenge.isFor(new Origin("http://127.0.0.1:8402"))).isTrue();
        assertThat(challenge.isFor(new Origin("https://example.com"))).isFalse();
        assertThat(challenge.isFor(new Origin("https://api.example.com:8443"))).isFalse();
    }

    @Test
    void parse_cutAnywhereOrLonger_malformed() {
        byte[] good = new TokenChallenge("issuer.example", new byte[32], "a.example").bytes();

        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertFault(Fault.SYNTAX, () -> TokenChallenge.parse(cut));
        }
        assertFault(Fault.SYNTAX, () -> TokenChallenge.parse(Arrays.copyOf(good, good.length + 1)));
    }

    @Test
    @Requirement("F-TK-1")
    void parse_anotherTokenType_malformed() {
        byte[] challenge = TokenChallenge.forPayee(ISSUER, PAYEE).bytes();
        for (int at = 0; at < 2; at++) {
            byte[] other = challenge.clone();
            other[at] ^= 3;
            assertFault(Fault.VALUE, () -> TokenChallenge.parse(other));
        }
    }

    @Test
    void parse_contextOfAnotherLength_malformed() {
        byte[] good = new TokenChallenge("i", new byte[32], "a").bytes();
        byte[] short31 = new byte[good.length - 1];
        System.arraycopy(good, 0, short31, 0, 6);
        short31[5] = 31;
        System.arraycopy(good, 7, short31, 6, short31.length - 6);

        assertFault(Fault.VALUE, "tokenChallenge.redemption_context", () -> TokenChallenge.parse(short31));
    }

    @Test
    void parse_namesThatAreNone_malformed() {
        byte[] good = new TokenChallenge("i", NONE, "a").bytes();
        for (int bad : new int[] {0, '\n', 0x7f, 0xe9}) {
            byte[] issuer = good.clone();
            issuer[4] = (byte) bad;
            assertFault(Fault.VALUE, "tokenChallenge.issuer_name", () -> TokenChallenge.parse(issuer));
        }
        assertFault(Fault.MISSING, () -> TokenChallenge.parse(new byte[] {0, 2, 0, 0, 0, 0, 0}));
        assertThatThrownBy(() -> new TokenChallenge("i", NONE, "a".repeat(4097)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** What is written can be read: no challenge comes into being that its reader refuses. */
    @Test
    void challenge_longestAndLonger_readsBackOrIsRefused() throws Exception {
        String most = "a".repeat(4096);
        TokenChallenge longest = new TokenChallenge(most, NONE, "a".repeat(8192 - 7 - 4096));

        assertThat(TokenChallenge.parse(longest.text())).isEqualTo(longest);
        assertThatThrownBy(() -> new TokenChallenge(most, NONE, most)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void challenge_arraysChangedByTheCaller_staysTheSame() {
        byte[] context = new byte[32];
        TokenChallenge challenge = new TokenChallenge("i", context, "a");
        byte[] digest = challenge.digest();
        context[0] = 1;
        challenge.bytes()[0] = 1;
        challenge.redemptionContext()[0] = 1;
        challenge.digest()[0] ^= 1;

        assertThat(challenge).isEqualTo(new TokenChallenge("i", new byte[32], "a"));
        assertThat(challenge.digest()).isEqualTo(digest);
    }
}
