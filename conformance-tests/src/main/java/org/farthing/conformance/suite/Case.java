package org.farthing.conformance.suite;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that checks one requirement. The method is an instance method without result and takes one {@link Trace}. It returns
 * where the requirement is met, and otherwise leaves by one of {@link NotAsExpected}, {@link NotApplicable}; anything else it throws is
 * a case that broke down, which counts as failed.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Case {

    /** Its name for good: the first row, a hyphen, and words, such as {@code S1-unpaid-is-402}. */
    String id();

    /** The rows of the requirements page it shows ({@code S1}, {@code C13}, {@code T4}) and rules ({@code F-RE-10}). */
    String[] rows();

    /** Where it stands: the section of the draft or of the specification. */
    String section();

    /** How much it binds. */
    Severity severity() default Severity.MUST;

    /** Whose rule it is. */
    Profile profile() default Profile.CORE;

    /** What is asked, as one sentence without a full stop. */
    String title();

    /** What whoever failed should do, as one or two sentences for somebody who has not read the specification. */
    String fix();
}
