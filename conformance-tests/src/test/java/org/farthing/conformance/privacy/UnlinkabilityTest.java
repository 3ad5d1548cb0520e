package org.farthing.conformance.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.farthing.protocol.Credential;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.TokenPayload;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whoever issues tokens and whoever takes them put all they have on one table, every byte that went over their wires and their
 * books, and look for a purchase and a payment that belong together: after hundreds of each, made by the real client, they have
 * no 8 bytes in common but what everybody may know. What everybody may know is what a stranger's purchase and payment, made
 * with other secrets on another day, have shown as well.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Requirement({"F-TK-12", "F-TK-15", "F-TK-24", "F-PV-14"})
class UnlinkabilityTest {

    private static final int CUSTOMERS = 8;

    /** 1,000 in all: what all purchases have in common is no accident then. */
    private static final int EACH = 1_000 / CUSTOMERS;

    private static final Pattern CREDENTIAL = Pattern.compile("(?i)Authorization: (Payment [A-Za-z0-9_-]+)");

    @TempDir
    static Path folder;

    private TokenWorld world;
    private List<Customer> customers;
    private View published;
    private View issuer;
    private View payee;
    private List<TokenRequest> requests;
    private List<byte[]> orders;
    private List<BlindToken> tokens;

    @BeforeAll
    void buyAndPay() throws Exception {
        world = new TokenWorld(folder);
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        Customer stranger = new Customer(world, folder.resolve("stranger"), http);
        stranger.buy(2);
        stranger.pay(2);
        List<byte[]> shown = new ArrayList<>(world.issuerHas());
        shown.addAll(world.payeeHas());
        published = TokenWorld.view(shown);
        world.issuerHears.forget();
        world.payeeHears.forget();
        later(Duration.ofDays(2));
        customers = new ArrayList<>();
        for (int i = 0; i < CUSTOMERS; i++) {
            customers.add(new Customer(world, folder.resolve("customer" + i), http));
        }
        all(Customer::buy);
        // Time tells nothing here: it is another matter (T59), and the test's.
        later(Duration.ofDays(13));
        all(Customer::pay);
        List<byte[]> issuerHas = world.issuerHas();
        List<byte[]> payeeHas = world.payeeHas();
        issuer = TokenWorld.view(issuerHas);
        payee = TokenWorld.view(payeeHas);
        requests = requests(TokenWorld.text(issuerHas));
        orders = orders(TokenWorld.text(issuerHas));
        tokens = tokens(TokenWorld.text(payeeHas));
    }

    private void later(Duration time) {
        world.clock.advance(time);
        world.refresh();
    }

