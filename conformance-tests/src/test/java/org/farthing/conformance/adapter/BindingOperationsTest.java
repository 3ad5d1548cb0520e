package org.farthing.conformance.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.conformance.adapter.Asked.failure;
import static org.farthing.conformance.adapter.Asked.json;
import static org.farthing.conformance.adapter.Asked.value;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code challenge.id} and {@code server.verify}. */
class BindingOperationsTest {

    private static final String SECRET = "'secretKey':'lab-secret-0123456789-0123456789-0123456789',";
    private static final String ROUTE = "'realm':'lab.example','method':'wallet','intent':'charge',"
            + "'request':{'recipient':'merchant:acme','amount':'10','currency':'MCR'}";
    private static final String EXPIRES = ",'expires':'2030-01-01T00:00:00Z'";

    private static String id(String more) {
        return value("challenge.id", json("{" + SECRET + ROUTE + more + "}"))
                .path("id")
                .textValue();
    }

    @Test
    @Requirement({"S13", "S23", "F-BI-1"})
    void challengeId_slotsOfAnotherImplementation_givesItsId() {
        assertThat(id(EXPIRES)).isEqualTo("r7MTve9SgCtfcAOrOvvbhDucvSn_0i6rX-LHOmvafnM");
        assertThat(id(EXPIRES + ",'opaque':'eyJvcmRlciI6IkEtMSJ9'"))
                .isEqualTo("UQgFRhHrAlxLRNoAoKxDXKpfyx4uDwMj3iwv3QQZP6w");
    }

    @Test
    @Requirement({"S20", "S22", "S54"})
    void challengeId_whatIsBoundChangesIt_andNothingElse() {
        String plain = id(EXPIRES);

        assertThat(id(EXPIRES + ",'opaque':{'order':'A-1'}"))
                .isEqualTo(id(EXPIRES + ",'opaque':'eyJvcmRlciI6IkEtMSJ9'"));
        assertThat(id(EXPIRES + ",'description':'x','digest':null,'unknown':1")).isEqualTo(plain);
        assertThat(id("")).isNotEqualTo(plain);
        assertThat(id(EXPIRES + ",'digest':'sha-256=:AA==:'")).isNotEqualTo(plain);
        assertThat(id(EXPIRES + ",'header':'Payment-Authorization'")).isNotEqualTo(plain);
    }

