package org.farthing.testing;

import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.List;
import org.farthing.protocol.token.TokenKey;
import org.farthing.protocol.token.TokenSecretKey;

/**
 * Six RSA keys for tests, always the same: making one takes a large part of a second. Everybody knows them, so they are
 * worth nothing. The last bytes of their ids are distinct, as those of an issuer's live keys must be.
 */
public final class TestTokenKeys {

    private static final BigInteger E = BigInteger.valueOf(65537);

    private static final List<TokenSecretKey> KEYS = List.of(
            key(
                    "13dnkdqex8a0988f8foqietmzdfonv1ohkdzes0jmslan8hek3n8higxy3a2j2cfu8qkw8nm0v1b1ccbiqdijhdvrw"
                            + "pf9fdl2v3mik61kztp1xdfqrmyanfxtjukh8h8ca8lbaf68n71rsr43nqzonl5s3jxfqvsntqtqhio3ae2u5va9mvi"
                            + "z1phshmthffpkuh1rf1",
                    "1589wtq4n2z1j0zekq94qy4zfbqitpnikofjnz5us793p1bws9bo26vcmrt10ese6zo5wd0q8jfycktsr0vapp2td4"
                            + "y32wnr1ffbyzwb5ujxuqgbm738u8gh5eypt197flthue4hpq0k2ogyc3vleq6kr8rjnaxtg0ymolttthwjfegjxyi1"
                            + "bgjyzwlpkux12048ymv"),
            key(
                    "143pf4ral9mjl9sg367ae1a2a6sa5s1gt8jfy1jnfbn1yyamhqgwg114ea98qwyf1ayu66j61s6wx77rjnp7c6jout"
                            + "xlo1etziig94pkza3jzmucwd55gcic9i0t0bityzxcg492miy1vsyh4o5pd0wbyj9qg17pwzquci972wxkuht8gqoj"
                            + "2vl8l3q0f6k3z571uqt",
                    "19tnr5elhba3vwvgpc0n19frq0qqo8p9ardq9a7xuc4j0c7t4a2901s7k8a9s7cs5vzo0fx5lxrkffkz7ddswb3uwm"
                            + "9ihmuuy78xgkb6f33rorfm1e9kq8jxqys8i4er2196a4rx0vbgwqz3z9ysozhle2i09w82gu7dx7h06vwa0k94zlnq"
                            + "szc40703eirm40ufgdv"),
            key(
                    "16sfyj3qot05qsadwdexmk1mareza2yi6wrfxizicaj80pe30dbmp70llmckveunprw1zhmy0yjtybw50rg2m8psoy"
                            + "ccb3vhjljzbwzhq023fw7yjbw5q1if8q0xykdnfeg0sw80dgcszannrstql3syf279q16r18wlx483gorm08lgbv6u"
                            + "48ejb9jf08r9qtury7j",
                    "12t4vooszw5k3p2z652edvkux2wqdgi0n1jerca26x95e8874vzv7eh23io0u1lqji6d94vfimkaio2fuw3oc3phnv"
                            + "6qv359atp120ha4xmjzariuzphrk2j1o7wz3w26idlkhr467wylrynfjvdjuba9sjt0vsdpt1vkpvjojz29ggycq7c"
                            + "agez7jtrwvgspggvxlz"),
            key(
                    "102yl2bshsuv2bpenipr3605c0v0hj0598bbb1vsqlrn6ikx2bhugdatbjheol4sjjcdxh3wy9ge69y60rreu91cl9"
                            + "vuq0twee429g6li38izdzpeltly6sezafjp387fr57xr9lu66gw3d18lnye9fv5aekg6l8abznsaykvsliad3sur9r"
                            + "s8pp5pxbszqp0f0b56n",
                    "xqows0xs804ycl88ncyuzmozqkysvajsxdkpv21zrfv4ooc9ehaxzrnuj78eej173eaaad3if9cu13c53qxabuksr5"
                            + "kp1fg2gronvb15pft2x2enzkixq1wfkbgil8h8pp1r42nyfweo94i2545zqfdwmdbz4mmtm645o4a1mzwxv3amitht"
                            + "3646gcu8mttph9p1q5"),
            key(
                    "wptbfkcxg5dc2bjfrj2ml2wlu32ld94r0quuj9lobve5aukyr2o6ynsrp6t5rwjp1n25wap1jnh5ic4pzeo4pcug1e"
                            + "qbpygazrszug1usrv68vb5np29hwpb6uygn69t1j7qgs9jm8tf79wovjbytiocjlif66a6uv6xvlpkmpr0p8rb2v5i"
                            + "dx88259mh7zhvl9aez",
                    "wlc7dfxwf4jg86z4qcajnn8e0v4qpn5jjpuk7mx53o2uub29ms6opjxwa17dkoywxqh8uzpwv9o61lrs7wlf9pfnf7"
                            + "kjeiswmefn3bccarjtl8fhbrpqpf8yppno2hmmp7ysunqrxlkl1r94my952wo2ei7z7y3d26zy70u639orwfgj22z7"
                            + "pwon6327fmxxmri96h"),
            key(
                    "18k5vhov8amhzrausaw7ut5er9sc4xh8rsypsowrgxcrilsk8l8oq9lrfxlrjln2zbtkc52a9rg91f8gjnpz3gqy11"
                            + "jctx4499hpawfcprfr6lfgkaiejxao6ufiqjlkvkoy0uxf8hg5mp2k5mm9c1jzh3r32bojwf1xp4bls3d3d497bdo9"
                            + "qtbj5dkvzw9vthx7p8n",
                    "ztngi88m9cwktqvl6j8aylsadlsg18s4wo6qnmne1iwaat04u2oo65a4f207k7suxoe7kh5tousf7c6fm0rfr8x2ji"
                            + "m6drx3j4syk3bgnubhpyrrdhj64i7izgy4q79ii3q7vk1i235iusyeps5bx52fddbgl609188od3z6j726fjhan8rn"
                            + "183u0h2h54b1c3v94b"));

