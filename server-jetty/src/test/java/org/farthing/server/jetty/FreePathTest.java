package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.server.method.WalletOrderMethod;
import org.farthing.server.offer.CredentialField;
import org.farthing.server.offer.PriceList;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Credentials on requests that cost nothing, or nothing any more (spec/server.md, F-SV-91; F-CR-8, F-OU-1). */
class FreePathTest {

    private static final String PATH = "/docs/a";

    @TempDir
    private Path folder = Path.of("");

    private Paywall paywall;
    private Challenge challenge;
    private final AtomicReference<String> seen = new AtomicReference<>();

    @BeforeEach
    void start() {
        paywall = Paywall.start(folder);
        challenge = Payer.challengeOf(paywall.get(PATH));
    }

    @AfterEach
    void stop() {
        try {
            assertThat(paywall.balanced()).isTrue();
        } finally {
            paywall.close();
        }
    }

    @Test
    @Requirement({"F-OU-1", "F-SV-91", "S50", "T38"})
    void priceTakenOffTheListMeanwhile_isServedForNothingAndSaysSo() {
        free();
        paywall.app(recording("public, max-age=60"));
        HttpTester.Response answer = send();
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.getContent()).isEqualTo("free");
        says(answer, "refused");
        assertThat(answer.get("Cache-Control")).isEqualTo("private, max-age=60");
        assertThat(answer.getCSV("Vary", false)).contains("Authorization");
        assertThat(answer.get("X-Request-Id")).isNotNull();
        assertThat(answer.get("Payment-Receipt")).isNull();
        assertThat(seen).hasValue("null null");
        assertThat(paywall.nothingMoved()).isTrue();
    }

    @Test
    @Requirement({"F-OU-1", "F-OU-4", "F-SV-91"})
    void paidBefore_captured() {
        assertThat(send().getStatus()).isEqualTo(200);
        free();
        says(send(), "captured");
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    @Test
    @Requirement({"F-OU-1", "F-OU-4", "F-SV-91"})
    void givenBackBefore_released() {
        paywall.app(Paywall.status(404));
        says(send(), "released");
        free();
        says(send(), "released");
    }

    @Test
    @Requirement({"F-OU-4", "F-SV-91"})
    void stillRunningOnAnotherNode_pending() {
        try (Paywall other = new Paywall(paywall, Paywall.ORIGIN)) {
            other.boot(prices -> prices.charge("/priced", Paywall.offer().build()), settings -> {});
            CompletableFuture<HttpTester.Response> meanwhile = new CompletableFuture<>();
            paywall.app(Paywall.of((request, response, callback) -> {
                meanwhile.complete(other.get(PATH, field(paywall.alice.pay(challenge))));
                response.write(true, null, callback);
            }));
            says(send(), "captured");
            says(meanwhile.join(), "pending");
        }
    }

    @Test
    @Requirement({"F-OU-4", "F-SV-91"})
    void ledgerAway_pendingAndServed() {
        FailingLedger failing = new FailingLedger(paywall.ledger());
        paywall.interpose(failing.ledger());
        free();
        failing.failBefore("charge");
        HttpTester.Response answer = send();
        assertThat(answer.getStatus()).isEqualTo(200);
        says(answer, "pending");
    }

    @Test
    @Requirement({"F-RE-5", "F-RE-6", "F-SV-91"})
    void otherBytes_hearNothingOfTheCharge() {
        assertThat(send().getStatus()).isEqualTo(200);
        free();
        Credential own = paywall.alice.credential(challenge);
        String other =
                Credential.of(challenge, "somebody", Map.copyOf(own.payload())).format();
        says(paywall.get(PATH, field(other)), "refused");
    }

    @Test
    @Requirement({"F-SV-91", "F-SV-22"})
    void optionsThatWeAnswer_sayWhatBecameOfTheMoney() {
        HttpTester.Response answer = paywall.send("OPTIONS", PATH, null, field(paywall.alice.pay(challenge)));
        assertThat(answer.getStatus()).isEqualTo(204);
        says(answer, "refused");
        assertThat(answer.get("Cache-Control")).isEqualTo("private");
        assertThat(paywall.executions).hasValue(0);
    }

    @Test
    @Requirement({"F-OU-1", "F-SV-91"})
    void applicationThatWritesNothing_saysWhatBecameOfTheMoney() {
        free();
        paywall.app(Paywall.of((request, response, callback) -> callback.succeeded()));
        says(send(), "refused");
    }

    @Test
    @Requirement({"F-OU-1", "F-SV-91", "T38"})
    void applicationThatFails_itsErrorPageSeesNoCredential() {
        paywall.stopServer();
        paywall.boot(prices -> {}, settings -> {});
        paywall.server().setErrorHandler(new ErrorHandler() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                seen.set(request.getHeaders().get("Authorization"));
                return super.handle(request, response, callback);
            }
        });
        seen.set("nobody asked");
        for (Handler app : new Handler[] {
            Paywall.of((request, response, callback) -> {
                throw new IOException("broken");
            }),
            Paywall.of((request, response, callback) -> callback.failed(new IOException("broken")))
        }) {
            paywall.app(app);
            HttpTester.Response answer = send();
            assertThat(answer.getStatus()).isEqualTo(500);
            says(answer, "refused");
            assertThat(seen).hasValue(null);
        }
    }

    @Test
    @Requirement({"F-OU-1", "F-SV-91"})
    void nobodyServesIt_404SaysWhatBecameOfTheMoney() {
        free();
        paywall.app(new Handler.Abstract.NonBlocking() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                return false;
            }
        });
        HttpTester.Response answer = send();
        assertThat(answer.getStatus()).isEqualTo(404);
        says(answer, "refused");
    }

    @Test
    @Requirement({"S55", "F-CR-8", "F-SV-91"})
    void anotherPayeesCredentialInTheOtherField_isTheApplicationsAndNeverShared() {
        paywall.app(recording("public, max-age=60"));
        HttpTester.Response answer = paywall.get("/open", "Payment-Authorization: Payment eyJ9");
        assertThat(answer.get("Cache-Control")).isEqualTo("private, max-age=60");
        assertThat(answer.getCSV("Vary", false)).contains("Payment-Authorization");
        assertThat(answer.get("Payment-Outcome")).isNull();
        assertThat(seen).hasValue("null Payment eyJ9");
    }

    @Test
    @Requirement({"S55", "F-CR-8", "F-SV-91"})
    void ourCredentialInTheOtherField_isPrivateOnAFreePathToo() {
        paywall.stopServer();
        paywall.boot(
                prices -> prices.charge("/docs/*", Paywall.offer().build()).free(Set.of("HEAD"), "/docs/*"),
                handler -> handler.setCredentialField(CredentialField.PAYMENT_AUTHORIZATION));
        paywall.app(recording("public"));
        challenge = Payer.challengeOf(paywall.get(PATH));
        String value = "Payment-Authorization: " + paywall.alice.pay(challenge);
        HttpTester.Response answer = paywall.send("HEAD", PATH, null, value, "Authorization: Bearer x");
        assertThat(answer.getStatus()).isEqualTo(200);
        says(answer, "refused");
        assertThat(answer.get("Cache-Control")).isEqualTo("private");
        assertThat(answer.getCSV("Vary", false)).contains("Authorization", "Payment-Authorization");
        assertThat(seen).hasValue("Bearer x null");
    }

    @Test
    @Requirement("F-SV-91")
    void freePathWithoutOurCredential_isTheApplicationsAlone() {
        paywall.app(recording("public, max-age=60"));
        for (String field : new String[] {"Authorization: Bearer x", "Authorization: Payment eyJ9", "X-Other: 1"}) {
            HttpTester.Response answer = paywall.get("/open", field);
            assertThat(answer.get("Cache-Control")).isEqualTo("public, max-age=60");
            assertThat(answer.get("Vary")).isNull();
            assertThat(answer.get("Payment-Outcome")).isNull();
            assertThat(answer.get("X-Request-Id")).isNull();
        }
    }

    @Test
    @Requirement("F-SV-91")
    void paywallBehindThisOne_getsTheCredentialsOfWhatItSells() {
        PaymentHandler inner = new PaymentHandler(Paywall.text("the inner document"));
        inner.addOrigin(new Origin(Paywall.ORIGIN));
        inner.setPrices(
                PriceList.builder().charge("/inner/*", Paywall.offer().build()).build());
        inner.setLedger(paywall.ledger());
        inner.setSigningKey(paywall.key);
        inner.setSecrets(SecretRing.builder().current(paywall.secret).build());
        inner.addMethod(new WalletOrderMethod(paywall.ledger()));
        inner.setClock(paywall.clock);
        paywall.serveWith(inner);
        assertThat(paywall.buy("/inner/a").getContent()).isEqualTo("the inner document");
        assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
    }

    // ---- ---------------------------------------------------------------------------------------------------------

    private void free() {
        paywall.reprice(prices -> prices.charge("/priced", Paywall.offer().build()));
    }

    private HttpTester.Response send() {
        return paywall.get(PATH, field(paywall.alice.pay(challenge)));
    }

    private static String field(String value) {
        return "Authorization: " + value;
    }

    private void says(HttpTester.Response answer, String state) {
        assertThat(answer.getValuesList("Payment-Outcome")).containsExactly(state + ";id=\"" + challenge.id() + "\"");
    }

    private Handler recording(String cacheControl) {
        return Paywall.of((request, response, callback) -> {
            seen.set(request.getHeaders().get("Authorization") + " "
                    + request.getHeaders().get("Payment-Authorization"));
            response.getHeaders().put("Cache-Control", cacheControl);
            response.getHeaders().put("CDN-Cache-Control", "max-age=60");
            response.write(true, ByteBuffer.wrap("free".getBytes(StandardCharsets.US_ASCII)), callback);
        });
    }
}