    @Test
    @Requirement("F-BI-1")
    void challengeId_shortSecret_isTheCallersBusiness() {
        assertThat(value("challenge.id", json("{'secretKey':'k'," + ROUTE + "}"))
                        .path("id")
                        .textValue())
                .hasSize(43);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'realm':'r','method':'wallet','intent':'charge','request':{}}",
                "{'secretKey':'','realm':'r','method':'wallet','intent':'charge','request':{}}",
                "{'secretKey':'k','realm':'r','method':'W','intent':'charge','request':{}}",
                "{'secretKey':'k','realm':'r','method':'wallet','intent':'charge','request':'e30'}",
                "{'secretKey':'k','realm':'r','method':'wallet','intent':'charge','request':{},'opaque':{'a':1}}",
                "{'secretKey':'k','realm':'r','method':'wallet','intent':'charge'}",
            })
    @Requirement({"S14", "S15", "S21"})
    void challengeId_withoutWhatItNeeds_isAGenerationError(String input) {
        assertThat(failure("challenge.id", json(input))).isEqualTo("generation_error");
    }

    private static ObjectNode echo(String more) {
        ObjectNode echo = (ObjectNode) json("{" + ROUTE + more + "}");
        return echo.put("id", id(more));
    }

    private static JsonNode verify(JsonNode challenge, String more) {
        ObjectNode credential = Asked.JSON.createObjectNode();
        credential.set("challenge", challenge);
        credential.putObject("payload").put("proof", "x");
        String field = value("credential.format", credential).path("header").textValue();
        ObjectNode input = (ObjectNode) json("{" + SECRET + ROUTE + more + "}");
        JsonNode asField = value("server.verify", input.put("credential", field));
        input.set("credential", credential);
        assertThat(value("server.verify", input)).isEqualTo(asField);
        return asField;
    }

    private static JsonNode refused(String errorType) {
        return json("{'ok':false,'errorType':'" + errorType + "'}");
    }

    @Test
    @Requirement({"S5", "S13"})
    void serverVerify_ownChallenge_isAccepted() {
        assertThat(verify(echo(EXPIRES), ""))
                .isEqualTo(json("{'ok':true,'receipt':{'status':'success','timestamp':'2026-01-29T12:00:00Z',"
                        + "'reference':'conformance-receipt','method':'wallet'}}"));
        assertThat(verify(echo(EXPIRES + ",'opaque':'abc','digest':'d'"), EXPIRES)
                        .path("ok")
                        .booleanValue())
                .isTrue();
        assertThat(verify(echo(EXPIRES), ",'verificationError':null").path("ok").booleanValue())
                .isTrue();
        assertThat(verify(echo(EXPIRES).put("description", "any"), "")
                        .path("ok")
                        .booleanValue())
                .isTrue();
    }

    @Test
    @Requirement({"S3", "S13", "T1", "T4"})
    void serverVerify_anotherChallenge_isInvalid() {
        assertThat(verify(echo(EXPIRES).put("id", "x"), "")).isEqualTo(refused("invalid_challenge"));
        assertThat(verify(echo(EXPIRES).put("expires", "2031-01-01T00:00:00Z"), ""))
                .isEqualTo(refused("invalid_challenge"));
        assertThat(verify(echo(EXPIRES).put("opaque", "x"), "")).isEqualTo(refused("invalid_challenge"));
        // Made with the same secret, for another route.
        assertThat(verify(echo(EXPIRES), ",'realm':'other.example'")).isEqualTo(refused("invalid_challenge"));
        assertThat(verify(echo(EXPIRES), ",'request':{'amount':'1'}")).isEqualTo(refused("invalid_challenge"));
        assertThat(verify(echo(EXPIRES), ",'intent':'session'")).isEqualTo(refused("invalid_challenge"));
        assertThat(verify(echo(EXPIRES), ",'method':'tempo'")).isEqualTo(refused("invalid_challenge"));
        // It never ends.
        assertThat(verify(echo(""), "")).isEqualTo(refused("invalid_challenge"));
    }

    @Test
    @Requirement({"S3", "S4", "C4"})
    void serverVerify_expiryComesAfterTheBinding_andTheMethodLast() {
        String past = ",'expires':'2020-01-01T00:00:00Z'";

        assertThat(verify(echo(past), ",'verificationError':'no'")).isEqualTo(refused("payment_expired"));
        assertThat(verify(echo(past).put("id", "x"), "")).isEqualTo(refused("invalid_challenge"));
        assertThat(verify(echo(EXPIRES), ",'verificationError':'no'")).isEqualTo(refused("verification_failed"));
        assertThat(verify(echo(EXPIRES), ",'verificationError':true")).isEqualTo(refused("verification_failed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'Payment !!!'", "'Payment e30'", "'Bearer x'", "''", "{}", "null", "7"})
    @Requirement("S2")
    void serverVerify_noCredential_isMalformed(String credential) {
        assertThat(Asked.ask("server.verify", json("{" + SECRET + ROUTE + ",'credential':" + credential + "}"))
                        .path("value"))
                .isEqualTo(refused("malformed_credential"));
    }

    @Test
    @Requirement("F-CO-66")
    void serverVerify_noRoute_isAVerificationError() {
        assertThat(failure("server.verify", json("{'credential':'Payment e30'}")))
                .isEqualTo("verification_error");
        assertThat(failure("server.verify", json("{'secretKey':''," + ROUTE + ",'credential':'Payment e30'}")))
                .isEqualTo("verification_error");
    }
}
