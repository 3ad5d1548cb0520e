package org.farthing.protocol.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.StrictJson.Limits;
import org.farthing.testing.JsonArbitraries;
import org.junit.jupiter.api.Test;

class JsonTreeTest {

    @Test
    void copy_originalChangedLater_copyUnchanged() {
        List<Object> list = new ArrayList<>(List.of("a"));
        Map<String, Object> inner = new HashMap<>(Map.of("list", list));
        Map<String, Object> map = new HashMap<>(Map.of("inner", inner));

        Map<String, Object> copy = JsonTree.copy(map);
        list.add("b");
        inner.clear();
        map.clear();

        assertThat(copy).isEqualTo(Map.of("inner", Map.of("list", List.of("a"))));
    }

    @Test
    void copy_result_cannotBeChanged() {
        Map<String, Object> copy = JsonTree.copy(Map.of("m", Map.of(), "l", List.of()));

        assertThatThrownBy(() -> copy.put("x", 1)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> ((Map<?, ?>) Objects.requireNonNull(copy.get("m"))).clear())
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> ((List<?>) Objects.requireNonNull(copy.get("l"))).clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void copy_numbers_asTheReaderYieldsThem() {
        assertThat(JsonTree.copy(Map.of("i", 7, "d", 2.0, "z", -0.0, "f", 0.5, "big", 1e300)))
                .isEqualTo(Map.of("i", 7L, "d", 2L, "z", 0L, "f", 0.5, "big", 1e300));
    }

    @Test
    void copy_noJson_refused() {
        for (Object value : new Object[] {
            BigDecimal.ONE, 1.0f, 'c', new int[0], Double.NaN, Double.POSITIVE_INFINITY, Long.MAX_VALUE, "\ud800"
        }) {
            assertThatThrownBy(() -> JsonTree.copy(Map.of("a", value))).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> JsonTree.copy(Map.of("\udc00", 1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> JsonTree.copyValue(Map.of(1, "a"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void copy_anyObject_equalToReadingItsText(@ForAll("objects") Map<String, Object> object) throws MalformedException {
        String json = CanonicalJson.write(object);

        assertThat(JsonTree.copy(object)).isEqualTo(StrictJson.parseObject(json, "x", Limits.BODY));
    }

    @Provide
    Arbitrary<Map<String, Object>> objects() {
        return JsonArbitraries.objects();
    }
}
