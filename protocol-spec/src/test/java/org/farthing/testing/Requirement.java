package org.farthing.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names what a test shows: numbered rules of the specification ({@code F-CH-3}), rows of the drafts' requirement tables
 * ({@code S12}, {@code C4}) or threats ({@code T27}). A text search for the number finds the rule and its tests.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface Requirement {

    /**
     * The numbers this test shows.
     *
     * @return at least one number
     */
    String[] value();
}
