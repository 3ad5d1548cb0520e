package org.farthing.testing;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** Rules that hold in every shipped module. Each module's own {@code ArchitectureTest} runs them on its classes. */
public final class HouseRules {

    private HouseRules() {}

    /** Predictable randomness has no place near nonces and keys (T66). */
    public static final ArchRule ONLY_SECURE_RANDOMNESS = noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(ThreadLocalRandom.class)
            .orShould()
            .callConstructor(Random.class)
            .orShould()
            .callConstructor(Random.class, long.class)
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callConstructor(SecureRandom.class, byte[].class)
            .because("nonces, salts and keys come from SecureRandom without a seed of ours");

    /** Time comes in from outside, so that every test can stop it. */
    public static final ArchRule NO_HIDDEN_CLOCK = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(Clock.class, "systemDefaultZone")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .because("a clock that is injected can be tested, and nothing of ours sleeps");

    /** The libraries we stand on stay behind our own types. */
    public static final ArchRule NO_FOREIGN_TYPE_IN_PUBLIC_SIGNATURES = methods()
            .that()
            .arePublic()
            .or()
            .areProtected()
            .should(onlyNameTypesThatMayShow())
            .because("an embedder compiles against Farthing, not against the libraries it happens to use");

    /** Rooms are named after their purpose. */
    public static final ArchRule NO_JUNK_DRAWERS = noClasses()
            .should()
            .resideInAnyPackage("..util..", "..utils..", "..common..", "..impl..", "..manager..", "..helper..");

    private static ArchCondition<JavaMethod> onlyNameTypesThatMayShow() {
        DescribedPredicate<JavaClass> foreign = resideInAPackage("com.fasterxml..")
                .or(resideInAPackage("com.nimbusds.."))
                .or(resideInAPackage("org.bouncycastle.."))
                .or(resideInAPackage("java.sql.."))
                .or(resideInAPackage("org.sqlite.."));
        return new ArchCondition<>("name only types of ours, of Java and of the host framework") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                if (!isApi(method.getOwner())) {
                    return;
                }
                Stream.concat(
                                Stream.of(method.getRawReturnType()),
                                Stream.concat(
                                        method.getRawParameterTypes().stream(), method.getExceptionTypes().stream()))
                        .filter(foreign)
                        .forEach(type -> events.add(
                                SimpleConditionEvent.violated(method, method.getFullName() + " shows " + type)));
            }
        };
    }

    private static boolean isApi(JavaClass owner) {
        boolean exported = not(resideInAPackage("..internal.."))
                .and(not(resideInAPackage("..app..")))
                .test(owner);
        JavaClass outer = owner;
        while (exported) {
            if (!outer.getModifiers().contains(JavaModifier.PUBLIC)) {
                return false;
            }
            if (outer.getEnclosingClass().isEmpty()) {
                return true;
            }
            outer = outer.getEnclosingClass().get();
        }
        return false;
    }
}
