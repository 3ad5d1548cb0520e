package org.farthing.client.app;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.farthing.client.DeclineReason;
import org.farthing.client.PaidResponse;
import org.farthing.client.PayingClient;
import org.farthing.client.PaymentEvent;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.client.budget.Proposal;
import org.farthing.client.budget.Refusal;
import org.farthing.client.budget.SpendingJournal;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a request costs without any way to pay it: first under a policy that allows nobody, to learn the currency;
 * then with a method that cannot sign, so that the offer is checked as it would be before a payment.
 */
final class Quote {

    private final Shell shell;
    private final Payments payments;
    private final LimitOptions limits;
    private final Options options;
    private PaymentEvent.@Nullable Checked checked;
    private List<Challenge> offers = List.of();

    Quote(Shell shell, Payments payments, LimitOptions limits, Options options) {
        this.shell = shell;
        this.payments = payments;
        this.limits = limits;
        this.options = options;
    }

    /** What the command line says about every payment. */
    @FunctionalInterface
    interface Options {
        PayingClient.Builder apply(PayingClient.Builder builder) throws IOException;
    }

    /**
     * What was found.
     *
     * @param answer the last answer
     * @param declined why it cannot be paid at all, or null
     * @param proposal what it asks, if it can be read
     * @param challenge the offer that passed every check, or null
     * @param refusal what the limits say, or null if they allow it or there are none
     */
    record Found(
            PaidResponse<byte[]> answer,
            @Nullable Declined declined,
            @Nullable Proposal proposal,
            @Nullable Challenge challenge,
            @Nullable Refusal refusal) {

        boolean isFree() {
            return declined == null && proposal == null;
        }
    }

    Found ask(HttpRequest request, Origin origin, BodyHandler<byte[]> handler)
            throws IOException, InterruptedException, CommandException {
        SpendingJournal journal = payments.journal();
        PaidResponse<byte[]> first = client(LimitOptions.nobody(), journal).send(request, handler);
        if (!(first.outcome() instanceof Declined declined)) {
            return new Found(first, null, null, null, null);
        }
        Proposal proposal = declined.proposal();
        if (declined.why() != DeclineReason.ORIGIN_NOT_ALLOWED || proposal == null) {
            return new Found(first, declined, null, null, null);
        }
        if (proposal.amount().baseUnits() == 0) {
            return new Found(first, null, proposal, null, refusal(journal, proposal));
        }
        SpendingPolicy look = limits.look(origin, proposal.currency().code());
        PaidResponse<byte[]> second = client(look, journal).send(request, HttpResponse.BodyHandlers.ofByteArray());
        return second(second, proposal, journal);
    }

    private Found second(PaidResponse<byte[]> answer, Proposal first, SpendingJournal journal)
            throws IOException, CommandException {
        PaymentOutcome outcome = answer.outcome();
        if (outcome instanceof Declined declined && declined.why() != DeclineReason.NOT_APPROVED) {
            return new Found(answer, declined, first, null, null);
        }
        PaymentEvent.Checked offer = checked;
        if (offer == null) {
            return new Found(answer, null, null, null, null);
        }
        return new Found(answer, null, offer.proposal(), offer.challenge(), refusal(journal, offer.proposal()));
    }

    private @Nullable Refusal refusal(SpendingJournal journal, Proposal proposal) throws IOException, CommandException {
        return limits.isGiven()
                ? journal.wouldRefuse(limits.policy(proposal.origin()), proposal)
                        .orElse(null)
                : null;
    }

    private PayingClient client(SpendingPolicy policy, SpendingJournal journal) throws IOException {
        return options.apply(payments.client(policy, journal))
                .wrapMethods(LookOnly::new)
                .listener(this::hear)
                .build();
    }

    private void hear(PaymentEvent event) {
        if (event instanceof PaymentEvent.Checked seen) {
            checked = seen;
        } else if (event instanceof PaymentEvent.PaymentRequired required) {
            offers = required.challenges();
        }
    }

    /** Whose tokens would do, for those who want to buy some. */
    private void issuers() {
        for (Challenge offer : offers) {
            String issuer = issuer(offer);
            if (issuer != null) {
                shell.print("takes      tokens of " + Printable.line(issuer));
            }
        }
    }

    /** An offer that cannot be read was passed over when the price was looked for, too. */
    private static @Nullable String issuer(Challenge offer) {
        try {
            boolean tokens = offer.method().equals("token");
            return tokens && offer.paymentRequest().methodDetails().get("issuer") instanceof String mint ? mint : null;
        } catch (MalformedException e) {
            return null;
        }
    }

    /** Prints what a dry run found, and gives its exit code. */
    int print(Found found) {
        Proposal proposal = found.proposal();
        if (found.isFree()) {
            HttpResponse<byte[]> answer = found.answer().answer();
            shell.print("price      none; the server answered " + (answer == null ? "nothing" : answer.statusCode()));
            return ExitCode.SERVED;
        }
        if (proposal != null) {
            shell.print("price      " + Shown.price(proposal.amount(), proposal.currency()));
            shell.print("payee      " + Shown.payee(proposal));
            shell.print("for        " + Shown.request(proposal));
        }
        issuers();
        if (checked != null && checked.service() != null) {
            shell.print("through    " + checked.service() + "  (your wallet service)");
        } else if (proposal != null && proposal.prepaid()) {
            shell.print("with       tokens, which do not say who pays");
        }
        if (found.challenge() != null) {
            describe(found.challenge());
        }
        Optional<String> no = no(found);
        shell.print("verdict    " + no.orElse("would be paid, within your limits") + "; nothing was paid now");
        return no.isPresent() ? ExitCode.DECLINED : ExitCode.SERVED;
    }

    private Optional<String> no(Found found) {
        if (found.declined() != null) {
            return Optional.of(
                    "would not be paid: " + Printable.line(found.declined().words()));
        }
        if (found.refusal() != null) {
            return Optional.of("would not be paid: " + found.refusal().words());
        }
        return limits.isGiven() ? Optional.empty() : Optional.of("would not be paid: no limit given (--max, --budget)");
    }

    private void describe(Challenge challenge) {
        try {
            Duration left = Duration.between(shell.clock().instant(), challenge.expiresAt());
            shell.print("expires    " + Printable.line(String.valueOf(challenge.expires())) + "  (in "
                    + Shown.span(left) + ")");
            PaymentRequest request = challenge.paymentRequest();
            if (request.description() != null) {
                shell.print("described  \"" + Printable.line(request.description()) + "\"  (the payee's words)");
            }
        } catch (MalformedException e) {
            throw new IllegalStateException("the offer was read before", e);
        }
        shell.print("signed     "
                + (challenge.jws() == null ? "no; you allowed that" : "yes, by the payee's published key"));
    }
}
