package org.farthing.client.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.eclipse.jetty.client.Request;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.testing.Received;
import org.farthing.client.testing.Reply;
import org.farthing.protocol.Credential;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Coming again with a pass through Jetty's client (spec/pass.md, F-PA-20). */
@Timeout(60)
class JettyPassTest {

    private static final String PASS = "eyJ4Ijoi.MAC_of-it";

    @TempDir
    Path temp;

    @Test
    @Requirement({"F-PA-20", "F-CL-70"})
    void sameRequestAgain_showsThePass_andARedirectDoesNotCarryIt() throws Exception {
        JettyFixture fixture = new JettyFixture(temp, builder -> builder);
        try {
            AtomicBoolean moved = new AtomicBoolean();
            Function<Received, Reply> paywall = fixture.payee.script(
                    fixture.key(),
                    request -> fixture.payee.demand(
                            request,
                            offer -> offer.amount =
                                    request.header("Payment-Pass").isPresent() ? 0 : offer.amount),
                    (request, paid) -> answer(fixture, paid));
            fixture.server.script(request -> moved.get() && request.target().equals("/a")
                    ? Reply.of(302).header("Location", "/b")
                    : paywall.apply(request));
            for (int i = 0; i < 3; i++) {
                moved.set(i == 2);
                Request request = fixture.request("/a");
                assertThat(request.send().getStatus()).isEqualTo(200);
                // The content is with the application before the receipt is judged.
                assertThat(fixture.outcome(request)).isInstanceOf(Served.class);
            }
            assertThat(amounts(fixture)).containsExactly("2500", "0", "2500");
            assertThat(fixture.server.received().stream()
                            .filter(request -> request.header("Payment-Pass").isPresent())
                            .map(Received::target))
                    .isNotEmpty()
                    .allMatch("/a"::equals);
        } finally {
            fixture.close();
        }
    }

    private static Reply answer(JettyFixture fixture, Credential paid) {
        return fixture.payee.serveWithPass(
                paid,
                PASS,
                fixture.clock.instant().truncatedTo(ChronoUnit.SECONDS).plusSeconds(3600));
    }

    private static List<String> amounts(JettyFixture fixture) throws Exception {
        return fixture.payer.journal().entries().stream()
                .map(entry -> entry.proposal().amount().format())
                .toList();
    }
}
