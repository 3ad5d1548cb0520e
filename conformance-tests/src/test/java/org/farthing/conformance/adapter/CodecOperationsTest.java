package org.farthing.conformance.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.conformance.adapter.Asked.failure;
import static org.farthing.conformance.adapter.Asked.json;
import static org.farthing.conformance.adapter.Asked.value;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What runners in other languages know about codecs, asked of ours. */
class CodecOperationsTest {

    private static final String REQUEST =
            "{'amount':'10','currency':'usd.e6','n':1,'yes':true,'no':null,'x':[1.5,'é']}";

    private static JsonNode header(String value) {
        return Asked.JSON.createObjectNode().put("header", value);
    }

    private static JsonNode text(String value) {
        return Asked.JSON.createObjectNode().put("text", value);
    }

    private static String wire(String json) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static String challenge(String more) {
        return "Payment id=\"c1\", realm=\"shop.example\", method=\"wallet\", intent=\"charge\", request=\""
                + wire(REQUEST) + "\"" + more;
    }

    @Test
    @Requirement({"C19", "F-CO-65"})
    void challengeParse_everyMember_isShownWithTheRequestDecoded() {
        JsonNode parsed = value(
                "challenge.parse",
                header(challenge(", description=\"say \\\"hi\\\", Payment me\", digest=\"sha-256=:AA==:\","
                        + " expires=\"2020-01-01T00:00:00+02:00\", opaque=\"not decoded\", jws=\"a..b\", future=1")));

        assertThat(parsed)
                .isEqualTo(json("{'id':'c1','realm':'shop.example','method':'wallet','intent':'charge','request':"
                        + REQUEST + ",'expires':'2020-01-01T00:00:00+02:00','description':'say \\\"hi\\\", Payment me',"
                        + "'digest':'sha-256=:AA==:','opaque':'not decoded'}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PAYMENT ID=\"c1\", Realm=shop.example, METHOD=wallet, intent=charge, request=\"e30\"",
                "  payment id=c1 , realm = \"shop.example\",method=wallet,intent=charge,request=e30\t",
                "Bearer realm=\"x\", Payment id=c1, realm=\"shop.example\", method=wallet, intent=charge, request=e30",
                "Payment id=c1, realm=\"shop.example\", method=wallet, intent=charge, request=\"e30\" and more, id=c2",
            })
    @Requirement({"C7", "C19"})
    void challengeParse_otherSpellings_areTheSameChallenge(String field) {
        assertThat(value("challenge.parse", header(field)))
                .isEqualTo(json("{'id':'c1','realm':'shop.example','method':'wallet','intent':'charge','request':{}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer abc",
                "Payment",
                "Payment abc",
                "Payment id=\"\", realm=r, method=wallet, intent=charge, request=e30",
                "Payment realm=r, method=wallet, intent=charge, request=e30",
                "Payment id=a, method=wallet, intent=charge, request=e30",
                "Payment id=a, realm=r, intent=charge, request=e30",
                "Payment id=a, realm=r, method=wallet, request=e30",
                "Payment id=a, realm=r, method=wallet, intent=charge",
                "Payment id=a, id=b, realm=r, method=wallet, intent=charge, request=e30",
                "Payment id=a, ID=a, realm=r, method=wallet, intent=charge, request=e30",
                "Payment id=a, realm=r, method=Wallet, intent=charge, request=e30",
                "Payment id=a, realm=r, method=wallet, intent=charge, request=\"e30=\"",
                "Payment id=a, realm=r, method=wallet, intent=charge, request=W10",
                "Payment id=a, realm=r, method=wallet, intent=charge, request=bm9qc29u",
                "Payment id=a, realm=r, method=wallet, intent=charge, request=eyJhIjoi_yJ9",
                "Payment id=a, realm=r, method=wallet, intent=charge, request=e30, expires=tomorrow",
                "Payment id=a, realm=r, method=wallet, intent=charge, request=e30, expires=\"2026-02-30T00:00:00Z\"",
                "Payment id=\"a, realm=r, method=wallet, intent=charge, request=e30",
            })
    @Requirement({"C1", "C19", "S2"})
    void challengeParse_malformed_isAParseError(String field) {
        assertThat(failure("challenge.parse", header(field))).isEqualTo("parse_error");
    }

    @Test
    @Requirement({"C19", "T23"})
    void challengeParse_twelveThousandBackslashesAndNoEnd_isAParseError() {
        String endless = "Payment id=a, realm=r, method=wallet, intent=charge, request=e30, x=\"" + "\\".repeat(12_000);

        assertThat(failure("challenge.parse", header(endless))).isEqualTo("parse_error");
    }

    @Test
    @Requirement({"C12", "F-CO-64"})
    void challengeParse_fieldLongerThanTheLimit_isAParseErrorToo() {
        assertThat(failure("challenge.parse", header(challenge(", x=\"" + "a".repeat(20_000) + "\""))))
                .isEqualTo("parse_error");
    }

    @Test
    @Requirement({"S17", "F-CO-65"})
    void challengeFormat_whatWasParsed_isTheSameChallengeAgain() {
        JsonNode parsed = value(
                "challenge.parse",
                header(challenge(", expires=\"2020-01-01T00:00:00Z\", opaque=\"eyJhIjoiYiJ9\", description=\"d\"")));
        String field = value("challenge.format", parsed).path("header").textValue();

        assertThat(field).startsWith("Payment id=\"c1\", realm=\"shop.example\", method=\"wallet\"");
        assertThat(value("challenge.parse", header(field))).isEqualTo(parsed);
    }

    @Test
    @Requirement("F-CO-65")
    void challengeFormat_nullForWhatIsAbsent_isLeftOut() {
        ObjectNode challenge = (ObjectNode) json("{'id':'a','realm':'r','method':'wallet','intent':'charge',"
                + "'request':{},'expires':null,'description':null,'digest':null,'opaque':null}");

        assertThat(value("challenge.format", challenge).path("header").textValue())
                .isEqualTo("Payment id=\"a\", realm=\"r\", method=\"wallet\", intent=\"charge\", request=\"e30\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'id':'','realm':'r','method':'wallet','intent':'charge','request':{}}",
                "{'id':'a','realm':'r','method':'wallet','intent':'charge','request':'e30'}",
                "{'id':'a','realm':'r','method':'WALLET','intent':'charge','request':{}}",
                "{'id':'a','realm':'r','method':'wallet','intent':'charge','request':{},'description':'a\\r\\nb'}",
                "{'id':'a\\nb','realm':'r','method':'wallet','intent':'charge','request':{}}",
                "{'id':'a','realm':'r','method':'wallet','intent':'charge','request':{},'expires':'soon'}",
            })
    @Requirement({"S12", "T34"})
    void challengeFormat_whatNoFieldCanCarry_isAFormatError(String challenge) {
        assertThat(failure("challenge.format", json(challenge))).isEqualTo("format_error");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    'did:key:z6Mk' text      | "did:key:z6Mk' text"
                    an object                | {"type":"wallet","n":[1,null]}
                    """)
    @Requirement({"C8", "C9", "F-CO-65"})
    void credential_formattedAndParsed_isTheSame(String name, String source) throws Exception {
        ObjectNode credential =
                (ObjectNode) json("{'challenge':{'id':'c1','realm':'r','method':'wallet','intent':'charge',"
                        + "'request':" + REQUEST + ",'expires':'2020-01-01T00:00:00Z','description':'d','opaque':'o'},"
                        + "'payload':{'type':'order','deep':{'n':2,'t':true}}}");
        credential.set("source", Asked.JSON.readTree(source));

        JsonNode field = value("credential.format", credential);

        assertThat(value("credential.parse", field)).as(name).isEqualTo(credential);
    }

    @Test
    @Requirement({"C8", "F-CO-65"})
    void credential_withoutSource_hasNone() {
        JsonNode without = json("{'challenge':{'id':'c','realm':'r','method':'wallet','intent':'charge','request':{}},"
                + "'payload':{}}");
        ObjectNode nothing = ((ObjectNode) without.deepCopy()).putNull("source");

        assertThat(value("credential.parse", value("credential.format", nothing)))
                .isEqualTo(without);
        assertThat(
                        value(
                                "credential.parse",
                                header(
                                        "payment   "
                                                + wire(
                                                        "{'payload':{},'source':null,'later':1,'challenge':"
                                                                + "{'id':'c','realm':'r','method':'wallet','intent':'charge','request':'e30','jws':'x'}}"))))
                .isEqualTo(without);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Payment",
                "Payment ",
                "Bearer e30",
                "Payment e30",
                "Payment e30, Payment e30",
                "Payment %%%",
                "Payment eyJhIjoi_yJ9",
            })
    @Requirement({"S2", "C8"})
    void credentialParse_malformed_isAParseError(String field) {
        assertThat(failure("credential.parse", header(field))).isEqualTo("parse_error");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'payload':{}}",
                "{'challenge':{'id':'c','realm':'r','method':'wallet','intent':'charge','request':{}}}",
                "{'challenge':{'id':'c','realm':'r','method':'wallet','intent':'charge','request':{}},'payload':'x'}",
                "{'challenge':'c','payload':{}}",
            })
    @Requirement("C8")
    void credentialFormat_incomplete_isAFormatError(String credential) {
        assertThat(failure("credential.format", json(credential))).isEqualTo("format_error");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'status':'success','timestamp':'2026-01-29T12:00:00.120+01:00','reference':'r','method':'wallet'}",
                "{'status':'success','timestamp':'2026-01-29T12:00:00Z','reference':'r','method':'tempo','externalId':'7',"
                        + "'extra':{'balance':'3','n':1}}",
            })
    @Requirement({"C20", "S26", "F-CO-65"})
    void receipt_formattedAndParsed_isTheSameToTheLetter(String receipt) {
        assertThat(value("receipt.parse", value("receipt.format", json(receipt))))
                .isEqualTo(json(receipt));
    }

    @Test
    @Requirement({"C7", "F-CO-65"})
    void receiptParse_membersTheContractDoesNotName_areNotShown() {
        String receipt = "{'status':'success','timestamp':'2026-01-29T12:00:00Z','reference':'r','method':'wallet'}";

        assertThat(value("receipt.parse", header(wire(receipt.replace("{", "{'amount':'3','jws':'a..b',")))))
                .isEqualTo(json(receipt));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'status':'failed','timestamp':'2026-01-29T12:00:00Z','reference':'r','method':'wallet'}",
                "{'status':'success','timestamp':'2026-01-29','reference':'r','method':'wallet'}",
                "{'status':'success','timestamp':'2026-01-29T12:00:00z','reference':'r','method':'wallet'}",
                "{'status':'success','reference':'r','method':'wallet'}",
                "{'status':'success','timestamp':'2026-01-29T12:00:00Z','method':'wallet'}",
                "{'timestamp':'2026-01-29T12:00:00Z','reference':'r','method':'wallet'}",
                "[]",
                "nothing",
            })
    @Requirement({"C20", "S26"})
    void receipt_malformed_isRefusedBothWays(String receipt) {
        assertThat(failure("receipt.parse", header(wire(receipt)))).isEqualTo("parse_error");
        if (receipt.startsWith("{")) {
            assertThat(failure("receipt.format", json(receipt))).isEqualTo("format_error");
        }
    }

    @ParameterizedTest
    @CsvSource({"'',''", "f,Zg", "foobar,Zm9vYmFy", "é漢,w6nmvKI", "'a+/?','YSsvPw'"})
    @Requirement("F-EN-1")
    void base64url_bothWays(String plain, String encoded) {
        assertThat(value("base64url.encode", text(plain)).path("text").textValue())
                .isEqualTo(encoded);
        assertThat(value("base64url.decode", text(encoded)).path("text").textValue())
                .isEqualTo(plain);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Zg==", "Zm9vYg=", "YSsv+w", "a/b", "Z", "Zh", "Z g", "_w", "7aCA"})
    @Requirement({"S17", "F-EN-1"})
    void base64urlDecode_paddedOrNoText_isAnEncodingError(String encoded) {
        assertThat(failure("base64url.decode", text(encoded))).isEqualTo("encoding_error");
    }

    @Test
    @Requirement({"T24", "F-CO-64"})
    void base64urlEncode_halfAPair_isAnEncodingError() {
        JsonNode answer = Asked.raw("{\"schema\":1,\"op\":\"base64url.encode\",\"input\":{\"text\":\"a\\ud800\"}}");

        assertThat(answer.path("error").path("type").textValue()).isEqualTo("encoding_error");
    }
}
