package org.farthing.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.testing.Mutations;
import org.farthing.testing.Requirement;
import org.farthing.testing.WireArbitraries;

@Requirement({"F-CH-20", "F-CH-30", "F-EN-50", "T34"})
class ChallengeProperties {

    @Property(tries = 500)
    void parse_formatted_sameChallenge(@ForAll("challenges") Challenge challenge) throws MalformedException {
        assertThat(Challenge.parse(challenge.format())).isEqualTo(challenge);
    }

    @Property(tries = 500)
    void format_anyChallenge_oneLineOfPrintableAscii(@ForAll("challenges") Challenge challenge) {
        assertThat(challenge.format()).matches("[ -~]*");
    }

    @Property(tries = 500)
    void parseAll_severalInOneField_allFound(
            @ForAll("challenges") Challenge first, @ForAll("challenges") Challenge second) {
        Challenge.Parsed parsed = Challenge.parseAll(List.of(first.format() + ", Negotiate , ," + second.format()));

        assertThat(parsed.challenges()).containsExactly(first, second);
        assertThat(parsed.rejected()).isEmpty();
    }

    @Property(tries = 500)
    void signedPayload_anyChallenge_canonicalAndWithoutDescription(@ForAll("challenges") Challenge challenge)
            throws MalformedException {
        Map<String, Object> members = StrictJson.parseObject(challenge.signedPayload(), "x", StrictJson.Limits.BODY);

        assertThat(CanonicalJson.write(members)).isEqualTo(challenge.signedPayload());
        assertThat(members).containsEntry("id", challenge.id()).doesNotContainKeys("description", "jws");
        assertThat(challenge.withDescription("other").signedPayload()).isEqualTo(challenge.signedPayload());
    }

    @Property(tries = 500)
    void parse_spoilt_challengeOrMalformed(@ForAll("spoilt") String field) {
        Mutations.assertOnlyMalformed(
                f -> {
                    Challenge challenge = Challenge.parse(f);
                    challenge.signedPayload();
                    challenge.requestMembers();
                },
                field);
        Mutations.assertOnlyMalformed(f -> Challenge.parseAll(List.of(f, f)), field);
    }

    @Property(tries = 500)
    void parse_anyText_challengeOrMalformed(@ForAll("anyText") String field) {
        Mutations.assertOnlyMalformed(Challenge::parse, field);
        Mutations.assertOnlyMalformed(Challenge::parse, "Payment " + field);
    }

    @Provide
    Arbitrary<Challenge> challenges() {
        return WireArbitraries.challenges();
    }

    @Provide
    Arbitrary<String> spoilt() {
        return Mutations.of(WireArbitraries.challenges().map(Challenge::format));
    }

    @Provide
    Arbitrary<String> anyText() {
        return Mutations.anyText();
    }
}
