package org.farthing.protocol.signature;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a published key may sign. Roles keep a stolen key of one kind from doing the work of another: whoever holds a
 * challenge key cannot mint receipt tokens (threat 75).
 */
public enum Role {
    /** Offers of a payee. */
    CHALLENGE("challenge"),
    /** Acknowledgements of a payee on a paid answer. */
    RECEIPT("receipt"),
    /** Statements of a payee that nothing was charged. */
    RELEASE("release"),
    /** Statements of a wallet service that a challenge has been paid. */
    RECEIPT_TOKEN("receipt-token"),
    /** Statements about payment channels. */
    CHANNEL("channel");

    /** What a key without {@code roles} may sign. */
    static final Set<Role> DEFAULTS = Collections.unmodifiableSet(EnumSet.of(CHALLENGE, RECEIPT, RELEASE));

    /** The name in {@code roles}. */
    private final String wireName;

    Role(String wireName) {
        this.wireName = wireName;
    }

    /**
     * The name in a key's {@code roles}.
     *
     * @return lower case with hyphens
     */
    public String wireName() {
        return wireName;
    }

    /** The role of a name, or null for one a later version may have added. */
    static @Nullable Role ofWireName(String name) {
        for (Role role : values()) {
            if (role.wireName.equals(name)) {
                return role;
            }
        }
        return null;
    }
}
