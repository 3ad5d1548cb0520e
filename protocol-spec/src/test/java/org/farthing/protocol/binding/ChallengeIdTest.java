package org.farthing.protocol.binding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Requirement({"F-BI-1", "F-BI-2", "S13", "S22", "S23", "S54"})
class ChallengeIdTest {

    private static final byte[] REFERENCE_SECRET =
            HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    private static final byte[] LAB_SECRET = "lab-secret-0123456789-0123456789-0123456789".getBytes(UTF_8);
    private static final String LAB_REQUEST =
            "eyJhbW91bnQiOiIxMCIsImN1cnJlbmN5IjoiTUNSIiwicmVjaXBpZW50IjoibWVyY2hhbnQ6YWNtZSJ9";

    @Test
    void compute_referenceVector_matches() {
        String request = Base64Url.encodeUtf8("{\"amount\":\"2500\",\"currency\":\"usd.e6\","
                + "\"methodDetails\":{\"capture\":\"exact\"},\"recipient\":\"https://api.example.com\"}");
        String opaque = Opaque.exact("AAECAwQFBgcICQoLDA0ODw", "sWZEZs6KtqZhsbt2LKabkU92KIUsBN7R6XFABG0XLlM")
                .format();
        ChallengeTerms terms = new ChallengeTerms(
                "api.example.com",
                "wallet",
                "charge",
                request,
                "2026-11-22T10:05:00Z",
                "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:",
                opaque,
                null);

        assertThat(ChallengeId.compute(REFERENCE_SECRET, terms))
                .isEqualTo("GtlsJ1VquFmEqY7fMLJC8eLI13DKDbz3Ad5egqR8_fg");
    }

    /** Ids that the TypeScript SDK mppx 0.11.0 made. */
    @Test
    void compute_mppxVectors_match() {
        assertThat(ChallengeId.compute(LAB_SECRET, lab(null, null)))
                .isEqualTo("r7MTve9SgCtfcAOrOvvbhDucvSn_0i6rX-LHOmvafnM");
        assertThat(ChallengeId.compute(LAB_SECRET, lab("eyJvcmRlciI6IkEtMSJ9", null)))
                .isEqualTo("UQgFRhHrAlxLRNoAoKxDXKpfyx4uDwMj3iwv3QQZP6w");
    }

    /** mppx 0.11.0 puts the header slot before opaque; the draft puts it last, and so do we (known deviation). */
    @Test
    void compute_headerSlot_lastUnlikeMppx() {
        String ours = ChallengeId.compute(LAB_SECRET, lab("eyJvcmRlciI6IkEtMSJ9", "Payment-Authorization"));

        assertThat(ours).doesNotStartWith("NF45Jwj3");
        assertThat(ChallengeId.slots(lab("eyJvcmRlciI6IkEtMSJ9", "Payment-Authorization")))
                .endsWith("|2030-01-01T00:00:00Z||eyJvcmRlciI6IkEtMSJ9|Payment-Authorization");
    }

    @Test
    void slots_absentParameters_emptyAndNoEighth() {
        assertThat(ChallengeId.slots(lab(null, null)))
                .isEqualTo("lab.example|wallet|charge|" + LAB_REQUEST + "|2030-01-01T00:00:00Z||");
    }

    @Test
    void compute_emptySecret_refused() {
        assertThatThrownBy(() -> ChallengeId.compute(new byte[0], lab(null, null)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** RFC 4231 section 4, cases 1 to 4, 6 and 7 (5 is about truncation): the Mac beneath. */
    @ParameterizedTest
    @CsvSource({
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b, 4869205468657265,"
                + " b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        "4a656665, 7768617420646f2079612077616e7420666f72206e6f7468696e673f,"
                + " 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,"
                + " dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd,"
                + " 773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        "0102030405060708090a0b0c0d0e0f10111213141516171819,"
                + " cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd,"
                + " 82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
    })
    void mac_rfc4231_matches(String key, String data, String expected) {
        byte[] mac = ChallengeId.mac(HexFormat.of().parseHex(key))
                .doFinal(HexFormat.of().parseHex(data));

        assertThat(HexFormat.of().formatHex(mac)).isEqualTo(expected);
    }

    @Test
    void mac_rfc4231LongKeys_match() {
        byte[] key = new byte[131];
        Arrays.fill(key, (byte) 0xaa);

        assertThat(HexFormat.of()
                        .formatHex(ChallengeId.mac(key)
                                .doFinal("Test Using Larger Than Block-Size Key - Hash Key First".getBytes(UTF_8))))
                .isEqualTo("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
        String longData = "This is a test using a larger than block-size key and a larger than block-size data."
                + " The key needs to be hashed before being used by the HMAC algorithm.";
        assertThat(HexFormat.of().formatHex(ChallengeId.mac(key).doFinal(longData.getBytes(UTF_8))))
                .isEqualTo("9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
    }

    private static ChallengeTerms lab(@Nullable String opaque, @Nullable String header) {
        return new ChallengeTerms(
                "lab.example", "wallet", "charge", LAB_REQUEST, "2030-01-01T00:00:00Z", null, opaque, header);
    }
}
