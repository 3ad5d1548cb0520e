package org.farthing.testing;

import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** JSON values for property tests, in the form the strict reader yields and within its limits. */
public final class JsonArbitraries {

    private static final long EXACT = 1L << 53;

    private JsonArbitraries() {}

    /** Well-formed Unicode text: everything but lone surrogates, with what has to be escaped well represented. */
    public static Arbitrary<String> text() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ascii().ofMaxLength(20),
                Arbitraries.strings()
                        .withChars("\"\\/\b\f\n\r\t\u0000\u001f\u007f\u0080\u2028ö€\ufb33")
                        .ofMaxLength(8),
                Arbitraries.strings().withCharRange('\u0000', '\ud7ff').ofMaxLength(8),
                Arbitraries.of("😀", "a😀b", "\ud83d\ude00\ud83d\ude01"));
    }

    /** Objects up to three levels deep. Edge cases are left out: for trees, jqwik combines more of them than fit. */
    public static Arbitrary<Map<String, Object>> objects() {
        return object(2).withoutEdgeCases();
    }

    /** Objects without objects in them, quick to generate. */
    public static Arbitrary<Map<String, Object>> flatObjects() {
        return object(0).withoutEdgeCases();
    }

    private static Arbitrary<Map<String, Object>> object(int depth) {
        return Arbitraries.maps(text(), value(depth)).ofMaxSize(5);
    }

    private static Arbitrary<Object> value(int depth) {
        Arbitrary<Object> scalar = Arbitraries.oneOf(
                text().asGeneric(),
                Arbitraries.longs().between(-EXACT, EXACT).asGeneric(),
                doubles().asGeneric(),
                Arbitraries.of(true, false).asGeneric(),
                Arbitraries.just(null));
        if (depth == 0) {
            return scalar;
        }
        Arbitrary<Object> object = object(depth - 1).withoutEdgeCases().asGeneric();
        Arbitrary<Object> list = value(depth - 1)
                .withoutEdgeCases()
                .list()
                .ofMaxSize(4)
                .withoutEdgeCases()
                .asGeneric();
        return Arbitraries.frequencyOf(Tuple.of(4, scalar), Tuple.of(1, object), Tuple.of(1, list));
    }

    /** Finite doubles of every magnitude that are no exact integers, since those are read as integers. */
    public static Arbitrary<Double> doubles() {
        return Arbitraries.longs()
                .map(Double::longBitsToDouble)
                .filter(d -> !d.isNaN() && !d.isInfinite())
                .filter(d -> d != Math.rint(d) || Math.abs(d) > EXACT);
    }
}
