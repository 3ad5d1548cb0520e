package org.farthing.conformance.client;

import java.util.ArrayList;
import java.util.List;

/**
 * What the payees do during one visit. Called on the connections' threads, maybe several at once; the visit is safe for that, and
 * a script that keeps state of its own has to be too.
 */
@FunctionalInterface
interface Script {

    /** The answer to a request for the visit's pages. */
    Reply answer(Received request, Visit visit);

    /** The answer to a request for anything else, such as a key document; by default what the payee says. */
    default Reply beside(Received request, Visit visit) {
        return visit.payee(request).beside(request, visit.now()).orElse(Reply.status(404));
    }

    /** Asks for payment with these offers, each in a line of its own, and serves whoever paid one of them. */
    static Script shop(Offer... offers) {
        return (request, visit) ->
                request.hasCredential() ? visit.serve(request) : visit.demand(request, List.of(offers));
    }

    /** This script with other field lines in its 402s: from the challenges' lines to those that go out. */
    default Script lines(java.util.function.UnaryOperator<List<String>> change) {
        Script outer = this;
        return new Script() {
            @Override
            public Reply answer(Received request, Visit visit) {
                Reply reply = outer.answer(request, visit);
                List<String> lines = reply.values("WWW-Authenticate");
                if (reply.status() != 402 || lines.isEmpty()) {
                    return reply;
                }
                Reply bare = reply.without("WWW-Authenticate");
                for (String line : change.apply(new ArrayList<>(lines))) {
                    bare = bare.with("WWW-Authenticate", line);
                }
                return bare;
            }

            @Override
            public Reply beside(Received request, Visit visit) {
                return outer.beside(request, visit);
            }
        };
    }

    /** This script, with another key document. */
    default Script keys(java.util.function.Function<Payee, Reply> document) {
        Script outer = this;
        return new Script() {
            @Override
            public Reply answer(Received request, Visit visit) {
                return outer.answer(request, visit);
            }

            @Override
            public Reply beside(Received request, Visit visit) {
                return request.path().equals(org.farthing.protocol.signature.KeyDirectory.WELL_KNOWN_PATH)
                        ? document.apply(visit.payee(request))
                        : outer.beside(request, visit);
            }
        };
    }
}
