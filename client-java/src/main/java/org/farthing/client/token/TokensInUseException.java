package org.farthing.client.token;

import java.io.IOException;

/** Another payment or swap was faster: what was chosen is reserved by now, and what else there is may be chosen. */
final class TokensInUseException extends IOException {

    private static final long serialVersionUID = 1L;

    TokensInUseException() {
        super("the tokens are in use elsewhere; try again");
    }
}