    private void all(BiConsumer<Customer, Integer> does) {
        CompletableFuture.allOf(customers.stream()
                        .map(customer -> CompletableFuture.runAsync(() -> does.accept(customer, EACH)))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    @AfterAll
    void close() {
        world.close();
    }

    /** What was to be signed, as it stands in the bodies of purchases. */
    private static List<TokenRequest> requests(String issuerText) throws Exception {
        List<TokenRequest> requests = new ArrayList<>();
        Matcher found = Pattern.compile("\\{\"requests\":\"([^\"]+)\"").matcher(issuerText);
        while (found.find()) {
            requests.addAll(TokenRequest.parseAll(found.group(1), 1));
        }
        return requests.stream().distinct().toList();
    }

    /** What was paid with. */
    private static List<BlindToken> tokens(String payeeText) throws Exception {
        List<BlindToken> tokens = new ArrayList<>();
        Matcher found = CREDENTIAL.matcher(payeeText);
        while (found.find()) {
            tokens.addAll(TokenPayload.parse(Credential.parse(found.group(1)).payload(), 1));
        }
        return tokens;
    }

    @Test
    void views_ofAllPurchasesAndPayments_haveNothingInCommon() {
        assertThat(requests).hasSize(CUSTOMERS * EACH);
        assertThat(orders).hasSize(CUSTOMERS * EACH);
        assertThat(tokens).hasSize(CUSTOMERS * EACH);
        long[] common = payee.common(issuer, published);

        assertThat(Arrays.stream(common).mapToObj(View::shown).limit(20)).isEmpty();
    }

    /** The check sees what it must see: the issuer's part in the issuer's view, and nothing of it in the payee's. */
    @Test
    void walletsAndBlindedMessages_areInTheIssuersViewAlone() {
        for (Customer customer : customers) {
            byte[] wallet = Base64.getUrlDecoder().decode(customer.wallet().substring(2));
            assertThat(issuer.holds(wallet)).isTrue();
            assertThat(payee.holdsAnyOf(wallet)).isFalse();
        }
        for (TokenRequest request : requests) {
            assertThat(issuer.holds(request.blinded())).isTrue();
            assertThat(payee.holdsAnyOf(request.blinded())).isFalse();
        }
        for (byte[] order : orders) {
            assertThat(issuer.holds(order)).isTrue();
            assertThat(payee.holdsAnyOf(order)).isFalse();
        }
    }

    /** The signatures of the orders that paid for the tokens. */
    private static List<byte[]> orders(String issuerText) throws Exception {
        List<byte[]> orders = new ArrayList<>();
        Matcher found = CREDENTIAL.matcher(issuerText);
        while (found.find()) {
            String jws =
                    String.valueOf(Credential.parse(found.group(1)).payload().get("jws"));
            orders.add(Base64.getUrlDecoder().decode(jws.substring(jws.lastIndexOf('.') + 1)));
        }
        return orders;
    }

    @Test
    void noncesAndAuthenticators_areInThePayeesViewAlone() {
        for (BlindToken token : tokens) {
            for (byte[] part : List.of(token.nonce(), token.authenticator())) {
                assertThat(payee.holds(part)).isTrue();
                assertThat(issuer.holdsAnyOf(part)).isFalse();
            }
            assertThat(issuer.holdsAnyOf(token.serial().bytes16())).isFalse();
        }
    }

    /** Ways in which something of one purchase could reach the payee. */
    enum Leak {
        /** As it is. */
        RAW {
            @Override
            byte[] of(byte[] secret) {
                return secret;
            }
        },
        /** Eight bytes of it, in the middle of something. */
        EIGHT_BYTES {
            @Override
            byte[] of(byte[] secret) {
                byte[] some = "X-Trace: ........ and more".getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(secret, 3, some, 9, 8);
                return some;
            }
        },
        /** In a header field. */
        BASE64URL {
            @Override
            byte[] of(byte[] secret) {
                return text("X-Customer: w_" + base64url(secret));
            }
        },
        /** In a header field of somebody else. */
        HEXADECIMAL {
            @Override
            byte[] of(byte[] secret) {
                return text("traceparent: 00-" + HexFormat.of().formatHex(secret) + "-01");
            }
        },
        /** In JSON in base64url in JSON in base64url, as credentials are. */
        NESTED {
            @Override
            byte[] of(byte[] secret) {
                String inner = base64url(text("{\"note\":\"" + base64url(secret) + "\"}"));
                return text("Authorization: Payment " + base64url(text("{\"opaque\":\"" + inner + "\"}")));
            }
        };

        abstract byte[] of(byte[] secret);

        static byte[] text(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        static String base64url(byte[] bytes) {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        }
    }

    /** A check that finds nothing shows something only if it finds what is there. */
    @ParameterizedTest
    @EnumSource
    void common_somethingOfOnePurchaseAtThePayee_isFound(Leak leak) {
        byte[] wallet = Base64.getUrlDecoder().decode(customers.get(3).wallet().substring(2));
        byte[] blinded = Arrays.copyOf(requests.get(100).blinded(), 32);
        for (byte[] secret : List.of(wallet, blinded, orders.get(77))) {
            View leaking = new View().add(leak.of(secret));

            assertThat(leaking.common(issuer, published)).isNotEmpty();
        }
        assertThat(new View().add(leak.of(tokens.get(9).nonce())).common(issuer, published))
                .isEmpty();
    }
}
