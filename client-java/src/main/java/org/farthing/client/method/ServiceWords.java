package org.farthing.client.method;

import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import org.farthing.client.wallet.WalletRefusedException;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.wallet.ServicePayment;
import org.jspecify.annotations.Nullable;

/** What a wallet service's answers mean for the money (spec/client.md, F-CL-65), and how they are told to people. */
final class ServiceWords {

    /** The service looked at the order and holds nothing for it. Everything else leaves open whether it does. */
    private static final Set<ProblemType> DEFINITE = EnumSet.of(
            ProblemType.BAD_REQUEST,
            ProblemType.INVALID_PAYLOAD,
            ProblemType.INVALID_CHALLENGE,
            ProblemType.PAYMENT_EXPIRED,
            ProblemType.UNAUTHENTICATED,
            ProblemType.NOT_ALLOWED,
            ProblemType.VERIFICATION_FAILED,
            ProblemType.WALLET_SUSPENDED,
            ProblemType.INSUFFICIENT_FUNDS,
            ProblemType.SPENDING_LIMIT_EXCEEDED,
            ProblemType.IDEMPOTENCY_CONFLICT);

    private ServiceWords() {}

    static Exchange exchange(Origin service, Throwable failure) {
        if (failure instanceof IllegalArgumentException
                || failure instanceof ConnectException
                || failure instanceof HttpConnectTimeoutException
                || failure instanceof SSLHandshakeException) {
            return new Exchange.NeverLeft("no connection to the wallet service " + service);
        }
        if (!(failure instanceof WalletRefusedException refused)) {
            return new Exchange.Unclear("no answer of the wallet service " + service + " that can be read", null);
        }
        Optional<Problem> problem = refused.problem().filter(said -> refused.status() / 100 == 4);
        if (problem.isPresent() && problem.get().type() == ProblemType.PAYMENT_RELEASED) {
            return new Exchange.Unusable("the payment was given back before");
        }
        return problem.filter(said -> DEFINITE.contains(said.type()))
                .<Exchange>map(said -> new Exchange.Refused(said.type(), words(service, said)))
                .orElseGet(() -> new Exchange.Unclear(
                        "the wallet service " + service + " answered " + refused.status(),
                        refused.retryAfter().orElse(null)));
    }

    private static String words(Origin service, Problem said) {
        return switch (said.type()) {
            case INSUFFICIENT_FUNDS -> "the wallet at " + service + amounts(said) + "; top it up" + way(service, said);
            case SPENDING_LIMIT_EXCEEDED ->
                "the wallet at " + service + " has reached its limit per day"
                        + said.text("resetsAt")
                                .filter(ServiceWords::isTime)
                                .map(at -> ", until " + at)
                                .orElse("")
                        + "; only its recovery key raises it";
            case WALLET_SUSPENDED ->
                "the wallet at " + service + " is frozen or suspended; what its owner froze, its recovery key thaws";
            case NOT_ALLOWED -> "the wallet service " + service + " does not pay this payee; pay it another way";
            case UNAUTHENTICATED ->
                "the wallet service " + service + " does not know this wallet, or the clocks differ;"
                        + " open the wallet there first";
            case PAYMENT_EXPIRED -> "the offer had ended when it reached the wallet service " + service + "; ask again";
            default ->
                "the wallet service " + service + " refused the order ("
                        + said.type().code() + ")";
        };
    }

    /** How much is there, and how much is needed, where the service says both legibly. */
    private static String amounts(Problem said) {
        Optional<String> available = money(said, "available");
        Optional<String> required = money(said, "required");
        return available.isPresent() && required.isPresent()
                ? " has " + available.get() + ", and this costs " + required.get()
                : " has less than this costs";
    }

    private static Optional<String> money(Problem said, String name) {
        try {
            Optional<String> amount = said.text(name);
            Optional<String> currency = said.text("currency");
            return amount.isEmpty() || currency.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            Money.of(Amount.parse(amount.get(), name), CurrencyId.parse(currency.get(), "currency"))
                                    .format());
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /** A link is told only if it leads to the service itself (F-PR-31). */
    private static String way(Origin service, Problem said) {
        return said.resolutions().stream()
                .filter(way -> way.rel().equals("top-up") && way.href().matches("[!-~]{1,500}"))
                .filter(way -> way.href().equals(service.text()) || way.href().startsWith(service.text() + "/"))
                .findFirst()
                .map(way -> " at " + way.href())
                .orElse(" as the service says");
    }

    private static boolean isTime(String text) {
        return text.matches("[0-9T:.Z+-]{1,40}");
    }

    static Standing standing(Origin service, ServicePayment payment) {
        return switch (payment.state()) {
            case HELD ->
                new Standing(
                        Standing.State.HELD,
                        "the wallet service " + service + " holds the money for the payee until "
                                + payment.holdExpires());
            case CAPTURED ->
                new Standing(
                        Standing.State.CAPTURED,
                        "the wallet service " + service + " says that the payee took the money");
            case RELEASED -> new Standing(Standing.State.RELEASED, "the wallet service " + service + " says: released");
            case EXPIRED ->
                new Standing(
                        Standing.State.RELEASED, "the wallet service " + service + " says: expired, not collected");
        };
    }

    static Standing standing(Origin service, @Nullable Throwable failure) {
        ProblemType why = failure instanceof WalletRefusedException refused
                ? refused.problem().map(Problem::type).orElse(null)
                : null;
        if (why == ProblemType.NOT_FOUND) {
            return new Standing(
                    Standing.State.NOT_KNOWN, "the wallet service " + service + " does not know the payment");
        }
        if (why == ProblemType.ALREADY_FULFILLED) {
            return new Standing(
                    Standing.State.CAPTURED, "the wallet service " + service + " says that the payee took the money");
        }
        return new Standing(
                Standing.State.UNCLEAR, "the wallet service " + service + " could not tell what became of it");
    }
}
