package org.farthing.protocol;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The minor units of ISO 4217 (list one, active currencies that have minor units, edition of 2026-01-01), pinned: what
 * {@code usd} means on the wire must not depend on the JDK's currency data. Specification: money.md (F-MO-12).
 */
final class IsoCurrencies {

    private static final Map<String, Integer> MINOR_UNITS = table();

    private IsoCurrencies() {}

    /** Returns how many decimals the minor unit has, or null for a code that is not in the table. */
    static @Nullable Integer minorUnits(String lowerCaseCode) {
        return MINOR_UNITS.get(lowerCaseCode);
    }

    private static Map<String, Integer> table() {
        Map<String, Integer> table = new HashMap<>(512);
        add(table, 0, "bif clp djf gnf isk jpy kmf krw pyg rwf ugx uyi vnd vuv xaf xof xpf");
        add(table, 2, """
                aed afn all amd aoa ars aud awg azn bam bbd bdt bmd bnd bob bov brl bsd btn bwp byn bzd cad cdf che \
                chf chw cny cop cou crc cup cve czk dkk dop dzd egp ern etb eur fjd fkp gbp gel ghs gip gmd gtq gyd \
                hkd hnl htg huf idr ils inr irr jmd kes kgs khr kpw kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk \
                mnt mop mru mur mvr mwk mxn mxv myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln qar ron rsd \
                rub sar sbd scr sdg sek sgd shp sle sos srd ssp stn svc syp szl thb tjs tmt top try ttd twd tzs uah \
                usd usn uyu uzs ved ves wst xad xcd xcg yer zar zmw zwg""");
        add(table, 3, "bhd iqd jod kwd lyd omr tnd");
        add(table, 4, "clf uyw");
        return Map.copyOf(table);
    }

    private static void add(Map<String, Integer> table, int minorUnits, String codes) {
        for (String code : codes.split(" ", -1)) {
            table.put(code, minorUnits);
        }
    }
}
