package org.farthing.conformance;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import org.farthing.testing.HouseRules;

/** The walls of the conformance kit: the run at the ground, wires and reports above it, the suites on top, the adapter by itself. */
@AnalyzeClasses(packages = "org.farthing.conformance", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String KIT = "org.farthing.conformance..";
    private static final String SUITE = "org.farthing.conformance.suite..";
    private static final String HTTP = "org.farthing.conformance.http..";
    private static final String REPORT = "org.farthing.conformance.report..";
    private static final String ADAPTER = "org.farthing.conformance.adapter..";
    private static final String ROOT = "org.farthing.conformance";

    @ArchTest
    static final ArchRule secureRandomness = HouseRules.ONLY_SECURE_RANDOMNESS;

    @ArchTest
    static final ArchRule noJunkDrawers = HouseRules.NO_JUNK_DRAWERS;

    @ArchTest
    static final ArchRule noHiddenClock = noClasses()
            .that()
            .haveNameNotMatching("org\\.farthing\\.conformance\\.server\\.Waiting(\\$.*)?")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .because("one place waits for the clock of a server that is not ours, and tests replace it");

    @ArchTest
    static final ArchRule noCircles =
            slices().matching("org.farthing.conformance.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theRunKnowsNeitherWireNorMethod = classes()
            .that()
            .resideInAPackage(SUITE)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(SUITE, "java..", "org.jspecify..")
            .because("a case may be about anything");

    @ArchTest
    static final ArchRule wiresStandOnTheRunAlone = noClasses()
            .that()
            .resideInAPackage(HTTP)
            .should()
            .dependOnClassesThat(not(resideInAnyPackage(HTTP, SUITE))
                    .and(resideInAnyPackage(KIT, "org.farthing.client..", "org.farthing.server..", "picocli..")));

    @ArchTest
    static final ArchRule reportsStandOnTheRunAlone = noClasses()
            .that()
            .resideInAPackage(REPORT)
            .should()
            .dependOnClassesThat(not(resideInAnyPackage(REPORT, SUITE))
                    .and(resideInAnyPackage(KIT, "org.farthing.client..", "org.farthing.server..")));

    @ArchTest
    static final ArchRule theAdapterStandsAlone = noClasses()
            .that()
            .resideInAPackage(ADAPTER)
            .should()
            .dependOnClassesThat(not(resideInAPackage(ADAPTER))
                    .and(resideInAnyPackage(
                            KIT,
                            "org.farthing.server..",
                            "picocli..",
                            "org.slf4j..",
                            "org.eclipse..",
                            "org.bouncycastle..",
                            "com.nimbusds..",
                            "com.networknt..",
                            "com.fasterxml.jackson.databind..")))
            .because("a runner starts it hundreds of times, and each class costs");

    @ArchTest
    static final ArchRule onlyTheEntryStartsTheAdapter = noClasses()
            .that()
            .resideOutsideOfPackages(ADAPTER, ROOT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ADAPTER);

    @ArchTest
    static final ArchRule nobodyLeansOnTheEntry = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT);

    @ArchTest
    static final ArchRule theServerUnderTestIsMetOnTheWireOnly = noClasses()
            .that()
            .resideInAnyPackage(
                    "org.farthing.conformance.server..",
                    "org.farthing.conformance.client..",
                    "org.farthing.conformance.wallet..",
                    "org.farthing.conformance.payer..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.farthing.server..", "org.eclipse.jetty..")
            .because("whoever is checked is somebody else");

    @ArchTest
    static final ArchRule theSuitesPayByThemselves = noClasses()
            .that()
            .resideInAnyPackage(
                    "org.farthing.conformance.server..",
                    "org.farthing.conformance.client..",
                    "org.farthing.conformance.wallet..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.farthing.client..")
            .because("our own client refuses much of what a suite must send");
}
