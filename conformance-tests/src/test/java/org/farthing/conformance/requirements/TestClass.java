package org.farthing.conformance.requirements;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A class among the test sources.
 *
 * @param module the module it is in
 * @param outer the class it is declared in
 * @param simpleName its name
 * @param isAbstract whether it can only be inherited
 * @param isGroup whether it is run with its outer class
 * @param isOff whether it is switched off
 * @param hasRules whether it has rules of ArchUnit, which are fields
 * @param parents simple names of what it extends and implements
 * @param shows the numbers its annotation names
 * @param methods its methods
 */
record TestClass(
        String module,
        @Nullable TestClass outer,
        String simpleName,
        boolean isAbstract,
        boolean isGroup,
        boolean isOff,
        boolean hasRules,
        List<String> parents,
        List<String> shows,
        List<Method> methods) {

    /** The name with the names of the classes around it. */
    String name() {
        return outer == null ? simpleName : outer.name() + "." + simpleName;
    }

    /**
     * A method.
     *
     * @param name its name
     * @param isTest whether it is run as a test
     * @param isOff whether it is switched off
     * @param shows the numbers its annotation names
     */
    record Method(String name, boolean isTest, boolean isOff, List<String> shows) {}
}
