package org.farthing.server.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Members;
import org.farthing.protocol.internal.StrictJson;
import org.farthing.protocol.wallet.PayeeRegistration;
import org.farthing.protocol.wallet.RegisteredPayee;
import org.jspecify.annotations.Nullable;

/** The payees of a running wallet service, through its routes (specification: wallet-service.md, F-WS-15 and F-WS-46). */
final class RemotePayees {

    private static final String ROUTE = "/v1/payees";
    private static final StrictJson.Limits PAGE = new StrictJson.Limits(1 << 20, 4, 16, 1000);

    private final AdminCalls calls;

    RemotePayees(AdminCalls calls) {
        this.calls = calls;
    }

    RegisteredPayee put(PayeeRegistration registration) throws IOException {
        String answer =
                calls.post(ROUTE, registration.format(), "It may have happened. Repeat it: twice is as good as once.");
        try {
            return RegisteredPayee.parse(answer.getBytes(StandardCharsets.UTF_8));
        } catch (MalformedException e) {
            throw strange(e);
        }
    }

    List<RegisteredPayee> all() throws IOException {
        List<RegisteredPayee> all = new ArrayList<>();
        String cursor = null;
        do {
            cursor = page(cursor, all);
        } while (cursor != null);
        return all;
    }

    private @Nullable String page(@Nullable String cursor, List<RegisteredPayee> into) throws IOException {
        String answer = calls.get(ROUTE + (cursor == null ? "" : "?cursor=" + cursor));
        try {
            Members page = new Members(StrictJson.parseObject(answer, "answer", PAGE), "answer");
            for (Members payee : page.objects("payees")) {
                into.add(RegisteredPayee.parse(CanonicalJson.write(payee.map()).getBytes(StandardCharsets.UTF_8)));
            }
            String next = page.optionalText("next");
            if (next != null && !next.matches("[A-Za-z0-9_-]+")) {
                throw new CommandFailedException("The server answered something else than payees.");
            }
            return next;
        } catch (MalformedException e) {
            throw strange(e);
        }
    }

    private static CommandFailedException strange(MalformedException e) {
        return new CommandFailedException("The server answered something else than payees. Is it a wallet service?", e);
    }
}
