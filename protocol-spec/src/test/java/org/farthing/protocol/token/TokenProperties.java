package org.farthing.protocol.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.testing.Mutations;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;

/** What holds for all bytes: what is written is read, and nothing but a value or a fault comes of reading. */
@Requirement({"F-TK-1", "F-TK-8"})
class TokenProperties {

    private static final TokenSecretKey SECRET = TestTokenKeys.get(2);

    @Property(tries = 12)
    @Requirement({"F-TK-5", "F-TK-12", "F-TK-15"})
    void token_ofAnySecrets_verifiesAndItsRequestShowsNothingOfIt(
            @ForAll @Size(32) byte[] nonce, @ForAll @Size(48) byte[] salt, @ForAll @Size(272) byte[] blind)
            throws Exception {
        PendingToken pending = PendingToken.begin(SECRET.publicKey(), BlindTokenTest.CHALLENGE, nonce, salt, blind);
        BlindToken token = pending.finish(
                new TokenResponse(SECRET.blindSign(pending.request().blinded())));

        assertThat(SECRET.publicKey().verify(token)).isTrue();
        assertThat(token.nonce()).isEqualTo(nonce);
        assertThat(BlindToken.parse(token.bytes())).isEqualTo(token);
        assertThat(TokenSerial.parse(token.serial().text()).bytes16()).hasSize(16);
        assertThat(new BigInteger(1, token.authenticator()))
                .isNotEqualTo(new BigInteger(1, pending.request().blinded()));
    }

    @Property(tries = 40)
    @Requirement({"F-TK-9", "F-TK-10", "F-TK-11"})
    void records_ofAnyBytes_readBack(@ForAll @Size(256) byte[] bytes, @ForAll byte end) throws Exception {
        TokenRequest request = new TokenRequest(end & 0xff, bytes);
        TokenResponse response = new TokenResponse(bytes);

        assertThat(TokenRequest.parse(request.bytes())).isEqualTo(request);
        assertThat(request.blinded()).isEqualTo(bytes);
        assertThat(request.truncatedKeyId()).isEqualTo(end & 0xff);
        assertThat(request.messageHash(SECRET.publicKey().id())).hasSize(TokenRequest.HASH_LENGTH);
        assertThat(TokenResponse.parseAll(TokenResponse.formatAll(List.of(response, response)), 2))
                .containsExactly(response, response);
    }

    @Property(tries = 100)
    void challenge_ofAnyNames_readsBack(
            @ForAll("names") String issuer, @ForAll("names") String origins, @ForAll boolean context) throws Exception {
        TokenChallenge challenge = new TokenChallenge(issuer, new byte[context ? 32 : 0], origins);

        assertThat(TokenChallenge.parse(challenge.bytes())).isEqualTo(challenge);
        assertThat(TokenChallenge.parse(challenge.text()).issuerName()).isEqualTo(issuer);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings().withCharRange(' ', '~').ofMinLength(1).ofMaxLength(40);
    }

    /** Bytes of any kind, and good ones with a few changed. */
    @Property(tries = 120)
    void parsers_ofAnyBytes_endInAValueOrAFault(@ForAll("bytes") byte[] bytes) {
        String text = Base64Url.encode(bytes);
        only(() -> TokenChallenge.parse(bytes));
        only(() -> TokenKey.parse(bytes));
        only(() -> BlindToken.parse(bytes));
        only(() -> TokenRequest.parse(bytes));
        only(() -> TokenResponse.parse(bytes));
        only(() -> TokenSecretKey.fromPkcs8(bytes));
        only(() -> BlindToken.parseAll(text, 4));
        only(() -> TokenRequest.parseAll(text, 4));
        only(() -> SECRET.requireSignable(bytes));
        only(() -> IssuerDirectory.parse(bytes));
    }

    private static void only(Checked reading) {
        Mutations.assertOnlyMalformed(text -> reading.run(), "");
    }

    private interface Checked {
        void run() throws MalformedException;
    }

    @Provide
    Arbitrary<byte[]> bytes() throws MalformedException {
        byte[] spki = SECRET.publicKey().spki();
        byte[] challenge = BlindTokenTest.CHALLENGE.bytes();
        Arbitrary<byte[]> changed = Arbitraries.of(List.of(spki, challenge))
                .flatMap(good -> Arbitraries.integers()
                        .between(0, good.length - 1)
                        .flatMap(at -> Arbitraries.bytes().map(b -> with(good, at, b))));
        return Arbitraries.oneOf(
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(800),
                        Arbitraries.bytes().array(byte[].class).ofSize(354),
                        Arbitraries.bytes().array(byte[].class).ofSize(256),
                        changed)
                .withoutEdgeCases();
    }

    private static byte[] with(byte[] good, int at, byte b) {
        byte[] copy = good.clone();
        copy[at] = b;
        return copy;
    }

    @Property(tries = 150)
    @Requirement({"F-TK-17", "T23"})
    void fields_ofAnyText_endInAValueOrAFault(@ForAll("fields") String text) {
        Mutations.assertOnlyMalformed(PrivateTokenScheme::parseCredential, text);
        Mutations.assertOnlyMalformed(field -> PrivateTokenScheme.parseChallenges(List.of(field)), text);
        Mutations.assertOnlyMalformed(Denominations::parse, text);
        Mutations.assertOnlyMalformed(TokenSerial::parse, text);
        Mutations.assertOnlyMalformed(TokenChallenge::parse, text);
    }

    @Provide
    Arbitrary<String> fields() {
        String challenge =
                PrivateTokenScheme.format(PrivateTokenChallenge.of(BlindTokenTest.CHALLENGE, SECRET.publicKey(), 60));
        return Arbitraries.oneOf(
                Mutations.anyText(),
                Mutations.of(challenge, "PrivateToken token=\"AAIA\"", "1 2 4 8", BlindTokenTest.CHALLENGE.text()));
    }
}
