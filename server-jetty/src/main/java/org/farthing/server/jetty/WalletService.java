package org.farthing.server.jetty;

import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * All routes of a ledger, each answered by the class of its group. Asynchronous: a stage completes when the ledger has
 * answered, and fails with {@link Refusal} where a problem is the answer.
 *
 * @param accounts opens, shows and credits wallets
 * @param settings what owners decide
 * @param service what a wallet service does besides; null for an embedded ledger
 */
record WalletService(
        WalletAccounts accounts,
        WalletSettings settings,
        @Nullable ServiceRoutes service) {

    /**
     * The routes that only a wallet service has.
     *
     * @param paying has challenges paid
     * @param inquiry what payers ask about payments
     * @param collecting what payees ask
     * @param registering the administrator's register of payees
     */
    record ServiceRoutes(
            ServicePaying paying, ServiceInquiry inquiry, ServiceCollecting collecting, PayeeRegistering registering) {

        private CompletionStage<JsonReply> serve(WalletRoute route, Request request, byte[] body) {
            return switch (route.kind()) {
                case PAY -> paying.pay(request, body);
                case PAYMENT_STATE -> inquiry.state(route.subject(), request, body);
                case PAYMENT_RELEASE -> inquiry.release(route.subject(), request, body);
                case SETTLE -> collecting.settle(request, body);
                case PAYEE_PAYMENTS -> collecting.payments(request, body);
                case REFUND -> collecting.refund(request, body);
                case REGISTER_PAYEE -> registering.register(request, body);
                case LIST_PAYEES -> registering.list(request);
                default -> throw new IllegalStateException("This is a route of every ledger: " + route.kind());
            };
        }
    }

    boolean isService() {
        return service != null;
    }

    CompletionStage<JsonReply> serve(WalletRoute route, Request request, byte[] body) {
        ServiceRoutes more = service;
        return switch (route.kind()) {
            case OPEN -> accounts.open(request, body);
            case SHOW -> accounts.show(route.subject(), request, body);
            case STATEMENT -> accounts.statement(route.subject(), request, body);
            case TOP_UP -> accounts.topUp(route.subject(), request, body);
            case LIMITS -> settings.limits(route.subject(), request, body);
            case FREEZE -> settings.freeze(route.subject(), request, body);
            case KEYS -> settings.keys(route.subject(), request, body);
            default -> {
                if (more == null) {
                    throw new IllegalStateException("An embedded ledger has no such route: " + route.kind());
                }
                yield more.serve(route, request, body);
            }
        };
    }
}
