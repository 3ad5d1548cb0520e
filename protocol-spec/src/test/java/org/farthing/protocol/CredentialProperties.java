package org.farthing.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.testing.Mutations;
import org.farthing.testing.Requirement;
import org.farthing.testing.WireArbitraries;

@Requirement({"F-CR-1", "F-CR-22", "F-EN-50", "C2", "C6"})
class CredentialProperties {

    @Property(tries = 500)
    void parse_formatted_sameCredential(@ForAll("credentials") Credential credential) throws MalformedException {
        Credential read = Credential.parse(credential.format());

        assertThat(read.challenge()).isEqualTo(credential.challenge());
        assertThat(read.source()).isEqualTo(credential.source());
        assertThat(read.payload()).isEqualTo(credential.payload());
        assertThat(read.token68()).isEqualTo(credential.token68());
        assertThat(read.fingerprint()).isEqualTo(credential.fingerprint());
    }

    @Property(tries = 500)
    void parse_spoiltField_credentialOrMalformed(@ForAll("spoiltFields") String field) {
        Mutations.assertOnlyMalformed(Credential::parse, field);
    }

    @Property(tries = 500)
    void parse_spoiltEnvelope_credentialOrMalformed(@ForAll("spoiltEnvelopes") String json) {
        Mutations.assertOnlyMalformed(
                j -> Credential.parse("Payment " + Base64Url.encodeUtf8(j))
                        .challenge()
                        .signedPayload(),
                json);
    }

    @Property(tries = 500)
    void parse_anyBytes_credentialOrMalformed(@ForAll @Size(max = 40) byte[] bytes, @ForAll("anyText") String text) {
        Mutations.assertOnlyMalformed(Credential::parse, "Payment " + Base64Url.encode(bytes));
        Mutations.assertOnlyMalformed(Credential::parse, "Payment " + text);
        Mutations.assertOnlyMalformed(Credential::parse, text);
    }

    @Provide
    Arbitrary<Credential> credentials() {
        return WireArbitraries.credentials();
    }

    @Provide
    Arbitrary<String> spoiltFields() {
        return Mutations.of(WireArbitraries.credentials().map(Credential::format));
    }

    @Provide
    Arbitrary<String> spoiltEnvelopes() {
        return Mutations.of(WireArbitraries.credentials().map(CredentialProperties::envelope));
    }

    private static String envelope(Credential credential) {
        try {
            return new String(Base64Url.decode(credential.token68(), "x"), StandardCharsets.UTF_8);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    @Provide
    Arbitrary<String> anyText() {
        return Mutations.anyText();
    }
}
