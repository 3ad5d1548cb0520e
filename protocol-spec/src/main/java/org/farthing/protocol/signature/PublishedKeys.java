package org.farthing.protocol.signature;

import java.util.Set;

/**
 * Thumbprints of keys whose private halves everybody can read, in RFCs or in our own vectors. People copy examples into
 * production; a program that looks here at its start stops them (F-KY-42). The conformance tests hold the list against the
 * vectors.
 */
final class PublishedKeys {

    private static final Set<String> THUMBPRINTS = Set.of(
            // RFC 8032 section 7.1, tests 1 (also RFC 8037 appendix A.1), 2, 3, 1024 and SHA(abc)
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
            "FtIu-VbGrfe_KB6CH7GNwODB72MNxj_ml11dEvO-7kk",
            "FVV5umTuau890q59V-4Ga_R6qWb7ON_ivJc4EjvCwTM",
            "lZI1vM7tnlYapaF5-cy86ptx0tT_8Av721hhiNB5ti4",
            "iiDHHfFVNG6ICMUTsicgrWf1igtFYZEK73xlobt1ah4",
            // RFC 9421 appendices B.1.4 and B.1.3
            "poqkLGiymh_W0uP6PZFw-dvez3QJT5SolqXBCW38r0U",
            "ydQXMtvbsOsZyFir-Y7A8t7fKEM1gbKPvyFkdpu4fvI",
            // RFC 6979 appendix A.2.5, RFC 7515 appendix A.3, RFC 7517 appendix A.2
            "DOvxvJiAdIqVWIkFt5hDtCunXLF0BV4-JGv4f-ALSm0",
            "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U",
            "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s",
            // protocol-spec/vectors: keys that sign, and keys derived from the seeds there
            "DXkSrVQW2hrXuX5Blv5EsXxQuV8GIXdPWxlUQcu_aJ4",
            "_qvX5a-bfODqJKI3ie9KtRJQJuWUJfHgfLdJRNpWYFU",
            "MwIyBXo6r7_zMA9qHjrKmGjSivO2NsDd4wjDuTfJfbE",
            "bOds9S9Rod5nry6UeH0JiW4_UFVbk393YYDHU9nw1Jw",
            "gZyKliZ2duNSByiu6zpgnrmPGt0G3DCkmZaQrWL__tg",
            "qSXSlFr2vkeCmtO18nShOjYLA7GG0gU_CNsR3RTYtTk",
            "dnA-E-ilvUxHZGHuddNJ7bgB3wPUNi0Z240kmh9x5Pw",
            "1Tv5FLN65U67Bp2eADj_rnSSCv7gn9RjNURcjyZlkI4",
            "qttBOTeC1qNh0cuMX7YyYfGD6bCKkf2r0TbkYVhrlMc");

    private PublishedKeys() {}

    static boolean contains(String thumbprint) {
        return THUMBPRINTS.contains(thumbprint);
    }
}
