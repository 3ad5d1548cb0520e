package org.farthing.protocol.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.testing.Malformed.assertFault;

import java.util.List;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.Test;

/** The fields of RFC 9577, as clients without any notion of payments write and read them. */
@Requirement("F-TK-17")
class PrivateTokenSchemeTest {

    private static final PrivateTokenChallenge CHALLENGE =
            PrivateTokenChallenge.of(BlindTokenTest.CHALLENGE, TestTokenKeys.publicKey(0), 600);

    @Test
    void challenge_besideOthers_isFoundAlone() throws Exception {
        String field = PrivateTokenScheme.format(CHALLENGE);
        List<String> fields = List.of(
                "Payment id=\"x\", realm=\"y\", " + field + ", Basic realm=\"z\"",
                "privatetoken challenge=AAEA, unknown=1",
                "PrivateToken token-key=\"AAAA\"",
                "PrivateToken challenge=\"A\"",
                "PrivateToken challenge=\"AAEA\", max-age=-1");

        List<PrivateTokenChallenge> found = PrivateTokenScheme.parseChallenges(fields);

        assertThat(found).containsExactly(CHALLENGE, new PrivateTokenChallenge("AAEA", null, null));
        assertThat(found.get(0).tokenChallenge()).isEqualTo(BlindTokenTest.CHALLENGE);
        assertThat(found.get(0).tokenType()).isEqualTo(2);
        assertThat(found.get(1).tokenType()).isEqualTo(1);
        assertFault(Fault.VALUE, () -> found.get(1).tokenChallenge());
    }

    @Test
    @Requirement("T40")
    void challenges_moreThan64_theFirst64Count() {
        String many = "PrivateToken challenge=AAEA, ".repeat(70) + PrivateTokenScheme.format(CHALLENGE);

        assertThat(PrivateTokenScheme.parseChallenges(List.of(many, many)))
                .hasSize(64)
                .containsOnly(new PrivateTokenChallenge("AAEA", null, null));
    }

    /** RFC 9577 wants padding where the length asks for it. */
    @Test
    void format_lengthThatNeedsPadding_isPadded() {
        String field = PrivateTokenScheme.format(new PrivateTokenChallenge("AAIAAWEAAAA", null, 1L));

        assertThat(field).isEqualTo("PrivateToken challenge=\"AAIAAWEAAAA=\", max-age=1");
        assertThat(PrivateTokenScheme.parseChallenges(List.of(field)).get(0).challenge())
                .isEqualTo("AAIAAWEAAAA");
    }

    @Test
    void credential_ofAToken_readsBackQuotedOrNot() throws Exception {
        BlindToken token = BlindTokenTest.token(TestTokenKeys.get(0), 1);
        String bare = "privatetoken token=" + Base64Url.encode(token.bytes()) + ", extra=1";

        assertThat(PrivateTokenScheme.parseCredential(PrivateTokenScheme.format(token)))
                .isEqualTo(token);
        assertThat(PrivateTokenScheme.parseCredential(bare)).isEqualTo(token);
        assertThat(PrivateTokenScheme.isPrivateToken(bare)).isTrue();
        assertThat(PrivateTokenScheme.isPrivateToken("PrivateTokens x")).isFalse();
        assertThat(PrivateTokenScheme.isPrivateToken("PrivateToken")).isFalse();
        assertThat(PrivateTokenScheme.isPrivateToken("Payment x")).isFalse();
    }

    @Test
    void credential_anythingElse_malformed() throws Exception {
        String token =
                Base64Url.encode(BlindTokenTest.token(TestTokenKeys.get(0), 1).bytes());

        assertFault(Fault.SYNTAX, () -> PrivateTokenScheme.parseCredential("Payment " + token));
        assertFault(
                Fault.SYNTAX,
                () -> PrivateTokenScheme.parseCredential(
                        "PrivateToken token=\"" + token + "\", PrivateToken token=\"" + token + "\""));
        assertFault(Fault.MISSING, () -> PrivateTokenScheme.parseCredential("PrivateToken " + token));
        assertFault(Fault.VALUE, () -> PrivateTokenScheme.parseCredential("PrivateToken token=\"AAAA\""));
        assertFault(Fault.ENCODING, () -> PrivateTokenScheme.parseCredential("PrivateToken token=\"A\""));
        assertFault(Fault.DUPLICATE, () -> PrivateTokenScheme.parseCredential("PrivateToken token=AA, token=AA"));
        assertFault(Fault.SYNTAX, () -> PrivateTokenScheme.parseCredential(""));
    }

    @Test
    void challenge_textsThatAreNone_isRefused() {
        assertThatThrownBy(() -> new PrivateTokenChallenge("A", null, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PrivateTokenChallenge("AAEA", "=", null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new PrivateTokenChallenge("AAEA", null, -1L))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
