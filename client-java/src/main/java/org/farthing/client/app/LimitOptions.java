package org.farthing.client.app;

import java.util.ArrayList;
import java.util.List;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.protocol.Money;
import org.farthing.protocol.binding.Origin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What may be paid, as the command line says it. */
final class LimitOptions {

    /** The most that the money of a policy can be; a currency without a budget has this one. */
    private static final String ALL = "999999999999999999";

    @Option(
            names = "--max",
            paramLabel = "MONEY",
            converter = MoneyConverter.class,
            description = "The most this request may cost, such as 0.02usd.")
    private @Nullable Money max;

    @Option(
            names = "--budget",
            paramLabel = "MONEY[/PERIOD]",
            converter = Budget.Converter.class,
            description = "The most that may be spent with this home folder, in all (1usd) or per hour, day or week"
                    + " (1usd/day). What was spent before counts.")
    private @Nullable Budget budget;

    @Option(
            names = "--allow",
            paramLabel = "ORIGIN",
            converter = OriginConverter.class,
            description = "Another payee that this server may sell for. Without it only the server itself is paid.")
    private List<Origin> allowed = new ArrayList<>();

    @Option(
            names = "--allow-unsigned",
            description =
                    "Pay this server although it does not sign its prices. Whoever sits between you and it can then"
                            + " change price and payee, within your limits.")
    private boolean unsigned;

    @Option(
            names = "--ask",
            description = "Show each payment within the limits at the terminal, and make it only if you type yes.")
    private boolean ask;

    boolean isGiven() {
        return max != null || budget != null;
    }

    /** Says what is missing before anything is sent. */
    void requirePossible(Shell shell) throws CommandException {
        if (ask && !isGiven()) {
            throw CommandException.usage("--ask goes with --max or --budget: they bound what you are asked about");
        }
        if (ask && !shell.canAsk()) {
            throw CommandException.usage("--ask needs a terminal; without one, --max and --budget decide");
        }
    }

    /** The policy for requests to one origin that may be paid, after asking if that is wanted. */
    SpendingPolicy policy(Origin origin, Shell shell) throws CommandException {
        return (ask ? limited(origin).approveAbove("0 " + perRequest().code(), new AskOwner(shell)) : limited(origin))
                .build();
    }

    /** The limits for requests to one origin, to compare a price with. Without any limit there are none. */
    SpendingPolicy policy(Origin origin) throws CommandException {
        return limited(origin).build();
    }

    private SpendingPolicy.Builder limited(Origin origin) throws CommandException {
        Money perRequest = perRequest();
        return within(allowing(origin).perRequest(perRequest.format()), perRequest.code(), budget);
    }

    /** Bounds a policy by a budget, if there is one. */
    static SpendingPolicy.Builder within(SpendingPolicy.Builder policy, String code, @Nullable Budget budget) {
        if (budget == null) {
            // No budget bounds how often a payee's word may give money back, so it never does.
            return policy.total(ALL + ' ' + code).releasesGiveBack(false);
        }
        String most = budget.most().format();
        return budget.period() == null ? policy.total(most) : policy.perPeriod(budget.period(), most);
    }

    private Money perRequest() throws CommandException {
        if (max == null) {
            if (budget == null) {
                throw new IllegalStateException("asked only when a limit was given");
            }
            return budget.most();
        }
        if (budget != null && !budget.most().code().equals(max.code())) {
            throw CommandException.usage("--max and --budget must be in one currency");
        }
        return max;
    }

    /** A policy that lets a price of any height be looked at, and none be paid: nobody approves. */
    SpendingPolicy look(Origin origin, String code) {
        return allowing(origin)
                .perRequest(ALL + ' ' + code)
                .total(ALL + ' ' + code)
                .approveAbove("0 " + code, request -> false)
                .build();
    }

    /** A policy under which nobody at all is paid. */
    static SpendingPolicy nobody() {
        return SpendingPolicy.builder()
                .allowOrigin("https://nobody.invalid")
                .perRequest("0 unit:nothing")
                .total("0 unit:nothing")
                .build();
    }

    private SpendingPolicy.Builder allowing(Origin origin) {
        SpendingPolicy.Builder policy = SpendingPolicy.builder().allowOrigin(origin.text());
        allowed.forEach(recipient -> policy.allowRecipient(recipient.text()));
        return unsigned ? policy.allowUnsigned(origin.text()) : policy;
    }
}
