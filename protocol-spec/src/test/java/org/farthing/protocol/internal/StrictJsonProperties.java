package org.farthing.protocol.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.StrictJson.Limits;
import org.farthing.testing.JsonArbitraries;
import org.farthing.testing.Mutations;
import org.farthing.testing.Requirement;

@Requirement({"F-EN-50", "T23", "T24"})
class StrictJsonProperties {

    @Property
    void parse_anyText_objectOrMalformed(@ForAll("anyText") String text) {
        Mutations.assertOnlyMalformed(t -> StrictJson.parseObject(t, "x", Limits.FIELD), text);
    }

    @Property
    void parse_anyBytes_objectOrMalformed(@ForAll @Size(max = 64) byte[] bytes) {
        Mutations.assertOnlyMalformed(t -> StrictJson.parseObject(bytes, "x", Limits.FIELD), "");
    }

    @Property(tries = 5000)
    void parse_spoiltJson_objectOrMalformed(@ForAll("spoilt") String text) {
        Mutations.assertOnlyMalformed(t -> StrictJson.parseObject(t, "x", Limits.FIELD), text);
        Mutations.assertOnlyMalformed(t -> StrictJson.parseObject(t.getBytes(UTF_8), "x", Limits.FIELD), text);
    }

    @Property
    void parse_written_sameValue(@ForAll("objects") Map<String, Object> object) throws MalformedException {
        String json = CanonicalJson.write(object);

        assertThat(StrictJson.parseObject(json, "x", Limits.BODY)).isEqualTo(object);
        assertThat(StrictJson.parseObject(json.getBytes(UTF_8), "x", Limits.BODY))
                .isEqualTo(object);
    }

    @Provide
    Arbitrary<String> anyText() {
        return Mutations.anyText();
    }

    @Provide
    Arbitrary<String> spoilt() {
        return Mutations.of(JsonArbitraries.objects().map(CanonicalJson::write));
    }

    @Provide
    Arbitrary<Map<String, Object>> objects() {
        return JsonArbitraries.objects();
    }
}
