package org.farthing.client.token;

/**
 * A step of a purchase, a swap or a restore, for progress and logs. It names no token.
 *
 * @param step what was done
 * @param scope whose tokens
 * @param tokens how many are asked for, or came
 */
public record TokenEvent(Step step, TokenScope scope, int tokens) {

    /** What can happen, in its order. */
    public enum Step {
        /** The counters are used up, on disk; nothing has left. */
        BEGUN,
        /** The issuer is about to be asked. */
        ASKING,
        /** The issuer answered, and every signature holds. */
        VERIFIED,
        /** The tokens are on disk. */
        STORED
    }

    /** Hears of steps; it must not throw. */
    @FunctionalInterface
    public interface Listener {

        /** Hears nothing. */
        Listener NONE = event -> {};

        /**
         * A step was done.
         *
         * @param event the step
         */
        void on(TokenEvent event);
    }
}
