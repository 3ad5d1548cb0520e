package org.farthing.protocol.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.erdtman.jcs.JsonCanonicalizer;
import org.erdtman.jcs.NumberToJSON;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.StrictJson.Limits;
import org.farthing.testing.JsonArbitraries;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Our canonical JSON against an implementation by other people, and its numbers also against the JDK from version 19 on.
 * The first oracle prints subnormal doubles wrongly, so those are left to the second.
 */
@Requirement({"F-EN-20", "T25"})
class CanonicalJsonOracleTest {

    @Property
    void write_anyObject_likeTheOracle(@ForAll("objects") Map<String, Object> object) throws IOException {
        Assume.that(!holdsSubnormal(object));
        String ours = CanonicalJson.write(object);

        // The oracle reads a text, so it gets ours in another member order.
        String reordered = CanonicalJson.writeInOrder(new TreeMap<>(object).descendingMap());
        assertThat(new JsonCanonicalizer(reordered).getEncodedString()).isEqualTo(ours);
    }

    private static boolean holdsSubnormal(@Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            return members.values().stream().anyMatch(CanonicalJsonOracleTest::holdsSubnormal);
        }
        if (value instanceof List<?> elements) {
            return elements.stream().anyMatch(CanonicalJsonOracleTest::holdsSubnormal);
        }
        return value instanceof Double number && number != 0 && Math.abs(number) < Double.MIN_NORMAL;
    }

    @Property(tries = 3000)
    void write_anyDouble_likeTheOracles(@ForAll("doubles") double value) throws IOException {
        assertLikeTheOracles(value);
    }

    private static void assertLikeTheOracles(double value) throws IOException {
        String ours = CanonicalJson.write(value);
        if (Math.abs(value) >= Double.MIN_NORMAL || value == 0) {
            assertThat(ours).isEqualTo(NumberToJSON.serializeNumber(value));
        }
        // The JDK looks for the nearest of at least two digits, so a number of one digit may differ: 5e-324 and
        // 4.9E-324.
        if (Runtime.version().feature() >= 19 && new BigDecimal(ours).precision() > 1) {
            assertThat(new BigDecimal(ours)).isEqualByComparingTo(new BigDecimal(Double.toString(value)));
        }
        assertThat(Double.parseDouble(ours)).isEqualTo(value == 0 ? 0.0 : value);
    }

    /** At powers of two the neighbours lie at different distances, where shortest-digit algorithms go wrong. */
    @Test
    void write_powersOfTwoAndTheirNeighbours_likeTheOracles() throws IOException {
        for (int exponent = -1074; exponent <= 1023; exponent++) {
            double power = Math.scalb(1.0, exponent);
            for (double value : new double[] {Math.nextDown(power), power, Math.nextUp(power)}) {
                assertLikeTheOracles(value);
            }
        }
    }

    @Test
    void write_powersOfTenAndTheirNeighbours_likeTheOracles() throws IOException {
        for (int exponent = -323; exponent <= 308; exponent++) {
            double power = Double.parseDouble("1e" + exponent);
            for (double value : new double[] {Math.nextDown(power), power, Math.nextUp(power)}) {
                assertLikeTheOracles(value);
            }
        }
    }

    @Property
    void write_anyDouble_readsBack(@ForAll("doubles") double value) throws MalformedException {
        String json = "{\"v\":" + CanonicalJson.write(value) + "}";

        assertThat(StrictJson.parseObject(json, "x", Limits.FIELD)).containsEntry("v", value);
    }

    @Provide
    Arbitrary<Map<String, Object>> objects() {
        return JsonArbitraries.objects();
    }

    @Provide
    Arbitrary<Double> doubles() {
        return JsonArbitraries.doubles();
    }
}
