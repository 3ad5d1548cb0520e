package org.farthing.protocol.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

class WalletKeysTest {

    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] SEED = HEX.parseHex("202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f");
    private static final Origin SHOP = new Origin("https://api.example.com");

    /** RFC 5869 appendix A.1 and A.3 (no salt, no info). */
    @Test
    void hkdf_rfc5869Vectors_match() {
        byte[] secret = HEX.parseHex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b");

        assertThat(HEX.formatHex(WalletKeys.hkdf(
                        secret, HEX.parseHex("000102030405060708090a0b0c"), HEX.parseHex("f0f1f2f3f4f5f6f7f8f9"), 42)))
                .isEqualTo("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
        assertThat(HEX.formatHex(WalletKeys.hkdf(secret, null, new byte[0], 42)))
                .isEqualTo("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
    }

    /** The derivation written out with nothing but HMAC: extract with 32 zero bytes, one round of expand. */
    @Test
    void derive_anOrigin_hkdfOfSeedAndOrigin() throws Exception {
        byte[] extracted = hmac(new byte[32], SEED);
        byte[] info = "farthing-wallet-v1|https://api.example.com\u0001".getBytes(StandardCharsets.UTF_8);
        SigningKey expected = SigningKey.fromEd25519Seed(hmac(extracted, info));

        assertThat(WalletKeys.derive(SEED, SHOP).exportPrivateJwk()).isEqualTo(expected.exportPrivateJwk());
    }

    @Test
    @Requirement("F-BI-34")
    void derive_otherOriginOrSeed_unrelatedKeyAndWallet() {
        SigningKey key = WalletKeys.derive(SEED, SHOP);
        byte[] otherSeed = SEED.clone();
        otherSeed[0] ^= 1;

        assertThat(WalletKeys.derive(SEED, SHOP).publicKey()).isEqualTo(key.publicKey());
        for (SigningKey other : new SigningKey[] {
            WalletKeys.derive(SEED, new Origin("https://other.example")),
            WalletKeys.derive(SEED, new Origin("http://127.0.0.1:8402")),
            WalletKeys.derive(otherSeed, SHOP)
        }) {
            assertThat(other.publicKey().thumbprint())
                    .isNotEqualTo(key.publicKey().thumbprint());
            assertThat(WalletId.of(other.publicKey())).isNotEqualTo(WalletId.of(key.publicKey()));
        }
    }

    @Test
    void derive_seedOfOtherLength_refused() {
        assertThatThrownBy(() -> WalletKeys.derive(new byte[31], SHOP)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> WalletKeys.derive(new byte[33], SHOP)).isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] hmac(byte[] key, byte[] text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text);
    }
}
