package org.farthing.protocol.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.testing.ReferenceVector;
import org.farthing.testing.Requirement;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.Test;

/** Whoever copies an example out of the chapters about tokens copies something that works. */
@Requirement({
    "F-TK-18",
    "F-TK-21",
    "F-TK-23",
    "F-TK-24",
    "F-TK-26",
    "F-TK-27",
    "F-TK-28",
    "F-TK-29",
    "F-TK-151",
    "F-TK-171"
})
class SpecificationExamplesTest {

    private static final List<String> CHAPTERS = List.of("token.md", "token-mint.md", "token-payment.md");
    private static final Pattern BLOCK = Pattern.compile("```[a-z]*\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern PLACE = Pattern.compile("<([^<>]+)>");
    private static final Pattern NUMBERED = Pattern.compile("([0-9]+) (tokens|requests|responses|serials|openings)");

    /** Reads an example; what it is is told by its members. */
    private interface Reading {
        void read(byte[] json) throws MalformedException;
    }

    private static final Map<Set<String>, Reading> READERS = Map.ofEntries(
            entry(Set.of("requests"), PurchaseBody::parse),
            entry(Set.of("responses"), json -> TokenResponses.parse(json, responses(json))),
            entry(Set.of("issued", "responses"), json -> RestoreAnswer.parse(json, 3)),
            entry(Set.of("challenge", "requests", "tokens"), SwapBody::parse),
            entry(Set.of("challenge", "tokens"), RedemptionBody::parse),
            entry(Set.of("amount", "results"), json -> RedemptionAnswer.parse(json, 3)),
            entry(Set.of("redeemed"), RedeemedPage::parse),
            entry(Set.of("challenge", "keys", "requests", "tokens"), RecallBody::parse),
            entry(Set.of("credential", "requests"), RefundBody::parse),
            entry(Set.of("tokens", "type"), json -> TokenPayload.parse(members(json), TokenOffer.MOST_TOKENS)),
            entry(Set.of("amount", "currency", "methodDetails", "recipient"), SpecificationExamplesTest::request));

    private static Map.Entry<Set<String>, Reading> entry(Set<String> names, Reading reading) {
        return Map.entry(names, reading);
    }

    @Test
    void examples_ofTheChapters_areReadByTheirReaders() throws Exception {
        Set<Set<String>> seen = new TreeSet<>((one, other) -> one.toString().compareTo(other.toString()));
        int directories = 0;
        for (String example : examples()) {
            String json = filled(example);
            Set<String> names = new TreeSet<>(members(json.getBytes(UTF_8)).keySet());
            if (names.contains("token-keys")) {
                IssuerDirectory.parse(json.getBytes(UTF_8));
                directories++;
            } else {
                Reading reader = READERS.get(names);
                assertThat(reader).as("an example nobody reads: %s", example).isNotNull();
                Objects.requireNonNull(reader).read(json.getBytes(UTF_8));
            }
            assertThat(json)
                    .as("members in canonical order")
                    .isEqualTo(CanonicalJson.write(members(json.getBytes(UTF_8))));
            seen.add(names);
        }
        assertThat(directories).isOne();
        assertThat(seen)
                .containsAll(
                        READERS.keySet().stream().<Set<String>>map(TreeSet::new).toList());
    }

    private static void request(byte[] json) throws MalformedException {
        PaymentRequest request = PaymentRequest.parse(Base64Url.encode(json));
        TokenOffer offer = TokenOffer.parse(request.methodDetails());
        assertThat(offer.denominations().fits(request.amount(), offer.maxTokens()))
                .isTrue();
        assertThat(offer.challenge().originInfo()).isEqualTo("api.example.com");
    }

    private static int responses(byte[] json) throws MalformedException {
        return String.valueOf(members(json).get("responses")).length() * 3 / 4 / TokenResponse.LENGTH;
    }

    private static Map<String, ?> members(byte[] json) throws MalformedException {
        return StrictJson.parseObject(json, "example", TokenForms.BODY);
    }

    /** Every object that stands in a block of code, without line breaks. */
    private static List<String> examples() throws IOException {
        List<String> examples = new ArrayList<>();
        for (String chapter : CHAPTERS) {
            Matcher block = BLOCK.matcher(Files.readString(Path.of("spec", chapter)));
            while (block.find()) {
                objects(block.group(1).replaceAll("\\n *", ""), examples);
            }
        }
        return examples;
    }

    private static void objects(String text, List<String> found) {
        int depth = 0;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '{' && depth++ == 0) {
                start = i;
            } else if (text.charAt(i) == '}' && --depth == 0) {
                found.add(text.substring(start, i + 1));
            }
        }
    }

    /** Puts something real where the text says what stands there. */
    private static String filled(String example) {
        return PLACE.matcher(example).replaceAll(place -> real(place.group(1)));
    }

    private static String real(String place) {
        Map<String, String> known = new TreeMap<>(Map.of(
                "base64url of the SubjectPublicKeyInfo",
                TokenForms.padded(TestTokenKeys.publicKey(0).spki()),
                "id of a key",
                TestTokenKeys.publicKey(0).keyId(),
                "hash of the directory",
                ReferenceVector.CHALLENGE.id(),
                "token68 of a credential",
                Credential.of(ReferenceVector.CHALLENGE, null, Map.of("type", "tokens"))
                        .token68()));
        Matcher numbered = NUMBERED.matcher(place);
        if (numbered.matches()) {
            List<PendingToken> pending = IntStream.range(0, Integer.parseInt(numbered.group(1)))
                    .mapToObj(i -> BlindTokenTest.pending(TestTokenKeys.publicKey(0), i))
                    .toList();
            return switch (numbered.group(2)) {
                case "tokens" ->
                    BlindToken.formatAll(pending.stream()
                            .map(SpecificationExamplesTest::token)
                            .toList());
                case "requests" ->
                    TokenRequest.formatAll(
                            pending.stream().map(PendingToken::request).toList());
                case "serials" -> Base64Url.encode(rising(16, pending.size()));
                case "openings" -> Base64Url.encode(rising(1 + TokenOpening.LENGTH, pending.size()));
                default ->
                    TokenResponse.formatAll(pending.stream()
                            .map(token -> new TokenResponse(token.request().blinded()))
                            .toList());
            };
        }
        return Objects.requireNonNull(known.get(place), () -> "nobody knows what stands for " + place);
    }

    /** Records of one length that rise by their last byte; the first byte of an opening is the index of its key. */
    private static byte[] rising(int length, int records) {
        byte[] bytes = new byte[length * records];
        for (int i = 1; i <= records; i++) {
            bytes[length * i - 1] = (byte) i;
        }
        return bytes;
    }

    private static BlindToken token(PendingToken pending) {
        try {
            return pending.finish(new TokenResponse(
                    TestTokenKeys.get(0).blindSign(pending.request().blinded())));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
