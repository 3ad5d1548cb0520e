package org.farthing.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.budget.ApprovalRequest;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the owner is shown, when, and what a slow yes is worth. */
@Timeout(60)
class ApprovalTest {

    @TempDir
    Path temp;

    private static DeclineReason declined(PaidResponse<String> answer) {
        assertThat(answer.outcome()).isInstanceOf(Declined.class);
        assertThat(answer.response().orElseThrow().statusCode()).isEqualTo(402);
        return ((Declined) answer.outcome()).why();
    }

    @Test
    @Requirement({"F-CL-30", "F-CL-36", "C16", "C5", "T10"})
    void send_aboveThreshold_ownerSeesPayeeAmountCurrencyAndEnd() throws Exception {
        List<ApprovalRequest> asked = new ArrayList<>();
        try (Fixture fixture = new Fixture(
                temp,
                policy -> policy.approveAbove("0.002usd", request -> {
                    asked.add(request);
                    return false;
                }),
                builder -> builder)) {
            fixture.server.script(fixture.payee.script(
                    fixture.payer(),
                    request -> fixture.payee.demand(request, offer -> {
                        offer.description = "A gift, costs nothing";
                        offer.capture = "upto";
                    }),
                    (request, paid) -> fixture.payee.serve(paid)));
            assertThat(declined(fixture.get("/page?n=1"))).isEqualTo(DeclineReason.NOT_APPROVED);
            assertThat(asked).hasSize(1);
            ApprovalRequest shown = asked.get(0);
            assertThat(shown.origin()).isEqualTo(fixture.server.origin());
            assertThat(shown.payee()).isEqualTo(fixture.server.origin().text());
            assertThat(shown.money().format()).isEqualTo("0.0025 USD");
            assertThat(shown.expires()).isEqualTo(Instant.parse("2026-11-22T09:05:30Z"));
            assertThat(shown.capture()).isEqualTo("upto");
            assertThat(shown.service()).isNull();
            assertThat(shown.isSigned()).isTrue();
            assertThat(shown.isFirstUse()).isTrue();
            assertThat(shown.toString()).contains("/page").doesNotContain("gift");
            assertThat(fixture.client.journal().entries()).isEmpty();
        }
    }

    @Test
    @Requirement({"F-CL-36", "F-CL-30"})
    void send_paidBefore_isNoFirstUseAndBelowTheThresholdNobodyIsAsked() throws Exception {
        List<ApprovalRequest> asked = new ArrayList<>();
        try (Fixture fixture =
                new Fixture(temp, policy -> policy.approveAbove("0.0025usd", asked::add), builder -> builder)) {
            assertThat(fixture.get("/").outcome()).isInstanceOf(Served.class);
            assertThat(asked).isEmpty();
            fixture.server.script(fixture.payee.script(
                    fixture.payer(),
                    request -> fixture.payee.demand(request, offer -> offer.amount = 2501),
                    (request, paid) -> fixture.payee.serve(paid)));
            assertThat(fixture.get("/").outcome()).isInstanceOf(Served.class);
            assertThat(asked).extracting(ApprovalRequest::isFirstUse).containsExactly(false);
        }
    }

    @Test
    @Requirement({"F-CL-37", "F-CL-24", "C4"})
    void send_approvedTooLate_isExpiredAndNothingIsCounted() throws Exception {
        CompletableFuture<Fixture> started = new CompletableFuture<>();
        try (Fixture fixture = new Fixture(
                temp,
                policy -> policy.approveAbove("0.002usd", request -> {
                    started.join().clock.advance(Duration.ofMinutes(5));
                    return true;
                }),
                builder -> builder)) {
            started.complete(fixture);
            assertThat(declined(fixture.get("/"))).isEqualTo(DeclineReason.EXPIRED);
            assertThat(fixture.client.journal().entries()).isEmpty();
            assertThat(fixture.payee.payments()).isZero();
        }
    }

    @Test
    @Requirement({"F-CL-37", "F-CL-10"})
    void send_overBudget_ownerIsNotAsked() throws Exception {
        List<ApprovalRequest> asked = new ArrayList<>();
        try (Fixture fixture = new Fixture(
                temp, policy -> policy.total("0.006usd").approveAbove("0.002usd", asked::add), builder -> builder)) {
            assertThat(fixture.get("/1").outcome()).isInstanceOf(Served.class);
            assertThat(fixture.get("/2").outcome()).isInstanceOf(Served.class);
            assertThat(declined(fixture.get("/3"))).isEqualTo(DeclineReason.TOTAL_LIMIT);
            assertThat(asked).hasSize(2);
        }
    }

    @Test
    @Requirement({"F-CL-36", "F-SG-36"})
    void send_unsignedOffer_isShownAsUnsigned() throws Exception {
        List<ApprovalRequest> asked = new ArrayList<>();
        try (Fixture fixture =
                new Fixture(temp, policy -> policy.approveAbove("0.002usd", asked::add), builder -> builder, true)) {
            var said = fixture.payee.directory();
            fixture.payee.publish(new org.farthing.protocol.signature.KeyDirectory(
                    said.keys(), said.payee(), said.origins(), said.realms(), false, said.providers()));
            fixture.server.script(fixture.payee.script(
                    fixture.payer(),
                    request -> {
                        var signed = fixture.payee.signed(fixture.payee.offer(request));
                        return org.farthing.client.testing.TestPayee.demand(new org.farthing.protocol.Challenge(
                                signed.id(), signed.terms(), signed.description(), null));
                    },
                    (request, paid) -> fixture.payee.serve(paid)));
            assertThat(fixture.get("/").outcome()).isInstanceOf(Served.class);
            assertThat(asked).extracting(ApprovalRequest::isSigned).containsExactly(false);
        }
    }
}
