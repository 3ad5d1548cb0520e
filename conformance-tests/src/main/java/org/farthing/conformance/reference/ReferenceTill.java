package org.farthing.conformance.reference;

import java.util.List;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.farthing.protocol.binding.Origin;
import org.farthing.server.jetty.KeysHandler;
import org.farthing.server.jetty.PaymentHandler;
import org.farthing.server.jetty.PaymentHandlerBuilder;
import org.farthing.server.jetty.PaymentLimits;
import org.farthing.server.jetty.WalletHandler;
import org.farthing.server.keys.ServerKeys;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.method.PaymentMethod;
import org.jspecify.annotations.Nullable;

/**
 * The handlers of a reference server, one inside the other: keys, the mint, wallets, pages.
 *
 * @param settings how it runs
 * @param keys its secrets
 * @param ledger its books
 * @param methods how its pages are paid
 * @param mint its issuer of tokens, if there is one
 * @param service the wallet service beside it, if there is one
 */
record ReferenceTill(
        ReferenceSettings settings,
        ServerKeys keys,
        Ledger ledger,
        List<PaymentMethod> methods,
        @Nullable ReferenceMint mint,
        @Nullable ReferenceWalletService service) {

    /** A suite sends far more that is wrong than any customer. */
    private static final int FAILURES_PER_MINUTE = 60_000;

    /** More than any page costs, or the paywall would not start. */
    private static final String EXPOSURE = "2000000usd";

    private static final int OPENINGS_PER_HOUR = 10_000;

    Handler handlers(List<Origin> origins) {
        Origin origin = origins.get(0);
        ReferenceApplication application = new ReferenceApplication();
        PaymentHandler paywall = paywall(origin, service, application);
        // A second realm behind the same secrets, as one process with two names has it.
        origins.stream().skip(1).forEach(paywall::addOrigin);
        PaymentHandler shortly = paywall(origin, null, application);
        shortly.setChallengeLifetime(settings.shortLife());
        Handler pages = new Handler.Sequence(new NotSignedIn(), only(ReferencePage.SHORT, shortly), paywall);
        Handler wallets = WalletHandler.builder(origin, ledger)
                .clock(settings.clock())
                .admin(keys::admin)
                .registrationsPerHour(OPENINGS_PER_HOUR)
                .handler(pages)
                .build();
        Handler all = new KeysHandler(
                service == null ? keys.directory(origin) : keys.directory(origin, List.of(service.origin())), wallets);
        return mint == null ? all : mint.routes(builder(origin), settings, all);
    }

    private static Handler only(ReferencePage page, Handler handler) {
        return new Handler.Wrapper(handler) {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                return page.path().equals(Request.getPathInContext(request))
                        && super.handle(request, response, callback);
            }
        };
    }

    private PaymentHandlerBuilder builder(Origin origin) {
        return PaymentHandler.builder(origin.text())
                .keys(() -> keys)
                .ledger(ledger)
                .loopback()
                .admission(PaymentLimits.builder()
                        .failures(FAILURES_PER_MINUTE)
                        .clock(settings.clock())
                        .build());
    }

    private PaymentHandler paywall(
            Origin origin, @Nullable ReferenceWalletService payer, ReferenceApplication application) {
        PaymentHandlerBuilder builder = builder(origin);
        methods.forEach(builder::method);
        if (mint != null) {
            builder.tokens(mint.accepted());
        }
        if (payer != null) {
            builder.walletService(payer.origin().text()).exposure(EXPOSURE);
        }
        for (ReferencePage page : ReferencePage.values()) {
            if (page.isPriced()) {
                builder.price(page.path(), page.offers());
            }
        }
        PaymentHandler handler = builder.build(application);
        handler.setClock(settings.clock());
        return handler;
    }
}