    private TestTokenKeys() {}

    /** All six, in one order. */
    public static List<TokenSecretKey> all() {
        return KEYS;
    }

    /** One of them, 0 to 5. */
    public static TokenSecretKey get(int index) {
        return KEYS.get(index);
    }

    /** The public half of one of them, 0 to 5. */
    public static TokenKey publicKey(int index) {
        return KEYS.get(index).publicKey();
    }

    /** A prime factor of one of them, 0 to 5: who knows it has the key. */
    public static BigInteger prime(int index) {
        return crt(index).getPrimeP();
    }

    /** One of them on a machine that computes wrongly, 0 to 5: every private operation has a wrong result. */
    public static TokenSecretKey faulty(int index) {
        RSAPrivateCrtKey key = crt(index);
        try {
            return TokenSecretKey.of((RSAPrivateCrtKey) KeyFactory.getInstance("RSA")
                    .generatePrivate(new RSAPrivateCrtKeySpec(
                            key.getModulus(),
                            key.getPublicExponent(),
                            key.getPrivateExponent(),
                            key.getPrimeP(),
                            key.getPrimeQ(),
                            key.getPrimeExponentP().flipBit(77),
                            key.getPrimeExponentQ(),
                            key.getCrtCoefficient())));
        } catch (Exception e) {
            throw new IllegalStateException("a test key is damaged", e);
        }
    }

    private static RSAPrivateCrtKey crt(int index) {
        try {
            return (RSAPrivateCrtKey) KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(get(index).pkcs8()));
        } catch (Exception e) {
            throw new IllegalStateException("a test key is damaged", e);
        }
    }

    /** The key with these primes, written with 36 digits and letters. */
    private static TokenSecretKey key(String prime, String otherPrime) {
        BigInteger p = new BigInteger(prime, 36);
        BigInteger q = new BigInteger(otherPrime, 36);
        BigInteger p1 = p.subtract(BigInteger.ONE);
        BigInteger q1 = q.subtract(BigInteger.ONE);
        BigInteger d = E.modInverse(p1.multiply(q1));
        try {
            return TokenSecretKey.fromPkcs8(KeyFactory.getInstance("RSA")
                    .generatePrivate(
                            new RSAPrivateCrtKeySpec(p.multiply(q), E, d, p, q, d.mod(p1), d.mod(q1), q.modInverse(p)))
                    .getEncoded());
        } catch (Exception e) {
            throw new IllegalStateException("a test key is damaged", e);
        }
    }
}
