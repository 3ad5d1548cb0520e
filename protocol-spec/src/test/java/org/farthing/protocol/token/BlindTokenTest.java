package org.farthing.protocol.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.farthing.testing.Malformed.assertFault;

import java.util.List;
import org.farthing.protocol.MalformedException.Fault;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.Test;

/** A token from the request to the verified payment, and every byte of it that somebody changes. */
class BlindTokenTest {

    static final TokenChallenge CHALLENGE =
            TokenChallenge.forPayee(new Origin("https://issuer.example"), new Origin("https://api.example.com"));

    /** The token of one number: everything random in it comes from there. */
    static PendingToken pending(TokenKey key, int number) {
        byte[] nonce = new byte[32];
        byte[] salt = new byte[48];
        byte[] blind = new byte[272];
        nonce[31] = (byte) number;
        nonce[30] = (byte) (number >> 8);
        salt[0] = (byte) number;
        blind[100] = (byte) number;
        blind[0] = 1;
        return PendingToken.begin(key, CHALLENGE, nonce, salt, blind);
    }

    static BlindToken token(TokenSecretKey key, int number) throws Exception {
        PendingToken pending = pending(key.publicKey(), number);
        return pending.finish(new TokenResponse(key.blindSign(pending.request().blinded())));
    }

    @Test
    @Requirement({"F-TK-5", "F-TK-12"})
    void finish_signedByTheKey_verifiesWithThatKeyAlone() throws Exception {
        BlindToken token = token(TestTokenKeys.get(0), 7);

        assertThat(TestTokenKeys.publicKey(0).verify(token)).isTrue();
        assertThat(TestTokenKeys.publicKey(1).verify(token)).isFalse();
        assertThat(token.isFor(CHALLENGE)).isTrue();
        assertThat(BlindToken.parseAll(BlindToken.formatAll(List.of(token)), 1)).containsExactly(token);
    }

    @Test
    @Requirement("F-TK-6")
    void verify_anyByteOfTheTokenFlipped_isFalse() throws Exception {
        TokenKey key = TestTokenKeys.publicKey(0);
        byte[] good = token(TestTokenKeys.get(0), 1).bytes();

        for (int at = 2; at < BlindToken.LENGTH; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            assertThat(key.verify(BlindToken.parse(bad))).as("byte %d", at).isFalse();
        }
        for (int at = 0; at < 2; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            assertFault(Fault.VALUE, () -> BlindToken.parse(bad));
        }
    }

    @Test
    @Requirement({"T60", "F-TK-15"})
    void finish_answerToAnotherRequest_isRejected() throws Exception {
        PendingToken pending = pending(TestTokenKeys.publicKey(0), 1);
        byte[] other = TestTokenKeys.get(0)
                .blindSign(pending(TestTokenKeys.publicKey(0), 2).request().blinded());

        assertThatThrownBy(() -> pending.finish(new TokenResponse(other)))
                .isInstanceOf(SignatureRejectedException.class);
    }

    @Test
    @Requirement("F-TK-4")
    void testKeys_truncatedIds_areDistinct() {
        assertThat(TestTokenKeys.all().stream().map(key -> key.publicKey().truncatedId()))
                .doesNotHaveDuplicates();
    }
}
