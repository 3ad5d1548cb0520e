package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.Challenge;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of the draft that concern the challenge as a whole, and who comes before the paywall. */
class DraftRowsTest {

    private static final Pattern PARAMETER = Pattern.compile("(?:^Payment |, )([^=\\s]+)=\"");

    @TempDir
    private Path folder = Path.of("");

    @Test
    @Requirement({"S34", "S35", "S37"})
    void challenge_asSent_lowerCaseNamesAsciiAndSmall() {
        try (Paywall paywall = Paywall.start(folder)) {
            String field = paywall.get("/docs/a").get("WWW-Authenticate");
            assertThat(field.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(8 * 1024);
            assertThat(field).matches("\\p{ASCII}+");
            Matcher names = PARAMETER.matcher(field);
            int found = 0;
            while (names.find()) {
                found++;
                assertThat(names.group(1))
                        .isEqualTo(names.group(1).toLowerCase(Locale.ROOT))
                        .isNotEqualTo("meta");
            }
            assertThat(found).isGreaterThanOrEqualTo(8);
        }
    }

    @Test
    @Requirement({"S20", "T10"})
    void echoedDescription_altered_changesNothing() {
        try (Paywall paywall = Paywall.start(folder)) {
            Challenge challenge =
                    Payer.challengeOf(paywall.get("/docs/a")).withDescription("free of charge, for somebody else");
            HttpTester.Response answer = paywall.get(
                    "/docs/a",
                    "Authorization: " + paywall.alice.credential(challenge).format());
            assertThat(answer.getStatus()).isEqualTo(200);
            assertThat(paywall.spent(paywall.alice)).isEqualTo(Paywall.PRICE);
        }
    }

    /** Whoever asks who one is stands outside: it answers first, and nothing is offered to strangers. */
    @Test
    @Requirement({"S8", "S9", "S11"})
    void authenticationOutside_comesFirst_401WithoutAChallengeToPay() {
        try (Paywall paywall = new Paywall(folder)) {
            paywall.boot(prices -> prices.charge("/docs/*", Paywall.offer().build()), handler -> {});
            paywall.stopServer();
            Handler.Wrapper members = new Handler.Wrapper(paywall.handler()) {
                @Override
                public boolean handle(Request request, Response response, Callback callback) throws Exception {
                    if (request.getHeaders().get("X-Member") != null) {
                        return super.handle(request, response, callback);
                    }
                    response.getHeaders().put("WWW-Authenticate", "Bearer realm=\"members\"");
                    Response.writeError(request, response, callback, 401);
                    return true;
                }
            };
            paywall.server().setHandler(members);
            paywall.startNow();
            HttpTester.Response stranger = paywall.get("/docs/a");
            assertThat(stranger.getStatus()).isEqualTo(401);
            assertThat(stranger.get("WWW-Authenticate")).startsWith("Bearer").doesNotContain("Payment");
            HttpTester.Response member = paywall.get("/docs/a", "X-Member: yes");
            assertThat(member.getStatus()).isEqualTo(402);
            assertThat(member.get("WWW-Authenticate")).startsWith("Payment ");
        }
    }
}
